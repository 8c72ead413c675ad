"""Labelled questions as users write them, with their mistakes."""

import gzip
import json
from pathlib import Path

import pytest

from rag.errors import UsageError
from rag.evaluate.questions import Span, read_questions

GOLD = {"doc_id": "order-1", "start": 10, "end": 20}
SHARED = Path(__file__).parents[3] / ".." / "shared" / "data"


def write(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows))
    return path


def test_a_row_is_read_with_its_spans_and_alternatives(tmp_path: Path) -> None:
    row = {
        "qid": "q1",
        "kind": "multi_doc",
        "question": "who paid?",
        "history": ["and before?"],
        "gold": [GOLD],
        "gold_alt": [{"doc_id": "order.pdf", "page": 3, "quote": "paid $5"}],
        "must": [["$5", "five dollars"]],
        "must_not": ["$6"],
        "note": "ignored",
    }

    (question,) = read_questions([write(tmp_path / "q.jsonl", row)])

    assert question.gold == (Span("order-1", 10, 20),)
    assert question.alternatives == (Span("order.pdf", quote="paid $5", page=3),)
    assert question.documents == {"order-1", "order.pdf"}
    assert question.history == ("and before?",)
    assert question.must == (("$5", "five dollars"),)
    assert question.answerable


def test_a_row_without_qid_is_named_by_its_place_and_blank_lines_are_skipped(
    tmp_path: Path,
) -> None:
    path = write(tmp_path / "q.jsonl", "", {"question": "who?", "gold": [GOLD]})

    (question,) = read_questions([path])

    assert question.qid == f"{path}:2"


def test_gzipped_questions_are_read(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps({"question": "who?", "gold": [GOLD]}).encode()))

    assert [question.text for question in read_questions([path])] == ["who?"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("{", "not JSON"),
        ("[1]", "not an object"),
        ({"gold": [GOLD]}, "no question"),
        ({"question": " ", "gold": [GOLD]}, "no question"),
        ({"question": "who?"}, "no gold span"),
        ({"question": "who?", "gold": {}}, "give a list"),
        ({"question": "who?", "gold": [{"start": 1}]}, "no doc_id"),
        ({"question": "who?", "gold": [GOLD | {"start": "1"}]}, "whole numbers"),
        ({"question": "who?", "gold": [{"doc_id": "a", "start": 1}]}, "only one of"),
        ({"question": "who?", "gold": [GOLD | {"start": 20}]}, "no character between"),
        ({"question": "who?", "gold": [{"doc_id": "a", "quote": ""}]}, "not a text"),
        ({"question": "who?", "gold": [GOLD], "answerable": "no"}, "true or false"),
        ({"question": "who?", "gold": [GOLD], "history": [1]}, "list of texts"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_by_its_line(
    tmp_path: Path, row: object, message: str
) -> None:
    path = write(tmp_path / "q.jsonl", {"question": "fine", "gold": [GOLD]}, row)

    with pytest.raises(UsageError, match=rf"q\.jsonl:2: .*{message}"):
        read_questions([path])


def test_the_same_qid_twice_is_refused(tmp_path: Path) -> None:
    row = {"qid": "q1", "question": "who?", "gold": [GOLD]}

    with pytest.raises(UsageError, match=r"q\.jsonl:2: qid 'q1' is already in .*q\.jsonl:1"):
        read_questions([write(tmp_path / "q.jsonl", row, row)])


def test_a_missing_or_empty_file_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_questions([tmp_path / "none.jsonl"])
    with pytest.raises(UsageError, match="no questions"):
        read_questions([write(tmp_path / "empty.jsonl")])


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the shared development questions")
@pytest.mark.parametrize(
    ("name", "count"),
    [("questions_dev.jsonl", 78), ("questions_pdf_dev.jsonl", 12), ("amounts_dev.jsonl", 184)],
)
def test_the_development_questions_are_read(name: str, count: int) -> None:
    assert len(read_questions([SHARED / name])) == count
