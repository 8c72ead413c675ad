"""The relevance of a sentence beside the best one."""

import pytest

from rag.answer.relevance import NAMES, relevance_probabilities, relevance_signals
from tests.records import document, scored

CASE = document("Doe sold the notes. He kept the money. The court is in Boston.", "case")
OTHER = document("Roe sold notes in another matter.", "other")


def test_signals_compare_a_sentence_with_the_best_one() -> None:
    best = scored(CASE, "Doe sold the notes.", score=9.0, answers=2.0, relevance=4.0)
    beside = scored(CASE, "He kept the money.", score=7.5, answers=2.5, bears=1.0, relevance=3.0)

    _, signals = relevance_signals([best, beside])

    found = dict(zip(NAMES, signals, strict=True))
    assert [found[name] for name in NAMES[:5]] == [-1.5, 2.5, 1.0, 0.0, -1.0]
    assert (found["same_document"], found["adjoining"]) == (1.0, 1.0)
    assert found["length"] == pytest.approx(2.8904, abs=1e-4)  # ln 18


def test_a_distant_sentence_and_one_of_another_document_are_not_adjacent() -> None:
    ranked = [
        scored(CASE, "Doe sold the notes."),
        scored(CASE, "The court is in Boston."),
        scored(OTHER, "Roe sold notes in another matter."),
    ]

    places = [signals[NAMES.index("same_document") :][:2] for signals in relevance_signals(ranked)]

    assert places[1:] == [(1.0, 0.0), (0.0, 0.0)]


def test_a_low_sentence_of_another_document_is_hardly_relevant() -> None:
    best = scored(CASE, "Doe sold the notes.", score=9.0)
    beside = scored(CASE, "He kept the money.", score=8.0, answers=0.0)
    far = scored(
        OTHER, "Roe sold notes in another matter.",
        score=3.0, answers=-4.0, bears=-4.0, coverage=0.2, setting=0.3, named=0.0, given=0.0,
    )  # fmt: skip

    first, second, third = relevance_probabilities([best, beside, far])

    assert min(first, second) > 0.5 > 0.2 > third


def test_no_sentences_have_no_probabilities() -> None:
    assert relevance_probabilities([]) == []
