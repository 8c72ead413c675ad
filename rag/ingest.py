"""The write path: load, split, embed and index documents into a new live build."""

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from rag.config import Settings, load_settings
from rag.errors import RagError, told_of_disk
from rag.index.diff import Changes, changes
from rag.index.lexical import LEXICAL_VERSION
from rag.index.manifest import FORMAT, Manifest
from rag.index.passage_cache import PassageCache
from rag.index.protocols import BuildStore
from rag.index.store import open_store
from rag.index.vector_cache import VectorCache
from rag.index.waiting_texts import WaitingTexts
from rag.load import LOADER_VERSION, Source, find, load_to_disk
from rag.log import log_to, note
from rag.models.embedder import Embedder, load_embedder
from rag.text.split import SPLITTER_VERSION, embedded_texts
from rag.text.visible import visible
from rag.types import Document, Passage, Skipped, counted

Progress = Callable[[str, int, int], None]
"""Called with the stage (``load``, ``embed``, ``write``), the items done and the items in all."""

# Documents written between two calls of ``on_progress``: often enough for a progress bar.
_REPORT_EVERY = 100
# Keys of the manifest that a report repeats in its JSON.
_REPORTED = ("build", "documents", "passages", "pages", "ocr_pages", "duplicates", "skipped")


@dataclass(frozen=True, slots=True)
class BuildReport:
    """The result of one call of :func:`build_index`.

    Attributes
    ----------
    manifest
        Of the live build.
    embedded
        Texts embedded by this call.
    seconds
        Duration of the call.
    pages_per_second
        Speed of loading; None if no document has pages.
    unchanged
        True if the live build already had the same inputs, so that nothing was written.
    changes
        Differences from the previous live build; None if there is none to compare with.
    """

    manifest: Manifest
    embedded: int
    seconds: float
    pages_per_second: float | None
    unchanged: bool
    changes: Changes | None

    @property
    def build(self) -> str:
        """Name of the live build."""
        return self.manifest.build

    @property
    def documents(self) -> int:
        """Number of documents in the index."""
        return self.manifest.documents

    @property
    def passages(self) -> int:
        """Number of passages in the index."""
        return self.manifest.passages

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """Files and parts of files that are not in the index, each with the reason."""
        return self.manifest.skipped

    @property
    def summary(self) -> str:
        """One line for people."""
        manifest = self.manifest
        skipped = f" ({len(manifest.skipped)} skipped)" if manifest.skipped else ""
        holds = f"{counted(manifest.documents, 'document')}{skipped}, "
        if manifest.pages:
            holds += f"{counted(manifest.pages, 'page')} ({manifest.ocr_pages:,} by OCR), "
        if manifest.duplicates:
            holds += f"{counted(manifest.duplicates, 'duplicate')}, "
        holds += counted(manifest.passages, "passage")
        if self.unchanged:
            return f"nothing changed: {holds}, checked in {self.seconds:.1f} s"
        done = f"indexed {holds}, {self.embedded:,} newly embedded, in {self.seconds:.1f} s"
        if self.pages_per_second:
            done += f" ({self.pages_per_second:,.0f} pages loaded a second)"
        if self.changes is None:
            return done
        counts = (f"{len(ids):,} {kind}" for kind, ids in self.changes.to_dict().items() if ids)
        return f"{done}: {', '.join(counts) or 'the same documents'}"

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; of the manifest only the name and the counts of the build."""
        values = asdict(self)
        manifest = values.pop("manifest")
        return {key: manifest[key] for key in _REPORTED} | values


def build_index(
    sources: Sequence[Path | str] | None = None,
    *,
    settings: Settings | None = None,
    rebuild: bool = False,
    on_progress: Progress | None = None,
) -> BuildReport:
    """Load, split, embed and index documents into a new build, and make it live.

    The old build stays live until the new one is complete. Vectors are cached by model and text:
    only new texts are embedded, also after a build that was killed.

    Parameters
    ----------
    sources
        Files and folders; ``settings.seeds`` where None.
    settings
        ``load_settings()`` where None.
    rebuild
        Build even if no input has changed, and embed every text again.
    on_progress
        As :data:`Progress`.

    Raises
    ------
    RagError
        If there is nothing to index, the folder cannot be written, or another build is running.
        The live build does not change.
    """
    began = time.monotonic()
    settings = settings or load_settings()
    log_to(settings)
    report = on_progress or (lambda stage, done, total: None)
    builds = open_store(settings.index)
    given = [Path(path) for path in (sources or [settings.seeds])]
    found = find(given)
    embedder = load_embedder(settings.model)
    inputs = inputs_of(given, found, settings, embedder)
    with (
        told_of_disk(settings.index),
        builds.writing(),
        scratch_folder(builds.cache) as scratch,
    ):
        live = builds.current()
        unchanged = None if rebuild else unchanged_build(builds, inputs, began, keep=settings.keep)
        if unchanged is not None:
            return unchanged
        loading = time.monotonic()
        with load_to_disk(
            found,
            settings,
            on_progress=partial(report, "load"),
            cache=builds.cache / "read",
            spool=scratch,
        ) as loaded:
            loaded_in = time.monotonic() - loading
            cache = _passage_cache(builds, None if rebuild else live, settings)
            vectors = VectorCache(builds.cache, embedder.fingerprint, embedder.dimension)
            texts = WaitingTexts(scratch, vectors, anew=rebuild)
            manifest, embedded = write_build(
                builds,
                ((document, *cache.split(document)) for document in loaded.documents()),
                len(loaded),
                loaded.skipped,
                inputs,
                texts,
                settings=settings,
                embedder=embedder,
                report=report,
            )
    speed = round(manifest.pages / loaded_in, 1) if manifest.pages else None
    return report_of(manifest, embedded, began, changes_since(builds, live, manifest.build), speed)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a build is made of.

    Attributes
    ----------
    given
        Files and folders that were named.
    sources
        SHA-256 of each file found there, by its name.
    digest
        SHA-256 over every input that decides the content of a build.
    """

    given: tuple[Path, ...]
    sources: Mapping[str, str]
    digest: str


