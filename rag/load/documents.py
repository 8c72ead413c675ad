"""Load files into documents, in order; a faulty file is skipped with a reason."""

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from rag.config import Settings, load_settings
from rag.errors import LoadError, UsageError
from rag.load.cache import ReadCache
from rag.load.file_type import kind_of
from rag.load.metadata import check_authorities
from rag.load.parsed import Limits
from rag.load.readers import read_source
from rag.load.resolve import Resolver, traits_of
from rag.load.serialization import document_from_json, item_to_json
from rag.load.source import AUTHORITIES, Source, find
from rag.load.workers import Items, Workers, worker_count
from rag.text.visible import visible
from rag.types import Document, Skipped

LOADER_VERSION = 20
"""Raised whenever the same bytes give another text or other metadata."""

_PLAIN = frozenset({"txt", "md", "jsonl"})
_HEAD = 4096
"""Bytes by which a file's format is recognised."""
_AHEAD = 64
"""Files for each worker that are read ahead of the one whose documents are wanted."""


class Loaded:
    """Documents that were read and wait on disk; a context manager that deletes them at the end.

    Parameters
    ----------
    spool
        Folder for the documents; None for the system's.

    Attributes
    ----------
    skipped
        What was left out, in the order of the files.
    """

    def __init__(self, spool: Path | None) -> None:
        self._folder = TemporaryDirectory(dir=spool, prefix="documents-")
        self._lines = (Path(self._folder.name) / "documents").open("x+", encoding="ascii")
        self._sketches = (Path(self._folder.name) / "sketches").open("x+b")
        self._resolver = Resolver(self._sketches)
        self.skipped: list[Skipped] = []

    def __enter__(self) -> "Loaded":
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.close()
        self._sketches.close()
        self._folder.cleanup()

    def add(self, source: Source, item: Document | Skipped) -> None:
        """Keep what was read from ``source``."""
        if isinstance(item, Skipped):
            self.skipped.append(Skipped(visible(item.source), visible(item.reason)))
            return
        skipped = self._resolver.add(traits_of(source, item))
        if skipped:
            self.skipped.append(skipped)
        self._lines.write(item_to_json(item) + "\n")

    def __len__(self) -> int:
        """Number of documents that :meth:`documents` yields."""
        return self._resolver.kept

    def documents(self) -> Iterator[Document]:
        """The documents in the order of the files, with the ids and links of the resolver."""
        self._lines.seek(0)
        for line, resolved in zip(self._lines, self._resolver.resolved(), strict=True):
            if resolved:
                yield resolved.of(document_from_json(line))


def load(
    sources: Sequence[Source],
    settings: Settings,
    *,
    on_progress: Callable[[int, int], None] | None = None,
    cache: Path | None = None,
) -> Iterator[Document | Skipped]:
    """Read the documents of ``sources``, as :func:`load_to_disk` does.

    Yields
    ------
    Document | Skipped
        First what was skipped, then the documents, each in the order of ``sources``.
    """
    with load_to_disk(sources, settings, on_progress=on_progress, cache=cache) as loaded:
        yield from loaded.skipped
        yield from loaded.documents()


def load_to_disk(
    sources: Sequence[Source],
    settings: Settings,
    *,
    on_progress: Callable[[int, int], None] | None = None,
    cache: Path | None = None,
    spool: Path | None = None,
) -> Loaded:
    """Read the documents of ``sources``, and keep them on disk: their number has no limit.

    A faulty file, or a faulty row of an export, is skipped and stops nothing else: files are read
    in processes with limits on time and memory. All files are read before the first document can be
    had, because a later file may be a duplicate.

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
    spool
        As in :class:`Loaded`.

    Returns
    -------
    Loaded
        To be closed by the caller. Its documents have unique ids: a later document with the same id
        is skipped, unless it is a row of an export. Their texts are unique too, unless two
        documents were both given an id; see ``rag.load.resolve.Resolver``.
    """
    loaded = Loaded(spool)
    try:
        report = on_progress or (lambda done, total: None)
        for source, item in read_files(sources, settings, report, cache, spool):
            loaded.add(source, item)
    except BaseException:
        loaded.__exit__()
        raise
    return loaded


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
    report = on_progress or (lambda done, total: None)
    for source, item in read_files(found, settings, report, None):
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


def read_files(
    sources: Sequence[Source],
    settings: Settings,
    on_progress: Callable[[int, int], None],
    folder: Path | None,
    spool: Path | None = None,
) -> Iterator[tuple[Source, Document | Skipped]]:
    """What each file gives, in order, as it is read; ids and duplicates are as in the files.

    The parameters are those of :func:`load`; ``folder`` is its cache. Workers read ahead of the
    caller by some files.
    """
    limits = limits_of(settings)
    cache = ReadCache(folder, LOADER_VERSION, limits) if folder else None
    slow = {source for source in sources if source.sha256 and not _is_plain(source)}
    known = {source for source in slow if cache and cache.holds(source)}
    unknown = [source for source in sources if source.sha256 and source not in known]
    count = worker_count(settings.workers, unknown)
    with Workers(count, limits, spool) as workers:
        ahead = iter(unknown)
        waiting: dict[Source, Future[Items]] = {}
        for done, source in enumerate(sources, start=1):
            for later in islice(ahead, _AHEAD * count - len(waiting)):
                waiting[later] = workers.read(later)
            items: Iterable[Document | Skipped]
            if source in waiting:
                items = waiting.pop(source).result()
                if cache and source in slow:
                    items = list(items)
                    cache.put(source, items)
            elif source in known:
                assert cache is not None
                cached = cache.get(source)
                items = workers.read(source).result() if cached is None else cached
            else:
                items = read_source(source, limits)  # why it cannot be read
            yield from ((source, item) for item in items)
            on_progress(done, len(sources))
    if cache:
        cache.prune()


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
