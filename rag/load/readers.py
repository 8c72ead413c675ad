"""Read one file with the reader of its format, and complete its documents with metadata."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import Any, cast

from rag.errors import LoadError
from rag.load.file_type import kind_of, unzip_gzip
from rag.load.metadata import infer, infer_row
from rag.load.paragraphs import paragraph_starts
from rag.load.parsed import Job, Limits, Parsed, Reader
from rag.load.sidecar import Sidecar, read_sidecar, speaker_starts
from rag.load.source import SIDECAR_SUFFIX, Source, sidecar_path
from rag.types import Document, Skipped

# Characters of a reason for skipping: messages of libraries can be pages long.
_LONGEST_REASON = 500
# Imported at first use: an import takes up to a second, and most runs need one or two readers.
_READERS = {
    "csv": "rag.load.csv:read_csv",
    "docx": "rag.load.docx:read_docx",
    "eml": "rag.load.email:read_email",
    "html": "rag.load.html:read_html",
    "jsonl": "rag.load.jsonl:read_jsonl",
    "md": "rag.load.text:read_markdown",
    "pdf": "rag.load.pdf.read:read_pdf",
    "txt": "rag.load.text:read_text",
    "zip": "rag.load.archive:read_archive",
}


def read_source(
    source: Source, limits: Limits, on_page: Callable[[], None] = lambda: None
) -> Iterator[Document | Skipped]:
    """Read the documents of one file, in order; a fault of the whole file is one ``Skipped``.

    ``on_page`` is called after each page. Raises nothing.
    """
    try:
        data = _bytes_of(source.path, limits)
        sidecar = Sidecar()
        if source.sidecar_sha256:
            sidecar = read_sidecar(sidecar_path(source.path).read_bytes())
        digest = hashlib.sha256(data).hexdigest()
        for item in read_bytes(Job(data, source.name, sidecar, limits, on_page=on_page)):
            if isinstance(item, Skipped):
                yield Skipped(f"{source.path}{item.source}", item.reason)
            else:
                yield _document(item, source, sidecar, digest)
    except LoadError as error:
        yield Skipped(str(source.path), _in_one_line(error))
    except MemoryError:
        yield Skipped(str(source.path), out_of_memory(limits))
    except OSError as error:
        yield Skipped(str(source.path), f"cannot be read: {error.strerror or error}")


def out_of_memory(limits: Limits) -> str:
    """The reason for skipping a file that needs too much memory."""
    limit = f"parse_megabytes = {limits.parse_megabytes:,}"
    return f"reading it takes more memory than {limit}; raise it or split the file"


def read_bytes(job: Job) -> Iterator[Parsed | Skipped]:
    """Read ``job`` with the reader of its format.

    Raises
    ------
    LoadError
        If the whole job cannot be read.
    """
    if job.name.endswith(SIDECAR_SUFFIX):
        raise LoadError("a sidecar without its document; name it <file name>.toml")
    kind = kind_of(job.data, job.name)
    if kind == "gzip":
        inner = unzip_gzip(job.data, job.limits.max_file_bytes)
        name = job.name.removesuffix(".gz")
        job = Job(inner, name, job.sidecar, job.limits, job.part, job.on_page)
        kind = kind_of(job.data, job.name)
        if kind == "gzip":
            raise LoadError("a gzip file inside a gzip file; unpack it")
    module, _, function = _READERS[kind].partition(":")
    reader = cast(Reader, getattr(import_module(module), function))
    try:
        yield from reader(job)
    except (LoadError, MemoryError):
        raise
    except Exception as error:  # libraries raise anything on hostile bytes
        if "MemoryError" in str(error):  # some libraries wrap it and keep only its name
            raise MemoryError from error
        raise LoadError(f"a damaged {kind} file: {type(error).__name__}: {error}") from error


def read_part(job: Job) -> Iterator[Parsed | Skipped]:
    """Read a member of an archive or an attachment; a fault is one ``Skipped``, never an error."""
    digest = hashlib.sha256(job.data).hexdigest()
    try:
        for item in read_bytes(job):
            if isinstance(item, Skipped):
                inside = item.source.startswith(job.part)
                yield item if inside else replace(item, source=job.part + item.source)
            elif item.part.startswith(job.part):
                yield item
            else:
                yield _of_member(item, job, digest)
    except LoadError as error:
        yield Skipped(job.part, _in_one_line(error))


def _of_member(item: Parsed, job: Job, digest: str) -> Parsed:
    """``item`` with the metadata of the member's own sidecar."""
    values = {**job.sidecar.values, **({"id": job.sidecar.doc_id} if job.sidecar.doc_id else {})}
    starts = () if item.part else speaker_starts(item.text, job.sidecar)
    return replace(
        item,
        title=item.title or ("" if item.is_row else PurePosixPath(job.name).name),
        metadata={**values, **item.metadata} if item.part else {**item.metadata, **values},
        part=job.part + item.part,
        sha256=item.sha256 or digest,
        speaker_starts=starts or item.speaker_starts,
    )


def _in_one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:_LONGEST_REASON]


def _bytes_of(path: Path, limits: Limits) -> bytes:
    if not path.is_file():
        raise LoadError("not an ordinary file")
    size = path.stat().st_size
    if size > limits.max_file_bytes:
        limit = f"max_file_bytes = {limits.max_file_bytes:,}"
        raise LoadError(f"{size:,} bytes, more than {limit}; raise it or split the file")
    return path.read_bytes()


def _document(parsed: Parsed, source: Source, sidecar: Sidecar, digest: str) -> Document:
    if parsed.part:  # the values of a row win over the sidecar of the export
        given: dict[str, Any] = {**sidecar.values, **parsed.metadata}
        own_id = str(given.pop("id", ""))
    else:
        given = {**parsed.metadata, **sidecar.values}
        own_id = sidecar.doc_id
    named = str(given.pop("title", ""))
    title = named or parsed.title
    inferred = (infer_row if parsed.is_row else infer)(parsed.text, title, given)
    if named and not parsed.is_row:
        inferred.pop("title", None)
    if given.get("speaker") or parsed.speaker_starts or sidecar.speakers:
        inferred.pop("speaker", None)
    title = str(inferred.get("title", "")) or title
    metadata = {**given, **{key: value for key, value in inferred.items() if key != "title"}}
    if inferred:
        metadata["inferred"] = sorted(inferred)
    return Document(
        doc_id=own_id or f"{source.name}{parsed.part}",
        title=" ".join(title.split()) or Path(source.name).name + parsed.part,
        text=parsed.text,
        source=f"{source.path}{parsed.part}",
        sha256=parsed.sha256 or digest,
        metadata=metadata,
        page_starts=parsed.page_starts,
        page_labels=parsed.page_labels,
        paragraph_starts=() if parsed.is_row else paragraph_starts(parsed.text, parsed.footnotes),
        footnotes=parsed.footnotes,
        headings=parsed.headings,
        speaker_starts=parsed.speaker_starts
        or (() if parsed.part else speaker_starts(parsed.text, sidecar)),
    )
