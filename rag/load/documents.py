"""From files to documents, in order, whatever becomes of each single one."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rag.config import Settings
from rag.errors import LoadError
from rag.load.docx import read_docx
from rag.load.html import read_html
from rag.load.jsonl import read_jsonl
from rag.load.kind import kind_of, unzip_gzip
from rag.load.parsed import Job, Parsed, Reader
from rag.load.pdf import read_pdf
from rag.load.sidecar import Sidecar, read_sidecar, speaker_starts
from rag.load.source import SIDECAR_SUFFIX, Source, sidecar_path
from rag.load.text import read_markdown, read_text
from rag.types import Document, Skipped

LOADER_VERSION = 2
"""Raised whenever the same bytes would give another text or other metadata."""

_READERS: Mapping[str, Reader] = {
    "pdf": read_pdf,
    "docx": read_docx,
    "html": read_html,
    "jsonl": read_jsonl,
    "md": read_markdown,
    "txt": read_text,
}


def load(
    sources: Sequence[Source],
    settings: Settings,
    *,
    on_progress: Callable[[int, int], None] | None = None,
) -> Iterator[Document | Skipped]:
    """Read the documents of ``sources``, in their order.

    One bad file, or one bad row of an export, costs itself and no more.

    Parameters
    ----------
    sources
        As ``find`` lists them.
    settings
        Limits on size.
    on_progress
        Called after each file with how many are done and how many there are.

    Yields
    ------
    Document | Skipped
        A document's id occurs once: a later one that claims it is skipped.
    """
    seen: dict[str, str] = {}
    for done, source in enumerate(sources, start=1):
        for item in read_source(source, settings):
            if isinstance(item, Document):
                if item.doc_id in seen:
                    reason = f"its id {item.doc_id!r} is taken by {seen[item.doc_id]}"
                    yield Skipped(item.source, f"{reason}; give it another in its sidecar")
                    continue
                seen[item.doc_id] = item.source
            yield item
        if on_progress:
            on_progress(done, len(sources))


def read_source(source: Source, settings: Settings) -> Iterator[Document | Skipped]:
    """Read the documents of one file; a fault of the whole file is one ``Skipped``."""
    try:
        data = _bytes_of(source.path, settings)
        beside = sidecar_path(source.path)
        sidecar = read_sidecar(beside.read_bytes()) if source.sidecar_sha256 else Sidecar()
        digest = hashlib.sha256(data).hexdigest()
        for item in _read(Job(data, source.name, sidecar, settings)):
            if isinstance(item, Skipped):
                yield Skipped(f"{source.path}{item.source}", item.reason)
            else:
                yield _document(item, source, sidecar, digest)
    except LoadError as error:
        yield Skipped(str(source.path), str(error))
    except OSError as error:
        yield Skipped(str(source.path), f"cannot be read: {error.strerror or error}")


def _read(job: Job) -> Iterator[Parsed | Skipped]:
    if job.name.endswith(SIDECAR_SUFFIX):
        raise LoadError("a sidecar without its document; name it <file name>.toml")
    kind = kind_of(job.data, job.name)
    if kind == "gzip":
        inner = unzip_gzip(job.data, job.settings.max_file_bytes)
        job = Job(inner, job.name.removesuffix(".gz"), job.sidecar, job.settings, job.part)
        kind = kind_of(job.data, job.name)
    if kind not in _READERS:
        raise LoadError(f"not read: {kind} files")
    yield from _READERS[kind](job)


def _bytes_of(path: Path, settings: Settings) -> bytes:
    if not path.is_file():
        raise LoadError("not an ordinary file")
    size = path.stat().st_size
    if size > settings.max_file_bytes:
        raise LoadError(
            f"{size:,} bytes, more than max_file_bytes = {settings.max_file_bytes:,}; raise it"
        )
    return path.read_bytes()


def _document(parsed: Parsed, source: Source, sidecar: Sidecar, digest: str) -> Document:
    given = {**parsed.metadata, **sidecar.values}
    if parsed.part:  # what a row says of itself is nearer than what its export's sidecar says
        given = {**sidecar.values, **parsed.metadata}
    own_id = given.pop("id", "")
    title = given.pop("title", "") or parsed.title
    if not parsed.part:
        own_id = sidecar.doc_id
    metadata: dict[str, Any] = given
    return Document(
        doc_id=own_id or f"{source.name}{parsed.part}",
        title=" ".join(title.split()) or Path(source.name).name + parsed.part,
        text=parsed.text,
        source=f"{source.path}{parsed.part}",
        sha256=parsed.sha256 or digest,
        metadata=metadata,
        page_starts=parsed.page_starts,
        page_labels=parsed.page_labels,
        paragraph_starts=parsed.paragraph_starts,
        footnotes=parsed.footnotes,
        speaker_starts=() if parsed.part else speaker_starts(parsed.text, sidecar),
    )
