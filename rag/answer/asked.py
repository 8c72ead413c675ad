"""What a question asks for: its words, its names, and the kinds of thing that would answer it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer.words import stem, stems, words

_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|"
    r"Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_NUMBER_WORD = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|eighteen|twenty|"
    r"thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|dozens?)"
)
_UNIT = r"(?:years?|months?|weeks?|days?|hours?|decades?)"

# kind: (how a question asks for it, what a sentence that gives it contains)
_KINDS: dict[str, tuple[re.Pattern[str], re.Pattern[str]]] = {
    "amount": (
        re.compile(
            r"\bhow (?:much|large|big)\b|\b(?:what|which)\b[^?]{0,40}\b(?:amount|sum|price|cost|fine|"
            r"penalty|disgorgement|interest|payment|loss|profit|gain|value|worth|budget|salary|fee)s?\b"
            r"|\b(?:amount|penalty|fine|disgorgement|interest)\b[^?]{0,60}$|\b(?:have|had|has) to pay\b"
            r"|\b(?:settlement|penalty|fine) amount\b|\bwhat has \w+ paid\b|\bagreed? to pay\b",
            re.IGNORECASE,
        ),
        re.compile(
            r"[$€£¥]\s?\d|\b\d[\d,.]*\s?(?:m\s?illion|b\s?illion|trillion|thousand|percent|%|cents?\b|"
            r"euros?\b|dollars?\b)|\b" + _NUMBER_WORD + r"[ -](?:million|billion|thousand|hundred|"
            r"cents?|euros?|dollars?|percent)\b",
            re.IGNORECASE,
        ),
    ),
    "number": (
        re.compile(r"\bhow many\b|\bwhat (?:number|percentage|share|proportion)\b", re.IGNORECASE),
        re.compile(r"\d|\b" + _NUMBER_WORD + r"\b", re.IGNORECASE),
    ),
    "duration": (
        re.compile(r"\bhow (?:long|many (?:years|months|days|weeks))\b|\bwhat period\b", re.I),
        re.compile(
            r"(?:\d|\b" + _NUMBER_WORD + r")[ -]+(?:\(\d+\) )?" + _UNIT + r"\b|"
            r"\bpermanent(?:ly)?\b|\bfor life\b|\b" + _UNIT + r"\b.{0,20}\bbetween\b|"
            r"\bfrom\b.{0,40}\b(?:19|20)\d\d\b.{0,20}\b(?:to|through|until)\b",
            re.IGNORECASE,
        ),
    ),
    "date": (
        re.compile(
            r"\bwhen\b(?! (?:the|it|he|she|they|later|asked)\b)|\bwhen (?:did|was|were|does|is|the)\b|"
            r"\b(?:what|which|on what) (?:date|day|year|month)\b|\bas of when\b",
            re.IGNORECASE,
        ),
        re.compile(
            r"\b" + _MONTH + r"\s+\d|\b(?:19|20)\d\d\b|\b\d{1,2}/\d{1,2}/\d{2,4}\b|"
            r"\b(?:today|yesterday)\b",
        ),
    ),
    "person": (
        re.compile(r"\bwho(?:m|se)?\b|\bname of\b|\bwhich (?:judge|person|man|woman)\b", re.I),
        re.compile(r"(?<![.?!]\s)(?<!^)\b[A-Z][a-z]+\b"),
    ),
    "place": (
        re.compile(
            r"^where\b|\bwhere (?:is|was|were|did|does|do|are)\b|"
            r"\b(?:what|which) (?:country|countries|city|cities|state|county)\b",
            re.IGNORECASE,
        ),
        re.compile(r"(?<=\s)[A-Z][a-z]+"),
    ),
    "court": (
        re.compile(r"\b(?:which|what) court\b", re.IGNORECASE),
        re.compile(r"\bCourt\b|\b(?:S|N|E|W|C|M|D)\.?D?\. ?[A-Z]", re.IGNORECASE),
    ),
    "judge": (
        re.compile(r"\b(?:which|what|who) (?:was |is )?(?:the )?judge\b", re.IGNORECASE),
        re.compile(r"\b(?:Judge|Justice|Hon(?:orable|\.))\b"),
    ),
    "reason": (
        re.compile(r"\bwhy\b|\bon what (?:grounds|basis)\b|\bwhat (?:reason|led to)\b", re.I),
        re.compile(
            r"\b(?:because|since|due to|as a result|reason|in order to|in light of|based on|given|"
            r"so that|after|following|therefore|thus|for (?:failing|violating))\b",
            re.IGNORECASE,
        ),
    ),
}
_NAME = re.compile(
    r"(?:[A-Z][A-Za-z0-9’'&-]*[a-z0-9][A-Za-z0-9’'&.-]*|[A-Z]{2,}[A-Za-z0-9]*|#?\d[\d-]+\d)"
    r"(?:\s+(?:(?:of|the|and|de|von|van|&)\s+)?(?:[A-Z][A-Za-z0-9’'&.-]+))*"
)
_OPENERS = frozenset(
    """what who whom whose which when where why how did does do is are was were has have had can could
    would should will on in at for from to as according after before if during of and the a an under
    tell give list name trace compare no yes""".split()
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question taken apart.

    Attributes
    ----------
    text
        The question as typed.
    context
        The question with what it refers back to in front of it; the same where nothing is.
    stems
        Stems of its content words; those of ``context`` where the question itself has few.
    names
        Proper names, release numbers and the like, as typed, longest first.
    kinds
        What would answer it: keys such as ``amount``, ``date``, ``duration``.
    parts
        The questions it is made of; one element where it is a single one.
    """

    text: str
    context: str
    stems: frozenset[str]
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    parts: tuple[str, ...]


