"""Duplicate documents are merged, near-duplicates are linked."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from rag.types import Document

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


def without_duplicates(documents: Iterable[Document]) -> list[Document]:
    """Keep one of the documents with the same text, and link near-duplicates.

    The first is kept; its ``also_in`` names the sources of the others. Two documents that were
    both given an id are both kept. White space and case are ignored.

    ``near_duplicate_of`` names the earlier documents whose text is nearly the same: a Jaccard
    similarity of at least 0.8, estimated from the hashes of one in 32 of their substrings of 32
    bytes (FracMinHash; Irber et al., 2022).

    Returns
    -------
    list[Document]
        In the order given.
    """
    kept: list[Document] = []
    sketches: list[Sketch] = []
    by_text: dict[str, int] = {}
    also: defaultdict[int, list[str]] = defaultdict(list)
    for document in documents:
        text = _plain(document.text)
        first = by_text.setdefault(text, len(kept))
        if first < len(kept) and not (_has_own_id(document) and _has_own_id(kept[first])):
            also[first].append(document.source)
        else:
            kept.append(document)
            sketches.append(_sketch(text))
    near = _near_duplicates(sketches)
    return [
        _linked(document, also[i], [kept[j].doc_id for j in near[i]])
        for i, document in enumerate(kept)
    ]


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


def _near_duplicates(sketches: list[Sketch]) -> list[list[int]]:
    """For each sketch the indices of the earlier near-duplicates, ascending.

    Only sketches that share a quarter of their 16 least hashes are compared.
    """
    seen: defaultdict[int, list[int]] = defaultdict(list)
    near: list[list[int]] = []
    for index, own in enumerate(sketches):
        keys = own[:_KEYS].tolist()
        shared = Counter(other for key in keys if len(seen[key]) < _COMMON for other in seen[key])
        near.append(
            sorted(
                other
                for other, count in shared.items()
                if count >= _SHARED_KEYS and _similarity(own, sketches[other]) >= _NEARLY
            )
        )
        for key in keys:
            seen[key].append(index)
    return near


def _similarity(one: Sketch, other: Sketch) -> float:
    if not len(one) or min(len(one), len(other)) < _NEARLY * max(len(one), len(other)):
        return 0.0
    common = len(np.intersect1d(one, other, assume_unique=True))
    return common / (len(one) + len(other) - common)


def _has_own_id(document: Document) -> bool:
    """Whether a sidecar or a row gave its id; otherwise the id is the end of its source."""
    return not document.source.endswith(document.doc_id)


def _linked(document: Document, also_in: list[str], near: list[str]) -> Document:
    if not also_in and not near:
        return document
    links = {"also_in": also_in, "near_duplicate_of": near}
    added = {key: value for key, value in links.items() if value}
    return replace(document, metadata={**document.metadata, **added})
