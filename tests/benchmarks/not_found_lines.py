"""The lines that say what no quote gives: print them, and count how many a reader found true.

python tests/benchmarks/not_found_lines.py --set NAME INDEX QUESTIONS.jsonl [--leave-out] [--quotes]

A line is judged true if what it names is in none of the quotes. The judgements are kept in
``tests/benchmarks/data/not_found_lines.jsonl``; a line that was judged before keeps its judgement.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rag import Answer, Index
from rag.evaluate import LabelledQuestion, read_questions

KEPT = Path(__file__).parent / "data" / "not_found_lines.jsonl"


def main() -> None:
    """Ask every question, print a row for each line, and the share of true ones."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--set", nargs=3, action="append", required=True, metavar=("NAME", "INDEX", "QUESTIONS")
    )
    parser.add_argument("--leave-out", action="append", default=[], metavar="NAME")
    parser.add_argument("--quotes", action="store_true", help="print the quotes too")
    options = parser.parse_args()
    judged = _judged()
    rows = []
    for name, index, questions in options.set:
        for row, answer in _lines(name, Index.open(index), questions, name in options.leave_out):
            row["true"] = judged.get(_key(row))
            rows.append(row)
            print(json.dumps(row, ensure_ascii=False), flush=True)
            for claim in answer.claims if options.quotes else ():
                print(f"    {claim.speaker} {claim.status}: {' '.join(claim.text.split())}")
    known = [row["true"] for row in rows if row["true"] is not None]
    print(f"# {len(rows)} lines, {len(known)} judged, {sum(known)} true")


def _lines(
    name: str, index: Index, path: str, leave_out: bool
) -> Iterator[tuple[dict[str, Any], Answer]]:
    """A row for each line under the answers to a set of questions, and the answer."""
    everything = [document.doc_id for document in index.documents()] if leave_out else []
    for question in read_questions([path]):
        filters: list[dict[str, Any] | None] = [None]
        if leave_out and question.answerable and question.documents:
            filters.append({"document": [i for i in everything if i not in question.documents]})
        for allowed in filters:
            answer = index.ask(question.text, history=question.history, filters=allowed)
            for line in _said(answer):
                yield _row(name, question, line, left_out=allowed is not None), answer


def _said(answer: Answer) -> list[str]:
    """The lines under an answer, or the reasons for silence."""
    return list(answer.missing or (answer.notes if answer.outcome == "not_found" else ()))


def _row(name: str, question: LabelledQuestion, line: str, *, left_out: bool) -> dict[str, Any]:
    return {"set": name, "qid": question.qid, "left_out": left_out, "line": line}


def _judged() -> dict[tuple[Any, ...], bool]:
    """The judgements that are kept."""
    if not KEPT.exists():
        return {}
    rows = map(json.loads, KEPT.read_text(encoding="utf-8").splitlines())
    return {_key(row): row["true"] for row in rows}


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["set"], row["qid"], row["left_out"], row["line"]


if __name__ == "__main__":
    main()
