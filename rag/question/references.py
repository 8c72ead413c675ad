"""What a question refers back to, and whether it turns away from the earlier ones."""

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
"""Words that refer back. "Its" and "his" may as well mean a name in the question itself."""
_WORDS_ALONE = 3
"""Content words, names among them, with which a question may stand alone."""
_READ_TOGETHER = 2
"""Earlier questions that are read with one that refers back."""


def turns_away(text: str) -> bool:
    """Whether the question turns away from the earlier ones ("No, I mean the other one")."""
    return _TURNS_AWAY.search(text) is not None


def referred_to(text: str, history: Sequence[str]) -> Sequence[str]:
    """The earlier questions that the question refers back to, oldest first.

    A question that names what it is about refers back to none; any other to the last two.
    """
    return () if _stands_alone(text) else history[-_READ_TOGETHER:]


def _stands_alone(text: str) -> bool:
    return (
        bool(names(text))
        and len(stems(text)) >= _WORDS_ALONE
        and not _CONTINUES.search(text)
        and not turns_away(text)
    )
