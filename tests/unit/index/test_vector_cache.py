"""The vector cache: by content, and without damaged vectors."""

from pathlib import Path

import numpy as np
import pytest

from rag.index.vector_cache import VectorCache, key_of

KEYS = [key_of("one"), key_of("two")]
TWO = np.array([[1, 0, 0], [0, 0.5, -1]], dtype=np.float32)


def test_vectors_come_back_equal_and_in_the_order_asked_for(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path, "f" * 64, 3)
    cache.put(KEYS, TWO)

    assert np.array_equal(cache.get(KEYS[::-1]), TWO[::-1])
    assert cache.missing([*KEYS, key_of("three")]) == {key_of("three")}


def test_the_vector_of_a_passage_is_the_sum_of_its_two_vectors(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path, "f" * 64, 3)
    cache.put(KEYS, TWO)

    one, other = cache.joined([(KEYS[0], KEYS[1]), (KEYS[1], KEYS[1])])

    # (1, 0, 0) and (0, 0.5, -1) are (1, 0.5, -1), of length 1.5.
    assert one == pytest.approx([0.6667, 0.3333, -0.6667], abs=1e-4)
    # A text beside itself keeps its direction: (0, 0.5, -1) is 1.1180 long.
    assert other == pytest.approx([0, 0.4472, -0.8944], abs=1e-4)


def test_vectors_are_kept_after_a_kill(tmp_path: Path) -> None:
    VectorCache(tmp_path, "f" * 64, 3).put(KEYS, TWO)  # never closed

    assert VectorCache(tmp_path, "f" * 64, 3).missing(KEYS) == set()


def test_another_model_has_vectors_of_its_own(tmp_path: Path) -> None:
    VectorCache(tmp_path, "f" * 64, 3).put(KEYS, TWO)

    assert VectorCache(tmp_path, "e" * 64, 3).missing(KEYS) == set(KEYS)


def test_a_vector_with_a_flipped_bit_counts_as_missing(tmp_path: Path) -> None:
    VectorCache(tmp_path, "f" * 64, 3).put(KEYS, TWO)
    (path,) = tmp_path.iterdir()
    altered = bytearray(path.read_bytes())
    altered[len(KEYS[0]) + 5] ^= 1
    path.write_bytes(altered)

    cache = VectorCache(tmp_path, "f" * 64, 3)
    assert cache.missing(KEYS) == {KEYS[0]}
    cache.put(KEYS[:1], TWO[:1])
    assert np.array_equal(cache.get(KEYS), TWO)


def test_a_batch_that_was_cut_off_is_lost_alone(tmp_path: Path) -> None:
    VectorCache(tmp_path, "f" * 64, 3).put(KEYS, TWO)
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:-1])

    cache = VectorCache(tmp_path, "f" * 64, 3)
    assert cache.missing(KEYS) == {KEYS[1]}
    cache.put(KEYS[1:], TWO[1:])
    assert np.array_equal(VectorCache(tmp_path, "f" * 64, 3).get(KEYS), TWO)


def test_a_missing_vector_raises_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        VectorCache(tmp_path, "f" * 64, 3).get(KEYS)


def test_of_two_records_of_one_key_the_later_counts(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path, "f" * 64, 3)
    cache.put(KEYS, TWO)
    cache.put(KEYS[:1], TWO[1:])

    assert np.array_equal(cache.get(KEYS), TWO[[1, 1]])
    assert np.array_equal(VectorCache(tmp_path, "f" * 64, 3).get(KEYS), TWO[[1, 1]])


def test_keys_with_the_same_start_are_told_apart(tmp_path: Path) -> None:
    near = [KEYS[0][:8] + bytes([n]) * 24 for n in range(3)]
    cache = VectorCache(tmp_path, "f" * 64, 3)
    cache.put([near[0], KEYS[0], near[1]], TWO[[1, 0, 1]])

    assert np.array_equal(cache.get([KEYS[0], near[0]]), TWO)
    assert cache.missing([*near, *KEYS]) == {near[2], KEYS[1]}


def test_the_sound_vectors_of_another_cache_are_adopted(tmp_path: Path) -> None:
    other = VectorCache(tmp_path / "other", "f" * 64, 3)
    other.put([*KEYS, key_of("three")], TWO[[0, 1, 1]])
    altered = bytearray(other.path.read_bytes())
    altered[-6] ^= 1
    other.path.write_bytes(altered)
    cache = VectorCache(tmp_path, "f" * 64, 3)
    cache.put(KEYS[:1], TWO[1:])

    cache.adopt(other.path)

    assert np.array_equal(cache.get(KEYS), TWO[[1, 1]])
    assert cache.missing([key_of("three")]) == {key_of("three")}
