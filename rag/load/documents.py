"""Load files into documents, in order; a faulty file is skipped with a reason."""

import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

from rag.config import Settings, load_settings
from rag.errors import LoadError, UsageError
from rag.load.cache import ReadCache
from rag.load.duplicates import without_duplicates
from rag.load.file_type import kind_of
from rag.load.metadata import check_authorities
from rag.load.parsed import Limits
from rag.load.readers import read_source
from rag.load.source import AUTHORITIES, Source, find
from rag.load.workers import Workers, worker_count
from rag.text.visible import visible
from rag.types import Document, Skipped

LOADER_VERSION = 18
"""Raised whenever the same bytes give another text or other metadata."""

_PLAIN = frozenset({"txt", "md", "jsonl"})
_HEAD = 4096
"""Bytes by which a file's format is recognised."""
_ROW = re.compile(r":\d+$")
"""The row, at the end of the source of a document of an export."""


def load(
    sources: Sequence[Source],
    settings: Settings,
    *,
    on_progress: Callable[[int, int], None] | None = None,
    cache: Path | None = None,
) -> Iterator[Document | Skipped]:
    """Read the documents of ``sources``.

    A faulty file, or a faulty row of an export, is skipped and stops nothing else: files are read
    in processes with limits on time and memory. All files are read before the first document is
    yielded, because a later file may be a duplicate.

    Parameters
    ----------
    sources
        As ``find`` lists them.
    settings
        Limits on size, time and memory; whether to use OCR; number of processes.
    on_progress
        Called after each file with the number of files done and of all files.
    cache
        Folder of the cache of files that are slow to read; None for no cache.

    Yields
    ------
    Document | Skipped
        First what was skipped, then the documents, each in the order of ``sources``. Ids are
        unique: a later document with the same id is skipped, unless it is a row of an export. A
        row gets the name of its export before its id if the id is taken outside the export, and a
        number behind it, with a warning, if another row of the export has it. Texts are unique
        too, unless two documents were both given an id; see ``without_duplicates``.
    """
    documents: dict[str, Document] = {}
    apart = _Rows()
    for source, item in _read(sources, settings, on_progress or (lambda done, total: None), cache):
        if isinstance(item, Skipped):
            yield Skipped(visible(item.source), visible(item.reason))
        elif item.doc_id not in documents:
            documents[item.doc_id] = item
        elif not _ROW.search(item.source):
            reason = f"its id {item.doc_id!r} is taken by {documents[item.doc_id].source}"
            yield Skipped(item.source, f"{reason}; give it another in its sidecar")
        elif (row := apart.kept_apart(item, source, documents)) is not None:
            documents[row.doc_id] = row
        else:
            yield Skipped(item.source, f"it repeats another row with the id {item.doc_id!r}")
    yield from without_duplicates(documents.values())


def read(
    sources: Sequence[Path | str], *, settings: Settings | None = None
) -> list[Document | Skipped]:
    """Find and load files and folders without indexing them; nothing is written.

    Parameters
    ----------
    sources
        Files and folders.
    settings
        ``load_settings()`` where None.

    Returns
    -------
    list[Document | Skipped]
        In the order of :func:`load`.

    Raises
    ------
    RagError
        If a file or folder does not exist or cannot be listed.
    """
    found = find([Path(path) for path in sources])
    return list(load(found, settings or load_settings()))


def read_ahead(
    staged: Path,
    folder: Path,
    root: Path,
    *,
    settings: Settings,
    cache: Path,
    on_progress: Callable[[int, int], None] | None = None,
) -> dict[str, list[Document | Skipped]]:
    """Read the files in ``staged`` as a build reads them once they are in ``folder``.

    What is slow to read goes to the cache, so that the build does not read it again.

    Parameters
    ----------
    staged
        A folder without subfolders.
    folder
        Where the files will be.
    root
        The folder that the build is given: ``folder``, or one above it.
    cache
        As in :func:`load`.
    on_progress
        As in :func:`load`.

    Returns
    -------
    dict[str, list[Document | Skipped]]
        What each file gives, by its name in ``staged``. Files that a build leaves out, such as
        ``README.md`` and sidecars, are missing.
    """
    above = folder.relative_to(root).as_posix().removeprefix(".")
    found = [
        replace(source, name=f"{above}/{source.name}" if above else source.name)
        for source in find([staged])
    ]
    given: dict[Source, list[Document | Skipped]] = {source: [] for source in found}
    for source, item in _read(found, settings, on_progress or (lambda done, total: None), None):
        given[source].append(_moved(item, staged, folder))
    later = ReadCache(cache, LOADER_VERSION, limits_of(settings))
    for source, items in given.items():
        if not _is_plain(source):
            later.put(replace(source, path=folder / source.path.name), items)
    return {source.path.name: items for source, items in given.items()}


