"""The few sentences that together answer: chosen in order, without repetition, for every part."""

from collections.abc import Iterable, Sequence

from rag.answer.score import Scored
from rag.answer.words import stem, words

_QUOTED = 1100
"""Characters quoted at most, beyond the first sentence and one for each further part."""
_LESS_RELEVANT = 8.0
"""How far below the best sentence's logit that of a further one may be, for a single question."""
_BEHIND = 3.0
"""How far below the best sentence's score a further one may be."""


def select(rankings: Sequence[Sequence[Scored]], names: Sequence[str] = ()) -> list[Scored]:
    """The sentences to quote: the best for each part of the question first.

    Then the best for each name that the ones before leave out, then what comes close to the best
    of its part and adds something.

    Parameters
    ----------
    rankings
        The candidates ranked for each part of the question, best first; one ranking where it has
        a single part.
    names
        The names in the question: where it has several, each is spoken of.
    """
    chosen: list[Scored] = []
    for ranked in rankings:
        for item in ranked[:1]:
            _add(chosen, item)
    for item in _compared(names, rankings[0] if rankings else ()):
        _add(chosen, item)
    quoted = sum(_length(item) for item in chosen)
    near = (
        (item.score - ranked[0].score, place, item)
        for ranked in rankings
        for place, item in enumerate(ranked)
        if item.score >= ranked[0].score - _BEHIND
        and (len(rankings) > 1 or item.relevance >= ranked[0].relevance - _LESS_RELEVANT)
    )
    for _, _, item in sorted(near, key=lambda entry: (-entry[0], entry[1])):
        if quoted + _length(item) <= _QUOTED and _add(chosen, item):
            quoted += _length(item)
    return chosen


def _compared(names: Sequence[str], ranked: Sequence[Scored]) -> Iterable[Scored]:
    """The best sentence for each of several names, where some sentences lack it."""
    if len(names) < 2:
        return
    for name in names:
        wanted = {stem(word) for word in words(name) if len(word) > 1}
        holding = [item for item in ranked if wanted & (item.stems | item.subject)]
        if holding and len(holding) < len(ranked):
            yield holding[0]


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
