"""Vectors kept by content, so that no text is embedded twice by the same model."""

import hashlib
import sqlite3
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def key_of(text: str) -> bytes:
    """SHA-256 of the embedded text: the key of its vector."""
    return hashlib.sha256(text.encode()).digest()


class VectorCache:
    """The vectors of one model, by the SHA-256 of the embedded text.

    Each batch is committed as it comes, so that a build that was killed goes on from there. A
    vector whose checksum does not fit is treated as absent and embedded again.
    """

    def __init__(self, folder: Path, fingerprint: str, dimension: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._bytes = dimension * 4
        self._dimension = dimension
        path = folder / f"{fingerprint[:32]}.sqlite"
        try:
            self._connection = self._open(path)
        except sqlite3.DatabaseError:
            # A cache can be made again; a damaged one is dropped rather than repaired.
            path.unlink()
            self._connection = self._open(path)

    @staticmethod
    def _open(path: Path) -> sqlite3.Connection:
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS vectors"
            " (key BLOB PRIMARY KEY, vector BLOB NOT NULL, crc INTEGER NOT NULL) WITHOUT ROWID"
        )
        return connection

    def missing(self, keys: Sequence[bytes]) -> set[bytes]:
        """Those of ``keys`` that have no sound vector."""
        return {key for key in keys if self._read(key) is None}

    def put(self, keys: Sequence[bytes], vectors: NDArray[np.float32]) -> None:
        """Keep ``vectors``, shape (len(keys), dimension), and commit."""
        rows = []
        for key, vector in zip(keys, vectors, strict=True):
            blob = np.ascontiguousarray(vector, dtype=np.float32).tobytes()
            rows.append((key, blob, zlib.crc32(blob)))
        with self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)

    def get(self, keys: Sequence[bytes]) -> NDArray[np.float32]:
        """The vectors of ``keys``, shape (len(keys), dimension), in their order.

        Raises
        ------
        KeyError
            If one of them is missing.
        """
        matrix = np.empty((len(keys), self._dimension), dtype=np.float32)
        for row, key in enumerate(keys):
            blob = self._read(key)
            if blob is None:
                raise KeyError(key.hex())
            matrix[row] = np.frombuffer(blob, dtype=np.float32)
        return matrix

    def close(self) -> None:
        """Release the file."""
        self._connection.close()

    def _read(self, key: bytes) -> bytes | None:
        found = self._connection.execute(
            "SELECT vector, crc FROM vectors WHERE key = ?", (key,)
        ).fetchone()
        if found is None or len(found[0]) != self._bytes or zlib.crc32(found[0]) != found[1]:
            return None
        return bytes(found[0])
