"""Abstention: the judgement, the open parts of a question, and the reasons in words."""

from dataclasses import replace

import pytest

from rag.answer.abstain import all_names_unknown, judge, missing, why_none
from rag.answer.scoring import Scored
from rag.models.cross_encoder import load_reranker
from rag.question.understanding import understand
from rag.types import Hit, Passage
from tests.records import document, scored


def read(sentence: str) -> Scored:
    return scored(replace(document(sentence), title="SEC v. Acme"), sentence)


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
def test_the_open_part_of_an_unsure_answer_is_named(question: str, expected: str) -> None:
    ranked = [read("The SEC sued Roe in 2009 for selling 5 shares of Acme.")]

    assert missing(understand(question), ranked, ranked, sure=False) == (expected,)
    assert missing(understand(question), ranked, ranked, sure=True) == ()


def test_an_unknown_name_is_the_reason_for_not_found() -> None:
    ranked = [read("The SEC sued Roe in 2009.")]
    question = understand("How much did Tornado Cash pay?")

    assert not judge(question, [ranked], hits(ranked), load_reranker()).answers
    assert why_none(question, ranked) == ("None of the nearest documents mentions “Tornado Cash”.",)


def test_a_known_name_of_the_earlier_question_does_not_replace_an_unknown_one() -> None:
    ranked = [read("The SEC sued Roe in 2009.")]
    earlier = ("What did the SEC sue Roe for?",)

    assert not judge(
        understand("What does Coinbase say?", earlier), [ranked], hits(ranked), load_reranker()
    ).answers
    assert not all_names_unknown(understand("When was it?", earlier), ranked)


@pytest.mark.parametrize(
    ("number", "says"), [("4531", True), ("453", False), ("99", False), ("2009", False)]
)
def test_the_document_with_the_number_asked_for_always_answers(number: str, says: bool) -> None:
    ranked = [
        replace(read("Release No. 4531 of 2009 names 99 of them."), relevance=-10.0, answers=-5.0)
    ]
    question = understand(
        f"Who is AAER No. {number} against, and which judge sat in the matter then?"
    )

    assert judge(question, [ranked, ranked], hits(ranked), load_reranker()).answers is says


def test_a_part_without_an_answer_is_named() -> None:
    ranked = [read("Acme was held liable on July 6, 2022.")]
    question = understand("When was Acme held liable and how much did it pay?")

    assert missing(question, ranked, ranked, sure=True) == ("how much did it pay",)


def test_a_name_that_occurs_only_in_part_counts_as_not_mentioned() -> None:
    ranked = [read("The SEC sued Jane Roe, of Wall Road, in 2009.")]

    assert why_none(understand("What was Jane Street fined?"), ranked) == (
        "None of the nearest documents mentions “Jane Street”.",
    )
    assert why_none(understand("What was Roe fined?"), ranked) == (
        "No sentence of the nearest documents plainly answers “What was Roe fined?”.",
    )
