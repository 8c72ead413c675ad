"""Makes rag/answer/relevance.json from labelled sentences and an index, and prints its errors.

    python tests/benchmarks/calibrate_relevance.py --set INDEX QUESTIONS.jsonl [...] [--set ...]

``--set`` names an index and questions about its documents; repeat it for each collection.
``data/relevance.jsonl`` and ``data/relevance_long.jsonl`` have sentences for each question (by its
``qid``), each with the mark of a reader: 2 if the sentence contains the answer or a part of it; 1
if it states facts about the same party and matter that a careful reader needs to judge the answer;
0 otherwise. The model learns to tell marks 1 and 2 from 0. A sentence with mark 2 counts three
times. Cross-validation is by question. The signals of the fit are stored in
data/relevance_signals.jsonl.gz, so that a test can repeat the fit.

``--without-reranker`` makes relevance_without_reranker.json, for sentences without a reranker.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rag import Index
from rag.answer import ranked_parts
from rag.answer.logistic import Logistic, cross_validated, fit
from rag.answer.relevance import MODEL, NAMES, WITHOUT_RERANKER, relevance_signals
from rag.api import ANSWER_PASSAGES
from rag.evaluate import LabelledQuestion, read_questions
from tests.benchmarks.kept_signals import keep_signals, rounded
from tests.benchmarks.named_sets import add_sets, opened

_DATA = Path(__file__).parent / "data"
LABELS = (_DATA / "relevance.jsonl", _DATA / "relevance_long.jsonl")
SIGNALS = _DATA / "relevance_signals.jsonl.gz"
SIGNALS_WITHOUT_RERANKER = _DATA / "relevance_signals_without_reranker.jsonl.gz"
ANSWERS_COUNT = 3
"""How often a sentence with mark 2 counts."""
_THRESHOLDS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9)

Row = tuple[tuple[float, ...], int, str]
"""Signals, mark and question of a sentence."""


def main() -> None:
    """Ask the questions, fit, cross-validate, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_sets(parser)
    parser.add_argument("--without-reranker", action="store_true")
    parser.add_argument("--out", type=Path, default=None)
    options = parser.parse_args()
    labels = {
        row["qid"]: row["sentences"] for path in LABELS for row in map(json.loads, path.open("r"))
    }
    rows: list[Row] = []
    for index, files in opened(options.set, rerank=not options.without_reranker):
        for question in read_questions(files):
            rows += _rows(index, question, labels.get(question.qid, ()))
    known = {qid for _, _, qid in rows}
    signals_kept = SIGNALS_WITHOUT_RERANKER if options.without_reranker else SIGNALS
    keep_signals(signals_kept, [(signals, mark) for signals, mark, _ in rows])
    taught = [row for row in rows for _ in range(ANSWERS_COUNT if row[1] == 2 else 1)]
    probability = np.array(
        cross_validated(
            [signals for signals, _, _ in taught],
            [mark > 0 for _, mark, _ in taught],
            [qid for _, _, qid in taught],
        )
    )
    marks = np.array([mark for _, mark, _ in taught])
    print(f"{len(rows)} labelled sentences that are read, of {len(known)} questions")
    print("likely  kept that bear  that answer kept")
    for threshold in _THRESHOLDS:
        kept = probability >= threshold
        weight = np.where(marks == 2, 1 / ANSWERS_COUNT, 1.0)
        bears = (weight * kept * (marks > 0)).sum() / (weight * kept).sum()
        print(f"{threshold:6.2f}{bears:16.3f}{kept[marks == 2].mean():18.3f}")
    weights, bias = fit([signals for signals, _, _ in taught], [mark > 0 for _, mark, _ in taught])
    model = Logistic(NAMES, tuple(map(float, weights)), bias)
    out = options.out or (WITHOUT_RERANKER if options.without_reranker else MODEL)
    out.write_text(json.dumps(model.record(), indent=2) + "\n", encoding="utf-8")
    print(f"wrote {out} and {signals_kept}")


def _rows(
    index: Index, question: LabelledQuestion, labelled: Sequence[Sequence[object]]
) -> list[Row]:
    marks = {(doc_id, start): mark for doc_id, start, _, mark in labelled}
    hits = index.retrieve(question.text, ANSWER_PASSAGES, history=question.history)
    found: dict[tuple[object, object], Row] = {}
    asked = index.understand(question.text, question.history)
    for ranked in ranked_parts(asked, hits, index.reranker):
        for item, signals in zip(ranked, map(rounded, relevance_signals(ranked)), strict=True):
            place = item.candidate.document.doc_id, item.candidate.start
            mark = marks.get(place)
            # A sentence read for several parts is judged by the part that it fits best.
            if isinstance(mark, int) and (place not in found or signals > found[place][0]):
                found[place] = signals, mark, question.qid
    return list(found.values())


if __name__ == "__main__":
    main()
