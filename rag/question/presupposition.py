"""Presuppositions: the things that a question takes for granted, and sentences that deny them."""

import re

from rag.text.stemming import stem, stems, words
from rag.types import Question

_ASKS_WHETHER = re.compile(
    r"^\s*(?:and |but )?(?:did|does|do|is|are|was|were|has|have|had|can|could|will|would)\b|"
    r"\bwhether\b|\bor (?:not|has|did|was|is)\b",
    re.IGNORECASE,
)
_YES_OR_NO = re.compile(
    r"^(?:and |but |so )?(?:(?!\b(?:who|whom|whose|what|which|when|where|why|how)\b)[^?])*?"
    r"(?:^|, |: | [-–—] |\. |^and |^but |^so )"
    r"(?:did|does|do|is|are|am|was|were|has|have|had|can|could|will|would|should|may|must)"
    r"(?:n['’]t)? (?!and\b|or\b)",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"\bnon\s?-?\s?(?P<prefixed>[a-z]{4,})|"
    r"(?:\b(?:is|are|was|were|be|been|do|does|did|has|have|had|am|will|can|could|would)|['’]m|['’]re)"
    r"(?:n['’]t| not| never) (?!only\b|limited\b|necessarily\b|just\b|merely\b)"
    r"(?P<scope>[^,;:]+)|"
    r"\bwithout (?P<without>admitting|denying)",
    re.IGNORECASE,
)
_LINKS = frozenset("and or to going an a the any yet been be voluntarily constitute".split())
"""Words behind which a denied word may stand ("not *going to decide*")."""
_QUOTED = re.compile(r"[“\"][^“”\"]*[”\"]")
_ENOUGH = 0.5
"""Share of the words taken for granted that the denial holds, at least."""
_FAILING = re.compile(
    r"\b(?:fail\w*|refus\w*|omit\w*|conceal\w*|hid\w*|lack\w*|without|lie[ds]?|lying|mislead\w*|"
    r"misled|false\w*|den(?:y|ies|ied)|reject\w*|declin\w*|withh\w+|ignor\w*|violat\w*|breach\w*)\b",
    re.IGNORECASE,
)
"""What somebody failed to do: a sentence that he did not do it agrees with the question."""
_FOR_A_TIME = re.compile(r"\b(?:preceding|previous\w*|prior|earlier|before|until|yet)\b", re.I)
"""A denial for another time ("has not been fined *before*")."""
_AS_A = re.compile(r"\bas an? (?P<what>[\w.’'-]+(?: [\w.’'-]+){0,3})", re.IGNORECASE)
_NEGATIVE = re.compile(r"\b(?:not|never|n['’]t|non|un\w+ed)\b", re.IGNORECASE)
_DEFIANT = re.compile(
    r"\b(?:vigorously defend|ready to fight|will fight|contest(?:s|ing)? the)\b", re.IGNORECASE
)
_SUBMITS = re.compile(
    r"\b(?:agreed? to (?:pay|settle)|settled? with|admit(?:s|ted)?|plead(?:ed|s)? guilty)",
    re.IGNORECASE,
)


def asks_whether(text: str) -> bool:
    """Whether ``text`` is a yes-or-no question: it begins with a verb, or with its topic.

    >>> asks_whether("And has Acme paid?"), asks_whether("Who paid, and was it much?")
    (True, False)
    >>> asks_whether("Acme 2019: was that a settlement?")
    True
    """
    return _YES_OR_NO.search(text) is not None


def presupposed(text: str) -> frozenset[str]:
    """Stems of the words that a question takes for granted.

    Empty for a yes-or-no question and for a negative question.
    """
    if _is_open(text):
        return frozenset()
    # Names are left out: the question takes for granted what it says about them.
    return stems(" ".join(word for word in words(text) if not word[0].isupper()))


def supposes_submission(text: str) -> bool:
    """Whether a question takes for granted that somebody agreed, settled or pleaded guilty."""
    return not _is_open(text) and _SUBMITS.search(text) is not None


def contradicts(question: Question, sentence: str) -> bool:
    """Whether ``sentence`` denies something that the question takes for granted.

    The denied word must be one of the question, and the denial must hold half of what the question
    takes for granted. A denial inside quotation marks is somebody else's.
    """
    if not question.presupposed and not question.supposes_submission:
        return False
    own = _QUOTED.sub(" ", sentence) if not sentence.startswith(("“", '"')) else sentence
    for match in _NEGATED.finditer(own):
        if match["without"]:
            admits = re.search(r"(?<!without )(?<!neither )\badmit", own, re.IGNORECASE)
            supposed = "admit" in question.presupposed and match["without"] == "admitting"
            if supposed and not admits:
                return True
        elif match["prefixed"]:
            bare = f"{own[: match.start()]} {match['prefixed']} {own[match.end() :]}"
            if stem(match["prefixed"]) in question.presupposed and _holds(question, bare):
                return True
        elif _denies(question, match["scope"], own):
            return True
    return bool(question.supposes_submission and _DEFIANT.search(own))


def _denies(question: Question, scope: str, sentence: str) -> bool:
    """Whether the words behind a "not" deny what the question takes for granted."""
    called = _AS_A.search(question.text)
    if called and stems(called["what"].split(",")[0]) <= stems(scope):
        return True
    if _FAILING.search(question.text) or _FOR_A_TIME.search(scope):
        return False
    tokens = words(scope)
    denied = [
        word
        for at, word in enumerate(tokens)
        if len(word) > 3
        and (
            all(before.lower() in _LINKS for before in tokens[:at])
            or tokens[at - 1].lower() in ("and", "or")
        )
    ]
    if not any(stem(word) in question.presupposed for word in denied):
        return False
    return _holds(question, sentence)


def _holds(question: Question, sentence: str) -> bool:
    """Whether a sentence holds enough of what the question takes for granted."""
    held = stems(sentence) & question.presupposed
    several = len(held) > 1 or len(held) == len(question.presupposed)
    return several and len(held) >= _ENOUGH * len(question.presupposed)


def _is_open(text: str) -> bool:
    return bool(_ASKS_WHETHER.search(text) or _NEGATIVE.search(text))
