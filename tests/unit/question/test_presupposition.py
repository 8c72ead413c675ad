"""Presuppositions of a question, and sentences that deny them."""

import pytest

from rag.question.presupposition import contradicts
from rag.question.understanding import understand


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        (
            "On what grounds were the violations egregious?",
            "The Apparent Violations constitute a non -egregious case.",
            True,
        ),
        (
            "As a U.S. exchange, how does it see this?",
            "Since Binance is not a U.S. exchange, little follows.",
            True,
        ),
        ("Why did Ripple admit it?", "Without admitting or denying it, Ripple settled.", True),
        ("Did Ripple admit it?", "Without admitting or denying it, Ripple settled.", False),
        ("What did he buy?", "He did not sell the house.", False),
    ],
)
def test_a_sentence_that_denies_a_premise_contradicts(
    question: str, sentence: str, expected: bool
) -> None:
    assert contradicts(understand(question), sentence) is expected


@pytest.mark.parametrize(
    "question", ["Did Acme pay at once?", "Why did Acme not pay?", "Was it Acme or not?"]
)
def test_an_open_or_negative_question_takes_nothing_for_granted(question: str) -> None:
    asked = understand(question)

    assert (asked.presupposed, asked.supposes_submission) == (frozenset(), False)


def test_a_defendant_who_fights_has_not_settled() -> None:
    settled = understand("Why has Acme settled with the SEC?")

    assert settled.supposes_submission
    assert contradicts(settled, "Acme will vigorously defend itself.")
    assert not contradicts(settled, "Acme paid in May.")
