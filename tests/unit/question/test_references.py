"""References of a question to the earlier questions of a conversation."""

import pytest

from rag.question.references import turns_away
from rag.question.understanding import understand
from rag.question.weights import WEIGHTS


def test_a_question_that_rejects_the_earlier_one_drops_its_names() -> None:
    earlier = ["What did Ann Loom of Acme pay?"]

    assert understand("And when?", earlier).names == ("Ann Loom of Acme",)
    assert understand("No, I mean the broker from Folsom.", earlier).names == ("Folsom",)


def test_earlier_questions_are_read_with_a_follow_up() -> None:
    follow_up = understand("and her broker?", ["What did Martha Stewart pay?"])

    assert follow_up.own == {"broker"} or follow_up.own < follow_up.stems
    assert "Martha Stewart" in follow_up.names


@pytest.mark.parametrize(
    ("question", "refers_back"),
    [
        ("What does Binance say about its cooperation with the SEC?", False),
        ("and what does Binance say about its cooperation?", True),
        ("Did Binance say that it cooperates with the SEC?", True),
        ("No, I mean the other spoofer, the trader from Folsom.", True),
        ("who was the judge in Nevada?", True),
        ("who was the judge?", True),
    ],
)
def test_a_question_that_names_its_subject_refers_to_no_earlier_one(
    question: str, *, refers_back: bool
) -> None:
    earlier = "How much did Acme pay?"

    assert (understand(question, [earlier]).context != question) is refers_back


@pytest.mark.parametrize(
    ("question", "turns"),
    [
        ("Instead, who was fined?", True),
        ("No, I meant the broker.", True),
        ("Other than Acme, who paid?", True),
        ("And who paid instead?", True),
        ("Who was fined?", False),
        ("Nothing else was found?", False),
        ("Does the notice say so?", False),
    ],
)
def test_one_pattern_tells_whether_a_question_turns_away(question: str, *, turns: bool) -> None:
    assert turns_away(question) is turns
    assert understand(question, ["What did Acme pay?"]).turns_away is turns


def test_a_question_that_turns_away_does_so_for_search_and_for_reading() -> None:
    question = understand("Instead, who was fined in Reno?", ["What did Acme pay?"])

    assert question.words["acme"] == WEIGHTS.turned_away
    assert question.names == ("Reno",)


def test_only_the_last_two_earlier_questions_are_read_with_a_follow_up() -> None:
    question = understand("and when?", ["Who is Ann?", "Who is Bob?", "Who is Cy?"])

    assert question.context == "Who is Bob? Who is Cy? and when?"
    assert question.searched == "Who is Ann? Who is Bob? Who is Cy? and when?"
