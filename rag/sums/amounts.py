"""Amounts of money that a document says were imposed or agreed, each with its kind."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import combinations

from rag.text.sentences import sentences
from rag.types import Amount, AmountKind, Citation, Document

_AROUND = 1500
"""Characters before and after a sum that are searched for its sentence."""

_NEAR = 400
"""Characters before and after a sum that are searched for the words of a kind."""

_MISPRINT = 100_000
"""From this many millions on, the unit is a misprint: "$333,110 million" for "$333,110"."""

_PARTS = 8
"""Smaller sums that are tried as parts of a larger one, at most."""

# "$ 66,212", "$1 ,234" (spaces as PDF extraction leaves them), "$1.5 million".
_MONEY = re.compile(
    r"\$\s?(?P<digits>\d{1,3}(?:\s?,\s?\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d+)?)"
    r"(?:\s*(?P<unit>million|billion|thousand)\b)?",
    re.IGNORECASE,
)
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_UNITS = {"": 1, "thousand": 10**3, "million": 10**6, "billion": 10**9}

# The words of each kind right before a sum, and right after it, in its sentence.
_OF = r"(?:\s+in\s+the\s+(?:total\s+|aggregate\s+)?(?:amount|sum))?\s+(?:of|totall?ing)\s*$"
_BEFORE: dict[AmountKind, re.Pattern[str]] = {
    "penalty": re.compile(rf"\b(?:penalt(?:y|ies)|fines?){_OF}|\bfined\s+(?:\S+\s+){{0,6}}$", re.I),
    "settlement": re.compile(
        rf"\bsettlement(?:\s+(?:amount|payment))?{_OF}"
        r"|\b(?:settle[sd]?|settling)\b[^$;]{0,300}?\s(?:for|in\s+the\s+amount\s+of)\s*$",
        re.I,
    ),
    "disgorgement": re.compile(
        rf"\bdisgorgement(?:\s+of\s+[^$,;]{{0,60}})?{_OF}|\bdisgorge\s*$", re.I
    ),
}
_BEHIND: dict[AmountKind, re.Pattern[str]] = {
    "penalty": re.compile(
        r"\s*(?:(?!and|or|plus|with|a\b)[a-z-]+\s+){0,4}?(?:penalt(?:y|ies)|fines?)\b", re.I
    ),
    "settlement": re.compile(r"\s+settlement\b", re.I),
    "disgorgement": re.compile(r"\s+(?:in|of)\s+disgorgement\b", re.I),
}
# "has agreed to pay a total of $X on behalf of its subsidiary to settle": other words may stand
# between.
_PAID = re.compile(
    r"\b(?:pa(?:y|ys|id|ying)|remit(?:s|ted|ting)?|re\s?mit|payment\s+of|settle\s?ment\s+amount\s+of)"
    r"\s+(?:[a-z]+\s+){0,5}$",
    re.I,
)
_TO_SETTLE = re.compile(
    r"[^$;]{0,200}?\s(?:t\s?o\s+(?:set\s?tl\s?e|resolve)|in\s+settlement)\b", re.I
)
# Words for a sum that was imposed or agreed; then words for one that is only possible or asked for.
_IMPOSED = re.compile(
    r"\b(?:order(?:s|ed|ing)|impos(?:es|ed|ing)|assess(?:es|ed|ing)|pa(?:y|ys|id|ying)"
    r"|agree(?:s|d|ing)|requir(?:es|ed|ing)|levie[ds]|remit(?:s|ted)?|fined|settle[sd]?"
    r"|consent(?:s|ed|ing)|disgorge[sd]?|enter(?:s|ed|ing))\b",
    re.I,
)
_NOT_IMPOSED = re.compile(
    r"\b(?:statutory|maximum|base|guidelines?|schedule|up\s+to|could|would|may|might|seeks?|sought"
    r"|seeking|faces?|proposed|recommend(?:s|ed)?|not|no|waiv\w+|in\s+lieu"
    r"|prior|combined|profits?|totall?ing\s+at\s+least)\b(?=[^$;]*$)",
    re.I,
)
_REPEATED = re.compile(r"^\W*(?:the|this)\s+settlement\s+amount\s+of\s*$", re.I)
_TAKEN_BACK = re.compile(r"[^$;.]{0,90}?\b(?:waived|suspended|not\s+impos\w+|reduced)\b", re.I)
# A sum for several things together, which has no single kind.
_MIXED_BEFORE = re.compile(
    r"\b(?:disgorgement|interest)\b[^$;]*\bpenalt(?:y|ies)\s+totall?ing\s*$", re.I
)
_LONG_AGO = re.compile(r"\b(?:previously|earlier)\s(?!known|named|called)", re.I)
_MIXED_BEHIND = re.compile(
    r"\s*in\s+(?:[a-z-]+\s+){0,2}?(?:penalt(?:y|ies)|fines?|disgorgement)"
    r"(?:\s*,|\s+and|\s+plus)\s+(?:civil\s+)?(?:disgorgement|penalt|fines?|(?:pre-?\s?judgment\s+)?interest)",
    re.I,
)
# Sums of other cases: "Acme settles for $5,000 (May 4, 2021)", and settlements with others.
_ELSEWHERE = re.compile(rf"[^$]{{0,200}}?\((?:{_MONTHS})[a-z.]*\s+\d{{1,2}},\s+\d{{4}}\)", re.I)
_OTHERS = re.compile(r"\b(?:which|who)\s+(?:also\s+)?settled\b[^$]*$", re.I)


def amounts(document: Document) -> tuple[Amount, ...]:
    """The sums that the document says were imposed or agreed, in the order of its text.

    The words next to a sum decide its kind ("a civil penalty of $X", "pay $X to settle"). Its
    sentence must say that it was ordered, paid or agreed. Sums that were sought, waived, only
    possible or imposed in other cases are left out. So are rounded figures of another sum, and
    parts that add up to another sum. The same sum is returned once, at its first place.
    """
    found: dict[Decimal, Amount] = {}
    for money in _MONEY.finditer(document.text):
        dollars = Decimal(re.sub(r"[\s,]", "", money["digits"]))
        unit = (money["unit"] or "").lower()
        if unit and dollars >= _MISPRINT:
            continue
        dollars *= _UNITS[unit]
        if dollars == dollars.to_integral_value():
            dollars = dollars.quantize(Decimal(1))
        if dollars in found or not _nearby(document.text, money.start(), money.end()):
            continue
        start, end = _sentence(document.text, money.start(), money.end())
        before = document.text[start : money.start()]
        behind = document.text[money.end() : end]
        kind = next(_kinds(before, behind), None)
        if kind == "settlement" and _REPEATED.search(_folded(before, "")[0]):
            # A release repeats the settlement at its end, sometimes misprinted. The repetition
            # counts only if it is the first settlement found.
            kind = None if any(one.kind == kind for one in found.values()) else kind
        if kind:
            citation = Citation(document, start, end, document.text[start:end])
            found[dollars] = Amount(dollars, kind, citation)
    return tuple(_without_parts(found.values()))


def _nearby(text: str, start: int, end: int) -> bool:
    """Whether words of a kind stand next to the sum. This is faster than finding its sentence."""
    before, behind = _folded(text[max(0, start - _NEAR) : start], text[end : end + _NEAR])
    return any(_adjacent(kind, before, behind) for kind in _BEFORE)


def _without_parts(found: Iterable[Amount]) -> list[Amount]:
    """The amounts without rounded figures of others and without parts that add up to another."""
    exact = [one.dollars for one in found]
    kept = [
        one
        for one in found
        if not any(_rounds(one.dollars, other) for other in exact if other != one.dollars)
    ]
    parts: set[Decimal] = set()
    for whole in kept:
        smaller = [one.dollars for one in kept if one.dollars < whole.dollars][:_PARTS]
        for count in range(2, len(smaller) + 1):
            for some in combinations(smaller, count):
                if sum(some) == whole.dollars:
                    parts.update(some)
    return [one for one in kept if one.dollars not in parts]


def _rounds(figure: Decimal, sum_: Decimal) -> bool:
    """Whether the figure is a multiple of $10,000, at least $100,000, within 1 % of the sum."""
    return figure >= 100_000 and figure % 10_000 == 0 and abs(figure - sum_) < figure / 100


def _kinds(before: str, behind: str) -> Iterator[AmountKind]:
    """The kinds of a sum, by the words before and after it in its sentence."""
    before, behind = _folded(before, behind)
    near = before[-110:]
    if not (_IMPOSED.search(before + behind) or _REPEATED.search(before)):
        return
    if _NOT_IMPOSED.search(near) or _OTHERS.search(near) or _LONG_AGO.search(before):
        return
    if _MIXED_BEFORE.search(near) or _MIXED_BEHIND.match(behind):
        return
    if _TAKEN_BACK.match(behind) or _ELSEWHERE.match(behind):
        return
    for kind in _BEFORE:
        if _adjacent(kind, before, behind):
            yield kind


def _folded(before: str, behind: str) -> tuple[str, str]:
    return " ".join(before.split()) + " ", " " + " ".join(behind.split())


def _adjacent(kind: AmountKind, before: str, behind: str) -> bool:
    if _BEFORE[kind].search(before) or _BEHIND[kind].match(behind):
        return True
    return kind == "settlement" and bool(_PAID.search(before) and _TO_SETTLE.match(behind))


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence that contains ``text[start:end]``; the span itself if none does."""
    spans = sentences(text, max(0, start - _AROUND), min(len(text), end + _AROUND))
    return next(
        ((first, last) for first, last in spans if first <= start and end <= last), (start, end)
    )
