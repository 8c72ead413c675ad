"""A sentence that says no to what a question takes for granted."""

import re

from rag.text.stemming import stem, stems, words

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


def contradicts(question: str, sentence: str) -> bool:
    """Whether ``sentence`` denies something that ``question`` presupposes.

    A question that asks whether something is so presupposes nothing; neither does one that is
    itself put in the negative.
    """
    if _ASKS_WHETHER.search(question) or _NEGATIVE.search(question):
        return False
    # What is said of a name is taken for granted, not the name.
    assumed = stems(" ".join(word for word in words(question) if not word[0].isupper()))
    for match in _NEGATED.finditer(sentence):
        if match.group("without"):
            admits = re.search(r"(?<!without )(?<!neither )\badmit", sentence, re.IGNORECASE)
            if "admit" in assumed and match.group("without") == "admitting" and not admits:
                return True
            continue
        said = match.group("prefixed") or match.group("verbal")
        if any(stem(word) in assumed and len(word) > 3 for word in said.split()):
            return True
    return bool(_SUBMITS.search(question) and _DEFIANT.search(sentence))
