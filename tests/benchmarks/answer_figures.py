"""Figures of answers over an index: their claims, citations and speakers, and how many are empty.

python tests/benchmarks/answer_figures.py --index DIR QUESTIONS.jsonl [...] [--leave-out]
"""

import argparse
import json
import sys
from pathlib import Path

from rag import Index
from rag.evaluate import read_questions
from rag.evaluate.answers import evaluate_answers


def main() -> None:
    """Ask every question, judge the answers, print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("questions", nargs="+", type=Path)
    parser.add_argument("--index", type=Path, default=None)
    parser.add_argument("--leave-out", action="store_true", help="ask without the gold documents")
    parser.add_argument("--out", type=Path, default=None, help="write every result as JSON")
    options = parser.parse_args()
    report = evaluate_answers(
        Index.open(options.index),
        read_questions(options.questions),
        leave_out=options.leave_out,
        progress=lambda done, total: print(f"\r{done}/{total}", end="", file=sys.stderr),
    )
    print(report.table())
    if options.out is not None:
        options.out.write_text(json.dumps(report.to_dict(), indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
