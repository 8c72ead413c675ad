"""The evaluation over the real index of the seed."""

from pathlib import Path

import pytest

from rag.api import Index
from rag.errors import UsageError
from rag.evaluate import LabelledQuestion, Span, evaluate

STATEMENT = "binance-statement"
SAFE = Span(
    STATEMENT, quote="All user assets, including on Binance and Binance-affiliated platforms"
)


@pytest.fixture
def index(seed_index: Path) -> Index:
    return Index.open(seed_index)


def test_a_question_of_the_seed_is_found_and_measured(index: Index) -> None:
    question = LabelledQuestion("q1", "lookup", "What about user asset safety?", gold=(SAFE,))

    report = evaluate(index, [question], settings={"rerank": True})

    (result,) = report.results
    assert result.coverage[4500] == 1.0
    assert result.place == 1
    assert result.documents == (STATEMENT,)
    assert result.wrong == 0.0
    assert result.seconds > 0
    assert report.about["build"] == index.build
    assert report.about["settings"] == {"rerank": True}


def test_what_the_index_does_not_hold_counts_as_not_found_and_is_named(index: Index) -> None:
    gone = LabelledQuestion("q1", "lookup", "Who paid?", gold=(Span("order-9", 0, 5),))
    unsaid = LabelledQuestion(
        "q2", "lookup", "Who paid?", gold=(Span(STATEMENT, quote="nobody paid"),)
    )

    report = evaluate(index, [gone, unsaid])

    assert [result.absent for result in report.results] == [("order-9",), (STATEMENT,)]
    assert report.figures()["cover@9000"] == 0.0
    assert "not in the index, counted as not found (2 questions)" in report.table()


def test_unanswerable_questions_are_left_out(index: Index) -> None:
    asked = LabelledQuestion("q1", "lookup", "What about safety?", gold=(SAFE,))
    unanswerable = LabelledQuestion("q2", "unanswerable_near", "Who was fined?", answerable=False)

    assert len(evaluate(index, [asked, unanswerable]).results) == 1
    with pytest.raises(UsageError, match="no answerable question"):
        evaluate(index, [unanswerable])


def test_progress_counts_the_questions(index: Index) -> None:
    question = LabelledQuestion("q1", "lookup", "What about safety?", gold=(SAFE,))
    seen: list[tuple[int, int]] = []

    evaluate(index, [question], stages=("lexical",), progress=lambda *done: seen.append(done))

    assert seen == [(1, 1)]
