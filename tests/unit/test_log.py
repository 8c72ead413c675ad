"""The log: one JSON object a line, and no text of questions or documents unless asked."""

import json
from pathlib import Path
from typing import Any

import pytest

from rag import Index, Settings, build_index, log_failure
from rag.errors import UsageError
from rag.log import log_to

_SECRET = "What did the walrus at Binance say about user assets?"


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def asked(settings: Settings, tmp_path: Path, *, texts: bool) -> list[dict[str, Any]]:
    """The log of a build, a question, a refused question and a failure."""
    given = {"log": str(tmp_path / "log.jsonl"), "log_texts": texts, "rerank": False}
    settings = settings.model_copy(update=given)
    build_index(settings=settings)
    index = Index.open(settings=settings, lexical=True)
    index.ask(_SECRET)
    with pytest.raises(UsageError):
        index.ask(f"{_SECRET} {'x' * 9000}")
    log_failure("the page failed", ValueError(f"walrus in {_SECRET}"))
    return lines(tmp_path / "log.jsonl")


def test_a_log_holds_numbers_and_kinds_and_no_text(settings: Settings, tmp_path: Path) -> None:
    built, first, refused, failed = asked(settings, tmp_path, texts=False)

    assert built["event"] == "built"
    assert (built["documents"], built["skipped"]) == (1, 0)
    assert (first["event"], first["level"]) == ("asked", "info")
    assert first["outcome"] in {"answered", "partial", "not_found"}
    assert refused["error"] == "UsageError"
    assert failed["error"] == "ValueError"
    said = (tmp_path / "log.jsonl").read_text()
    assert "walrus" not in said
    assert "user assets" not in said.lower()


def test_a_log_holds_texts_if_asked(settings: Settings, tmp_path: Path) -> None:
    _, first, _, failed = asked(settings, tmp_path, texts=True)

    assert first["question"] == _SECRET
    assert failed["message"].startswith("walrus")


def test_without_a_file_only_failures_are_told(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    log_to(settings)
    build_index(settings=settings)
    log_failure("the page failed", ValueError("walrus"))

    (line,) = [one for one in capsys.readouterr().err.splitlines() if one.startswith("{")]
    assert json.loads(line)["error"] == "ValueError"
    assert "walrus" not in line


def test_a_file_that_cannot_be_written_is_named(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="none/log.jsonl: cannot be written"):
        log_to(settings.model_copy(update={"log": str(tmp_path / "none" / "log.jsonl")}))
