"""From files to documents, in order, whatever becomes of each single one."""

import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path

from rag.config import Settings, load_settings
from rag.errors import LoadError
from rag.load.cache import ReadCache
from rag.load.duplicates import without_duplicates
from rag.load.file_type import kind_of
from rag.load.parsed import Limits
from rag.load.readers import read_source
from rag.load.source import Source, find
from rag.load.workers import Workers, worker_count
from rag.types import Document, Skipped

LOADER_VERSION = 13
"""Raised whenever the same bytes would give another text or other metadata."""

_PLAIN = frozenset({"txt", "md", "jsonl"})
_HEAD = 4096


def load(
    sources: Sequence[Source],
    settings: Settings,
    *,
    on_progress: Callable[[int, int], None] | None = None,
    cache: Path | None = None,
) -> Iterator[Document | Skipped]:
    """Read the documents of ``sources``, in their order, skipped ones first.

    One bad file, or one bad row of an export, costs itself and no more: all formats but plain text
    and JSON lines are read in processes with a limit on time and memory. All is read before the
    first is given out, because a later file may turn out to be an earlier one again.

    Parameters
    ----------
    sources
        As ``find`` lists them.
    settings
        Limits on size, time and memory, and whether there is OCR.
    on_progress
        Called after each file with how many are done and how many there are.
    cache
        Folder that keeps what costly files were read as; None for none.

    Yields
    ------
    Document | Skipped
        A document's id occurs once: a later one that claims it is skipped. Nor does its text,
        unless under an id of its own; see ``without_duplicates``.
    """
    documents: dict[str, Document] = {}
    for item in _read(sources, settings, on_progress or (lambda done, total: None), cache):
        if isinstance(item, Skipped):
            yield item
        elif item.doc_id in documents:
            reason = f"its id {item.doc_id!r} is taken by {documents[item.doc_id].source}"
            yield Skipped(item.source, f"{reason}; give it another in its sidecar")
        else:
            documents[item.doc_id] = item
    yield from without_duplicates(documents.values())


def read(
    sources: Sequence[Path | str], *, settings: Settings | None = None
) -> list[Document | Skipped]:
    """What of files and folders would be indexed, skipped ones first; nothing is written.

    Parameters
    ----------
    sources
        Files and folders.
    settings
        ``load_settings()`` where None.

    Raises
    ------
    RagError
        If one of them does not exist or cannot be listed.
    """
    found = find([Path(path) for path in sources])
    return list(load(found, settings or load_settings()))


def limits_of(settings: Settings) -> Limits:
    """The part of the settings that reading a file needs."""
    return Limits(
        max_file_bytes=settings.max_file_bytes,
        max_pages=settings.max_pages,
        ocr=settings.ocr,
        parse_seconds=settings.parse_seconds,
        parse_megabytes=settings.parse_megabytes,
    )


def _read(
    sources: Sequence[Source],
    settings: Settings,
    on_progress: Callable[[int, int], None],
    folder: Path | None,
) -> Iterator[Document | Skipped]:
    limits = limits_of(settings)
    cache = ReadCache(folder, LOADER_VERSION, limits) if folder else None
    costly = [source for source in sources if not _is_plain(source)]
    known = {source: items for source in costly if cache and (items := cache.get(source))}
    unknown = [source for source in costly if source not in known]
    with Workers(worker_count(settings.workers, unknown), limits) as workers:
        waiting: dict[Source, Future[list[Document | Skipped]]] = {
            source: workers.read(source) for source in unknown
        }
        for done, source in enumerate(sources, start=1):
            if source in waiting:
                items = waiting.pop(source).result()
                if cache:
                    cache.put(source, items)
                yield from items
            elif source in known:
                yield from known.pop(source)
            else:
                yield from read_source(source, limits)
            on_progress(done, len(sources))
    if cache:
        cache.prune()


def _is_plain(source: Source) -> bool:
    """Whether the file's first bytes are text that is read as it is, packed with gzip or not."""
    if not source.sha256:
        return True  # it cannot be read, as read_source will say
    try:
        with source.path.open("rb") as file:
            head = file.read(_HEAD)
        if head.startswith(b"\x1f\x8b"):
            head = zlib.decompressobj(wbits=31).decompress(head, _HEAD)
        return not head.startswith(b"PK") and kind_of(head, source.name) in _PLAIN
    except (OSError, LoadError, zlib.error):
        return True  # nothing to parse: the reason for skipping is quickly found
