"""The evaluation of retrieval on labelled questions."""

import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from rag.config import project_root
from rag.errors import UsageError
from rag.evaluate.measures import coverage, first_place, wrong_share
from rag.evaluate.places import Place, place
from rag.evaluate.questions import LabelledQuestion, Span
from rag.evaluate.report import BUDGETS, Report, Result
from rag.types import Document, Hit

# Passages retrieved for a question. They have more characters than the largest budget.
_PASSAGES = 60

Progress = Callable[[int, int], None]
"""Called with the number of questions done and of all questions."""


class Searchable(Protocol):
    """The part of an open index that is evaluated (:class:`rag.Index`)."""

    @property
    def build(self) -> str: ...

    def document(self, doc_id: str) -> Document: ...

    def retrieve(
        self, question: str, k: int, *, history: Sequence[str], stages: Sequence[str] | None
    ) -> list[Hit]: ...


def evaluate(
    index: Searchable,
    questions: Iterable[LabelledQuestion],
    *,
    stages: Sequence[str] | None = None,
    settings: Any = None,
    progress: Progress | None = None,
) -> Report:
    """Retrieve passages for each answerable question and measure them.

    Parameters
    ----------
    index
        An open index.
    questions
        Unanswerable ones are left out: no passage is right for them.
    stages
        The stages of retrieval that take part; None for all.
    settings
        Copied into the report.
    progress
        Called after each question.

    Raises
    ------
    UsageError
        If no question is answerable.
    """
    answerable = [question for question in questions if question.answerable]
    if not answerable:
        raise UsageError("no answerable question: retrieval has nothing to find.")
    first = answerable[0]
    # The first retrieval loads the models. Its time must not count.
    index.retrieve(first.text, _PASSAGES, history=first.history, stages=stages)
    results = []
    for number, question in enumerate(answerable, start=1):
        results.append(_result(index, question, stages))
        if progress is not None:
            progress(number, len(answerable))
    about = {
        "commit": _commit(),
        "build": index.build,
        "stages": None if stages is None else list(stages),
        "settings": settings,
    }
    return Report(tuple(results), about)


def _result(index: Searchable, question: LabelledQuestion, stages: Sequence[str] | None) -> Result:
    start = time.perf_counter()
    hits = index.retrieve(question.text, _PASSAGES, history=question.history, stages=stages)
    seconds = time.perf_counter() - start
    ranking = [(h.passage.document.doc_id, h.passage.start, h.passage.end) for h in hits]
    absent: list[str] = []
    gold = [_place(index, span, absent) for span in question.gold]
    alternatives = [_place(index, span, absent) for span in question.alternatives]
    right = question.documents
    each = question.kind.startswith("multi")
    return Result(
        qid=question.qid,
        kind=question.kind,
        question=question.text,
        coverage={
            budget: coverage(ranking, gold, alternatives, budget=budget, each=each)
            for budget in BUDGETS
        },
        place=first_place((doc_id for doc_id, _, _ in ranking), right),
        wrong=wrong_share(ranking, right, budget=BUDGETS[1]),
        seconds=seconds,
        right=tuple(sorted(right)),
        documents=tuple(dict.fromkeys(doc_id for doc_id, _, _ in ranking)),
        absent=tuple(absent),
    )


def _place(index: Searchable, span: Span, absent: list[str]) -> Place:
    try:
        found = place(span, index.document(span.doc_id))
    except UsageError:  # no such document
        found = None
    if found is None:
        absent.append(span.doc_id if span.page is None else f"{span.doc_id} p. {span.page}")
        # No retrieved passage can cover this place.
        return span.doc_id, -1, 0
    return found


def _commit() -> str | None:
    """The current commit, with ``+`` if the working tree differs from it; None without git."""
    try:
        described = subprocess.run(
            ["git", "describe", "--always", "--dirty=+", "--abbrev=10"],
            cwd=project_root(),
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return described.stdout.strip()
