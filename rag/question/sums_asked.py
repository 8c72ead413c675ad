"""Questions that want sums ranked or added up over many documents."""

import re
from collections.abc import Sequence

from rag.types import AmountKind, Preference, SumsAsked

_KINDS: dict[AmountKind, re.Pattern[str]] = {
    "penalty": re.compile(r"\b(?:penalt(?:y|ies)|fines?)\b", re.I),
    "settlement": re.compile(r"\bsettlements?\b", re.I),
    "disgorgement": re.compile(r"\bdisgorgements?\b", re.I),
}
_EXTREME = re.compile(r"\b(?:largest|biggest|highest|greatest|heaviest|smallest|lowest)\b", re.I)
_SMALLEST = re.compile(r"\b(?:smallest|lowest)\b", re.I)
_SEVERAL = re.compile(r"\b(?:top|total|sum|all|list|rank(?:ing)?|compare|add\s+up)\b", re.I)
_PLURAL = re.compile(r"\b(?:penalties|fines|settlements|disgorgements|amounts)\b", re.I)
_PLAIN = frozenset(
    (
        "what which who whom whose were was is are did do does has have had been the a an of in on "
        "at by for to and or as per its their all any each every list show me give tell how much "
        "many paid pay imposed agreed assessed levied ordered against with from since between "
        "after "
        "before until through during year years ever so far top ten five three twenty largest "
        "biggest highest greatest heaviest smallest lowest total sum add up rank ranking compare "
        "that this these those please can could you why last next past second third more less than "
        "over under us usa sec commission securities exchange office foreign assets control "
        "treasury commodity futures trading court courts average million billion thousand so there "
        "instead "
        "penalty penalties fine fines settlement settlements disgorgement disgorgements amount "
        "amounts money monetary civil dollars enforcement action actions case cases release "
        "releases document documents company companies firm firms people january february march "
        "april may june july august september october november december "
    ).split()
)
"""Words that do not narrow the documents."""
_SPAN = re.compile(r"\b(?:between|from)\b.*\b(?:and|to|until|through)\b|\d{4}\s*[-–]\s*\d{4}", re.I)
_AFTER = re.compile(r"\bafter\b", re.I)
_FROM = re.compile(r"\b(?:since|from)\b", re.I)
_BEFORE = re.compile(r"\bbefore\b", re.I)
_UNTIL = re.compile(r"\b(?:until|up to|through)\b", re.I)


def sums_asked(text: str, preferences: Sequence[Preference]) -> SumsAsked | None:
    """The sums that the question wants ranked or added up; None if it wants none.

    Parameters
    ----------
    preferences
        The dates that the question prefers, and the agencies that it and the earlier questions
        name. Agencies of the question itself replace those of the earlier ones.
    """
    kinds = amounts_asked(text)
    if not kinds:
        return None
    agencies = _named(text, preferences, "agency")
    days = _days(text, _named(text, preferences, "date"))
    return SumsAsked(
        kinds=tuple(sorted(kinds)),
        agencies=tuple(agencies),
        days=tuple(days),
        words=_words(text, agencies),
        smallest=_SMALLEST.search(text) is not None,
    )


def amounts_asked(text: str) -> frozenset[AmountKind]:
    """The kinds of sums that a question wants ranked or added up; empty if it wants none.

    "Penalties" include settlements: a settlement with an agency is often called a penalty.

    >>> sorted(amounts_asked("What were the largest OFAC penalties in 2019?"))
    ['penalty', 'settlement']
    >>> amounts_asked("What penalty did Expedia pay?")
    frozenset()
    """
    several = _SEVERAL.search(text) and _PLURAL.search(text)
    if not several and not _EXTREME.search(text):
        return frozenset()
    kinds = {kind for kind, words in _KINDS.items() if words.search(text)}
    if "penalty" in kinds:
        kinds.add("settlement")
    if not kinds and _PLURAL.search(text):
        kinds.update(_KINDS)
    return frozenset(kinds)


def _named(text: str, preferences: Sequence[Preference], kind: str) -> list[str]:
    """The preferred values of a kind that the question names; else those of the earlier ones."""
    named = [one for one in preferences if one.kind == kind]
    own = [one for one in named if one.said.lower() in text.lower()]
    return [one.value for one in own or named]


def _days(text: str, dates: Sequence[str]) -> list[tuple[str, str]]:
    """Ranges of ISO dates that are compared as text. ``~`` sorts after every digit."""
    if not dates:
        return []
    first, last = min(dates), max(dates)
    if len(dates) > 1 and _SPAN.search(text):
        return [(first, last + "~")]
    if _AFTER.search(text):
        return [(first + "~", "~")]
    if _FROM.search(text):
        return [(first, "~")]
    if _BEFORE.search(text):
        return [("", last)]
    if _UNTIL.search(text):
        return [("", last + "~")]
    return [(date, date + "~") for date in dates]


def _words(text: str, agencies: Sequence[str]) -> tuple[str, ...]:
    """The words of the question that narrow the documents, without the s of a plural."""
    own = {word for agency in agencies for word in re.findall(r"\w+", agency.lower())}
    return tuple(
        re.sub(r"(?<=\w{3})s$", "", word)
        for word in dict.fromkeys(re.findall(r"[a-z][\w-]+", text.lower()))
        if word not in _PLAIN and word not in own
    )
