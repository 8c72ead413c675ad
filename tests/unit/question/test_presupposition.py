"""Presuppositions of a question, and sentences that deny them."""

import pytest

from rag.question.presupposition import asks_whether, contradicts
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
        (
            "Why did the judge agree to review the redacted reports?",
            "I'm not going to review the redacted reports.",
            True,
        ),
        ("Why was Acme fined?", "Acme has not been fined in the preceding five years.", False),
        ("Why was Acme fined?", "Acme has not received a penalty notice.", False),
        ("When did Acme pay the fine?", "Roe wrote “Acme has not paid the fine” in May.", False),
        ("How did Acme mislead investors?", "Acme did not tell investors the truth.", False),
        ("What price did Acme pay for Egret?", "He has not paid any of the award.", False),
        ("What does gaming include?", "Gaming includes, but is not limited to, a game.", False),
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


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Did Acme settle?", True),
        ("and has it paid?", True),
        ("After the raid, did Acme settle?", True),
        ("Acme 2003 - was that a settlement?", True),
        ("Who settled, and did it pay?", False),
        ("What does Acme say on whether it paid?", False),
        ("the penalty that was paid by Acme", False),
    ],
)
def test_a_yes_or_no_question_begins_with_its_verb(question: str, expected: bool) -> None:
    assert asks_whether(question) is expected
