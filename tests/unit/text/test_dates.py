"""Dates in words."""

import pytest

from rag.text.dates import date_in_words


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("2023-06-05", "5 June 2023"),
        ("2023-06", "June 2023"),
        ("2023", "2023"),
        ("2023-13", "2023-13"),
        ("soon", "soon"),
        (None, ""),
    ],
)
def test_a_date_in_words_is_as_exact_as_it_was(date: str | None, words: str) -> None:
    assert date_in_words(date) == words