def inputs_of(
    given: Sequence[Path], found: Sequence[Source], settings: Settings, embedder: Embedder
) -> Inputs:
    """The inputs of a build of the files ``found``, whose digests are known."""
    parts = [
        FORMAT,
        LOADER_VERSION,
        SPLITTER_VERSION,
        LEXICAL_VERSION,
        settings.passage_size,
        embedder.fingerprint,
        [(source.name, source.sha256, source.sidecar_sha256) for source in found],
    ]
    digest = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
    return Inputs(tuple(given), {source.name: source.sha256 for source in found}, digest)


def unchanged_build(
    builds: BuildStore, inputs: Inputs, began: float, *, keep: int
) -> BuildReport | None:
    """A report on the live build if it has these inputs and is not damaged; else None.

    If it has, more than ``keep`` builds are deleted: a killed build may have left them.
    """
    live = builds.current()
    manifest = None if live is None else _unchanged(builds, live, inputs.digest)
    if manifest is None:
        return None
    builds.prune(manifest.build, keep=keep)
    return BuildReport(
        manifest=manifest,
        embedded=0,
        seconds=_since(began),
        pages_per_second=None,
        unchanged=True,
        changes=Changes(),
    )


def report_of(
    manifest: Manifest,
    embedded: int,
    began: float,
    changes: Changes | None,
    pages_per_second: float | None = None,
) -> BuildReport:
    """A report on a new build that was begun at ``began``, a reading of ``time.monotonic``."""
    return BuildReport(
        manifest=manifest,
        embedded=embedded,
        seconds=_since(began),
        pages_per_second=pages_per_second,
        unchanged=False,
        changes=changes,
    )


