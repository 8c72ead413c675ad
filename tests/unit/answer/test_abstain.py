"""Abstention: the judgement, the open parts of a question, and the reasons in words."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from rag.answer.abstain import all_names_unknown, judge, why_none
from rag.answer.scoring import Scored
from rag.models.cross_encoder import Reading, load_reranker
from rag.question.understanding import understand
from rag.types import Hit, Passage
from tests.records import document, scored


class NothingAnswers:
    """A reranker to which no text answers."""

    def read(self, question: str, texts: Sequence[str]) -> Reading:
        low = np.full(len(texts), -9.0, np.float32)
        return Reading(low, low, low)


def read(sentence: str) -> Scored:
    return scored(replace(document(sentence), title="SEC v. Acme"), sentence)


def hits(ranked: list[Scored]) -> list[Hit]:
    found = ranked[0].candidate
    return [Hit(Passage(found.document, found.start, found.end), score=1.0, rank=1)]


def test_an_unknown_name_is_the_reason_for_not_found() -> None:
    ranked = [read("The SEC sued Roe in 2009.")]
    question = understand("How much did Tornado Cash pay?")

    assert not judge(question, [ranked], hits(ranked), load_reranker()).answers
    assert why_none(question, ranked) == ("None of the nearest documents mentions “Tornado Cash”.",)


def test_a_name_that_the_search_does_not_hold_is_not_in_the_documents() -> None:
    ranked = [read("The SEC sued Roe in 2009.")]
    question = understand("How much did Tornado Cash pay?")

    assert why_none(question, ranked, lambda name: False) == (
        "“Tornado Cash” is not in the documents.",
    )


def test_a_long_question_is_not_repeated_in_the_reason() -> None:
    question = understand(f"What did Roe sell{' and what else' * 300}?")

    (reason,) = why_none(question, [read("The SEC sued Roe in 2009.")])

    assert reason == "No sentence of the nearest documents plainly answers the question."


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
        replace(
            read("Release No. 4531 of 2009 names 99 of them."),
            relevance=-10.0,
            answers=-9.0,
            bears=-9.0,
            coverage=0.2,
            setting=0.2,
        )
    ]
    question = understand(
        f"Who is AAER No. {number} against, and which judge sat in the matter then?"
    )

    assert judge(question, [ranked, ranked], hits(ranked), NothingAnswers()).answers is says


def test_an_answer_is_not_sure_if_one_of_the_parts_is_open() -> None:
    question = understand("What did Acme sell, and why was Roe dismissed?")
    sold = read("Acme sold unregistered notes of Acme to investors.")
    close = replace(sold, answers=-0.4)

    open_part = judge(question, [[sold], [close]], hits([sold]), load_reranker())
    answered = judge(question, [[sold], [close, close, sold]], hits([sold]), load_reranker())

    assert [part.text for part in question.parts] == [
        "What did Acme sell",
        "why was Roe dismissed",
    ]
    assert (open_part.sure, open_part.doubted) == (False, ("why was Roe dismissed",))
    assert answered.doubted == ()


def test_a_name_that_occurs_only_in_part_counts_as_not_mentioned() -> None:
    ranked = [read("The SEC sued Jane Roe, of Wall Road, in 2009.")]

    assert why_none(understand("What was Jane Street fined?"), ranked) == (
        "None of the nearest documents mentions “Jane Street”.",
    )
    assert why_none(understand("What was Roe fined?"), ranked) == (
        "No sentence of the nearest documents plainly answers “What was Roe fined?”.",
    )
