"""Which documents have the same text, and which have nearly the same."""

import hashlib
import os
from array import array
from collections import defaultdict
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

_NEARLY = 0.8
"""Least Jaccard similarity, estimated, of two near-duplicates."""
_LENGTH = 32
"""Bytes of a substring that is hashed, a power of 2: about five words."""
_SAMPLE = 32
"""One in this many hashes is kept: a page of 3,000 characters still has about 90."""
_KEYS = 16
"""Least hashes by which candidates are found; near-duplicates share most of them."""
_SHARED_KEYS = _KEYS // 4
"""Two texts are compared in full only if they share this many of their least hashes."""
_COMMON = 20
"""A hash of this many earlier documents is a stock phrase and gives no candidates."""
_SHORTEST = 300
"""Characters; a shorter text has fewer than ten hashes, too few for an estimate."""
_MULTIPLIER = 0x9E3779B97F4A7C15
"""2**64 divided by the golden ratio, odd: it spreads hashes evenly (Knuth, TAOCP 3, 6.4)."""

Sketch = npt.NDArray[np.uint64]
"""Sorted hashes of one in 32 of the text's substrings of 32 bytes."""


class Duplicates:
    """Finds documents with the same text, and near-duplicates, of documents added one by one.

    White space and case are ignored. Near-duplicates have a Jaccard similarity of at least 0.8,
    estimated from the hashes of one in 32 of their substrings of 32 bytes (FracMinHash; Irber et
    al., 2022). The hashes are kept in a file: a document takes about 350 bytes of memory.

    Parameters
    ----------
    file
        Empty, open for reading and writing.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._ends = array("Q", [0])
        self._own_id = bytearray()
        self._by_text: dict[bytes, int] = {}
        self._keys = array("Q")
        self._owners = array("Q")

    def add(self, text: bytes, sketch: Sketch, *, has_own_id: bool) -> int | None:
        """Add the next document.

        Parameters
        ----------
        text, sketch
            As :func:`digest_and_sketch` gives them.
        has_own_id
            Whether a person gave it its id. Two documents that were both given an id are both kept.

        Returns
        -------
        int | None
            The number, from 0, of the kept document whose text it repeats; None if it is kept.
        """
        number = len(self._own_id)
        first = self._by_text.setdefault(text, number)
        if first < number and not (has_own_id and self._own_id[first]):
            return first
        self._own_id.append(has_own_id)
        self._file.write(sketch.tobytes())
        self._ends.append(self._ends[-1] + len(sketch))
        least = sketch[:_KEYS].tolist()
        self._keys.extend(least)
        self._owners.extend([number] * len(least))
        return None

    def near(self) -> dict[int, list[int]]:
        """For each kept document with earlier near-duplicates their numbers, ascending.

        Only documents that share a quarter of their 16 least hashes are compared.
        """
        self._file.flush()
        found: defaultdict[int, list[int]] = defaultdict(list)
        for later, earlier in self._candidates():
            if _similarity(self._sketch(later), self._sketch(earlier)) >= _NEARLY:
                found[later].append(earlier)
        return dict(found)

    def _candidates(self) -> Iterator[tuple[int, int]]:
        """Pairs of documents, the later one first, ascending."""
        keys, owners = (np.frombuffer(one, np.uint64) for one in (self._keys, self._owners))
        if not len(keys):
            return
        order = np.argsort(keys, kind="stable")  # of one hash, the earlier document comes first
        keys, owners = keys[order], owners[order]
        begins = np.flatnonzero(np.diff(keys, prepend=~keys[:1]))
        places = np.arange(len(keys)) - np.repeat(begins, np.diff(begins, append=len(keys)))
        pairs = []
        for distance in range(1, _COMMON):
            later = np.flatnonzero((places >= distance) & (places < _COMMON))
            pairs.append(owners[later] << np.uint64(32) | owners[later - distance])
        found, shared = np.unique(np.concatenate(pairs), return_counts=True)
        for pair in found[shared >= _SHARED_KEYS]:
            yield int(pair) >> 32, int(pair) & 0xFFFFFFFF

    def _sketch(self, number: int) -> Sketch:
        start, end = self._ends[number], self._ends[number + 1]
        size = np.dtype(np.uint64).itemsize
        found = os.pread(self._file.fileno(), (end - start) * size, start * size)
        return np.frombuffer(found, np.uint64)


def digest_and_sketch(text: str) -> tuple[bytes, Sketch]:
    """SHA-256 of ``text`` without regard to white space and case, and its :func:`sketch`."""
    plain = _plain(text)
    return hashlib.sha256(plain.encode()).digest(), _sketch(plain)


def sketch(text: str) -> Sketch:
    """The sketch of ``text``, white space and case ignored; empty below 300 characters."""
    return _sketch(_plain(text))


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _sketch(plain: str) -> Sketch:
    if len(plain) < _SHORTEST:
        return np.empty(0, dtype=np.uint64)
    hashes = np.frombuffer(plain.encode("utf-8"), dtype=np.uint8).astype(np.uint64)
    factor = np.uint64(_MULTIPLIER)
    reach = 1
    with np.errstate(over="ignore"):
        while reach < _LENGTH and len(hashes) > reach:  # hashes of 1, 2, 4, 8, 16, 32 bytes
            hashes = hashes[:-reach] * factor + hashes[reach:]
            hashes ^= hashes >> np.uint64(29)
            factor *= factor
            reach *= 2
        hashes *= np.uint64(_MULTIPLIER)
    hashes ^= hashes >> np.uint64(32)
    return np.unique(hashes[hashes % np.uint64(_SAMPLE) == 0])


def _similarity(one: Sketch, other: Sketch) -> float:
    if not len(one) or min(len(one), len(other)) < _NEARLY * max(len(one), len(other)):
        return 0.0
    common = len(np.intersect1d(one, other, assume_unique=True))
    return common / (len(one) + len(other) - common)
