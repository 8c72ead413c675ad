"""The write path: from documents to a new live build."""

import hashlib
import json
import os
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
from rag.errors import RagError
from rag.index.builds import DENSE, DOCUMENTS, LEXICAL, Builds
from rag.index.dense import write_dense
from rag.index.diff import Changes, changes
from rag.index.documents import DocumentsWriter
from rag.index.lexical import LEXICAL_VERSION, LexicalWriter
from rag.index.manifest import FORMAT, NAME, Manifest, checksums
from rag.index.passage_cache import Splits
from rag.index.vector_cache import VectorCache, key_of
from rag.load import LOADER_VERSION, Source, find, load
from rag.models.embedder import Embedder, load_embedder
from rag.text.split import SPLITTER_VERSION, embedded_texts, searched_text
from rag.types import Document, Passage, Skipped, counted

Progress = Callable[[str, int, int], None]
"""Called with the stage (``load``, ``embed``, ``write``), what is done and what there is to do."""

# Texts embedded between two commits to the vector cache: a killed build loses at most these.
_BATCH = 512


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did; ``unchanged`` means that the live build already held exactly this.

    ``pages_per_second`` is the speed of loading, None where nothing with pages was loaded;
    ``changes`` is what differs from the build that was live before, None for the first.
    """

    build: str
    documents: int
    passages: int
    pages: int
    ocr_pages: int
    duplicates: int
    skipped: tuple[Skipped, ...]
    embedded: int
    seconds: float
    pages_per_second: float | None
    unchanged: bool
    changes: Changes | None

    @property
    def summary(self) -> str:
        """One line for people."""
        skipped = f" ({len(self.skipped)} skipped)" if self.skipped else ""
        holds = f"{counted(self.documents, 'document')}{skipped}, "
        if self.pages:
            holds += f"{counted(self.pages, 'page')} ({self.ocr_pages:,} by OCR), "
        if self.duplicates:
            holds += f"{counted(self.duplicates, 'duplicate')}, "
        holds += counted(self.passages, "passage")
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
        """JSON-ready."""
        return asdict(self)


def build_index(
    sources: Sequence[Path | str] | None = None,
    *,
    settings: Settings | None = None,
    rebuild: bool = False,
    on_progress: Progress | None = None,
) -> BuildReport:
    """Load, split, embed and index documents into a new build, and make it live.

    The old build serves until the new one is whole. Only passages whose text this model has not
    embedded before are embedded, also after a build that was killed.

    Parameters
    ----------
    sources
        Files and folders; ``settings.seeds`` where None.
    settings
        ``load_settings()`` where None.
    rebuild
        Build even if nothing has changed, and embed everything anew.
    on_progress
        Called often with (stage, done, total).

    Raises
    ------
    RagError
        If there is nothing to index, the folder cannot be written, or another build is running.
        The live build stays as it was.
    """
    began = time.monotonic()
    settings = settings or load_settings()
    report = on_progress or (lambda stage, done, total: None)
    builds = Builds(settings.index)
    given = [Path(path) for path in (sources or [settings.seeds])]
    found = find(given)
    embedder = load_embedder(settings.model)
    inputs = _digest(found, settings, embedder)
    with builds.writing():
        live = builds.current()
        if live is not None and not rebuild:
            unchanged = _unchanged(builds, live, inputs)
            if unchanged is not None:
                return _report(unchanged, embedded=0, began=began, unchanged=True)
        staged = builds.stage()
        loading = time.monotonic()
        items = load(
            found, settings, on_progress=partial(report, "load"), cache=builds.cache / "read"
        )
        documents = list(items)
        loaded_in = time.monotonic() - loading
        splits = _splits(builds, None if rebuild else live, settings)
        skipped, counts, passages, keys = _write_texts(staged, documents, splits, report)
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
        with (staged / NAME).open("w") as file:
            json.dump(manifest.to_dict(), file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        builds.publish(staged, manifest.build, keep=settings.keep)
        differs = _changes(builds, live, manifest.build)
    pages_per_second = round(manifest.pages / loaded_in, 1) if manifest.pages else None
    return _report(
        manifest,
        embedded=embedded,
        began=began,
        pages_per_second=pages_per_second,
        changes=differs,
    )


def _write_texts(
    staged: Path, items: Sequence[Document | Skipped], splits: Splits, report: Progress
) -> tuple[list[Skipped], DocumentsWriter, list[Passage], list[tuple[bytes, bytes]]]:
    """Split the documents; write them, their passages and their words.

    Returns what was skipped, the counts, the passages, and the keys of the two vectors of each.
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
            own, amounts = ([], []) if isinstance(item, Skipped) else splits.of(item)
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
                skipped.append(Skipped(item.source, "no text in it"))
            if done % 100 == 0 or done == len(items):
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
    """Embed what is missing, write all vectors.

    Returns how many texts were embedded, and the recall of ``write_dense``.
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
    # In order of length, so that a batch holds texts of one length and pads little.
    missing = sorted(texts, key=lambda key: (len(texts[key]), key))
    report("embed", 0, len(missing))
    for start in range(0, len(missing), _BATCH):
        batch = missing[start : start + _BATCH]
        cache.put(batch, embedder.embed_passages([texts[key] for key in batch]))
        report("embed", start + len(batch), len(missing))
    return len(missing), write_dense(cache.joined(keys), staged / DENSE)


def _splits(builds: Builds, live: str | None, settings: Settings) -> Splits:
    """What the live build knows of how documents are split, if it is sound and of the same size."""
    try:
        if live is not None and builds.manifest(live).passage_size == settings.passage_size:
            return Splits(settings.passage_size, builds.documents(live))
    except RagError:
        pass  # a damaged build knows nothing
    return Splits(settings.passage_size)


def _unchanged(builds: Builds, live: str, inputs: str) -> Manifest | None:
    """The live build's manifest, if it was made from the same inputs and is sound."""
    try:
        manifest = builds.manifest(live)
        if manifest.inputs == inputs:
            builds.open()
            return manifest
    except RagError:
        return None
    return None


def _digest(found: Sequence[Source], settings: Settings, embedder: Embedder) -> str:
    """SHA-256 of all that decides the content of a build."""
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
    """None too where the build before is damaged: nothing to compare with."""
    try:
        return None if before is None else changes(builds, before, after)
    except RagError:
        return None


def _report(
    manifest: Manifest,
    *,
    embedded: int,
    began: float,
    unchanged: bool = False,
    pages_per_second: float | None = None,
    changes: Changes | None = None,
) -> BuildReport:
    return BuildReport(
        build=manifest.build,
        documents=manifest.documents,
        passages=manifest.passages,
        pages=manifest.pages,
        ocr_pages=manifest.ocr_pages,
        duplicates=manifest.duplicates,
        skipped=manifest.skipped,
        embedded=embedded,
        seconds=round(time.monotonic() - began, 2),
        pages_per_second=pages_per_second,
        unchanged=unchanged,
        changes=Changes() if unchanged else changes,
    )


def _nothing_to_index(skipped: Sequence[Skipped], given: Sequence[Path]) -> str:
    where = ", ".join(map(str, given))
    if not skipped:
        again = " ".join(map(str, given))
        return f"no documents in {where}. Put some there, then: rag index {again}"
    reasons = "\n".join(str(item) for item in skipped)
    return f"nothing to index in {where}: every file was skipped.\n{reasons}"
