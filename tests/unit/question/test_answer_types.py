"""Kinds of thing: the questions that ask for each, and the sentences that give it."""

import pytest

from rag.question.answer_types import gives, kinds


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