def asked(question: str, history: Sequence[str] = ()) -> Asked:
    """Take ``question`` apart; ``history`` are the earlier questions, oldest first."""
    context = " ".join([*history[-2:], question])
    return Asked(
        text=question,
        context=context,
        stems=stems(context),
        names=_names(context),
        kinds=kinds(question),
        parts=_parts(question),
    )


def kinds(question: str) -> tuple[str, ...]:
    """The kinds of thing that ``question`` asks for; empty where any statement may answer it."""
    found = [kind for kind, (question_form, _) in _KINDS.items() if question_form.search(question)]
    if "duration" in found and "number" in found:
        found.remove("number")
    return tuple(found)


def gives(kind: str, sentence: str) -> bool:
    """Whether ``sentence`` contains a thing of ``kind`` (a key that `kinds` returns)."""
    return _KINDS[kind][1].search(sentence) is not None


def _names(text: str) -> tuple[str, ...]:
    found = []
    for match in _NAME.finditer(text):
        name = match.group().rstrip(".'’")
        head, _, rest = name.partition(" ")
        at_start = match.start() == 0 or text[: match.start()].rstrip()[-1:] in ".?!:"
        if head.lower() in _OPENERS and at_start:
            name = rest
        name = re.sub(r"[’']s$", "", name)
        if name and name.lower() not in _OPENERS:
            found.append(name)
    return tuple(sorted(dict.fromkeys(found), key=len, reverse=True))


_PART = re.compile(
    r"\s*(?:,? and (?=(?:what|who|whom|when|where|why|how|which|does|did|is|was|in what|for how)\b)|"
    r"\bvs\.?\s|\bversus\b|;\s|\? (?=[A-Z])|, (?=(?:what|who|when|where|why|how|which)\b)|"
    r"\bcompared (?:with|to)\b|, then )\s*",
    re.IGNORECASE,
)


def _parts(question: str) -> tuple[str, ...]:
    pieces = [p.strip(" ?,") for p in _PART.split(question)]
    pieces = [p for p in pieces if len(words(p)) >= 2 and any(stem(w) for w in words(p))]
    return tuple(pieces) if len(pieces) > 1 else (question,)
