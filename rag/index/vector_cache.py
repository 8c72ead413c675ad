"""A cache of vectors on disk: no text is embedded twice by the same model."""

import hashlib
import os
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Passages whose vectors are added at once: 100 MB of 384 numbers each, whatever the corpus.
_AT_ONCE = 65_536


def key_of(text: str) -> bytes:
    """SHA-256 of the embedded text: the key of its vector."""
    return hashlib.sha256(text.encode()).digest()


class VectorCache:
    """The vectors of one model, by the SHA-256 of the embedded text; for one writer at a time.

    The file has records of equal size, and batches are appended: a build continues where a killed
    one stopped. A record with a wrong checksum counts as missing.

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
        self._path = folder / f"{fingerprint[:32]}.vectors"
        self._path.touch()
        self._record = np.dtype([("key", "V32"), ("vector", "<f4", (dimension,)), ("crc", "<u4")])
        keys: list[bytes] = self._records()["key"].tolist()
        # If a key was written twice, the later record counts.
        self._places = {key: place for place, key in enumerate(keys)}

    def missing(self, keys: Iterable[bytes]) -> set[bytes]:
        """The ``keys`` without a vector, or with a damaged one."""
        records = self._records()
        return {
            key
            for key in set(keys)
            if key not in self._places or not _is_sound(records[self._places[key]])
        }

    def put(self, keys: Sequence[bytes], vectors: NDArray[np.float32]) -> None:
        """Append ``vectors``, shape (len(keys), dimension), one for each key."""
        records = np.zeros(len(keys), self._record)
        records["key"] = np.array(keys, "V32")
        records["vector"] = vectors
        records["crc"] = [zlib.crc32(vector) for vector in records["vector"]]
        first = self._path.stat().st_size // self._record.itemsize
        with self._path.open("r+b") as file:
            # Overwrites a partial record of a killed build.
            file.seek(first * self._record.itemsize)
            file.truncate()
            file.write(records.tobytes())
        self._places.update({key: first + place for place, key in enumerate(keys)})

    def get(self, keys: Sequence[bytes]) -> NDArray[np.float32]:
        """The vectors of ``keys``, shape (len(keys), dimension), in their order.

        Checksums are not compared; :meth:`missing` does that.

        Raises
        ------
        KeyError
            If a key has no vector.
        """
        places = [self._places[key] for key in keys]
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
        for start in range(0, len(keys), _AT_ONCE):
            part = found[start : start + _AT_ONCE]
            part += self.get([second for _, second in keys[start : start + _AT_ONCE]])
            part /= np.linalg.norm(part, axis=1, keepdims=True)
        return found

    def _records(self) -> NDArray[Any]:
        count = os.stat(self._path).st_size // self._record.itemsize
        if not count:  # an empty file cannot be mapped
            return np.empty(0, self._record)
        return np.asarray(np.memmap(self._path, self._record, mode="r", shape=(count,)))


def _is_sound(record: Any) -> bool:
    return bool(zlib.crc32(record["vector"]) == record["crc"])
