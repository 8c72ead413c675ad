"""The few sentences that together answer: chosen in order, without repetition, for every part."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rag.answer.relevance import relevance_probabilities
from rag.answer.scoring import Scored
from rag.answer.weights import WEIGHTS, AnswerWeights
from rag.text.stemming import stem, words

_SHORT = 40
"""Characters below which a sentence is no support: a heading, the end of a table. Neither is what
ends without a sign, a headline, nor the caption of a case."""
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
    """The sentences to quote: the best for each part of the question first.

    Then the best for each name that the ones before leave out, then others, the closest to the best
    of their part first: all as far as they are likely to bear on the question and add something.

    Parameters
    ----------
    rankings
        The candidates ranked for each part of the question, best first; one ranking where it has
        a single part.
    names
        The names in the question: where it has several, each is spoken of.
    things
        How many kinds of thing are asked for.
    reranked
        Whether a reranker has read the candidates.
    """
    behind = _behind(rankings, reranked)
    chosen: list[Scored] = []
    for ranked in rankings:
        for item in ranked[:1]:
            _add(chosen, item)
    for item in _compared(names, rankings[0] if rankings else ()):
        if behind[_place(item)].bears >= weights.bears:
            _add(chosen, item)
    most = weights.quoted_in_parts if len(rankings) > 1 or things > 1 else weights.quoted
    quoted = sum(_length(item) for item in chosen)
    one_case = len(rankings) == 1 and len(names) < 2
    for candidate in sorted(behind.values(), key=lambda candidate: -candidate.lag):
        item = candidate.item
        least = weights.bears if len(chosen) > 1 else weights.bears_alone
        if one_case and not any(_document(item) == _document(other) for other in chosen):
            least = weights.bears_elsewhere
        if (
            candidate.bears < least
            or not _is_sentence(item.candidate.text)
            or quoted + _length(item) > most
        ):
            continue
        if _add(chosen, item):
            quoted += _length(item)
    return chosen


class _Candidate(NamedTuple):
    """A sentence, how far it is from the best of the part it fits best, and how likely it bears."""

    item: Scored
    lag: float
    bears: float


def _behind(
    rankings: Sequence[Sequence[Scored]], reranked: bool
) -> dict[tuple[str, int], _Candidate]:
    """Every sentence once, by its place."""
    found: dict[tuple[str, int], _Candidate] = {}
    for ranked in rankings:
        for item, bears in zip(
            ranked, relevance_probabilities(ranked, reranked=reranked), strict=True
        ):
            lag = item.score - ranked[0].score
            known = found.get(_place(item))
            if known is not None:
                bears, lag = max(bears, known.bears), max(lag, known.lag)
            found[_place(item)] = _Candidate(item, lag, bears)
    return found


def _place(item: Scored) -> tuple[str, int]:
    return item.candidate.document.doc_id, item.candidate.start


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


def _document(item: Scored) -> str:
    return item.candidate.document.doc_id


def _is_sentence(text: str) -> bool:
    """Whether it says something: not a heading, a headline or a caption, which only name."""
    if len(text) < _SHORT or text[-1].isalnum():
        return False
    said = set(re.findall(r"\b[a-z]{2,}\b", text)) - _OF_CAPTIONS
    return bool(said) or not _CAPTION.search(text)


def _length(item: Scored) -> int:
    return item.candidate.end - item.candidate.start


def _repeats(one: Scored, other: Scored) -> bool:
    """Whether two sentences say nearly the same in nearly the same words."""
    union = one.stems | other.stems
    return bool(union) and len(one.stems & other.stems) / len(union) > 0.75
