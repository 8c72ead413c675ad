"""The dense stage: nearest unit vectors with FAISS, exactly or, of very many, almost exactly."""

import os
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import DamagedIndexError

if TYPE_CHECKING:
    import faiss

# Up to so many vectors all are compared, in 10 ms; of more, those nearest by their signs.
_SCANNED = 200_000
# Asked for fewer, a search takes as many candidates as for these.
_LEAST = 200
# Candidates for each vector asked for: doubled until as many of the ten nearest are found.
_FIRST_FACTOR = 5
_RECALL = 0.99
_RECALL_QUESTIONS = 100
# Real questions have a cosine of .60 to the nearest of a million passages; this gives .69.
_ASIDE = np.float32(0.8)


def write_dense(vectors: NDArray[np.float32], path: Path, *, scanned: int = _SCANNED) -> float:
    """Write ``vectors``, shape (n, dimension), L2-normalised, so that row i is passage i.

    They are kept in half precision. If there are more than ``scanned``, a search first compares one
    bit of each number (RaBitQ; Gao and Long, SIGMOD 2024), then the vectors of the nearest so
    found, of so many as it takes to find the ten nearest.

    Returns
    -------
    float
        The share of the ten nearest vectors that a search finds, measured here on questions made
        of these vectors; 1 where all are compared.
    """
    import faiss

    count, dimension = vectors.shape
    kind = faiss.ScalarQuantizer.QT_fp16
    index: Any = faiss.IndexScalarQuantizer(dimension, kind, faiss.METRIC_INNER_PRODUCT)
    index.add(vectors)
    recall = 1.0
    if count > scanned:
        bits = faiss.IndexRaBitQFastScan(dimension, faiss.METRIC_INNER_PRODUCT)
        bits.train(vectors)
        bits.add(vectors)
        index = faiss.IndexRefine(bits, index)
        recall = _tune(index, vectors)
    # FAISS reports no error on a full disk; bytes written by us do.
    with path.open("wb") as file:
        faiss.write_index(index, faiss.PyCallbackIOWriter(file.write))  # type: ignore[attr-defined]
        file.flush()
        os.fsync(file.fileno())
    return recall


def _tune(index: "faiss.IndexRefine", vectors: NDArray[np.float32]) -> float:
    """Set how many candidates are compared; returns the recall that this gives.

    A question stands for real ones by lying as far from the passages about it: between two of
    them, and aside.
    """
    draw = np.random.default_rng(1)
    pairs = draw.integers(len(vectors), size=(_RECALL_QUESTIONS, 2))
    between = vectors[pairs].sum(axis=1)
    between /= np.linalg.norm(between, axis=1, keepdims=True)
    aside = draw.standard_normal(between.shape, dtype=np.float32) / np.sqrt(between.shape[1])
    questions = between + _ASIDE * aside
    # Ten at a time: all their cosines with a million vectors would take a gigabyte and a half.
    nearest = np.concatenate(
        [
            np.argpartition(-(some @ vectors.T), 10, axis=1)[:, :10]
            for some in np.split(questions, 10)
        ]
    )
    factor = _FIRST_FACTOR
    while True:
        index.k_factor = factor
        found = index.search(questions, _LEAST)[1][:, :10]
        hits = [len(np.intersect1d(*rows)) for rows in zip(nearest, found, strict=True)]
        recall = sum(hits) / nearest.size
        if recall >= _RECALL or factor * _LEAST >= len(vectors):
            return recall
        factor *= 2


class Dense:
    """Nearest passages by cosine; higher is better. Safe to share among threads.

    The file is held open and mapped into memory at the first search: a build that is pruned in the
    meantime stays searchable, and a search by words alone never pays for it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("rb")
        self._mapping = threading.Lock()

    def search(
        self, vector: NDArray[np.float32], k: int, *, allowed: NDArray[np.int64] | None = None
    ) -> list[tuple[int, float]]:
        """The ``k`` nearest rows with their cosine, best first, ties by row.

        Parameters
        ----------
        vector
            Shape (dimension,), L2-normalised.
        allowed
            Rows that may be returned, which are all compared; any where None.
        """
        import faiss

        if allowed is None:
            index, parameters = self._index, None
        elif len(allowed):
            is_allowed = np.zeros(self._exact.ntotal, bool)
            is_allowed[allowed] = True
            bits = np.packbits(is_allowed, bitorder="little")
            index = self._exact
            chosen = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]
            parameters = faiss.SearchParameters(sel=chosen)  # type: ignore[call-arg]
        else:
            return []
        scores, rows = index.search(
            vector[None, :], min(max(k, _LEAST), index.ntotal), params=parameters
        )
        found = [
            (int(row), float(score))
            for row, score in zip(rows[0], scores[0], strict=True)
            if row >= 0
        ]
        return sorted(found, key=lambda item: (-item[1], item[0]))[:k]

    def cosines(self, vector: NDArray[np.float32], rows: Sequence[int]) -> dict[int, float]:
        """The cosine of ``vector``, shape (dimension,), L2-normalised, with each of these rows."""
        if not rows:
            return {}
        vectors = self._exact.reconstruct_batch(np.asarray(rows, np.int64))
        return dict(zip(rows, (vectors @ vector).tolist(), strict=True))

    @cached_property
    def _index(self) -> Any:
        import faiss

        with self._mapping:
            try:
                return faiss.read_index(f"/dev/fd/{self._file.fileno()}", faiss.IO_FLAG_MMAP_IFC)
            except RuntimeError as error:
                raise DamagedIndexError(
                    f"{self._path}: not a FAISS index. Rebuild with: rag index"
                ) from error

    @property
    def _exact(self) -> Any:
        """The vectors themselves."""
        import faiss

        index = self._index
        return (
            faiss.downcast_index(index.refine_index)
            if isinstance(index, faiss.IndexRefine)
            else index
        )
