"""The few sentences that together answer: scored, then chosen without repetition."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
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
_NEAR = 3000
"""Characters around a sentence that tell what it is about."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with what is known of its fitness.

    Attributes
    ----------
    relevance
        The cross-encoder's logit for question and sentence.
    coverage
        Share of the question's words that the sentence holds, each weighted by its rarity among
        the candidates; 0 to 1.
    setting
        The same for the document around the sentence, its title and beginning included.
    given
        Share of the kinds asked for of which the sentence contains a thing; 1 where none is.
    score
        The order of selection, higher is better.
    """

    candidate: Candidate
    stems: frozenset[str]
    relevance: float
    coverage: float
    setting: float
    given: float
    score: float


def scored(question: Asked, found: Sequence[Candidate]) -> list[Scored]:
    """The most promising candidates, best first."""
    if not found:
        return []
    held = [stems(candidate.text) for candidate in found]
    weights = _rarity(question.stems, held)
    coverage = [_share(weights, words) for words in held]
    around = _settings(found)
    setting_weights = _rarity(question.stems, list(around.values()))
    setting = [_share(setting_weights, around[_place(candidate)]) for candidate in found]
    given = [_given(question, candidate.text) for candidate in found]
    promise = [
        coverage[i] + setting[i] + 0.25 * given[i] + 0.3 / found[i].rank + 0.1 * found[i].inside
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
            setting=setting[i],
            given=given[i],
            score=float(logit)
            + 3.0 * coverage[i]
            + 4.0 * setting[i]
            + 1.5 * given[i]
            + 1.0 / found[i].rank,
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


def _given(question: Asked, sentence: str) -> float:
    if not question.kinds:
        return 1.0
    return sum(gives(kind, sentence) for kind in question.kinds) / len(question.kinds)


def _rarity(asked: frozenset[str], held: Sequence[frozenset[str]]) -> dict[str, float]:
    """Weight of each word asked for: words in few of the texts tell more."""
    count = Counter(word for words in held for word in words & asked)
    return {word: math.log(1 + len(held) / (0.5 + count[word])) for word in asked}


def _share(weights: Mapping[str, float], held: frozenset[str]) -> float:
    total = sum(weights.values())
    return sum(weights[word] for word in weights.keys() & held) / total if total else 0.0


def _place(candidate: Candidate) -> tuple[str, int]:
    return candidate.document.doc_id, candidate.start // _NEAR


def _settings(found: Sequence[Candidate]) -> dict[tuple[str, int], frozenset[str]]:
    """The words around each candidate; neighbours share them."""
    around: dict[tuple[str, int], frozenset[str]] = {}
    for candidate in found:
        place = _place(candidate)
        if place not in around:
            text = candidate.document.text
            block = place[1] * _NEAR
            near = text[max(0, block - _NEAR // 2) : block + _NEAR + _NEAR // 2]
            around[place] = stems(f"{candidate.document.title} {text[:600]} {near}")
    return around


def _read(candidate: Candidate) -> str:
    """What the cross-encoder reads of a candidate: the sentence on one line, not too long."""
    return re.sub(r"\s+", " ", candidate.text)[:700]


def _repeats(one: Scored, other: Scored) -> bool:
    """Whether two sentences say nearly the same in nearly the same words."""
    union = one.stems | other.stems
    return bool(union) and len(one.stems & other.stems) / len(union) > 0.75
