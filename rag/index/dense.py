"""The dense stage: exact search over unit vectors with FAISS."""

import os
from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from rag.errors import DamagedIndexError


def write_dense(vectors: NDArray[np.float32], path: Path) -> None:
    """Write ``vectors``, shape (n, dimension), L2-normalised, so that row i is passage i.

    FAISS reports no error on a full disk; bytes written by us do.
    """
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    with path.open("wb") as file:
        faiss.write_index(index, faiss.PyCallbackIOWriter(file.write))  # type: ignore[attr-defined]
        file.flush()
        os.fsync(file.fileno())


class Dense:
    """Nearest passages by cosine; higher is better."""

    def __init__(self, path: Path) -> None:
        try:
            self._index = faiss.read_index(str(path))
        except RuntimeError as error:
            raise DamagedIndexError(
                f"{path}: not a FAISS index. Rebuild with: rag index"
            ) from error

    def search(
        self, vector: NDArray[np.float32], k: int, *, allowed: NDArray[np.int64] | None = None
    ) -> list[tuple[int, float]]:
        """The ``k`` nearest rows with their cosine, best first, ties by row.

        Parameters
        ----------
        vector
            Shape (dimension,), L2-normalised.
        allowed
            Rows that may be returned; all where None.
        """
        parameters = None
        if allowed is not None:
            if not len(allowed):
                return []
            parameters = faiss.SearchParameters(
                sel=faiss.IDSelectorBatch(allowed)  # type: ignore[call-arg]
            )
        scores, rows = self._index.search(
            vector[None, :], min(k, self._index.ntotal), params=parameters
        )
        found = [
            (int(row), float(score))
            for row, score in zip(rows[0], scores[0], strict=True)
            if row >= 0
        ]
        return sorted(found, key=lambda item: (-item[1], item[0]))

    def cosines(self, vector: NDArray[np.float32], rows: Sequence[int]) -> dict[int, float]:
        """The cosine of ``vector``, shape (dimension,), L2-normalised, with each of these rows."""
        if not rows:
            return {}
        vectors = self._index.reconstruct_batch(np.asarray(rows, np.int64))
        return dict(zip(rows, (vectors @ vector).tolist(), strict=True))
