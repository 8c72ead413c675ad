"""What each weight of the three weights.json is worth, and better ones, on labelled questions.

    python tests/benchmarks/tune_weights.py --set NAME DIR QUESTIONS.jsonl [--set ...] [--tune]

What the index gave is kept in ``--recording``: a second run is fast, and one that was stopped goes
on. For each weight it prints two figures of each set with the weight at 0. For retrieval: the share
of gold spans retrieved, as the mean of 1,000, 4,500 and 9,000 characters, and within 4,500. For
answers: the share of questions whose first sentence is on a gold span, and the share with such a
sentence among those quoted. Answers are chosen from the passages that the weights in use find.

With ``--tune`` it searches each weight in turn over ``--factors`` of its value. Questions with a
gold document in common stay in one fold; the figures printed are those of questions that the search
did not see. A change is taken only if no set loses more than ``--tolerance`` and the mean gains.
``--write`` then writes the files.
"""

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from statistics import fmean
from typing import Any

from rag.answer.candidates import candidates
from rag.answer.scoring import Unread, merged, ranked, unread
from rag.answer.selection import select
from rag.answer.weights import PATH as ANSWER_PATH
from rag.answer.weights import WEIGHTS as ANSWER
from rag.api import ANSWER_PASSAGES
from rag.evaluate import LabelledQuestion, read_questions
from rag.evaluate.measures import coverage
from rag.evaluate.places import Place, place
from rag.evaluate.report import BUDGETS
from rag.question.filters import Filters
from rag.question.understanding import understand
from rag.question.weights import PATH as QUESTION_PATH
from rag.question.weights import WEIGHTS as QUESTION
from rag.retrieval.retriever import Retriever
from rag.retrieval.weights import PATH as RETRIEVAL_PATH
from rag.retrieval.weights import WEIGHTS as RETRIEVAL
from rag.types import Document, Hit, Question
from tests.benchmarks.calibrate_answers import groups
from tests.benchmarks.recording import RecordedIndex, Recording

_PASSAGES = 60
_CHECKED = 5
"""Questions of each set that are compared with the live index."""
_LIMITS = (
    "least_relevance",
    "relevance_of_spoken",
    "sentences_read",
    "sentences_read_in_place",
    "quoted",
    "quoted_in_parts",
    "bears",
    "bears_alone",
    "bears_elsewhere",
)
"""Of answers, what is not tuned: limits, for which the figure is no measure."""

Weights = Any
"""`QuestionWeights`, `RetrievalWeights` or `AnswerWeights`."""


class Case:
    """A labelled question over its index."""

    def __init__(self, name: str, index: RecordedIndex, question: LabelledQuestion) -> None:
        self.set, self.question = name, question
        self._index = index
        self._figures: dict[tuple[str, Weights], tuple[float, ...]] = {}

    def found(self, words: Weights = QUESTION, weights: Weights = RETRIEVAL) -> list[Hit]:
        """The first passages."""
        index = self._index
        found = Retriever(index.build, index.embedder, index.reranker, weights)  # type: ignore[arg-type]
        return found.retrieve(self.asked(words), k=_PASSAGES, filters=Filters())

    def asked(self, words: Weights = QUESTION) -> Question:
        """The question as it is understood."""
        question, documents = self.question, self._index.documents
        return understand(
            question.text,
            question.history,
            focus=self._focus,
            vocabulary=documents,
            weights=words,
        )

    def figures(self, room: str, weights: Weights) -> tuple[float, ...]:
        """The figures of one room of the read path, the one that is tuned first."""
        key = room, weights
        if key not in self._figures:
            self._figures[key] = {
                "question": lambda: self._retrieval(words=weights),
                "retrieval": lambda: self._retrieval(weights=weights),
                "answer": lambda: self._answer(weights),
            }[room]()
        return self._figures[key]

    def answered(self, weights: Weights) -> tuple[list[str], list[Place]]:
        """The ids of the documents of the quoted sentences, and these, the best ranked first."""
        asked = self._asked
        rankings = [
            ranked(part, signs, self._index.reranker, weights)
            for part, signs in zip(asked.parts or (asked,), self._unread, strict=True)
        ]
        kinds = len(asked.answer_types)
        chosen = select(rankings, asked.names, things=kinds, weights=weights)
        first = merged(rankings)[:1]
        places = [
            (one.candidate.document.doc_id, one.candidate.start, one.candidate.end)
            for one in (*first, *chosen)
        ]
        return [doc_id for doc_id, _, _ in places[1:]], places

    def _retrieval(
        self, words: Weights = QUESTION, weights: Weights = RETRIEVAL
    ) -> tuple[float, ...]:
        found = [
            (hit.passage.document.doc_id, hit.passage.start, hit.passage.end)
            for hit in self.found(words, weights)
        ]
        gold, others = self._gold
        each = self.question.kind.startswith("multi")
        shares = [coverage(found, gold, others, budget=b, each=each) for b in BUDGETS]
        return fmean(shares), shares[1]

    def _answer(self, weights: Weights) -> tuple[float, ...]:
        if not self._unread:
            return 0.0, 0.0
        _, (first, *chosen) = self.answered(weights) if weights.sentences_read else ([], [None])
        return float(self._is_gold(first)), float(any(map(self._is_gold, chosen)))

    def _is_gold(self, found: Place | None) -> bool:
        return found is not None and any(
            found[0] == doc_id and found[1] < end and found[2] > start
            for places in self._gold
            for doc_id, start, end in places
        )

    @cached_property
    def _focus(self) -> list[tuple[Document, float]]:
        index = self._index
        found = Retriever(index.build, index.embedder, index.reranker, RETRIEVAL)  # type: ignore[arg-type]
        return found.focus(self.question.text, self.question.history)

    @cached_property
    def _asked(self) -> Question:
        return self.asked()

    @cached_property
    def _unread(self) -> list[Unread]:
        found = candidates(self.found()[:ANSWER_PASSAGES])
        return (
            [unread(part, found) for part in self._asked.parts or (self._asked,)] if found else []
        )

    @cached_property
    def _gold(self) -> tuple[list[Place], list[Place]]:
        gold, others = (
            [self._place(span) for span in spans]
            for spans in (self.question.gold, self.question.alternatives)
        )
        return gold, others

    def _place(self, span: Any) -> Place:
        document = self._index.documents.document(span.doc_id)
        # A place that nothing covers, where the index does not hold it.
        return (document and place(span, document)) or (span.doc_id, -1, 0)


