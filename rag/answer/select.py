"""The few sentences that together answer: scored by the cross-encoder, chosen without repetition."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer.asked import Asked, gives
from rag.answer.candidates import Candidate
from rag.answer.words import stems
from rag.rerank import load_reranker

_READ = 14
"""Candidates that the cross-encoder reads: it takes about 20 ms for each."""
_QUOTED = 1100
"""Characters quoted at most, beyond the first sentence."""
_BEHIND = 4.0
"""How far below the best sentence's score a further one may be."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with what is known of its fitness.

    ``relevance``: the cross-encoder's logit. ``coverage``: share of the question's words, each
    weighted by its rarity among the candidates, that the sentence holds. ``given``: whether it
    contains a thing of each kind asked for. ``score``: the order of selection, higher is better.
    """

    candidate: Candidate
    stems: frozenset[str]
    relevance: float
    coverage: float
    given: bool
    score: float


def scored(question: Asked, found: Sequence[Candidate]) -> list[Scored]:
    """The most promising candidates, best first."""
    if not found:
        return []
    held = [stems(candidate.text) for candidate in found]
    weights = _rarity(question.stems, held)
    total = sum(weights.values()) or 1.0
    coverage = [sum(weights[s] for s in question.stems & words) / total for words in held]
    given = [all(gives(kind, c.text) for kind in question.kinds) for c in found]
    promise = [
        coverage[i] + 0.25 * given[i] + 0.5 / found[i].rank + 0.15 * found[i].inside
        for i in range(len(found))
    ]
    chosen = sorted(range(len(found)), key=lambda i: -promise[i])[:_READ]
    relevance = load_reranker().score(question.context, [_read(found[i]) for i in chosen])
    result = [
        Scored(
            candidate=found[i],
            stems=held[i],
            relevance=float(logit),
            coverage=coverage[i],
            given=given[i],
            score=float(logit) + 3.0 * coverage[i] + 1.5 * given[i] + 1.0 / found[i].rank,
        )
        for i, logit in zip(chosen, relevance, strict=True)
    ]
    return sorted(result, key=lambda s: -s.score)


def select(question: Asked, ranked: Sequence[Scored]) -> list[Scored]:
    """The sentences to quote, best first: near the best score, each adding something."""
    chosen: list[Scored] = []
    quoted = 0
    for item in ranked:
        if chosen and item.score < chosen[0].score - _BEHIND:
            break
        if any(_repeats(item, other) for other in chosen):
            continue
        length = item.candidate.end - item.candidate.start
        if chosen and quoted + length > _QUOTED:
            continue
        chosen.append(item)
        quoted += length
    return chosen


def _rarity(asked: frozenset[str], held: Sequence[frozenset[str]]) -> dict[str, float]:
    """Weight of each word asked for: words in few candidates tell more."""
    count = Counter(word for words in held for word in words & asked)
    return {word: math.log(1 + len(held) / (1 + count[word])) for word in asked}


def _read(candidate: Candidate) -> str:
    """What the cross-encoder reads of a candidate: the sentence on one line, not too long."""
    return re.sub(r"\s+", " ", candidate.text)[:700]


def _repeats(one: Scored, other: Scored) -> bool:
    """Whether two sentences say nearly the same in nearly the same words."""
    union = one.stems | other.stems
    return bool(union) and len(one.stems & other.stems) / len(union) > 0.75
