"""Verdicts of readers, stored on this machine as labelled questions for ``rag eval``."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ui.storage import one_writer, write
from ui.turns import Turn

GOOD = "questions.jsonl"
"""Questions with a good answer. The cited places are their gold spans."""

BAD = "remarks.jsonl"
"""Questions with a bad answer and the reason. A person labels them."""


def judge(folder: Path, qid: str, turn: Turn, history: Sequence[str], *, good: bool) -> None:
    """Store the verdict on an answer; a later verdict with the same ``qid`` replaces it."""
    row = _row(qid, turn, history)
    with one_writer(folder):
        _put(folder / GOOD, qid, row if good else None)
        _put(folder / BAD, qid, None if good else row | {"reason": ""})


def explain(folder: Path, qid: str, reason: str) -> None:
    """Add the reason to the bad verdict with this ``qid``."""
    with one_writer(folder):
        row = next((row for row in _rows(folder / BAD) if row["qid"] == qid), None)
        if row is not None:
            _put(folder / BAD, qid, row | {"reason": reason})


def _row(qid: str, turn: Turn, history: Sequence[str]) -> dict[str, Any]:
    claims = turn.answer["claims"] if turn.answer else []
    return {
        "qid": qid,
        "kind": "feedback",
        "question": turn.question,
        "history": list(history),
        "gold": [
            {"doc_id": p.doc_id, "start": p.start, "end": p.end, "quote": p.quote}
            for p in turn.places
        ],
        "answerable": bool(claims),
        "asked": turn.asked_at,
        "build": turn.answer["searched"]["build"] if turn.answer else None,
    }


def _rows(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def _put(path: Path, qid: str, row: Mapping[str, Any] | None) -> None:
    rows = [other for other in _rows(path) if other["qid"] != qid] + ([dict(row)] if row else [])
    if not rows and not path.exists():
        return
    write(path, "".join(json.dumps(line) + "\n" for line in rows))
