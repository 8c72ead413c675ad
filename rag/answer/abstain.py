"""Whether the documents say, by calibrated signals, and what of the question stays open."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from rag.answer.asked import Asked
from rag.answer.calibrate import Calibration
from rag.answer.kinds import gives
from rag.answer.score import Scored
from rag.answer.signals import signals
from rag.answer.words import stem, words

CALIBRATION = Path(__file__).with_name("calibration.json")
"""The calibration in use; `tests/benchmarks/calibrate_answers.py` makes it anew."""
_PLAIN = ("amount", "number", "duration", "date", "sentence", "judge")
"""Kinds of thing that are plainly there or not: without one there is no answer."""
_FIRST = 5


def answers(question: Asked, rankings: Sequence[Sequence[Scored]]) -> bool:
    """Whether some of the ranked sentences answer the question, or one of its parts.

    They do where the calibrated probability reaches its threshold, some name in the question is
    known to the documents, and a thing of a kind asked for is there at all.

    Parameters
    ----------
    rankings
        One for each part of the question, or the one of the whole.
    """
    parts = question.parts or (question,)
    return any(_answers(part, ranked) for part, ranked in zip(parts, rankings, strict=True))


def _answers(question: Asked, ranked: Sequence[Scored]) -> bool:
    absent = unknown_names(question, ranked)
    if not ranked or (absent and len(absent) == len(question.names)):
        return False
    model = calibration()
    return (
        _given(question.kinds, ranked[:_FIRST])
        and model.probability(signals(question, ranked)) >= model.threshold
    )


def missing(question: Asked, chosen: Sequence[Scored], ranked: Sequence[Scored]) -> tuple[str, ...]:
    """What was asked for that the chosen sentences do not give, in the question's own words."""
    parts = [part.text for part in question.parts if not _given(part.kinds, chosen)]
    return (*unknown_names(question, ranked), *parts)


def unknown_names(question: Asked, ranked: Sequence[Scored]) -> tuple[str, ...]:
    """Names in the question of which no document that the sentences are from holds a word."""
    documents = {item.candidate.document.doc_id: item.candidate.document for item in ranked}
    held = {
        stem(word)
        for document in documents.values()
        for word in words(f"{document.title} {document.doc_id} {document.text}")
    }
    return tuple(
        name
        for name in question.names
        if not any(stem(word) in held or not word.isalpha() for word in words(name))
    )


@cache
def calibration() -> Calibration:
    """The calibration kept beside this file."""
    return Calibration.read(CALIBRATION)


def _given(kinds: Sequence[str], sentences: Sequence[Scored]) -> bool:
    plain = [kind for kind in kinds if kind in _PLAIN]
    return not plain or any(
        gives(kind, item.candidate.text) for kind in plain for item in sentences
    )
