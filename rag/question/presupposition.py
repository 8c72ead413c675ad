"""Presuppositions: the things that a question takes for granted, and sentences that deny them."""

import re

from rag.text.stemming import stem, stems, words
from rag.types import Question

_ASKS_WHETHER = re.compile(
    r"^\s*(?:and |but )?(?:did|does|do|is|are|was|were|has|have|had|can|could|will|would)\b|"
    r"\bwhether\b|\bor (?:not|has|did|was|is)\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"\bnon\s?-?\s?(?P<prefixed>[a-z]{4,})|"
    r"\b(?:is|are|was|were|be|been|do|does|did|has|have|had)(?:n['’]t| not| never) "
    r"(?:(?:an?|the|any|yet|been|constitute|voluntarily)\s+){0,3}"
    r"(?P<verbal>[\w.'’-]+(?: [\w.'’-]+)?)|"
    r"\bwithout (?P<without>admitting|denying)",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(r"\b(?:not|never|n['’]t|non|un\w+ed)\b", re.IGNORECASE)
_DEFIANT = re.compile(
    r"\b(?:vigorously defend|ready to fight|will fight|contest(?:s|ing)? the)\b", re.IGNORECASE
)
_SUBMITS = re.compile(
    r"\b(?:agreed? to (?:pay|settle)|settled? with|admit(?:s|ted)?|plead(?:ed|s)? guilty)",
    re.IGNORECASE,
)


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
    """Whether ``sentence`` denies something that the question takes for granted."""
    if not question.presupposed and not question.supposes_submission:
        return False
    for match in _NEGATED.finditer(sentence):
        if match.group("without"):
            admits = re.search(r"(?<!without )(?<!neither )\badmit", sentence, re.IGNORECASE)
            supposed = "admit" in question.presupposed and match.group("without") == "admitting"
            if supposed and not admits:
                return True
            continue
        said = match.group("prefixed") or match.group("verbal")
        if any(stem(word) in question.presupposed and len(word) > 3 for word in said.split()):
            return True
    return bool(question.supposes_submission and _DEFIANT.search(sentence))


def _is_open(text: str) -> bool:
    return bool(_ASKS_WHETHER.search(text) or _NEGATIVE.search(text))