@contextmanager
def scratch_folder(cache: Path) -> Iterator[Path]:
    """An empty folder in ``cache``, deleted at the end or, after a kill, by the next build.

    It holds what a build must not hold in memory. One writer at a time, as for the builds.
    """
    folder = cache / "unfinished"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_build(
    builds: BuildStore,
    documents: Iterable[tuple[Document, Sequence[Passage], Sequence[bool]]],
    count: int,
    skipped: Sequence[Skipped],
    inputs: Inputs,
    texts: WaitingTexts,
    *,
    settings: Settings,
    embedder: Embedder,
    report: Progress,
) -> tuple[Manifest, int]:
    """Write a build document by document, and make it live; the store is locked by the caller.

    Parameters
    ----------
    documents
        Each with its passages, and for each passage whether it names a sum of money.
    count
        Number of documents.
    skipped
        What was left out before.
    texts
        Without texts; it collects and embeds those of the passages.

    Returns
    -------
    tuple[Manifest, int]
        Of the live build, and how many texts were embedded.

    Raises
    ------
    RagError
        If no document has text.
    """
    skipped = list(skipped)
    with (
        closing(texts),
        builds.writer(dimension=embedder.dimension, splitter_version=SPLITTER_VERSION) as writer,
    ):
        for done, (document, passages, amounts) in enumerate(documents, start=1):
            if passages:
                writer.add(document, passages, amounts)
                texts.add(embedded_texts(passages))
            else:
                skipped.append(Skipped(document.source, "no text"))
            if done % _REPORT_EVERY == 0 or done == count:
                report("write", done, count)
        if not writer.passages:
            raise RagError(_nothing_to_index(skipped, inputs.given))
        embedded = texts.embed(embedder, partial(report, "embed"))
        for vectors in texts.vectors():
            writer.add_vectors(vectors)
        created = datetime.now(UTC)
        manifest = writer.publish(
            Manifest(
                format=FORMAT,
                build=f"{created:%Y%m%dT%H%M%S%f}-{inputs.digest[:8]}",
                created=created.isoformat(timespec="seconds"),
                inputs=inputs.digest,
                model=embedder.name,
                fingerprint=embedder.fingerprint,
                dimension=embedder.dimension,
                passage_size=settings.passage_size,
                documents=writer.documents,
                passages=writer.passages,
                characters=writer.characters,
                pages=writer.pages,
                ocr_pages=writer.ocr_pages,
                duplicates=writer.duplicates,
                given=tuple(str(path.resolve()) for path in inputs.given),
                sources=inputs.sources,
                skipped=tuple(skipped),
            ),
            keep=settings.keep,
        )
    note(
        "built",
        build=manifest.build,
        documents=manifest.documents,
        passages=manifest.passages,
        skipped=len(skipped),
        embedded=embedded,
    )
    return manifest, embedded


def changes_since(builds: BuildStore, before: str | None, after: str) -> Changes | None:
    """Differences between two builds; None if there is no earlier one, or it is damaged."""
    try:
        return None if before is None else changes(builds, before, after)
    except RagError:
        return None


def _passage_cache(builds: BuildStore, live: str | None, settings: Settings) -> PassageCache:
    """A cache with the passages of the live build, if it is sound and of the same passage size."""
    try:
        if live is not None and builds.manifest(live).passage_size == settings.passage_size:
            return PassageCache(settings.passage_size, builds.documents(live))
    except RagError:
        pass  # a damaged build is not reused
    return PassageCache(settings.passage_size)


def _unchanged(builds: BuildStore, live: str, inputs: str) -> Manifest | None:
    """Manifest of the live build; None if its inputs differ or a file of it is damaged."""
    try:
        manifest = builds.manifest(live)
        if manifest.inputs == inputs:
            builds.open()
            return manifest
    except RagError:
        return None
    return None


def _since(began: float) -> float:
    """Seconds since ``began``, a reading of ``time.monotonic``, to two decimals."""
    return round(time.monotonic() - began, 2)


def _nothing_to_index(skipped: Sequence[Skipped], given: Sequence[Path]) -> str:
    where = ", ".join(map(str, given))
    if not skipped:
        again = " ".join(map(str, given))
        return f"no documents in {where}. Put some there, then: rag index {again}"
    reasons = "\n".join(visible(str(item)) for item in skipped)
    return f"nothing to index in {where}: every file was skipped.\n{reasons}"
