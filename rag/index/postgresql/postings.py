"""Posting lists as they are stored: compressed arrays of rows, counts and positions."""

import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rag.errors import DamagedIndexError

Ints = NDArray[np.int64]


def _length_of(byte: int) -> int:
    """The number of tokens that a byte stands for: exact below 40, then in steps of an eighth.

    So do Lucene and tantivy.
    """
    if byte < 24:
        return byte
    steps, power = (byte - 24) & 7, (byte - 24) >> 3
    return 24 + (steps if power == 0 else (steps | 8) << (power - 1))


LENGTHS = np.array([_length_of(byte) for byte in range(256)], np.float64)
"""The length of a text, by the byte in which BM25 counts it."""
_AT_MOST = 4_000_000
"""Tokens that are held before they are written as a segment."""


def pack(*arrays: Ints) -> bytes:
    """The arrays, one after the other, compressed; the last bytes are a checksum."""
    return zlib.compress(np.concatenate(arrays).astype("<u4").tobytes(), 1)


def unpack(stored: bytes) -> Ints:
    """The arrays that `pack` stored, one after the other.

    Raises
    ------
    DamagedIndexError
        If the bytes are not those that were stored.
    """
    try:
        return np.frombuffer(zlib.decompress(stored), "<u4").astype(np.int64)
    except (zlib.error, ValueError) as error:
        raise DamagedIndexError(
            f"a list of words in the index is damaged ({error}). Rebuild with: rag index"
        ) from error


class Segments:
    """Collects the tokens of rows, and gives them term by term, a segment at a time.

    Attributes
    ----------
    frequencies
        For each term, by its number, the rows that have it.
    tokens
        Tokens added, in all.
    """

    def __init__(self) -> None:
        self.frequencies: defaultdict[int, int] = defaultdict(int)
        self.tokens = 0
        self._row = 0
        self._terms: list[Ints] = []
        self._lengths: list[int] = []
        self._held = 0

    @property
    def is_full(self) -> bool:
        """Whether it is time to write a segment."""
        return self._held >= _AT_MOST

    def add(self, terms: Sequence[int]) -> None:
        """Append the next row by the numbers of its terms, in order."""
        self._terms.append(np.array(terms, np.int64))
        self._lengths.append(len(terms))
        self._held += len(terms)
        self.tokens += len(terms)

    def segment(self) -> tuple[bytes, Iterator[tuple[int, int, bytes, bytes]]]:
        """What is held: the lengths of the rows, and for each term its list. Then nothing is held.

        A list is the number of the term, the number of rows that have it, and the packed
        ``matches`` and ``positions``.
        """
        lengths = np.array(self._lengths, np.int64)
        rows = np.repeat(np.arange(self._row, self._row + len(lengths)), lengths)
        terms = np.concatenate([np.empty(0, np.int64), *self._terms])
        starts = np.cumsum(lengths) - lengths
        positions = np.arange(len(terms)) - np.repeat(starts, lengths)
        self._row += len(lengths)
        self._terms, self._lengths, self._held = [], [], 0
        as_bytes = np.searchsorted(LENGTHS, lengths, side="right") - 1
        return as_bytes.astype(np.uint8).tobytes(), self._lists(terms, rows, positions)

    def _lists(
        self, terms: Ints, rows: Ints, positions: Ints
    ) -> Iterator[tuple[int, int, bytes, bytes]]:
        order = np.argsort(terms, kind="stable")
        terms, rows, positions = terms[order], rows[order], positions[order]
        is_first = np.diff(terms, prepend=-1) != 0
        firsts = np.flatnonzero(is_first | (np.diff(rows, prepend=-1) != 0))
        counts = np.diff(firsts, append=len(terms))
        own = rows[firsts]
        begins = np.append(np.flatnonzero(is_first[firsts]), len(firsts))
        for start, end in pairwise(begins.tolist()):
            term, first = int(terms[firsts[start]]), firsts[start]
            self.frequencies[term] += end - start
            steps = np.diff(own[start:end], prepend=0)
            last = first + counts[start:end].sum()
            yield term, end - start, pack(steps, counts[start:end]), pack(positions[first:last])


def read_matches(parts: Sequence[tuple[int, bytes]]) -> tuple[Ints, Ints]:
    """Rows, ascending, and how often each has the term, from the segments of one term.

    ``parts`` are the number of rows and the packed ``matches`` of each segment, in order.
    """
    rows, counts = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for count, stored in parts:
        both = unpack(stored)
        rows.append(np.cumsum(both[:count]))
        counts.append(both[count:])
    return np.concatenate(rows), np.concatenate(counts)
