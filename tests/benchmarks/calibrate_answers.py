"""Makes rag/answer/calibration.json anew from labelled questions and an index; prints how it holds.

    python tests/benchmarks/calibrate_answers.py --index DIR QUESTIONS.jsonl [...]

Each answerable question counts twice: as it is, and without the documents that answer it.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean

from rag import Index
from rag.answer.abstain import CALIBRATION
from rag.answer.asked import asked
from rag.answer.calibrate import cross_validated, fit
from rag.answer.candidates import candidates
from rag.answer.score import READ, Scored, merged, scored
from rag.answer.signals import NAMES, signals
from rag.evaluate import Question, read_questions
from rag.evaluate.places import place
from rag.types import Hit

_PASSAGES = 8
_READ_EACH = 7


def main() -> None:
    """Retrieve, fit, cross-validate, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("questions", nargs="+", type=Path)
    parser.add_argument("--index", type=Path, default=None)
    parser.add_argument("--silent", type=float, default=0.06, help="share wrongly silent, at most")
    parser.add_argument("--out", type=Path, default=CALIBRATION)
    options = parser.parse_args()
    index = Index.open(options.index)
    rows: list[tuple[str, str, tuple[float, ...]]] = []
    for question in read_questions(options.questions):
        hits = index.retrieve(question.text, 40, history=question.history)
        whole = _ranked(question, hits[:_PASSAGES])
        wanted = asked(question.text, question.history)
        if not question.answerable:
            rows.append((question.kind, question.qid, signals(wanted, whole)))
            continue
        if _holds(index, question, whole):
            rows.append(("answered", question.qid, signals(wanted, whole)))
        others = [h for h in hits if h.passage.document.doc_id not in question.documents]
        without = _ranked(question, others[:_PASSAGES])
        rows.append(("left out", question.qid, signals(wanted, without)))
    x = [row[2] for row in rows]
    y = [row[0] == "answered" for row in rows]
    decided = cross_validated(NAMES, x, y, [row[1] for row in rows], silent=options.silent)
    for kind in dict.fromkeys(row[0] for row in rows):
        of_kind = [not d for d, row in zip(decided, rows, strict=True) if row[0] == kind]
        print(f"{kind:22}{len(of_kind):5}  silent {fmean(of_kind):.3f}  (cross-validated)")
    options.out.write_text(fit(NAMES, x, y, silent=options.silent).to_json(), encoding="utf-8")
    print(f"wrote {options.out}")


def _ranked(question: Question, hits: Sequence[Hit]) -> list[Scored]:
    wanted = asked(question.text, question.history)
    parts = wanted.parts or (wanted,)
    again = [replace(hit, rank=rank) for rank, hit in enumerate(hits, start=1)]
    found = candidates(again)
    return merged([scored(p, found, read=max(_READ_EACH, READ // len(parts))) for p in parts])


def _holds(index: Index, question: Question, ranked: Sequence[Scored]) -> bool:
    """Whether a gold span is among the sentences that were read."""
    for span in question.gold + question.alternatives:
        found = place(span, index.document(span.doc_id))
        if found is not None and any(
            item.candidate.document.doc_id == found[0]
            and item.candidate.start < found[2]
            and item.candidate.end > found[1]
            for item in ranked
        ):
            return True
    return False


if __name__ == "__main__":
    main()
