"""Candidates: the whole sentences in the hits and in the text around them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.text.sentences import sentences
from rag.types import Document, Hit, Passage

_MARGIN = 1500
"""Characters read before and after a passage. Longer than any sentence worth quoting."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One whole sentence of a document that may answer.

    ``rank`` (from 1) and ``score`` are those of the best hit near it. ``inside`` is true if the
    passage of this hit overlaps the sentence, false if the sentence lies before or after it.
    """

    document: Document
    start: int
    end: int
    rank: int
    inside: bool
    score: float

    @property
    def text(self) -> str:
        """The characters of the sentence."""
        return self.document.text[self.start : self.end]


def candidates(hits: Sequence[Hit]) -> list[Candidate]:
    """The sentences of the hits and around them, in the order of the hits.

    Each sentence occurs once. Sentences with too few letters and bare headings are left out.
    """
    found: dict[tuple[str, int], Candidate] = {}
    for hit in sorted(hits, key=lambda h: h.rank):
        passage = hit.passage
        for start, end in _around(passage):
            if not _is_prose(passage.document.text[start:end]):
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
    # The edge of the window may cut the first and the last sentence.
    return spans[1 if start > 0 else 0 : len(spans) - 1 if end < len(text) else len(spans)]


def _is_prose(sentence: str) -> bool:
    letters = sum(map(str.isalpha, sentence))
    return (
        letters >= 12
        and letters >= 0.4 * len(sentence)
        and re.search(r"\b[a-z]{2,}", sentence) is not None
    )
