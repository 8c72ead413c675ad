"""From sentences to quotes: each in its paragraph, as far as one speaker says it with one standing.

A sentence is seldom understood alone ("He paid it back in May"). What stands beside it is quoted
with it, so that fewer and longer quotes answer, each of which a reader can judge.
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
"""Characters of a quote with its neighbours, at most; a longer sentence stands alone."""
_JOINED = 800
"""Characters of quotes that follow one another and are one, at most."""
_AROUND = 1200
"""Characters around a sentence in which its neighbours are looked for."""
_PARAGRAPH_END = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Quote:
    """A place in a document that one speaker says with one standing.

    ``reason`` names the rule that gave both for its best sentence.
    """

    document: Document
    start: int
    end: int
    speaker: str | None
    status: Status
    reason: str = field(default="", compare=False)

    def is_continued_by(self, other: "Quote") -> bool:
        """Whether the other is of the same document and standing and begins where this ends."""
        return (self.document.doc_id, self.speaker, self.status) == (
            other.document.doc_id,
            other.speaker,
            other.status,
        ) and self.start <= other.start <= self.end + GAP


def quotes(chosen: Sequence[Scored]) -> list[Quote]:
    """The quotes that hold the chosen sentences, in the order of the first of each.

    Quotes that follow one another with the same standing are one, as far as it stays short.
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


def _quote(document: Document, start: int, end: int) -> Quote:
    standing = attribute(document, start, end)
    return Quote(document, start, end, standing.speaker, standing.status, standing.rule)


def _in_its_paragraph(quote: Quote, others: Sequence[Quote]) -> Quote:
    """The quote with the sentences behind and before it, as far as they may stand in it."""
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
