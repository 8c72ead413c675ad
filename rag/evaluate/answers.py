"""Evaluation of answers: their words, citations, speakers, statuses, and correct abstention."""

import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean, median
from typing import Any, Protocol

from rag.errors import UsageError
from rag.evaluate.places import Place, place
from rag.evaluate.questions import LabelledQuestion, Span
from rag.types import Answer, Claim, Document

_SIGNS = str.maketrans("‘’“”–—", "''\"\"--")
LEFT_OUT = "left out"
"""The kind of the answerable questions that are asked without the documents that answer."""


class Answering(Protocol):
    """The part of an open index that is evaluated (`rag.Index`)."""

    def document(self, doc_id: str) -> Document: ...

    def documents(self) -> list[Document]: ...

    def ask(
        self, question: str, history: Sequence[str] = (), filters: Any | None = None
    ) -> Answer: ...


@dataclass(frozen=True, slots=True)
class AnswerResult:
    """The result of one question.

    Attributes
    ----------
    silent
        Whether the answer abstains. For an answerable question: ``not_found``. For one without an
        answer in the documents: ``not_found`` or ``partial``; this is then right.
    says
        Whether the answer contains all required strings and no forbidden one (`says`).
    cites
        Whether a citation overlaps a gold span.
    speaker, status
        Whether a claim on a gold span has the labelled speaker, and the labelled status. None
        without a label or without such a claim.
    quoted
        Characters of the claims.
    before
        Characters of the claims before the first required string. None if there is none.
    seconds
        Time of the answer.

    ``says``, ``cites``, ``speaker`` and ``status`` are None for a question without an answer.
    """

    qid: str
    kind: str
    question: str
    outcome: str
    silent: bool
    says: bool | None
    cites: bool | None
    speaker: bool | None
    status: bool | None
    quoted: int
    before: int | None
    seconds: float


@dataclass(frozen=True, slots=True)
class AnswerReport:
    """The results of one evaluation of answers."""

    results: tuple[AnswerResult, ...]

    def figures(self, kind: str | None = None) -> dict[str, float]:
        """Means over the questions of a kind; None for all answerable ones.

        ``quoted`` is the median over the answers with claims, ``before`` the median over those
        that contain a required string.
        """
        results = [
            r for r in self.results if (r.says is not None if kind is None else r.kind == kind)
        ]
        figures = {}
        if results:
            figures["silent"] = fmean(r.silent for r in results)
            figures["partial"] = fmean(r.outcome == "partial" for r in results)
        for name in ("says", "cites", "speaker", "status"):
            known = [getattr(r, name) for r in results if getattr(r, name) is not None]
            if known:
                figures[name] = fmean(known)
        if any(r.quoted for r in results):
            figures["quoted"] = float(median(r.quoted for r in results if r.quoted))
        known = [r.before for r in results if r.before is not None]
        if known:
            figures["before"] = float(median(known))
        return figures

    def table(self) -> str:
        """Plain text: a row for each kind, a row for all answerable questions, and the time."""
        heads = ("silent", "partial", "says", "cites", "speaker", "status", "quoted", "before")
        kinds = [*sorted({r.kind for r in self.results}), None]
        lines = [f"{'':22}{'n':>5} " + " ".join(f"{head:>8}" for head in heads)]
        for kind in kinds:
            count = sum(
                (r.says is not None) if kind is None else r.kind == kind for r in self.results
            )
            figures = self.figures(kind)
            cells = " ".join(
                f"{figures[h]:>8.0f}"
                if h in ("quoted", "before") and h in figures
                else f"{figures[h]:>8.3f}"
                if h in figures
                else f"{'':>8}"
                for h in heads
            )
            lines.append(f"{kind or 'all answerable':22}{count:>5} {cells}")
        times = sorted(r.seconds for r in self.results)
        lines.append(f"one question: {median(times) * 1000:.0f} ms at the median")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        kinds = sorted({r.kind for r in self.results})
        return {
            "answerable": self.figures(),
            "kinds": {kind: self.figures(kind) for kind in kinds},
            "results": [asdict(r) for r in self.results],
        }


