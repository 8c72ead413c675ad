"""How likely a sentence bears on the question, beside the best one: a model that people taught."""

import json
import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from rag.answer.logistic import Logistic
from rag.answer.scoring import Scored

MODEL = Path(__file__).with_name("relevance.json")
"""The model in use; `tests/benchmarks/calibrate_relevance.py` makes it anew."""
WITHOUT_RERANKER = Path(__file__).with_name("relevance_without_reranker.json")
"""The same where no reranker reads."""
GAP = 3
"""Characters of white space between two sentences that belong together."""

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
"""The signals, in the order of `bearing_signals`."""


def bearing(ranked: Sequence[Scored], *, reranked: bool = True) -> list[float]:
    """For each ranked sentence how likely it bears on the question, 0 to 1.

    It does if it holds the answer or a part of it, or states of the same party in the same matter
    what a reader needs to judge the answer.

    Parameters
    ----------
    ranked
        The sentences read for a question, or for a part of one, best first.
    reranked
        Whether a reranker has read them.
    """
    model = _model(MODEL if reranked else WITHOUT_RERANKER)
    return [model.probability(signals) for signals in bearing_signals(ranked)]


def bearing_signals(ranked: Sequence[Scored]) -> list[tuple[float, ...]]:
    """The signals of each ranked sentence, in the order of `NAMES`.

    behind
        How far it is behind the best one's score.
    answers, bears
        As in `Scored`.
    less_likely, less_relevant
        How far its ``answers`` is behind the highest, and its ``relevance``.
    coverage, setting, clause, named, given
        As in `Scored`.
    passage
        One divided by the rank of the passage near it; ``inside``: whether that holds some of it.
    same_document, adjoining
        Whether it is of the best one's document, and without a gap before or after it.
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
            float(_adjoin(item, best)),
            math.log(item.candidate.end - item.candidate.start),
        )
        for item in ranked
    ]


@cache
def _model(path: Path) -> Logistic:
    return Logistic.of(json.loads(path.read_text(encoding="utf-8")))


def _adjoin(one: Scored, other: Scored) -> bool:
    a, b = one.candidate, other.candidate
    return a.document.doc_id == b.document.doc_id and (
        0 <= a.start - b.end <= GAP or 0 <= b.start - a.end <= GAP
    )
