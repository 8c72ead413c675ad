"""Claims drawn at random from answers, read by a person: how many are right, and in what.

python tests/benchmarks/precision.py draw --index DIR QUESTIONS.jsonl [...] > CLAIMS.jsonl
python tests/benchmarks/precision.py check --index DIR [CLAIMS.jsonl]

``draw`` asks every question and takes 100 of all claims with a fixed seed. A reader then adds the
verdict to each line: ``bears`` (on the question, true or false), ``why``, and where it is wrong
``document_should_be``, ``page_should_be``, ``speaker_should_be`` or ``status_should_be``.
``check`` compares every quote with its place in the index again, prints the figures and what is
wrong, and leaves with 1 if a quote does not stand.
"""

import argparse
import json
import random
import sys
from pathlib import Path
from typing import Any

from rag import Index
from rag.evaluate import read_questions

CLAIMS = Path(__file__).with_name("data") / "precision.jsonl"
_DRAWN = 100
_SEED = 20261122


def main() -> int:
    """Draw, or check."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("action", choices=["draw", "check"])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--index", type=Path, default=None)
    options = parser.parse_intermixed_args()
    index = Index.open(options.index)
    if options.action == "draw":
        for row in _draw(index, options.files):
            print(json.dumps(row, ensure_ascii=False))
        return 0
    (path,) = options.files or [CLAIMS]
    return _check(index, [json.loads(line) for line in path.read_text("utf-8").splitlines()])


def _draw(index: Index, questions: list[Path]) -> list[dict[str, Any]]:
    rows = [
        {
            "question": question.text,
            "history": list(question.history),
            "doc_id": citation.document.doc_id,
            "start": citation.start,
            "end": citation.end,
            "page": citation.page,
            "quote": citation.quote,
            "speaker": claim.speaker,
            "status": claim.status,
        }
        for question in read_questions(questions)
        for claim in index.ask(question.text, question.history).claims
        for citation in claim.citations
    ]
    return random.Random(_SEED).sample(rows, min(_DRAWN, len(rows)))


def _check(index: Index, rows: list[dict[str, Any]]) -> int:
    moved = 0
    for row in rows:
        text = index.document(row["doc_id"]).text
        if text[row["start"] : row["end"]] != row["quote"]:
            moved += 1
            print(f"does not stand: {row['doc_id']}, characters {row['start']} to {row['end']}")
    wrong = {
        "does not bear on the question": [r for r in rows if not r["bears"]],
        "another document": [r for r in rows if "document_should_be" in r],
        "another page": [r for r in rows if "page_should_be" in r],
        "another speaker": [r for r in rows if "speaker_should_be" in r],
        "another status": [r for r in rows if "status_should_be" in r],
    }
    for name, found in wrong.items():
        for row in found:
            should = row.get("speaker_should_be") or row.get("status_should_be") or ""
            print(f"{name}: {row['doc_id']}@{row['start']} {should} {row.get('why', '')}".strip())
    print(f"{len(rows)} claims, {len(rows) - moved} exact quotes at their places")
    print("\n".join(f"{len(rows) - len(found):5} not: {name}" for name, found in wrong.items()))
    return int(moved > 0)


if __name__ == "__main__":
    sys.exit(main())
