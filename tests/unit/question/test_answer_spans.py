"""Spans of sentences from releases that may be the thing asked for, worked out by hand."""

import pytest

from rag.question.answer_spans import answering, asks_name, asks_thing
from rag.question.understanding import understand


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        (
            "Who was appointed receiver over Acme?",
            "The Court appointed Charles Axelrod receiver over Acme.",
            ["Charles", "Axelrod"],
        ),
        ("Who was appointed receiver over Acme?", "The Court appointed a receiver.", []),
        ("Which bank held the money?", "He moved it to an account at Wachovia.", ["Wachovia"]),
        (
            "How much did Roe take of the $5 million?",
            "Of the $5 million Roe took $200,000 and violated Section 17(a).",
            ["$200,000"],
        ),
        (
            "How many shares did Roe sell?",
            "On July 6, 2022, Roe sold 1,454 shares for $35,214, violating Rule 10b-5.",
            ["1,454"],
        ),
        ("Why was Roe barred?", "Roe was barred because of this.", ["because"]),
        ("Why was Roe barred?", "Roe, a barred broker, sold Acme.", []),
        ("When was Roe barred?", "On July 6, 2022, Roe was barred.", ["July 6, 2022"]),
        ("What did Roe sell?", "Roe sold 1,454 shares of Acme.", []),
    ],
)
def test_spans_are_things_that_the_question_does_not_contain(
    question: str, sentence: str, expected: list[str]
) -> None:
    spans = answering(understand(question), sentence)

    assert [sentence[start:end] for start, end in spans] == expected


@pytest.mark.parametrize(
    ("question", "name", "thing"),
    [
        ("Which short seller published the report?", True, True),
        ("Who runs Acme?", True, True),
        ("How much did the seller take?", False, True),
        ("How many investors lost money?", False, True),
        ("Why was Roe barred?", False, True),
        ("What goods did Acme export?", False, False),
    ],
)
def test_a_name_or_another_plain_thing_is_asked_for(question: str, name: bool, thing: bool) -> None:
    assert asks_name(understand(question)) is name
    assert asks_thing(understand(question)) is thing
