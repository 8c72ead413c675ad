"""The sentences that may answer: whole ones, from the hits and the text around them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.text.sentences import sentences
from rag.types import Document, Hit, Passage

_MARGIN = 1500
"""Characters read before and after a passage; longer than the longest sentence worth quoting."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One sentence of a document, whole; ``rank`` is that of the best hit near it, from 1.

    ``inside`` says whether that hit's passage holds some of it; else it is a neighbour.
    """

    document: Document
    start: int
    end: int
    rank: int
    inside: bool
    score: float

    @property
    def text(self) -> str:
        """The sentence's own characters."""
        return self.document.text[self.start : self.end]


def candidates(hits: Sequence[Hit]) -> list[Candidate]:
    """The sentences of the hits and of their surroundings, in the order of the hits.

    A sentence occurs once; what is too short to say anything or is a mere heading is left out.
    """
    found: dict[tuple[str, int], Candidate] = {}
    for hit in sorted(hits, key=lambda h: h.rank):
        passage = hit.passage
        for start, end in _around(passage):
            if not _says_something(passage.document.text[start:end]):
                continue
            inside = start < passage.end and end > passage.start
            key = (passage.document.doc_id, start)
            known = found.get(key)
            if known is None or (inside and not known.inside):
                found[key] = Candidate(passage.document, start, end, hit.rank, inside, hit.score)
    return list(found.values())


def _around(passage: Passage) -> list[tuple[int, int]]:
    """Whole sentences of the passage and of `_MARGIN` characters before and after it."""
    text = passage.document.text
    start, end = max(0, passage.start - _MARGIN), min(len(text), passage.end + _MARGIN)
    spans = sentences(text, start, end)
    # What the edge of the window cuts is no whole sentence.
    return spans[1 if start > 0 else 0 : len(spans) - 1 if end < len(text) else len(spans)]


def _says_something(sentence: str) -> bool:
    letters = sum(map(str.isalpha, sentence))
    return (
        letters >= 12
        and letters >= 0.4 * len(sentence)
        and re.search(r"\b[a-z]{2,}", sentence) is not None
    )
