"""A cache of vectors on disk: no text is embedded twice by the same model."""

import hashlib
import os
import zlib
from collections.abc import Iterable, Iterator, Sequence
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
        self._unsorted = [keys[:, 0].copy() for keys in self._keys(self.path)]

    def missing(self, keys: Iterable[bytes]) -> set[bytes]:
        """The ``keys`` without a vector, or with a damaged one."""
        asked = list(set(keys))
        places = self._find(_as_keys(asked))
        records = self._records()
        return {
            key
            for key, place in zip(asked, places.tolist(), strict=True)
            if place < 0 or not _is_sound(records[place])
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
        keys = np.concatenate([_as_keys([]), *self._keys(path)])
        lacking = np.flatnonzero(self._find(keys) < 0)
        for start in range(0, len(lacking), _AT_ONCE):
            records = self._mapped(path)[lacking[start : start + _AT_ONCE]]
            self._append(records[[_is_sound(record) for record in records]])

    def get(self, keys: Sequence[bytes]) -> NDArray[np.float32]:
        """The vectors of ``keys``, shape (len(keys), dimension), in their order.

        Checksums are not compared; :meth:`missing` does that.

        Raises
        ------
        KeyError
            If a key has no vector.
        """
        places = self._find(_as_keys(keys))
        if len(places) and places.min() < 0:
            raise KeyError(keys[int(places.argmin())])
        found: NDArray[np.float32] = self._records()["vector"][places]
        return found

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

    def _find(self, keys: Keys) -> NDArray[np.int64]:
        """The place of the last record of each key; -1 where there is none."""
        self._sort()
        records = self._records()
        places = np.full(len(keys), -1)
        at = np.searchsorted(self._starts, keys[:, 0], side="right") - 1
        left = np.arange(len(keys))
        while len(left):  # usually once: two keys with the same start are unlikely
            left = left[at[left] >= 0]
            left = left[self._starts[at[left]] == keys[left, 0]]
            place = self._places[at[left]]
            same = (records["key"][place] == keys[left]).all(axis=1)
            places[left[same]] = place[same]
            left = left[~same]
            at[left] -= 1
        return places

    def _sort(self) -> None:
        """Sort the starts of the keys that were added since the last time."""
        if not self._unsorted:
            return
        starts = np.concatenate([self._starts, *self._unsorted])
        self._unsorted = []
        places = np.concatenate([self._places, np.arange(len(self._places), len(starts))])
        order = np.argsort(starts, kind="stable")
        self._starts, self._places = starts[order], places[order]

    def _keys(self, path: Path) -> Iterator[Keys]:
        """The keys of a file in order, some thousands at a time."""
        count = os.stat(path).st_size // self._record.itemsize
        for start in range(0, count, _AT_ONCE):
            yield self._mapped(path)["key"][start : start + _AT_ONCE].copy()

    def _records(self) -> NDArray[Any]:
        return self._mapped(self.path)

    def _mapped(self, path: Path) -> NDArray[Any]:
        """The records of a file. Mapped anew each time: pages that were read leave the memory."""
        count = os.stat(path).st_size // self._record.itemsize
        if not count:  # an empty file cannot be mapped
            return np.empty(0, self._record)
        return np.asarray(np.memmap(path, self._record, mode="r", shape=(count,)))


def _as_keys(keys: Sequence[bytes]) -> Keys:
    return np.frombuffer(b"".join(keys), "<u8").reshape(-1, _KEY_BYTES // 8)


def _is_sound(record: Any) -> bool:
    return bool(zlib.crc32(record["vector"]) == record["crc"])
