"""The few sentences that together answer: chosen in order, without repetition, for every part."""

from collections.abc import Iterable, Sequence

from rag.answer.asked import Asked
from rag.answer.kinds import gives, kinds
from rag.answer.score import Scored
from rag.answer.words import stem, stems, words

_QUOTED = 1100
"""Characters quoted at most, beyond the first sentence and one for each further part."""
_BEHIND = 3.0
"""How far below the best sentence's score a further one may be."""
_FIRST = 8
"""Sentences among which a part of the question looks for its own."""


def select(question: Asked, ranked: Sequence[Scored]) -> list[Scored]:
    """The sentences to quote, best first.

    The best one, then the best for each further part of the question and for each name that the
    ones before leave out, then what comes close to the best and adds something.
    """
    if not ranked:
        return []
    chosen = [ranked[0]]
    for item in _wanted(question, ranked):
        _add(chosen, item)
    quoted = sum(_length(item) for item in chosen)
    for item in ranked:
        if item.score < ranked[0].score - _BEHIND:
            break
        if quoted + _length(item) <= _QUOTED and _add(chosen, item):
            quoted += _length(item)
    return sorted(chosen, key=lambda item: -item.score)


def _wanted(question: Asked, ranked: Sequence[Scored]) -> Iterable[Scored]:
    """The best sentence for each part of the question and for each name it compares."""
    if len(question.parts) > 1:
        for part in question.parts:
            yield _best_for(part, ranked[:_FIRST])
    if len(question.names) > 1:
        for name in question.names:
            stem_set = {stem(word) for word in words(name) if len(word) > 1}
            holding = [item for item in ranked if stem_set & (item.stems | item.subject)]
            if holding and len(holding) < len(ranked):
                yield holding[0]


def _best_for(part: str, ranked: Sequence[Scored]) -> Scored:
    wanted, asked_kinds = stems(part), kinds(part)

    def fitness(item: Scored) -> float:
        held = len(wanted & item.stems) / len(wanted) if wanted else 0.0
        text = item.candidate.text
        given = sum(gives(kind, text) for kind in asked_kinds) / max(1, len(asked_kinds))
        return item.score + 4.0 * held + 3.0 * given

    return max(ranked, key=fitness)


def _add(chosen: list[Scored], item: Scored) -> bool:
    """Take ``item`` unless the chosen ones say it already."""
    if any(_repeats(item, other) for other in chosen):
        return False
    chosen.append(item)
    return True


def _length(item: Scored) -> int:
    return item.candidate.end - item.candidate.start


def _repeats(one: Scored, other: Scored) -> bool:
    """Whether two sentences say nearly the same in nearly the same words."""
    union = one.stems | other.stems
    return bool(union) and len(one.stems & other.stems) / len(union) > 0.75
