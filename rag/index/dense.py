"""The dense stage: nearest unit vectors with FAISS; above 200,000 passages approximate."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import DamagedIndexError
from rag.question.filters import Filters

if TYPE_CHECKING:
    import faiss

# Up to this number of vectors a search compares all of them, which takes 10 ms.
_LARGEST_EXACT = 200_000
# Largest file in bytes that is read into memory: one with exact search. It takes .6 ms for each
# thousand passages, once, and spares the process the signal that ends it if a mapped file is cut.
_LARGEST_READ = 200_000_000
# Least number of nearest vectors that are requested: the number of candidates grows with it.
_LEAST = 200
# Candidates for each vector requested; doubled until the recall is reached.
_FIRST_FACTOR = 5
# Nearest vectors of a question that the recall counts, and the share that a search must find.
_NEAREST, _RECALL = 10, 0.99
# Questions that the recall is measured on: their 1,000 nearest vectors give it in steps of .001.
_RECALL_QUESTIONS = 100
# Length of the random part of a measuring question: it gives a cosine of .69 to the nearest of a
# million passages. Real questions have .60.
_NOISE = np.float32(0.8)
# Vectors that the mean of the one-bit codes is taken of, about, and vectors read at once.
_TRAINED_ON, _AT_ONCE = 65_536, 16_384


class DenseWriter:
    """Collects L2-normalised vectors beside ``path``, and makes one index of them at the end.

    The vectors wait on the disk as float16; only `close` holds all of them, in this form.

    Parameters
    ----------
    path
        Of the index.
    dimension
        Length of a vector.
    largest_exact
        Up to this number of vectors, a search compares all of them. Above, it first compares one
        bit of each number (RaBitQ; Gao and Long, SIGMOD 2024), then the full vectors of the nearest
        candidates. The number of candidates is set by `close`, so that the recall is at least .99.
    """

    def __init__(self, path: Path, dimension: int, *, largest_exact: int = _LARGEST_EXACT) -> None:
        self._path = path
        self._dimension = dimension
        self._largest_exact = largest_exact
        self._waiting = path.with_name(f".{path.name}.waiting")
        self._file = self._waiting.open("wb")
        self.count = 0

    def add(self, vectors: NDArray[np.float32]) -> None:
        """Append ``vectors``, shape (n, dimension); the i-th one added is row i."""
        if vectors.ndim != 2 or vectors.shape[1] != self._dimension:
            raise ValueError(f"vectors of the shape {vectors.shape}, not (n, {self._dimension})")
        import faiss

        # FAISS rounds halves away from zero, numpy to even: the codes are those of an index.
        kind = faiss.ScalarQuantizer.QT_fp16
        codec: Any = faiss.IndexScalarQuantizer(self._dimension, kind)
        self._file.write(codec.sa_encode(vectors).tobytes())
        self.count += len(vectors)

    def close(self) -> float:
        """Write the index.

        Returns
        -------
        float
            Recall: the share of the ten nearest vectors that a search finds, 0 to 1, measured on
            questions made of these vectors. 1 where a search compares all vectors.
        """
        import faiss

        self._file.close()
        kind = faiss.ScalarQuantizer.QT_fp16
        index: Any = faiss.IndexScalarQuantizer(self._dimension, kind, faiss.METRIC_INNER_PRODUCT)
        if self.count:
            # The codes of this index are the numbers as float16: nothing is held twice.
            index.codes.resize(self.count * index.code_size)
            codes = faiss.rev_swig_ptr(index.codes.data(), self.count * index.code_size)
            with self._waiting.open("rb") as file:
                file.readinto(codes)  # type: ignore[arg-type]
            index.ntotal = self.count
        self._waiting.unlink()
        recall = 1.0
        if self.count > self._largest_exact:
            bits = faiss.IndexRaBitQFastScan(self._dimension, faiss.METRIC_INNER_PRODUCT)
            every = max(1, self.count // _TRAINED_ON)
            bits.train(index.reconstruct_batch(np.arange(0, self.count, every)))
            for some in _blocks(index):
                bits.add(some)
            index = faiss.IndexRefine(bits, index)
            recall = _tune(index)
        # FAISS reports no error on a full disk; writing its bytes from Python does.
        with self._path.open("wb") as file:
            faiss.write_index(index, faiss.PyCallbackIOWriter(file.write))  # type: ignore[attr-defined]
            file.flush()
            os.fsync(file.fileno())
        return recall


def write_dense(
    vectors: NDArray[np.float32], path: Path, *, largest_exact: int = _LARGEST_EXACT
) -> float:
    """Write ``vectors``, shape (n, dimension), as `DenseWriter` does; return the recall."""
    writer = DenseWriter(path, vectors.shape[1], largest_exact=largest_exact)
    writer.add(vectors)
    return writer.close()


def _blocks(index: Any) -> Iterator[NDArray[np.float32]]:
    """The vectors of an exact index, some at a time."""
    for start in range(0, index.ntotal, _AT_ONCE):
        yield index.reconstruct_n(start, min(_AT_ONCE, index.ntotal - start))


def _tune(index: "faiss.IndexRefine") -> float:
    """Set the number of candidates that a search compares; return the recall, 0 to 1.

    The questions are sums of two random passages and of noise: the noise makes them about as far
    from their nearest passages as real questions are.
    """
    import faiss

    exact: Any = faiss.downcast_index(index.refine_index)
    draw = np.random.default_rng(1)
    pairs = draw.integers(exact.ntotal, size=(_RECALL_QUESTIONS, 2))
    found_at = exact.reconstruct_batch(pairs.ravel())
    between = found_at.reshape(*pairs.shape, -1).sum(axis=1)
    between /= np.linalg.norm(between, axis=1, keepdims=True)
    noise = draw.standard_normal(between.shape, dtype=np.float32) / np.sqrt(between.shape[1])
    questions = between + _NOISE * noise
    nearest = exact.search(questions, _NEAREST)[1]
    factor = _FIRST_FACTOR
    while True:
        index.k_factor = factor
        found = index.search(questions, _LEAST)[1][:, :_NEAREST]
        hits = [len(np.intersect1d(*rows)) for rows in zip(nearest, found, strict=True)]
        recall = sum(hits) / int(nearest.size)
        if recall >= _RECALL or factor * _LEAST >= exact.ntotal:
            return recall
        factor *= 2


class Dense:
    """Nearest passages by cosine, -1 to 1, higher is better. Safe to share among threads.

    The file is opened at once, and read at the first search; a large one is mapped into memory. A
    build that is deleted in the meantime stays searchable, and lexical search alone never reads the
    file.

    Parameters
    ----------
    before
        Called before every search: it raises an error if the file has changed.
    allowed
        Gives the rows that pass filters, shape (n,); None for every row.
    """

    def __init__(
        self,
        path: Path,
        *,
        before: Callable[[], None] = lambda: None,
        allowed: Callable[[Filters], NDArray[np.int64] | None] = lambda filters: None,
    ) -> None:
        self._path = path
        self._before = before
        self._allowed = allowed
        self._file = path.open("rb")
        self._mapping = threading.Lock()

    def search(
        self,
        vector: NDArray[np.float32],
        k: int,
        *,
        filters: Filters = Filters(),  # noqa: B008 - it is frozen
    ) -> list[tuple[int, float]]:
        """The ``k`` nearest rows with their cosines, best first, ties by row.

        Parameters
        ----------
        vector
            Shape (dimension,), L2-normalised.
        k
            At most this many rows are returned.
        filters
            Only rows that pass are returned; all of these are compared.

        Raises
        ------
        DamagedIndexError
            If the file is not a FAISS index.
        """
        import faiss

        self._before()
        allowed = self._allowed(filters)
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
        if not index.ntotal:
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
        """Cosines of ``vector``, shape (dimension,), L2-normalised, with these rows."""
        if not rows:
            return {}
        self._before()
        vectors = self._exact.reconstruct_batch(np.asarray(rows, np.int64))
        return dict(zip(rows, (vectors @ vector).tolist(), strict=True))

    @cached_property
    def _index(self) -> Any:
        import faiss

        with self._mapping:
            is_large = os.fstat(self._file.fileno()).st_size > _LARGEST_READ
            flags = faiss.IO_FLAG_MMAP_IFC if is_large else 0
            try:
                return faiss.read_index(f"/dev/fd/{self._file.fileno()}", flags)
            except RuntimeError as error:
                raise DamagedIndexError(
                    f"{self._path}: not a FAISS index. Rebuild with: rag index"
                ) from error

    @property
    def _exact(self) -> Any:
        """The index with the full vectors."""
        import faiss

        index = self._index
        return (
            faiss.downcast_index(index.refine_index)
            if isinstance(index, faiss.IndexRefine)
            else index
        )
