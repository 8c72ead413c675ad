"""Claims of answers over several collections, drawn for two readers, and what the readers marked.

python tests/benchmarks/claims.py draw --set INDEX QUESTIONS.jsonl [--set ...] > CLAIMS.jsonl
python tests/benchmarks/claims.py join CLAIMS.jsonl READER_A.tsv READER_B.tsv > data/claims.jsonl
python tests/benchmarks/claims.py summary

``draw`` asks at most ``--asked`` of the answerable questions of each set, prints how many claims
have no speaker, and draws ``--drawn`` claims by ``--seed``. A reader writes a line for each:
its id, then 1 or 0 for

- ``bears``: it answers, or states facts about the same party and matter that a reader needs;
- ``matter``: the right person and the right matter;
- ``unit``: a whole readable unit;
- ``speaker`` and ``status``: right as shown;

and a note on what is wrong. ``summary`` prints the shares by collection, of each reader and both.
"""

import argparse
import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from rag import Index
from rag.evaluate import read_questions
from tests.benchmarks.named_sets import add_sets, opened

CLAIMS = Path(__file__).with_name("data") / "claims.jsonl"
_MARKS = ("bears", "matter", "unit", "speaker", "status")
_SEED = 20261130


def main() -> None:
    """Draw, join, or print the shares."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    steps = parser.add_subparsers(required=True)
    draw = steps.add_parser("draw", help="ask, and draw claims of the answers")
    add_sets(draw)
    draw.add_argument("--asked", type=int, default=40)
    draw.add_argument("--drawn", type=int, default=150)
    draw.add_argument("--seed", type=int, default=_SEED)
    draw.set_defaults(step=_draw)
    join = steps.add_parser("join", help="put the marks of two readers beside the claims")
    join.add_argument("claims", type=Path)
    join.add_argument("readers", type=Path, nargs=2)
    join.set_defaults(step=_join)
    summary = steps.add_parser("summary", help="print the shares")
    summary.add_argument("claims", type=Path, nargs="?", default=CLAIMS)
    summary.set_defaults(step=_summary)
    options = parser.parse_args()
    options.step(options)


def _draw(options: argparse.Namespace) -> None:
    chance = random.Random(options.seed)
    rows: list[dict[str, Any]] = []
    asked = 0
    for (folder, *_), (index, files) in zip(options.set, opened(options.set), strict=True):
        questions = [one for one in read_questions(files) if one.answerable]
        questions = chance.sample(questions, min(options.asked, len(questions)))
        asked += len(questions)
        for question in questions:
            found = claims_of(index, question.text, question.history)
            rows += [{"collection": folder.name, **row} for row in found]
    nobody = sum(row["speaker"] is None for row in rows)
    print(f"{asked} answers, {len(rows)} claims, {nobody} without a speaker", file=sys.stderr)
    for number, row in enumerate(chance.sample(rows, min(options.drawn, len(rows))), start=1):
        print(json.dumps({"id": f"c{number:03}", **row}, ensure_ascii=False))


def claims_of(index: Index, text: str, history: Sequence[str]) -> list[dict[str, Any]]:
    """The claims of the answer to a question, a row for each of their citations."""
    return [
        {
            "question": text,
            "history": list(history),
            "place": place,
            "doc_id": citation.document.doc_id,
            "start": citation.start,
            "end": citation.end,
            "page": citation.page,
            "quote": citation.quote,
            "speaker": claim.speaker,
            "status": claim.status,
            "reason": claim.reason,
        }
        for place, claim in enumerate(index.ask(text, history).claims, start=1)
        for citation in claim.citations
    ]


def _join(options: argparse.Namespace) -> None:
    marks = [_marks(path) for path in options.readers]
    for line in options.claims.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        row["readers"] = [of_reader[row["id"]] for of_reader in marks]
        print(json.dumps(row, ensure_ascii=False))


def _marks(path: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, *cells = line.split("\t")
        if name.strip():
            given = [int(cell) for cell in cells[: len(_MARKS)]]
            note = cells[len(_MARKS)].strip() if len(cells) > len(_MARKS) else ""
            found[name] = dict(zip(_MARKS, given, strict=True)) | ({"note": note} if note else {})
    return found


def _summary(options: argparse.Namespace) -> None:
    rows = [json.loads(line) for line in options.claims.read_text(encoding="utf-8").splitlines()]
    print(f"{'':12}{'n':>5}" + "".join(f"{mark:>20}" for mark in _MARKS))
    for collection in (*dict.fromkeys(row["collection"] for row in rows), "all"):
        of_one = [row for row in rows if collection in (row["collection"], "all")]
        print(f"{collection:12}{len(of_one):>5}" + "".join(_shares(of_one, m) for m in _MARKS))
    print("each cell: first reader, second reader, both")


def _shares(rows: list[dict[str, Any]], mark: str) -> str:
    first, second = ([row["readers"][reader][mark] for row in rows] for reader in (0, 1))
    both = [one and other for one, other in zip(first, second, strict=True)]
    return f"{fmean(first):>8.3f} {fmean(second):.3f} {fmean(both):.3f}"


if __name__ == "__main__":
    main()
