"""The write path: load, split, embed and index documents into a new live build."""

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import chain, groupby
from pathlib import Path
from typing import Any

from rag.config import Settings, load_settings
from rag.errors import RagError, told_of_disk
from rag.index.builds import DENSE, DOCUMENTS, LEXICAL, Builds
from rag.index.dense import write_dense
from rag.index.diff import Changes, changes
from rag.index.documents import DocumentsWriter
from rag.index.lexical import LEXICAL_VERSION, LexicalWriter
from rag.index.manifest import FORMAT, Manifest, checksums, write_manifest
from rag.index.passage_cache import PassageCache
from rag.index.vector_cache import VectorCache, key_of
from rag.load import LOADER_VERSION, Source, find, load
from rag.log import log_to, note
from rag.models.embedder import Embedder, load_embedder
from rag.text.split import SPLITTER_VERSION, embedded_texts, searched_text
from rag.text.visible import visible
from rag.types import Document, Passage, Skipped, counted

Progress = Callable[[str, int, int], None]
"""Called with the stage (``load``, ``embed``, ``write``), the items done and the items in all."""

# Texts embedded between two writes to the vector cache. A build that is killed loses at most these.
_BATCH = 512
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
    builds = Builds(settings.index)
    given = [Path(path) for path in (sources or [settings.seeds])]
    found = find(given)
    embedder = load_embedder(settings.model)
    inputs = _digest(found, settings, embedder)
    with told_of_disk(settings.index), builds.writing():
        live = builds.current()
        if live is not None and not rebuild:
            unchanged = _unchanged(builds, live, inputs)
            if unchanged is not None:
                builds.prune(live, keep=settings.keep)  # a killed build may have left more
                return BuildReport(
                    manifest=unchanged,
                    embedded=0,
                    seconds=_since(began),
                    pages_per_second=None,
                    unchanged=True,
                    changes=Changes(),
                )
        staged = builds.stage()
        loading = time.monotonic()
        items = load(
            found, settings, on_progress=partial(report, "load"), cache=builds.cache / "read"
        )
        documents = list(items)
        loaded_in = time.monotonic() - loading
        cache = _passage_cache(builds, None if rebuild else live, settings)
        skipped, counts, passages, keys = _write_texts(staged, documents, cache, report)
        if not passages:
            raise RagError(_nothing_to_index(skipped, given))
        embedded, dense_recall = _write_vectors(
            staged, passages, keys, embedder, builds.cache, rebuild=rebuild, report=report
        )
        created = datetime.now(UTC)
        manifest = Manifest(
            format=FORMAT,
            build=f"{created:%Y%m%dT%H%M%S%f}-{inputs[:8]}",
            created=created.isoformat(timespec="seconds"),
            inputs=inputs,
            model=embedder.name,
            fingerprint=embedder.fingerprint,
            dimension=embedder.dimension,
            passage_size=settings.passage_size,
            documents=counts.documents,
            passages=counts.passages,
            characters=counts.characters,
            pages=counts.pages,
            ocr_pages=counts.ocr_pages,
            duplicates=counts.duplicates,
            given=tuple(str(path.resolve()) for path in given),
            sources={source.name: source.sha256 for source in found},
            skipped=tuple(skipped),
            dense_recall=dense_recall,
            files=checksums(staged),
        )
        write_manifest(staged, manifest)
        builds.publish(staged, manifest.build, keep=settings.keep)
        differs = _changes(builds, live, manifest.build)
    note(
        "built",
        build=manifest.build,
        seconds=_since(began),
        documents=counts.documents,
        passages=counts.passages,
        skipped=len(skipped),
        embedded=embedded,
    )
    return BuildReport(
        manifest=manifest,
        embedded=embedded,
        seconds=_since(began),
        pages_per_second=round(manifest.pages / loaded_in, 1) if manifest.pages else None,
        unchanged=False,
        changes=differs,
    )


