"""Quotes: each chosen sentence with its neighbours of the same paragraph, speaker and status.

A sentence is seldom clear alone ("He paid it back in May"). With its neighbours it is, so an answer
has fewer and longer quotes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from rag.answer.relevance import GAP
from rag.answer.scoring import Scored
from rag.attribution.engine import attribute
from rag.text.sentences import sentences
from rag.types import Document, Status

_LONG = 600
"""Characters of a sentence with its neighbours, at most. A longer sentence stays alone."""
_JOINED = 800
"""Characters of two adjacent quotes that are joined, at most."""
_AROUND = 1200
"""Characters before and after a sentence that are searched for its neighbours."""
_PARAGRAPH_END = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Quote:
    """A span of one document with one speaker and one status.

    ``reason`` names the rule that gave both for the chosen sentence.
    """

    document: Document
    start: int
    end: int
    speaker: str | None
    status: Status
    reason: str = field(default="", compare=False)

    def is_continued_by(self, other: "Quote") -> bool:
        """Whether the other begins where this ends, with the same document, speaker and status."""
        return (self.document.doc_id, self.speaker, self.status) == (
            other.document.doc_id,
            other.speaker,
            other.status,
        ) and self.start <= other.start <= self.end + GAP


def quotes(chosen: Sequence[Scored]) -> list[Quote]:
    """The quotes around the chosen sentences, in the order of these sentences.

    A sentence inside an earlier quote makes no new one. Adjacent quotes with the same speaker and
    status are joined, up to 800 characters.
    """
    found: list[Quote] = []
    for item in chosen:
        place = item.candidate
        if any(
            quote.document.doc_id == place.document.doc_id
            and quote.start <= place.start
            and place.end <= quote.end
            for quote in found
        ):
            continue
        quote = _in_its_paragraph(_quote(place.document, place.start, place.end), found)
        for at, other in enumerate(found):
            both = replace(
                quote, start=min(quote.start, other.start), end=max(quote.end, other.end)
            )
            if both.end - both.start <= _JOINED and (
                other.is_continued_by(quote) or quote.is_continued_by(other)
            ):
                found[at] = both
                break
        else:
            found.append(quote)
    return found


def quotes_of(document: Document, spans: Sequence[tuple[int, int]]) -> list[Quote]:
    """The spans as quotes, without neighbours. Adjacent ones of one standing are joined."""
    found: list[Quote] = []
    for start, end in spans:
        quote = _quote(document, start, end)
        if found and found[-1].is_continued_by(quote) and end - found[-1].start <= _JOINED:
            found[-1] = replace(found[-1], end=end)
        else:
            found.append(quote)
    return found


def _quote(document: Document, start: int, end: int) -> Quote:
    standing = attribute(document, start, end)
    return Quote(document, start, end, standing.speaker, standing.status, standing.rule)


def _in_its_paragraph(quote: Quote, others: Sequence[Quote]) -> Quote:
    """The quote with the sentences after and before it, as far as it may grow.

    It ends at a paragraph, at another speaker, status or rule, at another quote, and at 600
    characters.
    """
    text = quote.document.text
    first, last = max(0, quote.start - _AROUND), min(len(text), quote.end + _AROUND)
    spans = sentences(text, first, last)
    behind = [
        span for span in spans if span[0] >= quote.end and (span[1] < last or last == len(text))
    ]
    before = [span for span in spans if span[1] <= quote.start and (span[0] > first or first == 0)]
    for spans_there in (behind, before[::-1]):
        for start, end in spans_there:
            wider = replace(quote, start=min(start, quote.start), end=max(end, quote.end))
            between = text[min(quote.end, end) : max(quote.start, start)]
            if (
                wider.end - wider.start > _LONG
                or _PARAGRAPH_END.search(between)
                or _quote(quote.document, start, end) != replace(quote, start=start, end=end)
                or any(_overlap(wider, other) for other in others)
            ):
                break
            quote = wider
    return quote


def _overlap(one: Quote, other: Quote) -> bool:
    return (
        one.document.doc_id == other.document.doc_id
        and one.start < other.end
        and other.start < one.end
    )
