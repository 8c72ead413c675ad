"""The vector cache: by content, and never a damaged vector."""

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from rag.index.vectors import VectorCache, key_of

KEYS = [key_of("one"), key_of("two")]
TWO = np.array([[1, 0, 0], [0, 0.5, -1]], dtype=np.float32)


def test_vectors_come_back_equal_and_in_the_order_asked_for(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path, "f" * 64, 3)
    cache.put(KEYS, TWO)

    assert np.array_equal(cache.get(KEYS[::-1]), TWO[::-1])
    assert cache.missing([*KEYS, key_of("three")]) == {key_of("three")}


def test_what_was_put_is_there_after_a_kill(tmp_path: Path) -> None:
    VectorCache(tmp_path, "f" * 64, 3).put(KEYS, TWO)  # never closed

    assert VectorCache(tmp_path, "f" * 64, 3).missing(KEYS) == set()


def test_another_model_has_vectors_of_its_own(tmp_path: Path) -> None:
    VectorCache(tmp_path, "f" * 64, 3).put(KEYS, TWO)

    assert VectorCache(tmp_path, "e" * 64, 3).missing(KEYS) == set(KEYS)


def test_a_vector_with_a_flipped_bit_counts_as_missing(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path, "f" * 64, 3)
    cache.put(KEYS, TWO)
    cache.close()
    with sqlite3.connect(next(tmp_path.glob("*.sqlite"))) as connection:
        blob = bytearray(TWO[0].tobytes())
        blob[5] ^= 1
        connection.execute("UPDATE vectors SET vector = ? WHERE key = ?", (bytes(blob), KEYS[0]))

    assert VectorCache(tmp_path, "f" * 64, 3).missing(KEYS) == {KEYS[0]}


def test_a_cache_file_that_is_no_database_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / f"{'f' * 32}.sqlite").write_text("garbage, and enough of it to be seen as such")

    assert VectorCache(tmp_path, "f" * 64, 3).missing(KEYS) == set(KEYS)


def test_a_missing_vector_is_no_zero_vector(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        VectorCache(tmp_path, "f" * 64, 3).get(KEYS)
