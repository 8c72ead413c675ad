"""Precision of answers: a person reads claims drawn at random and marks what is right.

python tests/benchmarks/precision.py draw --index DIR QUESTIONS.jsonl [...] > CLAIMS.jsonl
python tests/benchmarks/precision.py check --index DIR [CLAIMS.jsonl]
python tests/benchmarks/precision.py estimate --index DIR QUESTIONS.jsonl MARKS.jsonl

``draw`` asks 80 of the questions and draws 100 of their claims, with a fixed seed. A person then
adds a verdict to each line:

- ``answers``: true if the claim contains the answer or a part of it.
- ``bears``: true if it answers, or states facts about the same party and matter that a careful
  reader needs to judge the answer. Another party, another matter of the case, a heading or a
  standing remark does not bear on the question.
- ``why``: the reason.
- ``document_should_be``, ``page_should_be``, ``speaker_should_be`` or ``status_should_be``, where
  the claim is wrong.

``check`` compares every quote with its place in the index. It prints the figures, the errors, and
how many speakers and statuses are right under the current rules. It exits with 1 if a quote is not
at its place. ``estimate`` asks all questions and counts the quotes with a sentence marked 1 or 2 in
a file like ``data/relevance.jsonl``; the best sentence of a quote counts. So more claims are judged
than a person can read after each change.
"""

import argparse
import json
import random
import sys
from pathlib import Path
from statistics import fmean
from typing import Any

from rag import Index
from rag.attribution.engine import attribute
from rag.evaluate import read_questions
from tests.benchmarks.claims import claims_of

CLAIMS = Path(__file__).with_name("data") / "precision.jsonl"
_ASKED, _DRAWN = 80, 100
_SEED = 20261127


def main() -> int:
    """Draw, check or estimate."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("action", choices=["draw", "check", "estimate"])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--index", type=Path, default=None)
    options = parser.parse_intermixed_args()
    index = Index.open(options.index)
    if options.action == "draw":
        for row in _draw(index, options.files):
            print(json.dumps(row, ensure_ascii=False))
        return 0
    if options.action == "estimate":
        *files, marks = options.files
        _estimate(index, files, marks)
        return 0
    (path,) = options.files or [CLAIMS]
    return _check(index, [json.loads(line) for line in path.read_text("utf-8").splitlines()])


def _draw(index: Index, questions: list[Path]) -> list[dict[str, Any]]:
    chance = random.Random(_SEED)
    asked = read_questions(questions)
    rows = [
        row
        for question in chance.sample(asked, min(_ASKED, len(asked)))
        for row in claims_of(index, question.text, question.history)
    ]
    return chance.sample(rows, min(_DRAWN, len(rows)))


def _check(index: Index, rows: list[dict[str, Any]]) -> int:
    moved = 0
    for row in rows:
        text = index.document(row["doc_id"]).text
        if text[row["start"] : row["end"]] != row["quote"]:
            moved += 1
            print(f"does not stand: {row['doc_id']}, characters {row['start']} to {row['end']}")
    wrong = {
        "bear on the question": [row for row in rows if not row["bears"]],
        "right document": [row for row in rows if "document_should_be" in row],
        "right page": [row for row in rows if "page_should_be" in row],
        "right speaker": [row for row in rows if "speaker_should_be" in row],
        "right status": [row for row in rows if "status_should_be" in row],
    }
    for name, found in wrong.items():
        for row in found:
            should = row.get(f"{name.removeprefix('right ')}_should_be") or row.get("why")
            print(f"not {name}: {row['doc_id']}@{row['start']}: {should}")
    print(f"{len(rows)} claims\n{len(rows) - moved:5} exact quotes at their places")
    print("\n".join(f"{len(rows) - len(found):5} {name}" for name, found in wrong.items()))
    print(f"{sum(row['answers'] for row in rows):5} hold the answer or a part of it")
    print(f"{sum(_is_right_now(index, row) for row in rows):5} right speaker and status today")
    for place in sorted({row["place"] for row in rows}):
        there = [row["bears"] for row in rows if row["place"] == place]
        print(
            f"{sum(there):5} of {len(there)} in place {place} of their answer bear on the question"
        )
    return int(moved > 0)


def _estimate(index: Index, files: list[Path], path: Path) -> None:
    marks = {row["qid"]: row["sentences"] for row in map(json.loads, path.open(encoding="utf-8"))}
    bears: dict[str, list[bool]] = {"first": [], "later": []}
    unmarked = 0
    for question in read_questions(files):
        if question.qid not in marks:
            continue
        for place, claim in enumerate(index.ask(question.text, question.history).claims):
            (citation,) = claim.citations
            there = [
                mark
                for doc_id, start, _, mark in marks[question.qid]
                if doc_id == citation.document.doc_id and citation.start <= start < citation.end
            ]
            unmarked += not there
            if there:
                bears["later" if place else "first"].append(max(there) > 0)
    for name, found in (*bears.items(), ("all", bears["first"] + bears["later"])):
        print(f"{name:6}{sum(found):5} of {len(found)} bear on the question: {fmean(found):.3f}")
    print(f"{unmarked} quotes hold no sentence that was marked")


def _is_right_now(index: Index, row: dict[str, Any]) -> bool:
    found = attribute(index.document(row["doc_id"]), row["start"], row["end"])
    return (found.speaker, found.status) == (
        row.get("speaker_should_be", row["speaker"]),
        row.get("status_should_be", row["status"]),
    )


if __name__ == "__main__":
    sys.exit(main())
