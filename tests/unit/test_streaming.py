"""A build that holds little gives what a build that holds everything gave."""

import errno
import gc
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.config import Settings
from rag.errors import RagError
from rag.index.builds import Builds
from rag.index.dense import write_dense
from rag.index.documents import DocumentsWriter
from rag.index.vector_cache import VectorCache
from rag.ingest import build_index
from rag.load import find, load
from rag.shards import merge_shards, write_shard
from rag.text.split import SPLITTER_VERSION, embedded_texts, split
from rag.types import Document, Skipped
from tests.hash_embedder import HashEmbedder
from tests.wide_documents import write_documents


@pytest.fixture(autouse=True)
def _fast(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("rag.ingest", "rag.shards"):
        monkeypatch.setattr(f"{module}.load_embedder", lambda model: HashEmbedder(16))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a folder of documents in several files."""
    write_documents(tmp_path / "documents")
    return Settings(index=tmp_path / "index", seeds=tmp_path / "documents", workers=1, ocr=False)


def test_a_build_has_the_bytes_of_one_made_of_lists(settings: Settings, tmp_path: Path) -> None:
    build_index(settings=settings)

    items = list(load(find([settings.seeds]), settings))
    documents = [item for item in items if isinstance(item, Document)]
    passages = [list(split(one, size=settings.passage_size)) for one in documents]
    writer = DocumentsWriter(tmp_path / "documents.sqlite", splitter_version=SPLITTER_VERSION)
    for document, own in zip(documents, passages, strict=True):
        if own:
            writer.add(document, own)
    writer.close()
    texts = [pair for own in passages if own for pair in embedded_texts(own)]
    one, other = (HashEmbedder(16).embed_passages(column) for column in zip(*texts, strict=True))
    joined = one + other
    write_dense(joined / np.linalg.norm(joined, axis=1, keepdims=True), tmp_path / "dense.faiss")

    manifest = Builds(settings.index).open().manifest
    built = Builds(settings.index).path(manifest.build)
    for name in ("documents.sqlite", "dense.faiss"):
        assert (built / name).read_bytes() == (tmp_path / name).read_bytes()
    assert list(manifest.skipped) == [
        *(item for item in items if isinstance(item, Skipped)),
        *(
            Skipped(document.source, "no text")
            for document, own in zip(documents, passages, strict=True)
            if not own
        ),
    ]


def test_few_documents_are_in_memory_at_once(settings: Settings) -> None:
    for number in range(400):
        (settings.seeds / f"more-{number:03}.txt").write_text(f"Firm {number} paid. " * 20)
    alive: list[int] = []

    def count(stage: str, done: int, total: int) -> None:
        if done % 100 == 0:
            alive.append(sum(isinstance(one, Document) for one in gc.get_objects()))

    report = build_index(settings=settings, on_progress=count)

    assert report.documents > 400
    assert max(alive) <= min(alive) + 5


def test_after_an_interruption_the_live_build_stays_and_the_next_build_is_whole(
    settings: Settings, tmp_path: Path
) -> None:
    live = build_index(settings=settings).build
    (settings.seeds / "new.txt").write_text("Firm 1000 appealed.")
    place = str(tmp_path / "shards")
    wide = settings.model_copy(update={"index": tmp_path / "wide"})
    merged = settings.model_copy(update={"seeds": tmp_path / "none"})

    def interrupted_at(wanted: str) -> Any:
        def interrupt(stage: str, done: int, total: int) -> None:
            if stage == wanted:
                raise KeyboardInterrupt

        return interrupt

    for stage in ("load", "write", "embed"):
        with pytest.raises(KeyboardInterrupt):
            build_index(settings=settings, on_progress=interrupted_at(stage))
        assert Builds(settings.index).open().manifest.build == live
    for number in range(2):
        write_shard(None, number, 2, place, settings=wide)
    for stage in ("collect", "write", "embed"):
        with pytest.raises(KeyboardInterrupt):
            merge_shards(
                [settings.seeds], 2, place, settings=merged, on_progress=interrupted_at(stage)
            )
        assert Builds(settings.index).open().manifest.build == live
    report = merge_shards([settings.seeds], 2, place, settings=merged)

    assert report.changes is not None
    assert report.changes.added == ("new.txt",)
    assert not list(settings.index.rglob("unfinished"))


def test_a_full_disk_is_named(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = str(tmp_path / "shards")
    live = build_index(settings=settings).build
    for number in range(2):
        write_shard(
            None, number, 2, place, settings=settings.model_copy(update={"index": tmp_path / "w"})
        )
    (settings.seeds / "new.txt").write_text("Firm 1000 appealed.")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(VectorCache, "put", full)
    with pytest.raises(RagError, match="index.* cannot be written: No space left on device"):
        build_index(settings=settings)
    wide = settings.model_copy(update={"index": tmp_path / "w"})
    with pytest.raises(RagError, match="w.* cannot be written: No space left on device"):
        write_shard(None, 1, 2, str(tmp_path / "others"), settings=wide)
    (settings.seeds / "new.txt").unlink()
    monkeypatch.setattr(VectorCache, "adopt", full)
    with pytest.raises(RagError, match="merged.* cannot be written: No space left on device"):
        merge_shards(
            None, 2, place, settings=settings.model_copy(update={"index": tmp_path / "merged"})
        )
    assert Builds(settings.index).open().manifest.build == live
