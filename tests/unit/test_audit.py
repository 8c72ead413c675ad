"""The audit log: a line for each question, added and never changed."""

import json
import os
import threading
from pathlib import Path

import pytest

from rag import audit
from rag.errors import RagError


def write(path: Path | None, who: str = "ann", question: str = "who paid?") -> None:
    audit.log_question(
        path,
        who=who,
        door="http",
        collection="a",
        build="b",
        question=question,
        outcome="answered",
        citations=[{"doc_id": "d", "start": 1, "end": 2}],
    )


def test_a_question_is_one_line_with_who_when_what_and_where(tmp_path: Path) -> None:
    path = tmp_path / "log"

    write(path, question="who\npaid “€5”?\ud800")
    write(path, "bob")

    first, second = path.read_text("ascii").splitlines()
    entry = json.loads(first)
    assert entry.pop("at")[10] == "T"
    assert entry == {
        "who": "ann",
        "door": "http",
        "collection": "a",
        "build": "b",
        "question": "who\npaid “€5”?\ud800",
        "outcome": "answered",
        "citations": [{"doc_id": "d", "start": 1, "end": 2}],
    }
    assert json.loads(second)["who"] == "bob"
    assert path.stat().st_mode & 0o777 == 0o600


def test_lines_of_many_writers_do_not_mix_and_what_is_there_stays(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("earlier\n")
    writers = [
        threading.Thread(
            target=lambda number=number: [write(path, str(number), "x" * 9000) for _ in range(20)]
        )
        for number in range(8)
    ]

    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    earlier, *lines = path.read_text().splitlines()
    assert earlier == "earlier"
    assert sorted(json.loads(line)["who"] for line in lines) == sorted("01234567" * 20)


def test_without_a_path_nothing_is_written(tmp_path: Path) -> None:
    write(None)


def test_what_cannot_be_written_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RagError, match="cannot be written .*nothing is shown"):
        write(tmp_path / "no-folder" / "log")
    monkeypatch.setattr(os, "write", lambda file, line: len(line) - 1)
    with pytest.raises(RagError, match="the disk is full"):
        write(tmp_path / "log")
