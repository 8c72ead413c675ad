"""Selection: the few sentences to quote, for every part of a question and without repetition."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rag.answer.relevance import relevance_probabilities
from rag.answer.scoring import Scored
from rag.answer.units import is_ended, is_row
from rag.answer.weights import WEIGHTS, AnswerWeights
from rag.text.stemming import stem, words

_SHORT = 40
"""A shorter text counts as a heading or the end of a table, not as a sentence."""
_CAPTION = re.compile(r"\bv\.?\s|^In (?:re|the Matter of)\b")
_OF_CAPTIONS = frozenset("and of the vs for in re et al ex rel on as by cv cr civ filed".split())


def select(
    rankings: Sequence[Sequence[Scored]],
    names: Sequence[str] = (),
    *,
    things: int = 1,
    reranked: bool = True,
    weights: AnswerWeights = WEIGHTS,
) -> list[Scored]:
    """The sentences to quote, in this order.

    1. The best sentence for each part of the question.
    2. If the question has several names: the best sentence for each name, if it is relevant. None
       for a name that is in every candidate.
    3. Other relevant sentences, up to a number of characters. Those with the least distance to the
       best score of their part, and the greatest probability of being relevant, come first.

    A sentence that nearly repeats a chosen one is left out.

    Parameters
    ----------
    rankings
        One ranking of candidates for each part of the question, best first.
    names
        The names in the question.
    things
        Number of kinds of thing asked for.
    reranked
        Whether a reranker has read the candidates.
    """
    candidates = _candidates(rankings, reranked)
    chosen: list[Scored] = []
    for ranked in rankings:
        for item in ranked[:1]:
            _add(chosen, item)
    for item in _compared(names, rankings[0] if rankings else ()):
        if candidates[_place(item)].probability >= weights.bears:
            _add(chosen, item)
    most = weights.quoted_in_parts if len(rankings) > 1 or things > 1 else weights.quoted
    quoted = sum(_length(item) for item in chosen)
    one_case = len(rankings) == 1 and len(names) < 2
    for candidate in sorted(
        candidates.values(), key=lambda one: -one.lag - weights.likely * one.probability
    ):
        item = candidate.item
        least = weights.bears if len(chosen) > 1 else weights.bears_alone
        if one_case and not any(_document(item) == _document(other) for other in chosen):
            least = weights.bears_elsewhere
        if (
            candidate.probability < least
            or len(item.candidate.text) < _SHORT
            or not _is_sentence(item.candidate.text)
            or _is_row_of_another(item, chosen[0], names)
            or quoted + _length(item) > most
        ):
            continue
        if _add(chosen, item):
            quoted += _length(item)
    return chosen


class _Candidate(NamedTuple):
    """A sentence with the highest values that it has in any ranking.

    ``lag`` is its score minus the best score of the ranking, at most 0. ``probability`` is that of
    being relevant.
    """

    item: Scored
    lag: float
    probability: float


def _candidates(
    rankings: Sequence[Sequence[Scored]], reranked: bool
) -> dict[tuple[str, int], _Candidate]:
    """Every sentence once, by its place."""
    found: dict[tuple[str, int], _Candidate] = {}
    for ranked in rankings:
        probabilities = relevance_probabilities(ranked, reranked=reranked)
        for item, probability in zip(ranked, probabilities, strict=True):
            lag = item.score - ranked[0].score
            known = found.get(_place(item))
            if known is not None:
                probability, lag = max(probability, known.probability), max(lag, known.lag)
            found[_place(item)] = _Candidate(item, lag, probability)
    return found


def _place(item: Scored) -> tuple[str, int]:
    return item.candidate.document.doc_id, item.candidate.start


def _compared(names: Sequence[str], ranked: Sequence[Scored]) -> Iterable[Scored]:
    """The best sentence for each of several names; none for a name that is in every sentence."""
    if len(names) < 2:
        return
    for name in names:
        wanted = {stem(word) for word in words(name) if len(word) > 1}
        holding = [item for item in ranked if wanted & (item.stems | item.subject)]
        if holding and len(holding) < len(ranked):
            yield holding[0]


def _add(chosen: list[Scored], item: Scored) -> bool:
    """Choose ``item`` unless it repeats a chosen one; return whether it was chosen."""
    if any(_repeats(item, other) for other in chosen):
        return False
    chosen.append(item)
    return True


def _document(item: Scored) -> str:
    return item.candidate.document.doc_id


def _is_sentence(text: str) -> bool:
    """False for a heading, a headline (it ends without a sign) and the caption of a case."""
    if not (is_ended(text) or is_row(text)):
        return False
    plain = set(re.findall(r"\b[a-z]{2,}\b", text)) - _OF_CAPTIONS
    return bool(plain) or not _CAPTION.search(text)


def _is_row_of_another(item: Scored, best: Scored, names: Sequence[str]) -> bool:
    """Whether the best sentence is the row of a name asked for, and this is the row of another."""
    asked = {stem(word) for name in names for word in words(name) if len(word) > 1}
    return (
        is_row(item.candidate.text)
        and is_row(best.candidate.text)
        and not asked.isdisjoint(best.stems)
        and asked.isdisjoint(item.stems)
    )


def _length(item: Scored) -> int:
    return item.candidate.end - item.candidate.start


def _repeats(one: Scored, other: Scored) -> bool:
    """Whether two sentences share more than 75 % of their stems."""
    union = one.stems | other.stems
    return bool(union) and len(one.stems & other.stems) / len(union) > 0.75
