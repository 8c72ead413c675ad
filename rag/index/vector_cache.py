"""Vectors kept by content, so that no text is embedded twice by the same model."""

import hashlib
import os
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Of a million passages not all are joined at once, for the memory.
_AT_ONCE = 65_536


def key_of(text: str) -> bytes:
    """SHA-256 of the embedded text: the key of its vector."""
    return hashlib.sha256(text.encode()).digest()


class VectorCache:
    """The vectors of one model, by the SHA-256 of the embedded text; for one writer at a time.

    One file of equal records, to which batches are appended, so that a build that was killed goes
    on from there. A vector whose checksum does not fit is treated as absent and embedded again.
    """

    def __init__(self, folder: Path, fingerprint: str, dimension: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{fingerprint[:32]}.vectors"
        self._path.touch()
        self._record = np.dtype([("key", "V32"), ("vector", "<f4", (dimension,)), ("crc", "<u4")])
        keys: list[bytes] = self._records()["key"].tolist()
        # Of a key that was written twice the later record counts.
        self._places = {key: place for place, key in enumerate(keys)}

    def missing(self, keys: Iterable[bytes]) -> set[bytes]:
        """Those of ``keys`` that have no sound vector."""
        records = self._records()
        return {
            key
            for key in set(keys)
            if key not in self._places or not _is_sound(records[self._places[key]])
        }

    def put(self, keys: Sequence[bytes], vectors: NDArray[np.float32]) -> None:
        """Append ``vectors``, shape (len(keys), dimension), and hand them to the system."""
        records = np.zeros(len(keys), self._record)
        records["key"] = np.array(keys, "V32")
        records["vector"] = vectors
        records["crc"] = [zlib.crc32(vector) for vector in records["vector"]]
        first = self._path.stat().st_size // self._record.itemsize
        with self._path.open("r+b") as file:
            # Over what a killed build may have left of a record.
            file.seek(first * self._record.itemsize)
            file.truncate()
            file.write(records.tobytes())
        self._places.update({key: first + place for place, key in enumerate(keys)})

    def get(self, keys: Sequence[bytes]) -> NDArray[np.float32]:
        """The vectors of ``keys``, shape (len(keys), dimension), in their order.

        Whether they are sound is what :meth:`missing` says.

        Raises
        ------
        KeyError
            If there is none for one of them.
        """
        places = [self._places[key] for key in keys]
        found: NDArray[np.float32] = self._records()["vector"][places]
        return found

    def joined(self, keys: Sequence[tuple[bytes, bytes]]) -> NDArray[np.float32]:
        """The vectors of passages, shape (len(keys), dimension), of length 1.

        Each points where its two vectors do together.

        Raises
        ------
        KeyError
            If there is none for a key.
        """
        found = self.get([first for first, _ in keys])
        for start in range(0, len(keys), _AT_ONCE):
            part = found[start : start + _AT_ONCE]
            part += self.get([second for _, second in keys[start : start + _AT_ONCE]])
            part /= np.linalg.norm(part, axis=1, keepdims=True)
        return found

    def _records(self) -> NDArray[Any]:
        count = os.stat(self._path).st_size // self._record.itemsize
        if not count:  # nothing cannot be mapped
            return np.empty(0, self._record)
        return np.asarray(np.memmap(self._path, self._record, mode="r", shape=(count,)))


def _is_sound(record: Any) -> bool:
    return bool(zlib.crc32(record["vector"]) == record["crc"])
