"""What a question asks for: its words, its names, its parts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.question.answer_types import kinds
from rag.text.stemming import stem, stems, words

_NAME = re.compile(
    r"(?:[A-Z][A-Za-z0-9’'&-]*[a-z0-9][A-Za-z0-9’'&.-]*|[A-Z]{2,}[A-Za-z0-9]*|"
    r"[#$]?\d[\d,.-]*\d)"
    r"(?:\s+(?:(?:of|the|de|von|van|&)\s+)?(?:[A-Z][A-Za-z0-9’'&-]*[A-Za-z0-9.]))*"
)
_NO_NAME = re.compile(
    r"\b(?:[A-Z]{2,} )?No\. ?(?=\d)|\b\d+ C\.?F\.?R\.?|"
    r"(?:\b[Ss]ections?|\b[Rr]ules?|§+) ?\d[\w()-]*(?:\.\w+)*"
)
"""What stands before the number of a release ("AAER No. 4531"), and provisions of the law."""
_COMMON = """
SEC OFAC US U.S Release CFO CEO COO CTO VP Commission One Two Three Four Five Both Each January
February March April May June July August September October November December
"""
_NAMELESS = frozenset(_COMMON.split())
_OPENING = """
what who whom whose which when where why how did does do is are was were has have had can could
would should will on in at for from to as according after before if during of and the a an under
besides tell give list name trace compare no yes exactly by against between among over since until
through without within total whose
"""
_OPENERS = frozenset(_OPENING.split())
_PART = re.compile(
    r"\s*(?:,? and (?=(?:what|who|whom|when|where|why|how|which|does|did|is|was|in what|for how)\b)"
    r"|\bvs\.?\s|\bversus\b|;\s|\? (?=[A-Z])|, (?=(?:what|who|when|where|why|how|which)\b)"
    r"|\bcompared (?:with|to)\b|, then )\s*",
    re.IGNORECASE,
)
_COMPARE = re.compile(r"\bcompare\b.+?(?P<between>\b(?:with|against)\b)", re.IGNORECASE)
_TOPIC = re.compile(
    r"^(?P<topic>[^:?]{3,80}): (?=\S)|^(?P<said>[^?]+?[a-z]{2})\. "
    r"(?=(?:what|who|whom|when|where|why|how|which|did|does|was|were|is|are)\b)",
    re.IGNORECASE,
)
"""What a question names before it asks ("Abra Earn: how large …")."""
_SETTING = re.compile(
    r"^(?:in|on|at|as|after|before|besides|according to|during|under|following|when|while|for|"
    r"of|with|given|apart from|other than|despite)\b"
    r"(?! (?:what|which|whom|how|did|do|does|was|were|is|are|has|have|had|will|would|must)\b)",
    re.IGNORECASE,
)
"""An opening that says where the question is set and asks nothing itself."""
_HEAD = re.compile(
    r"\b(?:which|what|how many|"
    r"who(?= (?:was|is|were|are) (?:the|an?|appointed|[^?,]{1,40}[’']s)\b))"
    r"\s+(?:(?:was|is|were|are)\s+)?(?:(?:the|an?)\s+)?(?:names?\s+of\s+(?:(?:the|an?)\s+)?)?"
    r"(?:of\s+(?:(?:the|its|his|her|their)\s+|(?=[^?]{1,60}[’']s?\s)))?(?P<noun>[^?]*)",
    re.IGNORECASE,
)
"""What stands before the noun that a question asks for ("which of Acme's *brokers* …")."""
_AFTER_NOUN = """
did does do is was were are has have had will would can could should must may might got that which
who whom whose to of in on for by from with at over against under into about than as and or but
after before if when not so it he she they we you exactly happened really
began bought broke brought built came chose cut drew drove fed fell flew found gave got heard held
hid hit hurt kept knew led left lent lost made meant met paid put ran said saw sent set shot shut
sold sought spent spoke stole stood taught thought threw told took went won wore wrote
"""
_ENDS_NOUN = frozenset(_AFTER_NOUN.split())
_ASKS = re.compile(r"\b(?:what|who|whom|when|where|why|how|which)\b", re.IGNORECASE)
_TURN = re.compile(r"^\s*(?:no|not|sorry|rather|actually)\b|\bI mean\b|\bthe other\b", re.I)
_CONTINUES = re.compile(
    r"^\s*(?:and|but|or|also|so|then|what about|how about)\b|"
    r"\b(?:it|he|she|they|him|them|that|this|those|these)\b",
    re.IGNORECASE,
)
"""What refers back; "its" and "his" may as well mean a name in the question itself."""
_WORDS_ALONE = 3
"""Content words, names among them, with which a question may stand alone."""


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
        Stems of the content words of ``context``.
    own
        Those of the question itself.
    turned
        Whether the question turns away from the earlier ones ("No, I mean the other one").
    names
        Proper names, release numbers and the like, as typed, longest first; provisions of the law
        are none. Where the question turns away from the earlier ones, its own alone.
    kinds
        What would answer it: keys of `rag.question.answer_types`.
    head
        Stem of what is asked for by its noun ("which *judge*", "what *penalty*"); None without.
    parts
        The questions it is made of, each with the words of the whole behind its own; empty where
        it is a single one.
    """

    text: str
    context: str
    stems: frozenset[str]
    own: frozenset[str]
    turned: bool
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    head: str | None
    parts: tuple["Asked", ...] = ()


