"""The few sentences that together answer: chosen in order, without repetition, for every part."""

from collections.abc import Iterable, Sequence

from rag.answer.score import Scored
from rag.answer.words import stem, words

_QUOTED, _QUOTED_IN_PARTS = 1100, 1750
"""Characters quoted at most, beyond the first sentence for each part and name; more where several
things are asked for at once."""
_BEHIND = 3.5
"""How far below the best sentence's score a further one may be."""
_ELSEWHERE = 2.0
"""What it takes away to be of a document of which nothing is chosen yet: mostly another case."""
_GOES_ON, _LEADS_UP = 1.0, 0.5
"""What it is worth to follow a chosen sentence, or to precede one, without a gap."""
_SHORT = 40
"""Characters below which a sentence is no support: a heading, the end of a table. Neither is what
ends without a sign: a headline."""
GAP = 3
"""Characters of white space between two sentences that belong together."""


def select(
    rankings: Sequence[Sequence[Scored]], names: Sequence[str] = (), *, things: int = 1
) -> list[Scored]:
    """The sentences to quote: the best for each part of the question first.

    Then the best for each name that the ones before leave out, a second one where there is only
    one, then what comes close to the best of its part and adds something.

    Parameters
    ----------
    rankings
        The candidates ranked for each part of the question, best first; one ranking where it has
        a single part.
    names
        The names in the question: where it has several, each is spoken of.
    things
        How many kinds of thing are asked for.
    """
    chosen: list[Scored] = []
    for ranked in rankings:
        for item in ranked[:1]:
            _add(chosen, item)
    for item in _compared(names, rankings[0] if rankings else ()):
        _add(chosen, item)
    behind = _behind(rankings)
    if len(chosen) == 1 and len(behind) > 1:
        others = [entry for entry in behind if entry[0] is not chosen[0]]
        second, lag = max(others, key=lambda entry: entry[1] + _place(entry[0], chosen))
        if lag >= -_BEHIND:
            _add(chosen, second)
    most = _QUOTED_IN_PARTS if len(rankings) > 1 or things > 1 else _QUOTED
    quoted = sum(_length(item) for item in chosen)
    while behind:
        worth = [lag + _place(item, chosen) for item, lag in behind]
        best = max(range(len(behind)), key=worth.__getitem__)
        if worth[best] < -_BEHIND:
            break
        item, _ = behind.pop(best)
        if _length(item) < _SHORT or item.candidate.text[-1].isalnum():
            continue
        if quoted + _length(item) <= most and _add(chosen, item):
            quoted += _length(item)
    return chosen


def _behind(rankings: Sequence[Sequence[Scored]]) -> list[tuple[Scored, float]]:
    """Every sentence once, with how far it is from the best of the part that it fits best."""
    lags: dict[tuple[str, int], tuple[Scored, float]] = {}
    for ranked in rankings:
        for item in ranked:
            place = item.candidate.document.doc_id, item.candidate.start
            lag = item.score - ranked[0].score
            if place not in lags or lag > lags[place][1]:
                lags[place] = item, lag
    return list(lags.values())


def _place(item: Scored, chosen: Sequence[Scored]) -> float:
    """What it is worth that ``item`` goes on from a chosen sentence, or leads up to one.

    Below 0 where nothing of its document is chosen.
    """
    own = item.candidate
    worth = -_ELSEWHERE
    for other in (one.candidate for one in chosen):
        if other.document.doc_id == own.document.doc_id:
            worth = max(
                worth,
                _GOES_ON * (0 <= own.start - other.end <= GAP),
                _LEADS_UP * (0 <= other.start - own.end <= GAP),
            )
    return worth


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
