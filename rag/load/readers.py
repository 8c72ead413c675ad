"""Read one file with the reader of its format, and complete its documents with metadata."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import Any, cast

from rag.errors import LoadError
from rag.load.file_type import kind_of, unzip_gzip
from rag.load.metadata import infer, infer_row, sections_of
from rag.load.paragraphs import paragraph_starts
from rag.load.parsed import Job, Limits, Parsed, Reader
from rag.load.sidecar import Sidecar, read_sidecar, speaker_starts
from rag.load.source import SIDECAR_SUFFIX, Source, sidecar_path
from rag.load.transcript import transcript_speakers
from rag.text.visible import is_text
from rag.types import Document, Skipped

# Characters of a reason for skipping: messages of libraries can be pages long.
_LONGEST_REASON = 500
_NO_TEXT = "it has characters that are no text (lone surrogates)"
_DEEPEST = 10
"""Files one in another: an attachment of a message in a mailbox in an archive is the third."""
# Imported at first use: an import takes up to a second, and most runs need one or two readers.
_READERS = {
    "csv": "rag.load.csv:read_csv",
    "docx": "rag.load.docx:read_docx",
    "eml": "rag.load.email:read_email",
    "html": "rag.load.html:read_html",
    "jsonl": "rag.load.jsonl:read_jsonl",
    "mbox": "rag.load.mbox:read_mbox",
    "md": "rag.load.text:read_markdown",
    "odt": "rag.load.odt:read_odt",
    "pdf": "rag.load.pdf.read:read_pdf",
    "tnef": "rag.load.tnef:read_tnef",
    "txt": "rag.load.text:read_text",
    "xml": "rag.load.xml_text:read_xml",
    "zip": "rag.load.archive:read_archive",
}


def read_source(
    source: Source, limits: Limits, on_page: Callable[[], None] = lambda: None
) -> Iterator[Document | Skipped]:
    """Read the documents of one file, in order; a fault of the whole file is one ``Skipped``.

    ``on_page`` is called after each page. Raises nothing.
    """
    try:
        if source.fault:
            raise LoadError(source.fault)
        data = _bytes_of(source.path, limits)
        sidecar = Sidecar()
        if source.sidecar_sha256:
            sidecar = read_sidecar(sidecar_path(source.path).read_bytes())
        digest = hashlib.sha256(data).hexdigest()
        for item in read_bytes(Job(data, source.name, sidecar, limits, on_page=on_page)):
            if isinstance(item, Skipped):
                yield Skipped(f"{source.path}{item.source}", item.reason)
            else:
                document = _document(item, source, sidecar, digest, authorities=limits.authorities)
                yield document if _is_text(document) else Skipped(document.source, _NO_TEXT)
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
        inner = unzip_gzip(job.data, job.left)
        job.unpack(len(inner), "file")
        job = replace(job, data=inner, name=job.name.removesuffix(".gz"))
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
    """Read a member of an archive or an attachment; a fault is one ``Skipped``, never an error.

    The texts of all that lies in one file have at most ``max_file_bytes`` characters.
    """
    digest = hashlib.sha256(job.data).hexdigest()
    job = replace(job, depth=job.depth + 1)
    limit = job.limits.max_file_bytes
    too_long = f"texts of more than max_file_bytes = {limit:,} characters in one file; split it"
    try:
        if job.depth > _DEEPEST:
            raise LoadError(f"more than {_DEEPEST} files one in another; save it on its own")
        if job.spent.characters > limit:
            raise LoadError(too_long)
        for item in read_bytes(job):
            if isinstance(item, Skipped):
                inside = item.source.startswith(job.part)
                yield item if inside else replace(item, source=job.part + item.source)
            elif item.part.startswith(job.part):
                yield item
            elif (used := job.spent.characters + len(item.text)) > limit:
                job.spent.characters = used
                yield Skipped(job.part + item.part, too_long)
            else:
                job.spent.characters = used
                yield _of_member(item, job, digest)
    except LoadError as error:
        yield Skipped(job.part, _in_one_line(error))


def _of_member(item: Parsed, job: Job, digest: str) -> Parsed:
    """``item`` with the metadata of the member's own sidecar."""
    values = dict(job.sidecar.values)
    if job.sidecar.doc_id and not item.part:  # an id is that of one document
        values["id"] = job.sidecar.doc_id
    starts = () if item.part else speaker_starts(item.text, job.sidecar)
    return replace(
        item,
        title=item.title or ("" if item.is_row else PurePosixPath(job.name).name),
        metadata={**values, **item.metadata} if item.part else {**item.metadata, **values},
        part=job.part + item.part,
        sha256=item.sha256 or digest,
        speaker_starts=starts or item.speaker_starts,
    )


def _is_text(document: Document) -> bool:
    """Whether all of it can be stored as UTF-8."""
    rest = replace(document, text="")
    return is_text(document.text) and is_text(json.dumps(asdict(rest), ensure_ascii=False))


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


def _document(
    parsed: Parsed, source: Source, sidecar: Sidecar, digest: str, *, authorities: str
) -> Document:
    if parsed.part:  # the values of a row win over the sidecar of the export
        given: dict[str, Any] = {**sidecar.values, **parsed.metadata}
        own_id = str(given.pop("id", ""))
    else:
        given = {**parsed.metadata, **sidecar.values}
        own_id = sidecar.doc_id
    named = str(given.pop("title", ""))
    title = named or parsed.title
    if parsed.is_row:
        inferred = infer_row(parsed.text, title, given)
    else:
        inferred = infer(parsed.text, title, given, authorities=authorities)
    if named and not parsed.is_row:
        inferred.pop("title", None)
    speakers = () if parsed.part else speaker_starts(parsed.text, sidecar)
    speakers = speakers or parsed.speaker_starts
    if not speakers and not parsed.is_row:
        speakers = transcript_speakers(parsed.text)
    if given.get("speaker") or speakers:
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
        sections=() if parsed.is_row else sections_of(parsed.text, parsed.headings),
        speaker_starts=speakers,
    )
