"""A question taken apart, by hand."""

import pytest

from rag.question.answer_types import gives, kinds
from rag.question.understanding import understand


def test_names_lose_their_question_word_and_possessive() -> None:
    assert understand("What did Austin Mahone's lawyer tell Justin Sun?").names == (
        "Austin Mahone",
        "Justin Sun",
    )


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Who is AAER No. 4531 against?", ("4531",)),
        ("Did Acme breach 31 C.F.R. § 515.201?", ("Acme",)),
        ("Who was enjoined only under Section 17(a)(2) or Rule 10b-5?", ()),
    ],
)
def test_the_number_of_a_release_is_a_name_and_a_provision_none(
    question: str, names: tuple[str, ...]
) -> None:
    assert understand(question).names == names


def test_turning_away_from_an_earlier_question_leaves_its_names() -> None:
    earlier = ["What did Ann Loom of Acme pay?"]

    assert understand("And when?", earlier).names == ("Ann Loom of Acme",)
    assert understand("No, I mean the broker from Folsom.", earlier).names == ("Folsom",)


def test_what_a_name_owns_is_a_name_of_its_own() -> None:
    assert set(understand("What was Ripple's XRP penalty?").names) == {"Ripple", "XRP"}
    assert understand("Who was Enron's CFO?").names == ("Enron",)


def test_an_opening_word_is_no_name() -> None:
    assert understand("Against which Quigley brother does the SEC act?").names == ("Quigley",)
    assert understand("Which U.S. banks helped?").names == ()


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
    ("question", "head"),
    [
        ("Which short seller published the report?", "sell"),
        ("What penalty did Roe pay?", "penalt"),
        ("How much did Roe pay?", None),
        ("Which bank held the account?", "bank"),
        ("Which of Acme's brokers lost the most?", "brok"),
        ("Who was Acme's receiver?", "receiv"),
        ("What was the maximum OFAC could impose?", "maximum"),
        ("What was Robert Roe convicted of?", None),
    ],
)
def test_the_noun_asked_for(question: str, head: str | None) -> None:
    assert understand(question).head == head


def test_two_halves_are_two_parts_that_share_names() -> None:
    whole = understand("When was Acme held liable and what did it have to pay?")

    assert [part.text for part in whole.parts] == [
        "When was Acme held liable",
        "what did it have to pay",
    ]
    assert [part.names for part in whole.parts] == [("Acme",), ("Acme",)]
    assert [part.answer_types for part in whole.parts] == [("date",), ("amount",)]


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "After Roe found out, what was Doe told, and when did it end?",
            ["After Roe found out, what was Doe told", "After Roe found out, when did it end"],
        ),
        (
            "Abra Earn: how large was it, and what fine was imposed?",
            ["Abra Earn: how large was it", "Abra Earn: what fine was imposed"],
        ),
        (
            "Acme: compare what it paid OFAC with what the SEC asked for",
            ["Acme: compare what it paid OFAC", "Acme: what the SEC asked for"],
        ),
        ("According to Roe, what was the SEC after?", []),
    ],
)
def test_what_opens_a_question_stands_before_each_of_its_parts(
    question: str, parts: list[str]
) -> None:
    assert [part.text for part in understand(question).parts] == parts


def test_history_stands_behind_a_follow_up() -> None:
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
def test_a_question_that_names_what_it_is_about_refers_to_no_earlier_one(
    question: str, *, refers_back: bool
) -> None:
    earlier = "How much did Acme pay?"

    assert (understand(question, [earlier]).context != question) is refers_back