def asked(question: str, history: Sequence[str] = ()) -> Asked:
    """Take ``question`` apart; ``history`` are the earlier questions, oldest first.

    A question that names what it is about refers to none of them.
    """
    earlier = () if _stands_alone(question) else history[-2:]
    whole = _single(question, " ".join([*earlier, question]))
    pieces = _pieces(question)
    return replace(whole, parts=tuple(_part(whole, piece) for piece in pieces))


def _stands_alone(question: str) -> bool:
    return (
        bool(_names(question))
        and len(stems(question)) >= _WORDS_ALONE
        and not _CONTINUES.search(question)
        and not _TURN.search(question)
    )


def _single(question: str, context: str) -> Asked:
    turned = bool(_TURN.search(question))
    return Asked(
        text=question,
        context=context,
        stems=stems(context),
        own=stems(question),
        turned=turned,
        names=_names(question if turned else context),
        kinds=kinds(question),
        head=_head(question),
    )


def _head(question: str) -> str | None:
    """Stem of the noun that is asked for: the last word before the verb."""
    for match in _HEAD.finditer(question):
        noun = ""
        for word in match["noun"].split():
            bare = word.rstrip(",;:")
            if bare.lower() in _ENDS_NOUN or (noun and re.search(r"[a-z]{3}(?:ed|ly)$", bare)):
                break
            if noun.islower() and bare[:1].isupper():
                break
            noun = bare
            if bare != word:
                break
        if words(noun) and noun[:1].islower() and not re.search(r"[’']s?$", noun):
            return stem(words(noun)[-1])
    return None


def _part(whole: Asked, piece: str) -> Asked:
    """One half of a question: what it leaves out ("and what did *it* pay") is in the whole."""
    part = _single(piece, piece)
    missing = [name for name in whole.names if name not in piece]
    return replace(
        part,
        context=f"{', '.join(missing)}: {piece}" if missing else piece,
        stems=whole.stems,
        names=whole.names,
        kinds=part.kinds if part.kinds or _ASKS.search(piece) else whole.kinds,
    )


def _names(text: str) -> tuple[str, ...]:
    found = []
    for match in _NAME.finditer(_NO_NAME.sub(" ", text)):
        # "… Enron. Fastow …" and "Ripple's XRP" are two.
        for name in re.split(r"(?<=[a-z]{2})\. |[’']s ", match.group()):
            first, _, rest = name.partition(" ")
            name = rest if first.lower() in _OPENERS else name
            name = re.sub(r"[’']s$", "", name.strip(".'’ "))
            name = re.sub(r"^(?:of|the) ", "", name)
            if len(name) > 1 and name.lower() not in _OPENERS and name not in _NAMELESS:
                found.append(name)
    return tuple(sorted(dict.fromkeys(found), key=len, reverse=True))


def _pieces(question: str) -> list[str]:
    compared = _COMPARE.search(question)
    if compared:
        pieces = [question[: compared.start("between")], question[compared.end() :]]
    else:
        pieces = _PART.split(question)
    pieces = [piece.strip(" ?,-") for piece in pieces]
    pieces = [piece for piece in pieces if stems(piece) and len(words(piece)) >= 2]
    if len(pieces) > 1 and _SETTING.match(pieces[0]):
        setting, *pieces = pieces
        pieces = [f"{setting}, {piece}" for piece in pieces]
    topic = _TOPIC.match(question)
    if topic:
        named = topic.group("topic") or topic.group("said")
        pieces = [piece if piece.startswith(named) else f"{named}: {piece}" for piece in pieces]
    return pieces if len(pieces) > 1 else []
