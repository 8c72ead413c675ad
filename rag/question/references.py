"""References of a question to the earlier questions of a conversation."""

import re
from collections.abc import Sequence

from rag.question.analysis import names
from rag.text.stemming import stems

_TURNS_AWAY = re.compile(
    r"^\s*(?:no|not|sorry|rather|actually|instead|other than)\b|"
    r"\bI (?:mean|meant)\b|\bthe other\b|\binstead\b",
    re.IGNORECASE,
)
_CONTINUES = re.compile(
    r"^\s*(?:and|but|or|also|so|then|what about|how about)\b|"
    r"\b(?:it|he|she|they|him|them|that|this|those|these)\b",
    re.IGNORECASE,
)
"""Words that refer back. "Its" and "his" are left out: they often mean a name in the question."""
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


def _stands_alone(text: str) -> bool:
    return (
        bool(names(text))
        and len(stems(text)) >= _WORDS_ALONE
        and not _CONTINUES.search(text)
        and not turns_away(text)
    )
