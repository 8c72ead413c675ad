"""The signals of abstention, for sentences that answer and for near misses."""

from dataclasses import replace

from rag.answer.features import NAMES, signals
from rag.answer.scoring import Scored
from rag.models.cross_encoder import load_reranker
from rag.question.understanding import understand
from rag.types import Hit, Passage
from tests.records import document, scored


def read(sentence: str, *, title: str = "SEC v. Acme") -> Scored:
    return scored(replace(document(sentence), title=title), sentence)


def of(question: str, sentence: str) -> dict[str, float]:
    wanted = understand(question)
    parts = wanted.parts or (wanted,)
    item = read(sentence)
    hit = Hit(Passage(item.candidate.document, 0, len(sentence)), score=1.0, rank=1)
    return dict(
        zip(NAMES, signals(wanted, [[item] for _ in parts], [hit], load_reranker()), strict=True)
    )


def test_a_noun_without_a_name_differs_from_one_with_a_name() -> None:
    question = "Who was the receiver for Acme?"

    nearly = of(question, "The Court appointed a receiver for the assets of Acme.")
    named = of(question, "The Court appointed a receiver, Charles Axelrod, for Acme.")

    assert (nearly["found"], nearly["beside"], nearly["named"]) == (0.0, 0.0, 0.0)
    assert (named["found"], named["beside"], named["named"]) == (1.0, 1.0, 1.0)


def test_a_name_counts_only_beside_the_noun() -> None:
    question = "Which bank held the money?"

    assert of(question, "At Wachovia a bank clerk moved the money.")["beside"] == 0.0
    assert of(question, "The money was at a bank, Wachovia.")["beside"] == 1.0


def test_an_amount_far_from_its_subject_is_apart() -> None:
    question = "How much did the vacation home cost?"

    nearly = of(
        question,
        "She raised $3 million from about thirty-four people in several states, whom she had met "
        "in church or at her office, and used a good part of it to pay for a vacation home.",
    )
    near = of(question, "The vacation home cost $3 million.")

    assert nearly["clause"] < near["clause"] == 1.0
    assert nearly["apart"] > near["apart"] == 0.0


def test_synonyms_count_as_words_of_the_question() -> None:
    held = of("How much did Acme steal?", "Acme misappropriated $200,000.")

    assert held["clause"] == 1.0


def test_without_sentences_all_signals_are_zero() -> None:
    wanted = understand("Who runs Acme?")

    assert signals(wanted, [[]], [], load_reranker()) == (0.0,) * len(NAMES)
