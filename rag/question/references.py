"""References of a question to the earlier questions of a conversation."""

import re
from collections.abc import Callable, Sequence

from rag.question.analysis import names
from rag.text.stemming import folded, stems, words

_TURNS_AWAY = re.compile(
    r"^\s*(?:no|not|sorry|rather|actually|instead|other than)\b|"
    r"\bI (?:mean|meant)\b|\binstead\b|"
    r"\bthe other\b(?! (?:two|three|four|five|ones|defendants|parties|[a-z]+(?:ers|ors|ies))\b)",
    re.IGNORECASE,
)
"""Words that reject the earlier questions. "The other two" are still those of the conversation."""
_CONTINUES = re.compile(
    r"^\s*(?:and|but|or|also|so|then|what about|how about)\b|"
    r"\b(?:it|he|she|they|him|them|that|this|those|these)\b",
    re.IGNORECASE,
)
"""Words that refer back. "Its" and "his" are left out: they often mean a name in the question."""
_REFERS = re.compile(r"\b(?:they|them|that|this|those|these)\b", re.IGNORECASE)
"""Words that refer back even behind a name. "It" and "he" then mean that name."""
_WORDS_ALONE = 3
"""Content words (names included) of a question that can stand alone, at least."""
_READ_TOGETHER = 2
"""Earlier questions that a question can refer back to, at most."""


def turns_away(text: str) -> bool:
    """Whether the question rejects the earlier ones ("No, I mean the other one")."""
    return _TURNS_AWAY.search(text) is not None


def referred_to(text: str, history: Sequence[str]) -> Sequence[str]:
    """The earlier questions that the question refers back to, oldest first.

    A question that names its subject refers to none. Any other question refers to the last two.
    """
    return () if _stands_alone(text) else history[-_READ_TOGETHER:]


def leaves(text: str, focus: Sequence[str], *, is_rare: Callable[[str], bool]) -> bool:
    """Whether the question leaves the documents that the conversation is about.

    It does if it rejects the earlier questions, or names somebody whom these documents do not
    mention ("And what did Acme pay?"), unless it refers back as well ("Does Acme know them?").

    Parameters
    ----------
    focus
        Title and text of each document that the conversation is about.
    is_rare
        Whether few documents of the index have this word. Common words ("Canadian") name nobody.
    """
    if turns_away(text):
        return True
    if _REFERS.search(text):
        return False
    known = [folded(document) for document in focus]
    return any(
        is_rare(word) and not any(word.casefold() in document for document in known)
        for name in names(text)
        for word in words(name)
    )


def _stands_alone(text: str) -> bool:
    return (
        bool(names(text))
        and len(stems(text)) >= _WORDS_ALONE
        and not _CONTINUES.search(text)
        and not turns_away(text)
    )
