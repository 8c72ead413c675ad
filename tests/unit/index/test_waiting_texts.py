"""Texts that wait to be embedded: on disk, each once, shortest first."""

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.index.vector_cache import VectorCache, key_of
from rag.index.waiting_texts import WaitingTexts


class Counted:
    """An embedder whose vector of a text is made of the length of the text."""

    name, fingerprint, dimension = "counted", "c" * 64, 2

    def __init__(self) -> None:
        self.texts: list[str] = []

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One for each text, of length 1."""
        self.texts.extend(texts)
        found = np.array([[len(text), 3] for text in texts], np.float32)
        return found / np.linalg.norm(found, axis=1, keepdims=True)

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """As of a passage."""
        return self.embed_passages([text])[0]


@pytest.fixture
def cache(tmp_path: Path) -> VectorCache:
    """Without vectors."""
    return VectorCache(tmp_path / "cache", "c" * 64, 2)


def test_each_text_is_embedded_once_the_shortest_first(tmp_path: Path, cache: VectorCache) -> None:
    embedder, seen = Counted(), []
    texts = WaitingTexts(tmp_path, cache)
    texts.add([("four", "title"), ("five-five", "title")])
    texts.add([("öl", "other title"), ("four", "other title")])

    embedded = texts.embed(embedder, lambda *progress: seen.append(progress))

    assert embedder.texts == ["öl", "four", "title", "five-five", "other title"]
    assert (embedded, seen) == (5, [(0, 5), (5, 5)])


def test_vectors_come_in_the_order_of_the_passages(tmp_path: Path, cache: VectorCache) -> None:
    texts = WaitingTexts(tmp_path, cache)
    texts.add([("four", "four"), ("one", "four")])
    texts.embed(Counted(), lambda *_: None)

    (vectors,) = texts.vectors()

    # (4, 3) and (3, 3), each to length 1, then the sum of (.8, .6) and (.7071, .7071) of length 1.
    assert vectors[0] == pytest.approx([0.8, 0.6])
    assert vectors[1] == pytest.approx([0.7554, 0.6552], abs=1e-4)


def test_a_text_with_a_vector_waits_only_if_all_are_embedded_anew(
    tmp_path: Path, cache: VectorCache
) -> None:
    cache.put([key_of("known")], np.array([[1, 0]], np.float32))
    for anew, expected in ((False, ["new"]), (True, ["new", "known"])):
        embedder = Counted()
        (tmp_path / str(anew)).mkdir()
        texts = WaitingTexts(tmp_path / str(anew), cache, anew=anew)
        texts.add([("known", "known")])
        texts.add([("new", "new")])
        texts.embed(embedder, lambda *_: None)

        assert embedder.texts == expected


def test_the_order_is_that_of_length_and_key(tmp_path: Path, cache: VectorCache) -> None:
    draw = random.Random(1)
    words = [f"{draw.getrandbits(64):x}"[: draw.randint(3, 9)] for _ in range(9000)]
    embedder = Counted()
    texts = WaitingTexts(tmp_path, cache)
    for word in words:
        texts.add([(word, word)])

    texts.embed(embedder, lambda *_: None)

    assert embedder.texts == sorted(set(words), key=lambda word: (len(word), key_of(word)))