def main() -> None:
    """Record, compare with the live index, print what each weight is worth, tune, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--set", nargs=3, action="append", metavar=("NAME", "DIR", "QUESTIONS"), default=[],
        help="a name, an index and labelled questions; again for each set",
    )  # fmt: skip
    parser.add_argument("--recording", type=Path, default=Path("weights.recording"))
    parser.add_argument("--rooms", nargs="+", default=list(ROOMS), choices=ROOMS)
    parser.add_argument("--tune", action="store_true", help="search better weights")
    parser.add_argument("--factors", type=float, nargs="+", default=[0, 0.5, 0.7, 1.4, 2])
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--tolerance", type=float, default=0.0, help="what a set may lose, at most")
    parser.add_argument("--write", action="store_true", help="write the changes that are taken")
    options = parser.parse_args()
    recording = Recording(options.recording)
    cases = _recorded(options.set, recording)
    if not cases:
        parser.error("no questions: name a set, as --set releases DIR QUESTIONS.jsonl")
    for name in options.rooms:
        room = ROOMS[name]
        _print_worth(room, cases)
        recording.save()
        if options.tune:
            better = _tuned_in_folds(room, cases, options)
            if options.write and better != room.weights:
                text = json.dumps(asdict(better), indent=2) + "\n"
                room.path.write_text(text, encoding="utf-8")
                print(f"wrote {room.path}")


@dataclass(frozen=True, slots=True)
class Room:
    """The weights of a room of the read path, and which of them are tuned."""

    name: str
    weights: Weights
    path: Path
    tuned: tuple[str, ...]
    heads: tuple[str, str]


def _names(weights: Weights, but: Iterable[str] = ()) -> tuple[str, ...]:
    """The fields that are numbers of any size; those that count something are limits."""
    return tuple(
        field.name
        for field in fields(weights)
        if isinstance(getattr(weights, field.name), float) and field.name not in but
    )


ROOMS = {
    "question": Room(
        "question", QUESTION, QUESTION_PATH, _names(QUESTION), ("spans", "in 4,500 characters")
    ),
    "retrieval": Room(
        "retrieval",
        RETRIEVAL,
        RETRIEVAL_PATH,
        _names(RETRIEVAL, ("passages_a_document", "agency_fits")),
        ("spans", "in 4,500 characters"),
    ),
    "answer": Room(
        "answer", ANSWER, ANSWER_PATH, _names(ANSWER, _LIMITS), ("first sentence", "quoted")
    ),
}


def _recorded(sets: Sequence[Sequence[str]], recording: Recording) -> list[Case]:
    """The answerable questions of all sets, each asked once; some compared with the live index."""
    opened: dict[str, RecordedIndex] = {}
    cases = []
    for name, folder, path in sets:
        if folder not in opened:
            opened[folder] = RecordedIndex(Path(folder), recording)
        asked = [question for question in read_questions([path]) if question.answerable]
        of_set = [Case(name, opened[folder], question) for question in asked]
        for number, case in enumerate(of_set):
            case.figures("retrieval", RETRIEVAL)
            case.figures("answer", ANSWER)
            if number < _CHECKED:
                _compare(case, opened[folder])
            recording.save()
        print(f"{name}: {len(of_set)} questions", flush=True)
        cases += of_set
    return cases


def _compare(case: Case, index: RecordedIndex) -> None:
    """Stop where the recorded index does not give what the live one gives."""
    question = case.question
    live = index.live.retrieve(question.text, _PASSAGES, history=question.history)
    recorded = case.found()
    if [(hit.passage, hit.score) for hit in live] != [(hit.passage, hit.score) for hit in recorded]:
        raise SystemExit(f"{question.qid}: the recording finds other passages than the index")
    quoted = [c.document.doc_id for claim in index.live.ask(question.text, question.history).claims
              for c in claim.citations]  # fmt: skip
    if not set(quoted) <= set(case.answered(ANSWER)[0]):
        raise SystemExit(f"{question.qid}: the recording quotes other documents than the index")


def _print_worth(room: Room, cases: Sequence[Case]) -> None:
    """A row for each weight: the figures of each set where it is 0."""
    sets = list(dict.fromkeys(case.set for case in cases))
    print(f"\n{room.name}: {room.heads[0]} / {room.heads[1]}")
    print(f"{'at 0':28}" + "".join(f"{name:>14}" for name in (*sets, "mean")))
    for name in ("nothing", *(field.name for field in fields(room.weights))):
        weights = room.weights if name == "nothing" else replace(room.weights, **{name: 0})
        rows = [_means(cases, room, weights, at) for at in (0, 1)]
        cells = [f"{one:.3f} / {other:.3f}" for one, other in zip(*map(_cells, rows), strict=True)]
        print(f"{name:28}" + "".join(f"{cell:>14}" for cell in cells), flush=True)


def _cells(means: Mapping[str, float]) -> list[float]:
    return [*means.values(), fmean(means.values())]


def _means(cases: Iterable[Case], room: Room, weights: Weights, at: int = 0) -> dict[str, float]:
    """The mean figure of each set."""
    found: dict[str, list[float]] = {}
    for case in cases:
        found.setdefault(case.set, []).append(case.figures(room.name, weights)[at])
    return {name: fmean(values) for name, values in found.items()}


def _tuned(
    room: Room, cases: Sequence[Case], factors: Sequence[float], tolerance: float
) -> Weights:
    """Better weights by coordinate search: each in turn, the best of its factors."""
    best = room.weights
    for name in room.tuned:
        value = getattr(best, name)
        tried = [best, *(replace(best, **{name: round(value * f, 4)}) for f in factors)]
        start = _means(cases, room, best)

        def gain(weights: Weights, start: Mapping[str, float] = start) -> float:
            means = _means(cases, room, weights)
            loses = any(means[key] < start[key] - tolerance for key in start)
            return -1.0 if loses else fmean(means.values()) - fmean(start.values())

        # The first of equals, which is the one in use, stays.
        best = max(tried, key=gain)
    return best


def _tuned_in_folds(room: Room, cases: Sequence[Case], options: argparse.Namespace) -> Weights:
    """The weights to take: tuned on all, if the same search gains on questions it did not see."""
    fold_of = _folds(cases, options.folds)
    before: dict[str, list[float]] = {}
    after: dict[str, list[float]] = {}
    for fold in sorted(set(fold_of)):
        learn = [case for case, own in zip(cases, fold_of, strict=True) if own != fold]
        found = _tuned(room, learn, options.factors, options.tolerance)
        print(f"fold {fold + 1}: {_changed(room.weights, found)}", flush=True)
        for case, own in zip(cases, fold_of, strict=True):
            if own == fold:
                before.setdefault(case.set, []).append(case.figures(room.name, room.weights)[0])
                after.setdefault(case.set, []).append(case.figures(room.name, found)[0])
    print(f"{room.name}, questions not seen: {'':6}" + "".join(f"{name:>14}" for name in before))
    for title, figures in (("as it is", before), ("tuned", after)):
        print(f"{title:32}" + "".join(f"{fmean(of_set):14.3f}" for of_set in figures.values()))
    loses = [key for key in before if fmean(after[key]) < fmean(before[key]) - options.tolerance]
    gains = fmean(map(fmean, after.values())) - fmean(map(fmean, before.values()))
    if loses or gains <= 0:
        print(f"kept as it is: the mean gains {gains:.4f}; sets that lose: {loses or 'none'}")
        return room.weights
    found = _tuned(room, cases, options.factors, options.tolerance)
    print(f"taken: {_changed(room.weights, found)}")
    return found


def _folds(cases: Sequence[Case], folds: int) -> list[int]:
    """The fold of each case: questions that share a gold document are in one."""
    group = groups({str(n): case.question.documents for n, case in enumerate(cases)})
    order = {name: n for n, name in enumerate(dict.fromkeys(group.values()))}
    return [order[group[str(n)]] % folds for n in range(len(cases))]


def _changed(before: Weights, after: Weights) -> str:
    changes = [
        f"{name} {old:g} to {new:g}"
        for name, old, new in (
            (field.name, getattr(before, field.name), getattr(after, field.name))
            for field in fields(before)
        )
        if old != new
    ]
    return ", ".join(changes) or "no change"


if __name__ == "__main__":
    main()
