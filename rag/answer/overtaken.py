"""What overtakes a quote: the sentence that reverses, vacates, lifts or replaces an order."""

import re
from collections.abc import Iterable, Iterator, Sequence

from rag.answer.quotes import Quote, quotes_of
from rag.answer.related_cases import day, is_dated
from rag.answer.units import Span, units
from rag.text.dates import date_in_words
from rag.types import Hit

_NEXT = 700
"""Characters after a quote in which "that order" is the quoted one."""
_LONG = 500
"""Characters of an overtaking sentence with those after it in its paragraph, at most."""
_AROUND = 1500
"""Characters around a passage of another document that are searched."""
_WHAT = (
    r"(?:order|judge?ment|decision|ruling|verdict|fine|penalty|penalties|conviction|injunction|"
    r"sentence|finding|award|bar|ban|suspension|settlement|notice|statement|report|release|"
    r"designation|undertaking|determination)s?"
)
_DONE = (
    r"(?:reversed|vacated|set aside|overturned|quashed|rescinded|revoked|annulled|superseded|"
    r"replaced|withdrawn|amended|corrected|lifted|stayed)"
)
_DOES = (
    r"(?:reverse[sd]?|vacate[sd]?|sets? aside|overturn(?:s|ed)?|quash(?:es|ed)?|rescind(?:s|ed)?|"
    r"revoke[sd]?|annul(?:s|led)?|supersede[sd]?|replace[sd]?|withdr(?:ew|aws)|amend(?:s|ed)|"
    r"corrects?|corrected|lift(?:s|ed)|stay(?:s|ed))"
)
_OVERTAKES = re.compile(
    rf"\b(?<!as )(?<!not )(?<!to ){_DOES} (?:and \w+ |in part |partly )?"
    rf"(?:that|this|the|these|those|its|his|her|their|an?) (?:[\w-]+ ){{0,3}}?{_WHAT}\b"
    rf"|\b{_WHAT}\b(?: (?!not\b)[\w,$€£.]+){{0,14}}?,? "
    r"(?:was|were|is|are|has been|have been)(?: (?:hereby|later|then|since|partly|also))* "
    rf"{_DONE}\b"
    rf"|\b(?:issued|entered) an? (?:amended|corrected) (?:\w+ ){{0,2}}?{_WHAT}\b",
    re.IGNORECASE,
)
_ANOTHER_CASE = re.compile(r"\bv\.? |\b\d+ (?:U\.S\.|F\.(?:2d|3d|4th)|F\. ?Supp)")
_DECIDES = re.compile(
    rf"\b(?:{_WHAT}|fined|ordered|sentenced|convicted|enjoined|barred|banned|suspended|pay|paid|"
    r"imposed|settled|disgorge\w*)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"[$€£¥] ?\d[\d,.]*\d(?: (?:million|billion))?|\b\d{1,2} [A-Z][a-z]+ \d{4}\b")
_NAME = re.compile(r"\b[A-Z][a-z]{3,}\b")
_OF_MANY = frozenset(
    "Order Decision Judgment Court Commission Authority Board District United States This That The "
    "These Those January February March April June July August September October November December "
    "Corrected Release Litigation Section Bank Company Limited".split()
)


def with_what_overtakes(quotes: Sequence[Quote], hits: Iterable[Hit]) -> list[Quote]:
    """The quotes, each with the sentence that says that it was overtaken, if there is one.

    A sentence of the same document stands after the quote, one of another document before it.
    Nothing is quoted twice.
    """
    later = {hit.passage.document.doc_id: hit for hit in reversed(list(hits))}
    shown: list[Quote] = []
    for quote in quotes:
        before = list(_elsewhere(quote, later.values()))
        after = list(_behind(quote))
        for one in (*before, quote, *after):
            if not any(_holds(other, one) for other in shown):
                shown = [other for other in shown if not _holds(one, other)]
                shown.append(one)
    return shown


def _holds(one: Quote, other: Quote) -> bool:
    return (
        one.document.doc_id == other.document.doc_id
        and one.start <= other.start
        and other.end <= one.end
    )


def _behind(quote: Quote) -> Iterator[Quote]:
    """The sentence after the quote, in its document, that overtakes what it decides."""
    document, text = quote.document, quote.document.text
    said = text[quote.start : quote.end]
    if not _DECIDES.search(said) or _OVERTAKES.search(said):
        return
    until = min(len(text), quote.end + _NEXT)
    for start, end in units(text, quote.end, until):
        after = text[start:end]
        if (
            (end < until or end == len(text))
            and _OVERTAKES.search(after)
            and not _ANOTHER_CASE.search(after)
        ):
            yield from quotes_of(document, [(start, end)])
            return


def _elsewhere(quote: Quote, hits: Iterable[Hit]) -> Iterator[Quote]:
    """The sentence of a later document that overtakes the quote.

    It gives the day of the quoted document, or a figure of the quote, and shares a name with it.
    """
    document = quote.document
    said = document.text[quote.start : quote.end]
    if not is_dated(document) or not _DECIDES.search(said):
        return
    figures = {*_FIGURE.findall(said), *_days(day(document))}
    names = _names(said)
    for hit in hits:
        other = hit.passage.document
        if other.doc_id == document.doc_id or (is_dated(other) and day(other) < day(document)):
            continue
        for start, end in _paragraph(hit):
            after = " ".join(other.text[start:end].split())
            if (
                _OVERTAKES.search(after)
                and any(figure in after for figure in figures)
                and names & _names(after)
            ):
                yield from quotes_of(other, [(start, end)])
                return


def _paragraph(hit: Hit) -> Iterator[Span]:
    """The sentences around a passage that overtake anything, with those after them."""
    text = hit.passage.document.text
    start, end = max(0, hit.passage.start - _AROUND), min(len(text), hit.passage.end + _AROUND)
    if not _OVERTAKES.search(text, start, end):
        return
    spans = units(text, start, end)
    for at, (first, last) in enumerate(spans):
        if not _OVERTAKES.search(text, first, last):
            continue
        for _, behind in spans[at + 1 :]:
            if behind - first > _LONG or "\n\n" in text[last:behind]:
                break
            last = behind
        yield first, last


def _names(text: str) -> set[str]:
    return set(_NAME.findall(text)) - _OF_MANY


def _days(value: str) -> set[str]:
    """A date in the forms in which documents write it."""
    number, month, year = date_in_words(value).split()
    return {f"{number} {month} {year}", f"{month} {number}, {year}", value}
