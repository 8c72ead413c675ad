"""Texts that wait on disk to be embedded, and the keys of the passages that need their vectors."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.index.vector_cache import VectorCache, key_of
from rag.models.embedder import Embedder

# Texts embedded between two writes to the vector cache. A build that is killed loses at most these.
_BATCH = 512
# Keys that are looked up in the cache at once.
_LOOKED_UP = 4096
# Passages whose vectors are joined at once: 25 MB of 384 numbers each.
_AT_ONCE = 16_384
_KEY_BYTES = 32
_TEXT = np.dtype([("key", "V32"), ("length", "<u4"), ("start", "<u8"), ("size", "<u4")])
"""A waiting text: its key, its characters, and the place and number of its bytes."""


class WaitingTexts:
    """Collects the texts of passages, embeds those without a cached vector, and joins the vectors.

    Of the texts and the keys nothing is held in memory until :meth:`embed`, which takes about 100
    bytes for each text without a vector.

    Parameters
    ----------
    folder
        Empty; for the texts and the keys.
    cache
        Of the model that will embed them.
    anew
        Whether every text is embedded, also one with a cached vector.
    """

    def __init__(self, folder: Path, cache: VectorCache, *, anew: bool = False) -> None:
        self._cache = cache
        self._anew = anew
        self._texts = (folder / "texts").open("w+b")
        self._index = (folder / "texts.index").open("w+b")
        self._keys = (folder / "keys").open("w+b")
        self._recent: dict[bytes, str] = {}
        self._size = 0

    def add(self, texts: Sequence[tuple[str, str]]) -> None:
        """Add the two texts of each passage of one document, as ``embedded_texts`` gives them."""
        shared = key_of(texts[0][1])
        self._recent[shared] = texts[0][1]
        for text, _ in texts:
            key = key_of(text)
            self._recent[key] = text
            self._keys.write(key + shared)
        if len(self._recent) >= _LOOKED_UP:
            self._write()

    def embed(self, embedder: Embedder, report: Callable[[int, int], None]) -> int:
        """Embed the waiting texts, shortest first, and put their vectors in the cache.

        Parameters
        ----------
        report
            Called with the number of texts done and of all.

        Returns
        -------
        int
            Number of texts embedded.
        """
        self._write()
        missing = self._sorted()
        report(0, len(missing))
        for start in range(0, len(missing), _BATCH):
            batch = missing[start : start + _BATCH]
            vectors = embedder.embed_passages([self._text(*one) for one in batch.tolist()])
            self._cache.put([key.tobytes() for key in batch["key"]], vectors)
            report(start + len(batch), len(missing))
        return len(missing)

    def vectors(self) -> Iterator[NDArray[np.float32]]:
        """The vectors of the passages in their order, some thousands at a time.

        Raises
        ------
        KeyError
            If a text was not embedded.
        """
        self._keys.seek(0)
        while pairs := self._keys.read(2 * _KEY_BYTES * _AT_ONCE):
            yield self._cache.joined(
                [
                    (pairs[at : at + _KEY_BYTES], pairs[at + _KEY_BYTES : at + 2 * _KEY_BYTES])
                    for at in range(0, len(pairs), 2 * _KEY_BYTES)
                ]
            )

    def close(self) -> None:
        """Close the files."""
        for file in (self._texts, self._index, self._keys):
            file.close()

    def _write(self) -> None:
        """Write down those of the recent texts that have no vector."""
        wanted = set(self._recent) if self._anew else self._cache.missing(self._recent)
        index = np.empty(len(wanted), _TEXT)
        for place, key in enumerate(sorted(wanted)):
            text = self._recent[key]
            data = text.encode()
            index[place] = (key, len(text), self._size, len(data))
            self._texts.write(data)
            self._size += len(data)
        self._index.write(index.tobytes())
        self._recent = {}

    def _sorted(self) -> NDArray[np.void]:
        """The waiting texts, each once, by length: the texts of a batch need little padding."""
        self._texts.flush()
        self._index.seek(0)
        found = np.frombuffer(self._index.read(), _TEXT)
        parts = np.frombuffer(found["key"].tobytes(), ">u8").reshape(-1, _KEY_BYTES // 8)
        order = np.lexsort((*parts.T[::-1], found["length"]))
        again = np.zeros(len(found), bool)
        again[1:] = (parts[order[1:]] == parts[order[:-1]]).all(axis=1)
        return found[order[~again]]

    def _text(self, key: bytes, length: int, start: int, size: int) -> str:
        self._texts.seek(start)
        return self._texts.read(size).decode()
