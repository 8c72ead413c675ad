"""Makes rag/answer/calibration.json from labelled questions and an index, and prints its errors.

    python tests/benchmarks/calibrate_answers.py --set INDEX QUESTIONS.jsonl [...] [--set ...]

``--set`` names an index and questions about its documents; repeat it for each collection. The
thresholds hold for all of them together.
Each answerable question counts twice: with all documents, and without the documents that answer it.
A near miss (``"answerable": false``) may name the document that it was written from, in ``about``.
Cross-validation keeps all questions about the same document on one side. The questions may be your
own, over your own documents, in the format of tests/benchmarks/data. The signals of the fit are
stored in data/answer_signals.jsonl.gz, so that a test can repeat the fit.

``--without-reranker`` makes calibration_without_reranker.json, for answers without a reranker.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rag import Index
from rag.answer import ranked_parts
from rag.answer.abstain import CALIBRATION, WITHOUT_RERANKER, all_names_unknown
from rag.answer.features import NAMES, signals
from rag.answer.logistic import Calibration, Logistic, cross_validated, fit
from rag.api import ANSWER_PASSAGES
from rag.evaluate import LabelledQuestion, read_questions
from rag.evaluate.places import place
from tests.benchmarks.kept_signals import keep_signals, rounded
from tests.benchmarks.named_sets import add_sets, opened

_DATA = Path(__file__).parent / "data"
SIGNALS = _DATA / "answer_signals.jsonl.gz"
SIGNALS_WITHOUT_RERANKER = _DATA / "answer_signals_without_reranker.jsonl.gz"


@dataclass(frozen=True, slots=True)
class Row:
    """One question over one set of documents.

    ``holds`` is true if a sentence that answers was read. ``unknown`` is true if all names of the
    question are unknown: such a question is "not found" whatever its signals are.
    """

    file: str
    kind: str
    group: str
    signals: tuple[float, ...]
    answerable: bool
    holds: bool
    unknown: bool


def main() -> None:
    """Retrieve, fit, cross-validate, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_sets(parser)
    parser.add_argument("--silent", type=float, default=0.015, help="most wrongly not found")
    parser.add_argument("--doubt", type=float, default=0.22, help="share of answers in doubt")
    parser.add_argument("--without-reranker", action="store_true")
    parser.add_argument("--out", type=Path, default=None)
    options = parser.parse_args()
    rows = [
        row
        for index, questions in opened(options.set, rerank=not options.without_reranker)
        for row in _rows(index, questions)
    ]
    known = [row for row in rows if not row.unknown]
    # A question whose answer was not read says nothing about answers.
    learn = [row.holds or not row.answerable for row in known]
    train = [row for row, kept in zip(known, learn, strict=True) if kept]
    signals_kept = SIGNALS_WITHOUT_RERANKER if options.without_reranker else SIGNALS
    keep_signals(signals_kept, [(row.signals, int(row.answerable)) for row in train])
    weights, bias = fit([row.signals for row in train], [row.answerable for row in train])
    probability = cross_validated(
        [row.signals for row in known],
        [row.answerable for row in known],
        [row.group for row in known],
        learn=learn,
    )
    right = [p for p, row in zip(probability, known, strict=True) if row.answerable]
    calibration = Calibration(
        Logistic(NAMES, tuple(map(float, weights)), bias),
        threshold=float(np.quantile(right, options.silent)),
        sure=float(np.quantile(right, options.doubt)),
    )
    for line in _table(rows, known, probability, calibration):
        print(line)
    out = options.out or (WITHOUT_RERANKER if options.without_reranker else CALIBRATION)
    out.write_text(calibration.to_json(), encoding="utf-8")
    print(f"wrote {out} and {signals_kept}")


def _rows(index: Index, files: Sequence[Path]) -> list[Row]:
    everything = [document.doc_id for document in index.documents()]
    questions = [(path, question) for path in files for question in read_questions([path])]
    about = {qid: doc_id for path in files for qid, doc_id in _about(path)}
    group = groups(
        {q.qid: q.documents or frozenset({about.get(q.qid, q.qid)}) for _, q in questions}
    )
    rows = []
    for number, (path, question) in enumerate(questions, start=1):
        rows.append(_row(index, path, question, group[question.qid], None))
        if question.answerable:
            kept = [doc_id for doc_id in everything if doc_id not in question.documents]
            rows.append(_row(index, path, question, group[question.qid], kept))
        if number % 50 == 0:
            print(f"{number} of {len(questions)} questions", file=sys.stderr)
    return rows


def _row(
    index: Index, path: Path, question: LabelledQuestion, group: str, kept: Sequence[str] | None
) -> Row:
    filters = None if kept is None else {"document": kept}
    hits = index.retrieve(question.text, ANSWER_PASSAGES, filters, question.history)
    wanted = index.understand(question.text, question.history)
    rankings = ranked_parts(wanted, hits, index.reranker)
    read = [item for ranked in rankings for item in ranked]
    places = [
        found
        for span in question.gold + question.alternatives
        if kept is None and (found := place(span, index.document(span.doc_id))) is not None
    ]
    return Row(
        file=path.name,
        kind="left out" if kept is not None else question.kind,
        group=group,
        signals=rounded(signals(wanted, rankings, hits, index.reranker)),
        answerable=question.answerable and kept is None,
        holds=any(
            item.candidate.document.doc_id == doc_id
            and item.candidate.start < end
            and item.candidate.end > start
            for item in read
            for doc_id, start, end in places
        ),
        unknown=all_names_unknown(wanted, read),
    )


def _about(path: Path) -> Iterable[tuple[str, str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row.get("about"):
            yield row["qid"], row["about"]


def groups(documents: dict[str, frozenset[str]]) -> dict[str, str]:
    """The group of each question; questions that share a document share a group."""
    leader: dict[str, str] = {}

    def find(name: str) -> str:
        while leader.setdefault(name, name) != name:
            name = leader[name]
        return name

    for ids in documents.values():
        first, *others = sorted(ids)
        for other in others:
            leader[find(other)] = find(first)
    return {qid: find(min(ids)) for qid, ids in documents.items()}


def _table(
    rows: Sequence[Row],
    known: Sequence[Row],
    probability: Sequence[float],
    calibration: Calibration,
) -> Iterable[str]:
    """Cross-validated shares of "not found" and "in doubt" for each file and kind."""
    of = dict(zip(map(id, known), probability, strict=True))
    yield f"{'cross-validated':50}{'n':>5}  not found  in doubt"
    for answerable in (True, False):
        named = [(f"{row.file}: {row.kind}", row) for row in rows if row.answerable == answerable]
        total = "all that are answerable" if answerable else "all that are not"
        kinds = list(dict.fromkeys(kind for kind, _ in named))
        for kind in (*kinds, total):
            p = [of.get(id(row), 0.0) for name, row in named if kind in (name, total)]
            silent = np.mean([value < calibration.threshold for value in p])
            doubt = np.mean([calibration.threshold <= v < calibration.sure for v in p])
            yield f"{kind:50}{len(p):5}      {silent:.3f}     {doubt:.3f}"


if __name__ == "__main__":
    main()
