"""Amounts of money that a document says were imposed or agreed, each with its kind."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import combinations

from rag.attribution.engine import attribute
from rag.sums.payer import named_payer, parties_of, payer
from rag.text.money import money
from rag.text.sentences import sentences
from rag.types import Amount, AmountKind, Citation, Document

_AROUND = 800
"""Characters before and after a sum that are searched for its sentence."""

_NEAR = 400
"""Characters before and after a sum that are searched for the words of a kind."""

_PARTS = 8
"""Smaller sums that are tried as parts of a larger one, at most."""

_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"

# The words of each kind right before a sum, and right after it, in its sentence.
_OF = (
    r"(?:\s(?:on|against)\s[^$€£;]{1,80}?)?(?:(?:,[^$€£;]{1,150}?)?,?\sin\s+the\s+"
    r"(?:total\s+|aggregate\s+)?(?:amount|sum))?\s(?:of|totall?ing|amounting\s+to|(?:is|at|be)(?:\s+set\s+at)?)\s?$"
)
_BEFORE: dict[AmountKind, re.Pattern[str]] = {
    "penalty": re.compile(
        rf"\b(?:penalt(?:y|ies)|fines?){_OF}|\bfined\s(?:\S{{1,60}}\s){{0,6}}$"
        r"|\b(?:penalty|fine)\s[^$€£;.]{0,80}\b(?:is|be|in?\s+the\s+sum\s+of|reduced\s+to)\s?$"
        r"|\bfines\s+(?-i:(?:[A-Z]\S{0,60}\s){1,6})$",
        re.I,
    ),
    "settlement": re.compile(
        rf"\bsettlement(?:\s+(?:amount|payment))?{_OF}"
        r"|\b(?:settle[sd]?|settling)\b[^$€£;]{0,300}?\s(?:for|in\s+the\s+amount\s+of)\s?$",
        re.I,
    ),
    "disgorgement": re.compile(
        rf"\bdisgorgement(?:\s+of\s+[^$€£,;]{{0,60}})?{_OF}|\bdisgorge\s?$", re.I
    ),
}
_BEHIND: dict[AmountKind, re.Pattern[str]] = {
    "penalty": re.compile(
        r"\s?(?:(?!and|or|plus|with|a\b)[a-z-]{1,40}\s){0,4}?(?:penalt(?:y|ies)|fines?)\b", re.I
    ),
    "settlement": re.compile(r"\ss\s?ettlement\b", re.I),  # PDF extraction splits words
    "disgorgement": re.compile(r"\s(?:in|of)\s+disgorgement\b", re.I),
}
_PROPOSED_BEHIND = re.compile(
    r"\s*(?:in\s+)?(?:proposed|potential|possible|maximum|statutory|base)\b", re.I
)
# "has agreed to pay a total of $X on behalf of its subsidiary to settle": other words may stand
# between.
_PAID = re.compile(
    r"\b(?:pa(?:y|ys|id|ying)|remit(?:s|ted|ting)?|re\s?mit|payment\s+of|settle\s?ment\s+amount\s+of)"
    r"\s+(?:[a-z]+\s+){0,5}$",
    re.I,
)
_TO_SETTLE = re.compile(
    r"[^$€£;]{0,200}?\s(?:t\s?o\s+(?:set\s?tl\s?e|resolve)|in\s+settlement)\b", re.I
)
# Words for a sum that was imposed or agreed; then words for one that is only possible or asked for.
_IMPOSED = re.compile(
    r"\b(?:order(?:s|ed|ing)|impos(?:es|ed|ing)|assess(?:es|ed|ing)|pa(?:y|ys|id|ying)"
    r"|agree(?:s|d|ing)|requir(?:es|ed|ing)|levie[ds]|remit(?:s|ted)?|fined|settle[sd]?"
    r"|consent(?:s|ed|ing)|disgorge[sd]?|enter(?:s|ed|ing)|deci(?:des|ded|sion)|issu(?:es|ed|ing)"
    r"|determin(?:es|ed)|set(?:s|ting)?|fix(?:es|ed|ing)|addressed|hereby|fines|direct(?:s|ed|ing)"
    r"|(?:final|amount\s+of\s+the|this)\s+(?:\w+\s+){0,2}(?:penalty|fine)\s+(?:is|payable))\b",
    re.I,
)
_NOT_IMPOSED = re.compile(
    r"\b(?:statutory|maximum|base|guidelines?|schedule|up\s+to|could|would|may|might|seeks?|sought"
    r"|seeking|faces?|proposed|recommend(?:s|ed)?|not|no|waiv\w+|in\s+lieu"
    r"|prior|combined|profits?|totall?ing\s+at\s+least)\b(?=[^$€£;]{0,400}$)",
    re.I,
)
_RANGE = re.compile(
    r"\bcarr(?:y|ies)\b[^$€£]{0,400}\bmaximum\b|\b(?:between|from)\s$"
    r"|\bnot\s+(?:more|less)\s+than\b[^$€£]{0,400}$"
    r"|\b(?:reduce[sd]?|reducing|revised|lower(?:ed)?)\s+(?:\w+\s+){0,4}$",
    re.I,
)
_RANGE_BEHIND = re.compile(
    r"[^$€£;.]{0,60}?\bwould\s+(?:have\s+been|be)\s+appropriate|[^$€£;.]{0,40}?\bby\s+\d+\s?%"
    r"|\s*(?:,\s*)?(?:or\s+twice|or\s+the\s+greater|to\s+[$€£]|per\s+(?:day|violation)|\([^)]*\)\s*per\s+day)",
    re.I,
)
"""Words of a range, of a statutory maximum and of a daily penalty."""
_HINTS = ("penalt", "fine", "ettle", "set tl", "settl e", "resolve", "disgorge")
"""The words of each kind contain one of these. Looking for them first is faster."""
_REPEATED = re.compile(r"^\W*(?:the|this)\s+settlement\s+amount\s+of\s*$", re.I)
_TAKEN_BACK = re.compile(r"[^$€£;.]{0,90}?\b(?:waived|suspended|not\s+impos\w+|reduced)\b", re.I)
# A sum for several things together, which has no single kind.
_MIXED_BEFORE = re.compile(
    r"\b(?:disgorgement|interest)\b[^$€£;]{0,400}\bpenalt(?:y|ies)\s+totall?ing\s?$", re.I
)
# What happened before: "previously fined", "follows charges announced in 2013 against …".
_LONG_AGO = re.compile(
    r"\b(?:previously|earlier)\s(?!known|named|called)"
    r"|\bfollow(?:s|ed)\s+(?:the\s+)?(?:charges|actions?|cases?|settlements?|proceedings)\s+"
    r"(?:that\s+(?:was|were)\s+)?(?:announced|filed|brought|instituted)\b",
    re.I,
)
_MIXED_BEHIND = re.compile(
    r"\s*in\s+(?:[a-z-]+\s+){0,2}?(?:penalt(?:y|ies)|fines?|disgorgement)"
    r"(?:\s*,|\s+and|\s+plus)\s+(?:civil\s+)?(?:disgorgement|penalt|fines?|(?:pre-?\s?judgment\s+)?interest)",
    re.I,
)
# Sums of other cases: "Acme settles for $5,000 (May 4, 2021)", and settlements with others.
_ELSEWHERE = re.compile(rf"[^$]{{0,200}}?\((?:{_MONTHS})[a-z.]*\s+\d{{1,2}},\s+\d{{4}}\)", re.I)
_OTHERS = re.compile(
    r"\b(?:which|who)\s+(?:also\s+)?settled\b[^$€£]{0,400}$|\b(?:which|who)\s+(?:was|were)\s+fined\s+$",
    re.I,
)
_EARLIER_BEHIND = re.compile(
    r"[^$€£;.]{0,60}?\bin\s+(?:the|an?|its)\s+(?:first|earlier|previous|prior|separate)\s+"
    r"(?:breach|case|decision|proceedings?|matter|order)\b",
    re.I,
)


_PAST = re.compile(r"(?:\s*,)?\s+in\s+((?:19|20)\d\d)\b")
"""The year of an earlier sum: "fined Acme €600,000 in 2018"."""
_IMPOSER = re.compile(
    r"\b(?P<who>[A-Z]{3,6})[”\")]*\s+(?:had\s+|has\s+|also\s+|further\s+)?(?:imposed|fined|issued)\b"
    r"|\b(?:imposed|issued)\s+by\s+(?:the\s+)?(?P<by>[A-Z][\w-]+)"
)
"""An authority that imposes a sum, by its short name."""
_UNDECIDED = frozenset({"alleged", "denied", "dismissed"})
_HOMES = {
    authority: code
    for code, authorities in {
        "GBP": "ICO, FCA, FSA, PRA, CMA, SFO, Ofcom, Ofgem, Ofwat, OFSI, FRC, HMRC, TPR, "
        "Gambling Commission, SRA",
        "EUR": "DPC, CNIL, AMF, AP, AFM, ACM, BaFin, Bundeskartellamt, CONSOB, Garante, AGCM, "
        "AEPD, Central Bank of Ireland, CCPC, European Commission, CNPD, APD/GBA",
        "CHF": "FINMA",
        "JPY": "JFTC, FSA Japan, SESC",
        "INR": "SEBI, RBI, CCI",
        "SEK": "IMY",
        "NOK": "Datatilsynet",
        "ZAR": "FSCA, Information Regulator",
        "AUD": "ACCC, ASIC, AUSTRAC, APRA, OAIC, ACMA",
        "SGD": "MAS, PDPC, CCCS, SGX RegCo",
        "HKD": "SFC, HKMA, ICAC, PCPD, HKEX",
        "CAD": "OSC, BCSC, CIRO, OPC, FINTRAC, Competition Bureau",
        "NZD": "FMA, NZCC",
    }.items()
    for authority in authorities.casefold().split(", ")
}
"""The currency of each authority outside the U.S."""
_LANDS = {
    "austral": "AUD", "singapore": "SGD", "canad": "CAD", "ontario": "CAD", "hong kong": "HKD",
    "new zealand": "NZD",
}  # fmt: skip


def amounts(document: Document) -> tuple[Amount, ...]:
    """The sums that the document says were imposed or agreed, in the order of its text.

    The words next to a sum decide its kind ("a civil penalty of £X", "pay $X to settle"). Its
    sentence must say that it was ordered, paid or agreed. Sums that were sought, alleged, waived,
    only possible or imposed in other cases are left out. So are rounded figures of another sum, and
    parts that add up to another sum. The same sum is returned once, at its first place.
    """
    # A penalty is often as high as the disgorgement: these are two sums.
    found: dict[tuple[Decimal, str, bool], Amount] = {}
    start = end = 0
    for sum_ in money(document.text, dollar=dollar_of(document)):
        keys = [(sum_.value, sum_.currency, disgorged) for disgorged in (False, True)]
        if all(key in found for key in keys) or not _nearby(document.text, sum_.start, sum_.end):
            continue
        if not start <= sum_.start < sum_.end <= end:
            start, end = _sentence(document.text, sum_.start, sum_.end)
        before = document.text[start : sum_.start]
        behind = document.text[sum_.end : end]
        kind = next(_kinds(before, behind), None)
        key = keys[kind == "disgorgement"]
        if kind is None or key in found:
            continue
        if (
            kind == "settlement"
            and _REPEATED.search(_folded(before, "")[0])
            and any(one.kind == kind for one in found.values())
        ):
            # A release repeats the settlement at its end, sometimes misprinted. The repetition
            # counts only if it is the first settlement found.
            continue
        if _own(document, start, end, sum_.start, sum_.end):
            citation = Citation(document, start, end, document.text[start:end])
            who = payer(document, start, sum_.start, sum_.end, end)
            found[key] = Amount(sum_.value, sum_.currency, kind, citation, who)
    return tuple(_without_parts(_of_home(document, list(found.values()))))


def _of_home(document: Document, found: list[Amount]) -> list[Amount]:
    """Without sums in other currencies than the authority's own, if it states any in its own."""
    homes = {_HOMES.get(agency.casefold()) for agency in document.texts("agency")} - {None}
    own = [one for one in found if one.currency in homes]
    return own or found