def evaluate_answers(
    index: Answering,
    questions: Iterable[LabelledQuestion],
    *,
    leave_out: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> AnswerReport:
    """Ask each question and compare the answer with its labels.

    Parameters
    ----------
    index
        An open index.
    leave_out
        Ask each answerable question a second time, without the documents that answer it. An
        abstention is then right. These results have the kind `LEFT_OUT`.
    progress
        Called after each question with the number of questions done and of all questions.

    Raises
    ------
    UsageError
        If there is no question.
    """
    labelled = list(questions)
    if not labelled:
        raise UsageError("no question to ask.")
    everything = [document.doc_id for document in index.documents()] if leave_out else []
    results = []
    for number, question in enumerate(labelled, start=1):
        results.append(_result(index, question, *_ask(index, question, None)))
        if leave_out and question.answerable and question.documents:
            kept = {"document": [i for i in everything if i not in question.documents]}
            answer, seconds = _ask(index, question, kept)
            results.append(_abstention(question, LEFT_OUT, answer, seconds))
        if progress is not None:
            progress(number, len(labelled))
    return AnswerReport(tuple(results))


def says(question: LabelledQuestion, answer: Answer) -> bool:
    """Whether the answer contains a string of each set in ``must`` and none of ``must_not``.

    Case, white space and the style of quotation marks and dashes are ignored.
    """
    text = _folded(answer.text) if answer.claims else ""
    return all(any(_folded(s) in text for s in each) for each in question.must) and not any(
        _folded(s) in text for s in question.must_not
    )


def _ask(index: Answering, question: LabelledQuestion, filters: Any | None) -> tuple[Answer, float]:
    start = time.perf_counter()
    answer = index.ask(question.text, history=question.history, filters=filters)
    return answer, time.perf_counter() - start


def _result(
    index: Answering, question: LabelledQuestion, answer: Answer, seconds: float
) -> AnswerResult:
    if not question.answerable:
        return _abstention(question, question.kind, answer, seconds)
    spans = question.gold + question.alternatives
    gold = [found for span in spans if (found := _place(index, span)) is not None]
    on_gold = [claim for claim in answer.claims if _on(claim, gold)]
    speakers = [] if question.speaker is None else question.speaker.split(" / ")
    return AnswerResult(
        qid=question.qid,
        kind=question.kind,
        question=question.text,
        outcome=answer.outcome,
        silent=answer.outcome == "not_found",
        says=says(question, answer),
        cites=bool(on_gold),
        speaker=any(_same(claim.speaker, s) for claim in on_gold for s in speakers)
        if on_gold and speakers
        else None,
        status=any(claim.status == question.modality for claim in on_gold)
        if on_gold and question.modality
        else None,
        quoted=sum(len(claim.text) for claim in answer.claims),
        before=_before(question, answer),
        seconds=seconds,
    )


def _abstention(
    question: LabelledQuestion, kind: str, answer: Answer, seconds: float
) -> AnswerResult:
    silent = answer.outcome != "answered"
    quoted = sum(len(claim.text) for claim in answer.claims)
    return AnswerResult(
        question.qid, kind, question.text, answer.outcome, silent,
        None, None, None, None, quoted, None, seconds,
    )  # fmt: skip


def _before(question: LabelledQuestion, answer: Answer) -> int | None:
    """Characters, white space left out, before the first required string in the claims."""
    text = _folded("".join(claim.text for claim in answer.claims))
    found = [text.find(_folded(string)) for each in question.must for string in each]
    return min((place for place in found if place >= 0), default=None)


def _place(index: Answering, span: Span) -> Place | None:
    try:
        return place(span, index.document(span.doc_id))
    except UsageError:  # no such document
        return None


def _on(claim: Claim, gold: Sequence[Place]) -> bool:
    return any(
        citation.document.doc_id == doc_id and citation.start < end and citation.end > start
        for citation in claim.citations
        for doc_id, start, end in gold
    )


def _same(one: str | None, other: str) -> bool:
    """Whether one name of a speaker contains the other: "Goldman", "Goldman Sachs"."""
    a, b = ((name or "").casefold().removeprefix("the ") for name in (one, other))
    return bool(a and b) and (a in b or b in a)


def _folded(text: str) -> str:
    return re.sub(r"\s+", "", text.translate(_SIGNS)).casefold()