def _moved(item: Document | Skipped, staged: Path, folder: Path) -> Document | Skipped:
    """``item`` with the source that it has once its file is in ``folder``."""
    return replace(item, source=item.source.replace(str(staged), str(folder), 1))


def limits_of(settings: Settings) -> Limits:
    """The settings that limit the reading of one file, and the user's register of authorities.

    Raises
    ------
    UsageError
        If ``authorities.toml`` in the folder ``seeds`` cannot be read.
    """
    return Limits(
        max_file_bytes=settings.max_file_bytes,
        max_pages=settings.max_pages,
        ocr=settings.ocr,
        parse_seconds=settings.parse_seconds,
        parse_megabytes=settings.parse_megabytes,
        authorities=_own_authorities(settings.seeds / AUTHORITIES),
    )


def _own_authorities(path: Path) -> str:
    if not path.is_file():
        return ""
    try:
        text = path.read_text(encoding="utf-8-sig")
        check_authorities(text)
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(f"{path}: {error}") from error
    return text


def _read(
    sources: Sequence[Source],
    settings: Settings,
    on_progress: Callable[[int, int], None],
    folder: Path | None,
) -> Iterator[tuple[Source, Document | Skipped]]:
    limits = limits_of(settings)
    cache = ReadCache(folder, LOADER_VERSION, limits) if folder else None
    slow = {source for source in sources if source.sha256 and not _is_plain(source)}
    known = {source: items for source in slow if cache and (items := cache.get(source))}
    unknown = [source for source in sources if source.sha256 and source not in known]
    with Workers(worker_count(settings.workers, unknown), limits) as workers:
        waiting: dict[Source, Future[list[Document | Skipped]]] = {
            source: workers.read(source) for source in unknown
        }
        for done, source in enumerate(sources, start=1):
            if source in waiting:
                items = waiting.pop(source).result()
                if cache and source in slow:
                    cache.put(source, items)
            elif source in known:
                items = known.pop(source)
            else:
                items = list(read_source(source, limits))  # why it cannot be read
            yield from ((source, item) for item in items)
            on_progress(done, len(sources))
    if cache:
        cache.prune()


class _Rows:
    """The rows of exports whose id is taken."""

    def __init__(self) -> None:
        self._last: Counter[str] = Counter()
        self._known: set[tuple[str, str]] = set()

    def kept_apart(
        self, row: Document, source: Source, documents: Mapping[str, Document]
    ) -> Document | None:
        """``row`` under an id of its own; None if an earlier row with the id is equal."""
        export = _ROW.sub("", row.source)
        own_id = row.doc_id
        if _ROW.sub("", documents[own_id].source) != export:
            own_id = f"{source.name}{export.removeprefix(str(source.path))}:{row.doc_id}"
        if own_id not in documents:
            return replace(row, doc_id=own_id)
        first = documents[own_id]
        if row.sha256 == first.sha256 or (own_id, row.sha256) in self._known:
            return None
        self._known.add((own_id, row.sha256))
        number = max(2, self._last[own_id] + 1)
        while f"{own_id}-{number}" in documents:
            number += 1
        self._last[own_id] = number
        warning = f"its id {row.doc_id!r} is that of {first.source} too; here it ends in -{number}"
        warnings = [*row.metadata.get("warnings", []), warning]
        metadata = {**row.metadata, "warnings": warnings}
        return replace(row, doc_id=f"{own_id}-{number}", metadata=metadata)


def _is_plain(source: Source) -> bool:
    """Whether the file is plain text or JSON lines, also inside gzip: too fast to read to cache."""
    try:
        with source.path.open("rb") as file:
            head = file.read(_HEAD)
        if head.startswith(b"\x1f\x8b"):
            head = zlib.decompressobj(wbits=31).decompress(head, _HEAD)
        return not head.startswith(b"PK") and kind_of(head, source.name) in _PLAIN
    except (OSError, LoadError, zlib.error):
        return True  # damaged, which is found at once