def _write_texts(
    staged: Path, items: Sequence[Document | Skipped], cache: PassageCache, report: Progress
) -> tuple[list[Skipped], DocumentsWriter, list[Passage], list[tuple[bytes, bytes]]]:
    """Split the documents; write them, their passages and the lexical index.

    Returns the skipped items, the writer with its counts, the passages in the order of their rows,
    and for each passage the keys of its two vectors.
    """
    skipped: list[Skipped] = []
    passages: list[Passage] = []
    keys: list[tuple[bytes, bytes]] = []
    with (
        closing(
            DocumentsWriter(staged / DOCUMENTS, splitter_version=SPLITTER_VERSION)
        ) as documents,
        closing(LexicalWriter(staged / LEXICAL)) as lexical,
    ):
        for done, item in enumerate(items, start=1):
            own, amounts = ([], []) if isinstance(item, Skipped) else cache.split(item)
            if isinstance(item, Skipped):
                skipped.append(item)
            elif own:
                documents.add(item, own, amounts)
                lexical.add(item, [searched_text(passage) for passage in own])
                passages.extend(own)
                texts = embedded_texts(own)
                shared = key_of(texts[0][1])
                keys.extend((key_of(text), shared) for text, _ in texts)
            else:
                skipped.append(Skipped(item.source, "no text"))
            if done % _REPORT_EVERY == 0 or done == len(items):
                report("write", done, len(items))
    return skipped, documents, passages, keys


def _write_vectors(
    staged: Path,
    passages: Sequence[Passage],
    keys: Sequence[tuple[bytes, bytes]],
    embedder: Embedder,
    cache_folder: Path,
    *,
    rebuild: bool,
    report: Progress,
) -> tuple[int, float]:
    """Embed the texts that have no cached vector, then write the vectors of all passages.

    Returns the number of texts embedded and the recall of ``write_dense``.
    """
    cache = VectorCache(cache_folder, embedder.fingerprint, embedder.dimension)
    wanted = set(chain.from_iterable(keys))
    if not rebuild:
        wanted = cache.missing(wanted)
    texts: dict[bytes, str] = {}
    each = zip(passages, keys, strict=True)
    for _, of_document in groupby(each, key=lambda pair: pair[0].document.doc_id):
        own, own_keys = zip(*of_document, strict=True)
        if wanted.isdisjoint(chain.from_iterable(own_keys)):
            continue
        for of_passage in zip(own_keys, embedded_texts(own), strict=True):
            texts.update(
                (key, text) for key, text in zip(*of_passage, strict=True) if key in wanted
            )
    # Sorted by length, so that the texts of a batch need little padding.
    missing = sorted(texts, key=lambda key: (len(texts[key]), key))
    report("embed", 0, len(missing))
    for start in range(0, len(missing), _BATCH):
        batch = missing[start : start + _BATCH]
        cache.put(batch, embedder.embed_passages([texts[key] for key in batch]))
        report("embed", start + len(batch), len(missing))
    return len(missing), write_dense(cache.joined(keys), staged / DENSE)


def _passage_cache(builds: Builds, live: str | None, settings: Settings) -> PassageCache:
    """A cache with the passages of the live build, if it is sound and of the same passage size."""
    try:
        if live is not None and builds.manifest(live).passage_size == settings.passage_size:
            return PassageCache(settings.passage_size, builds.documents(live))
    except RagError:
        pass  # a damaged build is not reused
    return PassageCache(settings.passage_size)


def _unchanged(builds: Builds, live: str, inputs: str) -> Manifest | None:
    """Manifest of the live build; None if its inputs differ or a file of it is damaged."""
    try:
        manifest = builds.manifest(live)
        if manifest.inputs == inputs:
            builds.open()
            return manifest
    except RagError:
        return None
    return None


def _digest(found: Sequence[Source], settings: Settings, embedder: Embedder) -> str:
    """SHA-256 over every input that decides the content of a build."""
    parts = [
        FORMAT,
        LOADER_VERSION,
        SPLITTER_VERSION,
        LEXICAL_VERSION,
        settings.passage_size,
        embedder.fingerprint,
        [(source.name, source.sha256, source.sidecar_sha256) for source in found],
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _changes(builds: Builds, before: str | None, after: str) -> Changes | None:
    """Differences between two builds; None if there is no earlier one, or it is damaged."""
    try:
        return None if before is None else changes(builds, before, after)
    except RagError:
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
