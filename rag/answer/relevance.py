"""The probability that a sentence beside the best one is relevant, by a fitted model."""

import json
import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from rag.answer.logistic import Logistic
from rag.answer.scoring import Scored

MODEL = Path(__file__).with_name("relevance.json")
"""The model with a reranker; `tests/benchmarks/calibrate_relevance.py` writes it."""
WITHOUT_RERANKER = Path(__file__).with_name("relevance_without_reranker.json")
"""The model without a reranker."""
GAP = 3
"""Characters between two adjacent sentences, at most."""

NAMES = (
    "behind",
    "answers",
    "bears",
    "less_likely",
    "less_relevant",
    "coverage",
    "setting",
    "clause",
    "named",
    "given",
    "passage",
    "inside",
    "same_document",
    "adjoining",
    "length",
)
"""The signals, in the order of `relevance_signals`."""


def relevance_probabilities(ranked: Sequence[Scored], *, reranked: bool = True) -> list[float]:
    """For each ranked sentence the probability, 0 to 1, that it is relevant.

    A sentence is relevant if it contains the answer or a part of it, or gives context about the
    same party and matter that a reader needs to judge the answer.

    Parameters
    ----------
    ranked
        The sentences for a question, or for one part of it, best first.
    reranked
        Whether a reranker has read them.
    """
    model = _model(MODEL if reranked else WITHOUT_RERANKER)
    return [model.probability(signals) for signals in relevance_signals(ranked)]


def relevance_signals(ranked: Sequence[Scored]) -> list[tuple[float, ...]]:
    """The signals of each ranked sentence, in the order of `NAMES`.

    behind
        Its score minus the score of the best sentence.
    answers, bears
        As in `Scored`.
    less_likely, less_relevant
        Its ``answers`` minus the highest one; its ``relevance`` minus the highest one.
    coverage, setting, clause, named, given
        As in `Scored`.
    passage, inside
        One divided by the ``rank`` of its `Candidate`; the ``inside`` of its `Candidate`.
    same_document, adjoining
        Whether it is in the document of the best sentence, and whether it is adjacent to it there.
    length
        Natural logarithm of its number of characters.
    """
    if not ranked:
        return []
    best = ranked[0]
    likeliest = max(item.answers for item in ranked)
    most_relevant = max(item.relevance for item in ranked)
    return [
        (
            item.score - best.score,
            item.answers,
            item.bears,
            item.answers - likeliest,
            item.relevance - most_relevant,
            item.coverage,
            item.setting,
            item.clause,
            item.named,
            item.given,
            1 / item.candidate.rank,
            float(item.candidate.inside),
            float(item.candidate.document.doc_id == best.candidate.document.doc_id),
            float(_adjacent(item, best)),
            math.log(item.candidate.end - item.candidate.start),
        )
        for item in ranked
    ]


@cache
def _model(path: Path) -> Logistic:
    return Logistic.of(json.loads(path.read_text(encoding="utf-8")))


def _adjacent(one: Scored, other: Scored) -> bool:
    a, b = one.candidate, other.candidate
    return a.document.doc_id == b.document.doc_id and (
        0 <= a.start - b.end <= GAP or 0 <= b.start - a.end <= GAP
    )
