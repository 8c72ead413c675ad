"""The words without which a pattern cannot match."""

import re

import pytest

from rag.attribution.literals import required


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"\bthe Court (?:has )?held\b", {"the court "}),
        (r"\b(?:denied|granted)\b", {"denied", "granted"}),
        (r"\b(?:denied|\w+)\b", None),
        (r"\d\.\d\d", None),
        (r"(?:fined){1,2} Acme", {"fined"}),
        (r"(?:fined)?", None),
    ],
)
def test_the_words_that_a_pattern_needs(pattern: str, words: set[str] | None) -> None:
    assert required(re.compile(pattern, re.IGNORECASE)) == words
