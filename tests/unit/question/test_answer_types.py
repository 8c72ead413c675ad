"""Kinds of thing: the questions that ask for each, and the sentences that give it."""

import pytest

from rag.question.answer_types import gives, kinds, things


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How much did Acme pay?", ("amount",)),
        ("How long is the CFO barred for?", ("duration",)),
        ("How many investors lost money?", ("number",)),
        ("When did the SEC sue Acme?", ("date",)),
        ("Who runs Acme?", ("person",)),
        ("What is NexFundAI?", ()),
        ("What did the staff do with payment instructions?", ()),
        ("Has the penalty been paid?", ()),
        ("What state of mind is enough?", ()),
        ("How did he hide whose stock it was?", ()),
        ("What was the maximum OFAC could have fined Acme?", ("amount",)),
    ],
)
def test_the_kind_of_thing_asked_for(question: str, expected: tuple[str, ...]) -> None:
    assert kinds(question) == expected


def test_a_sentence_gives_an_amount_or_not() -> None:
    assert gives("amount", "He paid $ 5.")
    assert gives("amount", "which held only nine cents at the time")
    assert not gives("amount", "He paid in 2009.")


@pytest.mark.parametrize(
    ("sentence", "sum_"),
    [
        ("The Office imposed a fine of NOK 4,200,000.", "NOK 4,200,000"),
        ("It must pay a penalty of 87,500 pounds.", "87,500 pounds"),
        ("He was fined 20,000 Swiss francs.", "20,000 Swiss francs"),
        ("The fine is twelve thousand kroner.", "twelve thousand kroner"),
        ("The court set it at MAD 1,500,000.", "MAD 1,500,000"),
    ],
)
def test_a_sum_is_one_in_any_currency(sentence: str, sum_: str) -> None:
    assert [sentence[slice(*span)] for span in things("amount", sentence)] == [sum_]


def test_letters_with_another_meaning_are_no_sum() -> None:
    assert not gives("amount", "The bank filed SAR 2023 after COP 26.")
