"""What a question refers back to."""

import pytest

from rag.question.references import referred_to, turns_away

HISTORY = ("Who was sued?", "What did Doe sell?", "When was that?")


@pytest.mark.parametrize("text", ["and how much did it cost?", "What did they pay?", "How much?"])
def test_a_question_without_a_name_refers_to_the_last_two(text: str) -> None:
    assert referred_to(text, HISTORY) == HISTORY[-2:]


def test_a_question_that_names_its_matter_refers_to_none() -> None:
    assert referred_to("What penalty did Kettle Freight pay to OFAC?", HISTORY) == ()


def test_a_name_with_too_few_words_does_not_stand_alone() -> None:
    assert referred_to("And Kettle?", HISTORY) == HISTORY[-2:]
    assert referred_to("Kettle Freight?", HISTORY) == HISTORY[-2:]


def test_no_and_the_other_turn_away() -> None:
    assert turns_away("No, I mean the other one")
    assert not turns_away("What did the first one pay?")
