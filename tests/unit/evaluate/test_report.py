"""The report: means, standard measures, comparison, and its file."""

import json
from pathlib import Path

import pytest

from rag.errors import UsageError
from rag.evaluate.report import Report, Result, compare, read_report


def result(qid: str, share: float, place: int | None, *documents: str, **options: str) -> Result:
    return Result(
        qid=qid,
        kind=options.get("kind", "lookup"),
        question=f"{qid}?",
        coverage={1000: 0.0, 4500: share, 9000: share},
        place=place,
        wrong=0.25,
        seconds=0.1,
        right=("right",),
        documents=documents,
    )


REPORT = Report(
    (
        result("q1", 1.0, 1, "right", "other"),
        result("q2", 0.5, 7, "other", "right", kind="amount"),
        result("q3", 0.0, None, "other", kind="amount"),
    ),
    {"commit": "abc"},
)


def test_every_question_weighs_the_same() -> None:
    figures = REPORT.figures()

    assert figures["cover@4500"] == pytest.approx(1.5 / 3)
    assert figures["top1"] == pytest.approx(1 / 3)
    assert figures["top5"] == pytest.approx(1 / 3)
    assert figures["mrr"] == pytest.approx((1 + 1 / 7) / 3)
    assert figures["wrong"] == pytest.approx(0.25)


def test_standard_measures_rank_documents() -> None:
    figures = REPORT.figures()

    assert figures["recall@10"] == pytest.approx(2 / 3)
    assert figures["map@10"] == pytest.approx((1 + 1 / 2) / 3)


def test_figures_of_a_kind_leave_out_the_others() -> None:
    assert REPORT.figures("amount")["cover@4500"] == pytest.approx(0.25)


def test_the_table_has_a_row_a_kind_and_one_for_all() -> None:
    names = [line.split()[0] for line in REPORT.table().splitlines()[1:4]]

    assert names == ["amount", "lookup", "all"]


def test_a_report_is_read_back_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text(json.dumps(REPORT.to_dict()))

    assert read_report(path) == REPORT


def test_a_file_that_is_no_report_is_a_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("[]")

    with pytest.raises(UsageError, match="not a report"):
        read_report(path)


def test_a_comparison_names_what_was_won_and_lost() -> None:
    after = Report(
        (result("q1", 0.0, 2, "other", "right"), result("q2", 1.0, 1, "right")), {"commit": "def"}
    )

    lines = compare(REPORT, after).splitlines()

    assert lines[3] == "won: 1"
    assert lines[4].startswith("  q2 (lookup) cover@4500 0.50 to 1.00, first right passage 7 to 1")
    assert lines[5] == "lost: 1"
    assert lines[6].startswith("  q1 ")
