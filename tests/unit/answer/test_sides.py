"""Sides of a question that no claim quotes."""

import pytest

from rag.answer.sides import missing_sides
from rag.question.understanding import understand


@pytest.mark.parametrize(
    ("question", "speakers", "expected"),
    [
        (
            "What do the SEC and Binance say about it?",
            ["Binance"],
            ("no quote is the word of the SEC",),
        ),
        ("What do the SEC and Binance say about it?", ["SEC", "Binance", None], ()),
        ("what did Goldman or the court each say?", ["Goldman Sachs", "the court"], ()),
        ("What does Binance say about the SEC and its staff?", ["Binance"], ()),
        ("Who sued Acme and Roe?", ["SEC"], ()),
    ],
)
def test_the_side_that_is_not_quoted_is_named(
    question: str, speakers: list[str | None], expected: tuple[str, ...]
) -> None:
    assert missing_sides(understand(question).sides, speakers) == expected
