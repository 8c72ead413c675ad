"""Quotes: each chosen unit, with the sentence before it where it cannot be understood alone.

"He paid it back in May" needs the sentence that says who and what. "Doe paid the fine in May" does
not, and is quoted alone.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from rag.answer.relevance import GAP
from rag.answer.scoring import Scored
from rag.answer.units import answered_at, is_row, units
from rag.attribution.engine import attribute
from rag.types import Document, Status

_LONG = 600
"""Characters of a unit with the sentence before it, at most. A longer unit stays alone."""
_JOINED = 800
"""Characters of two adjacent quotes that are joined, at most."""
_LEAD = 150
"""Characters that are joined before the first quote, at most."""
_AROUND = 1200
"""Characters beside a unit that are searched for the sentence beside it."""
_PARAGRAPH_END = re.compile(r"\n\s*\n")
_PERSON = re.compile(r"\b(?:[Hh]e|[Ss]he|[Tt]hey|[Hh]is|[Hh]ers?|[Tt]heirs?|[Hh]im|[Tt]hem)\b")
_THING = re.compile(
    r"(?:(?:And|But|However|Instead|Moreover|Furthermore|Also|Thus|Therefore|Accordingly|Rather),?"
    r" )?(?:[Ii]t|[Ii]ts|[Bb]oth|[Nn]either|[Nn]one|[Ee]ach|[Tt]hey|[Tt]heir)\b"
    r"(?! (?:is|was|has been|appears|seems)(?: \w+){1,2} (?:that|whether)\b)(?! (?:of|the)\b)"
)
_POINTS_BACK = re.compile(
    r"\b(?:[Tt]h(?:is|ese|ose)|[Ss]uch(?! as)|[Tt]hat) (?:\w+ )?"
    r"(?:amounts?|sums?|figures?|payments?|fines?|penalt(?:y|ies)|orders?|judgments?|decisions?|findings?|conduct|claims?|charges?|"
    r"violations?|transactions?|agreements?|cases?|reasons?|persons?|individuals?|companies|"
    r"entities|period|time|failures?|accounts?|funds?|steps|measures)\b"
    r"|\b[Tt]he (?:above|foregoing|latter|former|aforementioned|said|same)\b"
    r"|^(?:This|That|These|Those|Such)\b"
)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
_NAME = re.compile(
    rf"(?<=[a-z,;’'”\")] )[“\"‘(]?(?!{_MONTH} \d)[A-Z][\w’'&.-]+"
    r"|^(?!(?:In|On|At|By|From|Since|Until|After|Before|During|For|To)\b)"
    r"[A-Z][\w.’'-]+ [A-Z][\w’'-]+"
)
_BEGINNING = 90
"""Characters in which a sentence points back, if it does."""


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

    @property
    def text(self) -> str:
        """The characters of the quote."""
        return self.document.text[self.start : self.end]

    @property
    def stands_alone(self) -> bool:
        """Whether it is a row of a table, or an exchange of question and answer."""
        answer = answered_at(self.document.text, self.start, self.end)
        return answer > self.start or is_row(self.text)

    def is_continued_by(self, other: "Quote") -> bool:
        """Whether the other begins where this ends, with the same document, speaker and status.

        A row of a table and an exchange of question and answer stand alone.
        """
        if self.stands_alone or other.stands_alone:
            return False
        return (self.document.doc_id, self.speaker, self.status) == (
            other.document.doc_id,
            other.speaker,
            other.status,
        ) and self.start <= other.start <= self.end + GAP


def quotes(chosen: Sequence[Scored]) -> list[Quote]:
    """The quotes of the chosen units, in the order of these units.

    A sentence inside an earlier quote makes no new one. Adjacent quotes with the same speaker and
    status are joined, up to 800 characters. The first quote goes on with the sentence behind it if
    that one points back at it. Before the first quote 150 characters are joined at
    most: the answer begins with the best sentence.
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
        quote = _understood(_quote(place.document, place.start, place.end), found)
        for at, other in enumerate(found):
            both = replace(
                quote, start=min(quote.start, other.start), end=max(quote.end, other.end)
            )
            leads = at == 0 and other.start - both.start > _LEAD
            if (
                not leads
                and both.end - both.start <= _JOINED
                and (other.is_continued_by(quote) or quote.is_continued_by(other))
            ):
                found[at] = both
                break
        else:
            found.append(quote)
    return [_continued(found[0], found[1:]), *found[1:]] if found else []


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
    # In an exchange the one who answers speaks.
    standing = attribute(document, answered_at(document.text, start, end), end)
    return Quote(document, start, end, standing.speaker, standing.status, standing.rule)


def points_back(text: str) -> bool:
    """Whether a sentence cannot be understood without the one before: "He …", "this amount"."""
    said = " ".join(text.split())
    beginning = said[:_BEGINNING]
    if _THING.match(beginning) or _POINTS_BACK.search(beginning):
        return True
    person = _PERSON.search(said)
    return person is not None and _NAME.search(said, 0, person.start()) is None


def _understood(quote: Quote, others: Sequence[Quote]) -> Quote:
    """The quote with the sentence before it, if it needs that one."""
    text = quote.document.text
    if quote.stands_alone or not points_back(quote.text):
        return quote
    first = max(0, quote.start - _AROUND)
    before = [span for span in units(text, first, quote.start) if span[0] > first or first == 0]
    for start, end in before[-1:]:
        if _may_grow(quote, (start, end), others):
            return replace(quote, start=start)
    return quote


def _continued(quote: Quote, others: Sequence[Quote]) -> Quote:
    """The quote with the sentence behind it, if that one needs it ("He refused …")."""
    text = quote.document.text
    if quote.stands_alone:
        return quote
    last = min(len(text), quote.end + _AROUND)
    behind = [span for span in units(text, quote.end, last) if span[1] < last or last == len(text)]
    for start, end in behind[:1]:
        if points_back(text[start:end]) and _may_grow(quote, (start, end), others):
            return replace(quote, end=end)
    return quote


def _may_grow(quote: Quote, span: tuple[int, int], others: Sequence[Quote]) -> bool:
    """Whether a sentence beside the quote may come along.

    Not across the end of a paragraph, with another speaker, status or rule, or into another quote,
    and up to 600 characters.
    """
    start, end = span
    wider = replace(quote, start=min(start, quote.start), end=max(end, quote.end))
    between = quote.document.text[min(end, quote.end) : max(start, quote.start)]
    return (
        wider.end - wider.start <= _LONG
        and not _PARAGRAPH_END.search(between)
        and _quote(quote.document, start, end) == replace(quote, start=start, end=end)
        and not any(_overlap(wider, other) for other in others)
    )


def _overlap(one: Quote, other: Quote) -> bool:
    return (
        one.document.doc_id == other.document.doc_id
        and one.start < other.end
        and other.start < one.end
    )