def _own(document: Document, start: int, end: int, at: int, at_end: int) -> bool:
    """Whether the sum is one of the document's own case, and not merely alleged or disputed."""
    if any(
        kind == "other_side" and first <= at < last for first, last, kind, _ in document.sections
    ):
        return False
    year = str(document.metadata.get("date") or "")[:4]
    past = _PAST.match(document.text, at_end)
    if past and year.isdigit() and int(past[1]) < int(year):
        return False
    own = {name.casefold() for name in document.texts("agency")}
    imposer = _IMPOSER.search(" ".join(document.text[start:end].split()))
    if own and imposer and (imposer["who"] or imposer["by"]).casefold() not in own:
        return False
    parties = parties_of(document)
    if len(parties) == 1:
        named = named_payer(document, start, at, at_end, end)
        if named and not _same(named, parties[0]):
            return False
    if document.speaker_at(start) is None:
        # The words above decide in the authority's own document: it tells of outcomes in passing.
        return True
    return attribute(document, start, end).status not in _UNDECIDED


def _same(name: str, party: str) -> bool:
    """Whether the name may be a short form of the party: a shared word, or an abbreviation."""
    if name.isupper() or re.fullmatch(r"[A-Z]{2}\w*", name):
        return True
    words = set(re.findall(r"\w{3,}", party.casefold()))
    return not words.isdisjoint(re.findall(r"\w{3,}", name.casefold()))


