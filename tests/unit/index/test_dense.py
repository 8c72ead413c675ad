"""Vector search: order, ties, filters, and files of another kind."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.errors import DamagedIndexError
from rag.index.dense import Dense, write_dense

# Four unit vectors of the plane; rows 1 and 3 are the same.
VECTORS = np.array([[1, 0], [0.6, 0.8], [0, 1], [0.6, 0.8]], dtype=np.float32)
EAST = np.array([1, 0], dtype=np.float32)


@pytest.fixture
def dense(tmp_path: Path) -> Dense:
    """The four vectors, written and read."""
    write_dense(VECTORS, tmp_path / "dense.faiss")
    return Dense(tmp_path / "dense.faiss")


def test_the_nearest_comes_first_with_its_cosine_and_ties_go_by_row(dense: Dense) -> None:
    found = dense.search(EAST, 4)

    assert [row for row, _ in found] == [0, 1, 3, 2]
    assert [score for _, score in found] == pytest.approx([1, 0.6, 0.6, 0], abs=1e-3)


def test_asking_for_more_than_there_is_gives_what_there_is(dense: Dense) -> None:
    assert len(dense.search(EAST, 100)) == 4


def test_only_allowed_rows_are_returned(dense: Dense) -> None:
    path = dense._path

    some = Dense(path, allowed=lambda filters: np.array([2, 3]))
    none = Dense(path, allowed=lambda filters: np.array([], dtype=np.int64))

    assert [row for row, _ in some.search(EAST, 4)] == [3, 2]
    assert none.search(EAST, 4) == []


def test_the_cosines_of_chosen_rows_are_those_of_the_search(dense: Dense) -> None:
    assert dense.cosines(EAST, [3, 0]) == {3: pytest.approx(0.6, abs=1e-3), 0: 1.0}
    assert dense.cosines(EAST, []) == {}


def test_a_file_of_another_kind_is_a_damaged_index(tmp_path: Path) -> None:
    (tmp_path / "dense.faiss").write_bytes(b"not vectors")

    with pytest.raises(DamagedIndexError, match="rag index"):
        Dense(tmp_path / "dense.faiss").search(EAST, 1)


def test_a_file_that_is_removed_after_opening_is_still_searched(tmp_path: Path) -> None:
    write_dense(VECTORS, tmp_path / "dense.faiss")
    dense = Dense(tmp_path / "dense.faiss")

    (tmp_path / "dense.faiss").unlink()

    assert dense.search(EAST, 1) == [(0, 1.0)]


@pytest.fixture(scope="module")
def many() -> NDArray[np.float32]:
    """Twenty thousand vectors around two hundred centres."""
    draw = np.random.default_rng(7)
    centres = draw.standard_normal((200, 64), dtype=np.float32)
    found = centres.repeat(100, axis=0) + draw.standard_normal((20_000, 64), dtype=np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def test_among_many_vectors_nearly_all_of_the_nearest_are_found(
    many: NDArray[np.float32], tmp_path: Path
) -> None:
    recall = write_dense(many, tmp_path / "dense.faiss", largest_exact=1000)
    dense = Dense(tmp_path / "dense.faiss")

    found = 0
    for row in range(0, 20_000, 400):
        vector = many[row] + many[row + 1]
        vector /= np.linalg.norm(vector)
        exact = np.argsort(-(many @ vector))[:10]
        found += len({row for row, _ in dense.search(vector, 10)} & set(exact.tolist()))
    assert recall >= 0.99
    assert found / 500 >= 0.99


def test_among_many_vectors_the_allowed_ones_are_searched_exactly(
    many: NDArray[np.float32], tmp_path: Path
) -> None:
    write_dense(many, tmp_path / "dense.faiss", largest_exact=1000)
    allowed = np.arange(3, 20_000, 7)

    dense = Dense(tmp_path / "dense.faiss", allowed=lambda filters: allowed)
    found = dense.search(many[0], 5)

    exact = allowed[np.argsort(-(many[allowed] @ many[0]))[:5]]
    assert [row for row, _ in found] == exact.tolist()
