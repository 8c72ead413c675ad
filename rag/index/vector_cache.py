"""A cache of vectors on disk: no text is embedded twice by the same model."""

import hashlib
import os
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Records that are read at once: 25 MB of 384 numbers each, whatever the corpus.
_AT_ONCE = 16_384
_KEY_BYTES = 32

Keys = NDArray[np.uint64]
"""Keys, shape (n, 4): eight bytes in each number."""


def key_of(text: str) -> bytes:
    """SHA-256 of the embedded text: the key of its vector."""
    return hashlib.sha256(text.encode()).digest()


class VectorCache:
    """The vectors of one model, by the SHA-256 of the embedded text; for one writer at a time.

    The file has records of equal size, and batches are appended: a build continues where a killed
    one stopped. A record with a wrong checksum counts as missing. A record takes 16 bytes of
    memory: the start of its key and its place.

    Parameters
    ----------
    folder
        Created if it does not exist.
    fingerprint
        Of the model; names the file.
    dimension
        Length of a vector.
    """

    def __init__(self, folder: Path, fingerprint: str, dimension: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{fingerprint[:32]}.vectors"
        self.path.touch()
        self._record = np.dtype(
            [("key", "<u8", (4,)), ("vector", "<f4", (dimension,)), ("crc", "<u4")]
        )
        # The starts of all keys, ascending, and the places of their records. Of equal starts, the
        # later record comes last.
        self._starts = np.empty(0, np.uint64)
        self._places = np.empty(0, np.int64)
        self._unsorted = []
        with self.path.open("rb") as file:
            while len(records := np.fromfile(file, self._record, _AT_ONCE)):
                self._unsorted.append(records["key"][:, 0].copy())

    def missing(self, keys: Iterable[bytes]) -> set[bytes]:
        """The ``keys`` without a vector, or with a damaged one."""
        asked = list(set(keys))
        found, records = self._find(_as_keys(asked))
        return {
            key
            for key, is_found, record in zip(asked, found.tolist(), records, strict=True)
            if not is_found or not _is_sound(record)
        }

    def put(self, keys: Sequence[bytes], vectors: NDArray[np.float32]) -> None:
        """Append ``vectors``, shape (len(keys), dimension), one for each key."""
        records = np.zeros(len(keys), self._record)
        records["key"] = _as_keys(keys)
        records["vector"] = vectors
        records["crc"] = [zlib.crc32(vector) for vector in records["vector"]]
        self._append(records)

    def adopt(self, path: Path) -> None:
        """Append the sound records of another cache file of the same model that this one lacks."""
        count = os.stat(path).st_size // self._record.itemsize
        with path.open("rb") as file:
            for start in range(0, count, _AT_ONCE):
                records = np.fromfile(file, self._record, min(_AT_ONCE, count - start))
                found, _ = self._find(records["key"])
                sound = [_is_sound(record) for record in records]
                if (lacking := ~found & sound).any():
                    self._append(records[lacking])

    def get(self, keys: Sequence[bytes]) -> NDArray[np.float32]:
        """The vectors of ``keys``, shape (len(keys), dimension), in their order.

        Checksums are not compared; :meth:`missing` does that.

        Raises
        ------
        KeyError
            If a key has no vector.
        """
        found, records = self._find(_as_keys(keys))
        if not found.all():
            raise KeyError(keys[int(found.argmin())])
        vectors: NDArray[np.float32] = records["vector"].copy()
        return vectors

    def joined(self, keys: Sequence[tuple[bytes, bytes]]) -> NDArray[np.float32]:
        """The vectors of passages, shape (len(keys), dimension), L2-normalised, in their order.

        The vector of a passage is the sum of the vectors of its two keys, scaled to length 1.

        Raises
        ------
        KeyError
            If a key has no vector.
        """
        found = self.get([first for first, _ in keys])
        found += self.get([second for _, second in keys])
        found /= np.linalg.norm(found, axis=1, keepdims=True)
        return found

    def _append(self, records: NDArray[Any]) -> None:
        first = self.path.stat().st_size // self._record.itemsize
        with self.path.open("r+b") as file:
            # Overwrites a partial record of a killed build.
            file.seek(first * self._record.itemsize)
            file.truncate()
            file.write(records.tobytes())
        self._unsorted.append(records["key"][:, 0].copy())

    def _find(self, keys: Keys) -> tuple[NDArray[np.bool_], NDArray[Any]]:
        """Whether there is a record of each key, and the last of its records.

        The records are read, not mapped: the system would map sixteen pages around each.
        """
        self._sort()
        found = np.zeros(len(keys), bool)
        records = np.zeros(len(keys), self._record)
        at = np.searchsorted(self._starts, keys[:, 0], side="right") - 1
        left = np.arange(len(keys))
        with self.path.open("rb", buffering=0) as file:
            while len(left):  # usually once: two keys with the same start are unlikely
                left = left[at[left] >= 0]
                left = left[self._starts[at[left]] == keys[left, 0]]
                for row, place in zip(left.tolist(), self._places[at[left]].tolist(), strict=True):
                    file.seek(place * self._record.itemsize)
                    file.readinto(records[row : row + 1])  # type: ignore[arg-type]
                found[left] = (records["key"][left] == keys[left]).all(axis=1)
                left = left[~found[left]]
                at[left] -= 1
        return found, records

    def _sort(self) -> None:
        """Sort the starts of the keys that were added since the last time."""
        if not self._unsorted:
            return
        starts = np.concatenate([self._starts, *self._unsorted])
        self._unsorted = []
        places = np.concatenate([self._places, np.arange(len(self._places), len(starts))])
        order = np.argsort(starts, kind="stable")
        self._starts, self._places = starts[order], places[order]


def _as_keys(keys: Sequence[bytes]) -> Keys:
    return np.frombuffer(b"".join(keys), "<u8").reshape(-1, _KEY_BYTES // 8)


def _is_sound(record: Any) -> bool:
    return bool(zlib.crc32(record["vector"]) == record["crc"])
