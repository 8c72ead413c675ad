"""Follow-ups against the same questions written out in full: ``followups.py INDEX QUESTIONS…``.

INDEX holds the documents that the questions are about; QUESTIONS are labelled questions, of which
those take part that have a form in ``data/written_out.jsonl``. A follow-up loses its document where
a right one is among the first five for the written-out form and not for the follow-up.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rag.door import Index
from rag.evaluate import Report, evaluate, figures_table, read_questions

_DATA = Path(__file__).parent / "data"
_AMONG = 5


def main(folder: Path, paths: Sequence[Path]) -> None:
    """Print a row for each form of the questions, and which of the follow-ups lose."""
    lines = (_DATA / "written_out.jsonl").read_text().splitlines()
    written = {row["qid"]: row["question"] for row in map(json.loads, lines)}
    index = Index.open(folder)
    asked = [
        replace(question, kind="followup")
        for question in read_questions(paths)
        if question.qid in written
    ]
    forms = {
        "follow-up": asked,
        "its last turn alone": [replace(question, history=()) for question in asked],
        "written out": [replace(q, text=written[q.qid], history=()) for q in asked],
    }
    reports = {name: evaluate(index, questions) for name, questions in forms.items()}
    print(figures_table([(name, len(asked), report.figures()) for name, report in reports.items()]))
    lost = _found(reports["written out"]) - _found(reports["follow-up"])
    print(f"lose their document: {len(lost)} of {len(asked)}")
    for question in asked:
        if question.qid in lost:
            print(f"  {question.qid}: {' / '.join((*question.history, question.text))}")


def _found(report: Report) -> set[str]:
    return {r.qid for r in report.results if r.place is not None and r.place <= _AMONG}


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