def dollar_of(document: Document) -> str:
    """The currency of a bare ``$`` in the document, by its authority or its court."""
    for agency in document.texts("agency"):
        if _HOMES.get(agency.casefold()) in _LANDS.values():
            return _HOMES[agency.casefold()]
    if document.texts("agency"):
        words = " ".join(document.texts("agency"))
    else:
        words = " ".join((*document.texts("court"), *document.texts("speaker")))
    folded = words.casefold()
    return next((code for land, code in _LANDS.items() if land in folded), "USD")


def _nearby(text: str, start: int, end: int) -> bool:
    """Whether words of a kind stand next to the sum. This is faster than finding its sentence."""
    window = " ".join(text[max(0, start - _NEAR) : end + _NEAR].lower().split())
    if not any(hint in window for hint in _HINTS):
        return False
    before, behind = _folded(text[max(0, start - _NEAR) : start], text[end : end + _NEAR])
    return any(_adjacent(kind, before, behind) for kind in _BEFORE)


def _without_parts(found: Iterable[Amount]) -> list[Amount]:
    """The amounts without rounded figures of others and without parts that add up to another."""
    every = list(found)
    kept = [
        one
        for one in every
        if not any(
            _rounds(one.value, other.value)
            for other in every
            if other.currency == one.currency and other.value != one.value
        )
    ]
    parts: set[tuple[Decimal, str]] = set()
    for whole in kept:
        smaller = [
            one.value for one in kept if one.currency == whole.currency and one.value < whole.value
        ][:_PARTS]
        for count in range(2, len(smaller) + 1):
            for some in combinations(smaller, count):
                if sum(some) == whole.value:
                    parts.update((value, whole.currency) for value in some)
    return [one for one in kept if (one.value, one.currency) not in parts]


def _rounds(figure: Decimal, sum_: Decimal) -> bool:
    """Whether the figure is a multiple of 10,000, at least 100,000, within 1 % of the sum."""
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
    if _RANGE.search(before) or _RANGE_BEHIND.match(behind):
        return
    if _PROPOSED_BEHIND.match(behind) or _EARLIER_BEHIND.match(behind):
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
