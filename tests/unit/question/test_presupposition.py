"""What a question takes for granted, and a sentence that denies it."""

import pytest

from rag.answer.related_cases import cases, on_same_case
from rag.question.presupposition import contradicts
from rag.question.understanding import understand
from rag.types import Document


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
def test_contradiction(question: str, sentence: str, expected: bool) -> None:
    assert contradicts(understand(question), sentence) is expected


def release(doc_id: str, date: str, case: str) -> Document:
    return Document(doc_id, doc_id, f"SEC v. Doe, No. {case}", "x", "0" * 64, {"date": date})


def test_releases_on_the_same_case_are_found_the_newest_first() -> None:
    old = release("old", "2023-06-30", "3:23-cv-00959 (D. Or.)")
    new = release("new", "2023-07-20", "3:23-cv-00959 (D. Or.)")
    undated = release("undated", "2023", "3:23-cv-00959 (D. Or.)")
    other = release("other", "2024-01-01", "1:20-cv-03997 (S.D.N.Y.)")

    assert cases(old) == {(23, 959)}
    assert on_same_case([undated], [old, new, undated, other]) == [new, old]
    assert on_same_case([new], [new, undated, other]) == []
