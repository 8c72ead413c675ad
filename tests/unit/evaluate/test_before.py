"""How far into an answer its required words stand."""

from rag.evaluate.answers import AnswerReport, AnswerResult


def result(qid: str, before: int | None) -> AnswerResult:
    return AnswerResult(
        qid, "lookup", "Who paid?", "answered", False, True, True, None, None, 100, before, 0.1
    )


def test_the_median_counts_the_answers_that_contain_a_required_string() -> None:
    report = AnswerReport((result("a", 10), result("b", None), result("c", 30)))

    assert report.figures()["before"] == 20
    assert "before" in report.table()
