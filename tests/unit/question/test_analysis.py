"""The elements of questions, worked out by hand."""

import pytest

from rag.question.analysis import compared, pieces
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
def test_the_number_of_a_release_is_a_name_and_a_provision_is_not(
    question: str, names: tuple[str, ...]
) -> None:
    assert understand(question).names == names


def test_a_possessive_separates_two_names() -> None:
    assert set(understand("What was Ripple's XRP penalty?").names) == {"Ripple", "XRP"}
    assert understand("Who was Enron's CFO?").names == ("Enron",)


def test_an_opening_word_is_not_a_name() -> None:
    assert understand("Against which Quigley brother does the SEC act?").names == ("Quigley",)
    assert understand("Which U.S. banks helped?").names == ()


@pytest.mark.parametrize(
    ("question", "head"),
    [
        ("Which short seller published the report?", "seller"),
        ("What penalty did Roe pay?", "penalti"),
        ("How much did Roe pay?", None),
        ("Which bank held the account?", "bank"),
        ("Which of Acme's brokers lost the most?", "broker"),
        ("Who was Acme's receiver?", "receiv"),
        ("What was the maximum OFAC could impose?", "maximum"),
        ("What was Robert Roe convicted of?", None),
    ],
)
def test_the_noun_asked_for(question: str, head: str | None) -> None:
    assert understand(question).head == head


def test_two_parts_share_their_names() -> None:
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
def test_the_opening_of_a_question_stands_before_each_part(question: str, parts: list[str]) -> None:
    assert [part.text for part in understand(question).parts] == parts


@pytest.mark.parametrize(
    ("question", "parties"),
    [
        ("Did Acme and Loom settle?", ("Acme", "Loom")),
        ("Which of Kraken and Bittrex came forward?", ("Kraken", "Bittrex")),
        ("ACCC v Coles: what does each side say?", ("ACCC", "Coles")),
        ("kraken vs bittrex settlement", ("kraken", "bittrex")),
        ("compare kraken with the bittrex case", ("kraken", "bittrex")),
        (
            "What does each of them say, Acme in its answer and Loom in its letter?",
            ("Acme", "Loom"),
        ),
        ("What did Acme Inc. pay in 2019 and 2020?", ()),
        ("Why did Acme sue Loom?", ()),
        ("Who was sued in Folsom, California?", ()),
    ],
)
def test_parties_side_by_side_are_compared(question: str, parties: tuple[str, ...]) -> None:
    assert compared(question) == parties


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "Which bank paid more, Acme or Bolt?",
            ["how much Acme bank paid", "how much Bolt bank paid"],
        ),
        (
            "Who was fined less: Acme Corp or Bolt plc?",
            ["how much Acme Corp was fined", "how much Bolt plc was fined"],
        ),
        (
            "Did Acme or Bolt pay the higher fine?",
            ["how much Acme pay fine", "how much Bolt pay fine"],
        ),
        (
            "Which ban lasted longer, Ann’s or Carl’s?",
            ["how long Ann’s ban lasted", "how long Carl’s ban lasted"],
        ),
        ("Which bank paid the highest fine in 2019?", []),
        ("Was the fine higher or lower than proposed?", []),
    ],
)
def test_what_is_weighed_against_one_another_is_asked_of_each(text: str, parts: list[str]) -> None:
    assert pieces(text) == parts
