"""Kinds of thing: patterns of questions that ask for each, and of sentences that give it."""

import re

from rag.text.money import CURRENCY_CODE, CURRENCY_NAME, CURRENCY_SIGN


def _any(*alternatives: str, case: bool = False) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.NOFLAG if case else re.IGNORECASE)


MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|"
    r"Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
"""A pattern for the name of a month, long or short."""
_NUMBER = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|eighteen|twenty|"
    r"thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|"
    r"dozens?)"
)
_PERIOD = r"(?:years?|months?|weeks?|days?|hours?|minutes?|decades?)"
_SUM = (
    r"(?:amount|sum|price|cost|fine|penalty|disgorgement|interest|payment|loss|profit|gain|value|"
    r"worth|budget|salary|fee|commission|forfeiture|restitution|damages)s?"
)

_NOT_ASKED = r"(?:did|do|does|has|have|had|with|to|about|in|on|of)"
_ASKS: dict[str, re.Pattern[str]] = {
    "amount": _any(
        r"\bhow (?:much|large|big)\b",
        rf"\b(?:what|which)(?: (?!{_NOT_ASKED}\b)[\w’'.-]+){{0,5}} {_SUM}\b",
        r"^(?!.*\b(?:who|what|which|how|when|why|where|did|does|has|have|is|was|are|were|will)\b)"
        rf".*\b{_SUM}\b",
        rf"\b{_SUM}\b[^?]{{0,40}}\bowed\b|: (?:the )?{_SUM}\b",
        r"\b(?:settlement|penalty|fine) amount\b|\b(?:have|had|has|must) to pay\b",
        r"\bwhat (?:has|did|does|must|will) [^?]{1,60}? (?:pay|paid|cost|get away with)\b",
        rf"\bwhat (?:must|did|does|will) [^?]{{1,60}} in (?:[\w-]+ ){{0,3}}{_SUM}\b",
        r"\bagreed? to pay\b|\bby how much\b",
        r"\b(?:maximum|minimum|total)\b[^?]{0,40}\b(?:fined?|pay|paid|penali[sz]ed|cost)\b",
    ),
    "number": _any(r"\bhow many\b|\bwhat (?:number|percentage|share|proportion)\b"),
    "duration": _any(r"\bhow (?:long|many (?:years|months|days|weeks))\b|\bwhat period\b"),
    "date": _any(
        r"\bwhen (?:did|was|were|does|is|will|and)\b|, when\b|\bwhen\?",
        r"\b(?:what|which|on what) (?:date|day|year|month)\b",
    ),
    "person": _any(
        # Not "the man who …".
        r"(?:^|[,;:?.–-]\s+|\b(?:and|or|but)\s+)(?:\w+ )?who(?:m|se)?\b",
        r"\b(?:by|to|from|for|with|of|against|in|at|on) (?:whom|whose)\b",
        r"\bname of\b|\bwhich (?:judge|person|man|woman|executive)\b",
    ),
    "place": _any(
        r"\bwhere (?:is|was|were|did|does|do|are)\b",
        r"\b(?:what|which) (?:country|countries|city|cities|state|county)\b(?! of)",
    ),
    "court": _any(r"\b(?:which|what) court\b"),
    "judge": _any(r"\b(?:which|what|who) (?:was |is )?(?:the )?judge\b"),
    "reason": _any(r"\bwhy\b|\bon what (?:grounds|basis)\b|\bwhat (?:reason|led to)\b"),
    "status": _any(
        r"\b(?:admit|admitted|settled?|status|outcome|ruled|convicted|overturned|appeal|acquitted|"
        r"verdict|dismissed|got off|imposed?|still|only allegations)\b",
        r"\b(?:won|win|lost|lose)\b[^?]{0,300}\b(?:trial|case|appeal|court)\b",
        r"\bwhat (?:happened|became)\b|\bhow did\b[^?]{0,300}\bend\b",
    ),
    "sentence": _any(
        r"\bhow (?:long|many years)[^?]{0,300}\b(?:prison|jail|behind bars|sentence)",
        r"\bwhat (?:prison )?sentence\b|\bsentenced to\b",
    ),
}
_GIVES: dict[str, re.Pattern[str]] = {
    "amount": _any(
        rf"(?:\b(?:US|NZ|HK|[ACS]))?{CURRENCY_SIGN}\s?\d(?:[\d,.]*\d)?"
        r"(?:\s?(?:m\s?illion|b\s?illion|trillion|thousand)\b)?",
        rf"\b{CURRENCY_CODE}\s?\d(?:[\d,.]*\d)?(?:\s?(?:million|billion)\b)?",
        rf"\b\d(?:[\d,.]{{0,30}}\d)?\s?{CURRENCY_CODE}\b",
        rf"\b\d[\d,.]{{0,30}}\s?(?:m\s?illion|b\s?illion|trillion|thousand|percent|%|cents?\b|"
        rf"{CURRENCY_NAME}\b)",
        rf"\b{_NUMBER}(?:[ -]{_NUMBER}){{0,6}}[ -](?:million|billion|thousand|hundred|cents?|"
        rf"percent|{CURRENCY_NAME})\b",
    ),
    "number": _any(rf"\d[\d,]*(?:\.\d+)?|\b{_NUMBER}(?:[ -]{_NUMBER})*\b"),
    "duration": _any(
        rf"(?:\b\d[\d,.]{{0,30}}|\b{_NUMBER})[ -]{{1,9}}(?:(?:to|or|and) \d+ )?(?:\(\d+\) )?"
        rf"{_PERIOD}\b",
        r"\bpermanent(?:ly)?\b|\bfor life\b",
        r"\bfrom\b.{0,60}\b(?:to|through|until)\b.{0,40}\b(?:19|20)\d\d\b",
        r"\bbetween\b.{0,60}\band\b.{0,40}\b(?:19|20)\d\d\b",
    ),
    "date": _any(
        rf"\b{MONTH}\s+\d{{1,2}}\b(?:,?\s+(?:19|20)\d\d\b)?|\b{MONTH},?\s+(?:19|20)\d\d\b",
        rf"\b{MONTH}\s+\d|\b(?:19|20)\d\d\b|\b\d{{1,2}}/\d{{1,2}}/\d{{2,4}}\b",
        r"\b(?:today|yesterday)\b",
        case=True,
    ),
    "person": _any(r"(?<![.?!] )(?<!^)\b[A-Z][a-z]+\b|^[A-Z][a-z]+ (?:[A-Z]\. )?[A-Z]", case=True),
    "place": _any(r"(?<=\s)[A-Z][a-z]+", case=True),
    "court": _any(r"\bcourt\b|\bcircuit\b|\b[A-Z]\.?D\.? ?[A-Z][a-z]{0,3}\."),
    "judge": _any(r"\b(?:judge|justice|honorable|hon\.)"),
    "reason": _any(
        r"\b(?:because|since|due to|as a result|reasons?|in order to|in light of|based on|given|"
        r"so that|after|following|therefore|thus|for (?:failing|violating)|to avoid)\b"
    ),
    "status": _any(
        r"\b(?:consent(?:ed|s)?|settle(?:d|ment|s)?|agreed|without (?:admitting|denying)|admit\w*|"
        r"judgments?|verdict|acquitted|convicted|pl(?:ed|eaded|ea)|dismiss\w*|affirm\w*|revers\w*|"
        r"vacated|found|ruled|granted|denied|assessed|imposed|remitted|moot|liable)\b"
    ),
    "sentence": _any(r"\bsentenced\b|\bprison\b|\bimprisonment\b|\bincarcerat|\bprobation\b"),
}


def kinds(question: str) -> tuple[str, ...]:
    """The kinds of thing that ``question`` asks for; empty if any statement may answer."""
    found = [kind for kind, pattern in _ASKS.items() if pattern.search(question)]
    if "duration" in found and "number" in found:
        found.remove("number")
    return tuple(found)


def gives(kind: str, sentence: str) -> bool:
    """Whether ``sentence`` contains a thing of ``kind`` (a key that `kinds` returns)."""
    return _GIVES[kind].search(sentence) is not None


def things(kind: str, sentence: str) -> list[tuple[int, int]]:
    """Half-open spans of the things of ``kind`` in ``sentence``."""
    return [match.span() for match in _GIVES[kind].finditer(sentence)]
