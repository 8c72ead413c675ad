"""What stays open, in words."""

from dataclasses import replace

import pytest

from rag.answer.abstain import judge, missing, why_none
from rag.answer.asked import asked
from rag.answer.candidates import Candidate
from rag.answer.score import Scored
from rag.answer.words import stems
from rag.types import Document, Hit, Passage


def read(sentence: str) -> Scored:
    document = Document("a", "SEC v. Acme", sentence, "a.txt", "0" * 64)
    found = Candidate(document, 0, len(sentence), rank=1, inside=True, score=1.0)
    known = stems(sentence)
    return Scored(found, known, stems("SEC v. Acme"), 6.0, 1.0, 1.0, 0.0, 1.0, 1.0, False, 1.0)


def hits(ranked: list[Scored]) -> list[Hit]:
    found = ranked[0].candidate
    return [Hit(Passage(found.document, found.start, found.end), score=1.0, rank=1)]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How many shares did Roe sell?", "a sentence that plainly says how many shares"),
        ("Which bank held the money?", "a sentence that plainly says which bank"),
        ("Who sued Roe?", "a sentence that plainly says who"),
        ("Why was Roe barred?", "a sentence that plainly says why"),
        ("What did Roe sell?", "a sentence that plainly answers “What did Roe sell?”"),
    ],
)
def test_what_is_not_surely_given_is_named(question: str, expected: str) -> None:
    ranked = [read("The SEC sued Roe in 2009 for selling 5 shares of Acme.")]

    assert missing(asked(question), ranked, ranked, sure=False) == (expected,)
    assert missing(asked(question), ranked, ranked, sure=True) == ()


def test_an_unknown_name_is_the_reason_to_be_silent() -> None:
    ranked = [read("The SEC sued Roe in 2009.")]
    question = asked("How much did Tornado Cash pay?")

    assert not judge(question, [ranked], hits(ranked)).says
    assert why_none(question, ranked) == ("None of the nearest documents mentions “Tornado Cash”.",)


@pytest.mark.parametrize(
    ("number", "says"), [("4531", True), ("453", False), ("99", False), ("2009", False)]
)
def test_the_document_of_a_number_asked_for_is_never_met_with_silence(
    number: str, says: bool
) -> None:
    ranked = [replace(read("Release No. 4531 of 2009 names 99 of them."), relevance=-10.0)]
    question = asked(f"Who is AAER No. {number} against, and which judge sat in the matter then?")

    assert judge(question, [ranked, ranked], hits(ranked)).says is says


def test_a_half_that_is_not_given_is_named() -> None:
    ranked = [read("Acme was held liable on July 6, 2022.")]
    question = asked("When was Acme held liable and how much did it pay?")

    assert missing(question, ranked, ranked, sure=True) == ("how much did it pay",)


def test_a_name_of_which_only_a_part_occurs_is_not_mentioned() -> None:
    ranked = [read("The SEC sued Jane Roe, of Wall Road, in 2009.")]

    assert why_none(asked("What was Jane Street fined?"), ranked) == (
        "None of the nearest documents mentions “Jane Street”.",
    )
    assert why_none(asked("What was Roe fined?"), ranked) == (
        "No sentence of the nearest documents plainly answers “What was Roe fined?”.",
    )
