"""Sentence boundaries on real lines of enforcement documents."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.sentences import sentences


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "In SEC v. Smith Inc., No. 12 Civ. 34 (S.D.N.Y.), Lt. Doe paid $1.2 million. He fled.",
            [
                "In SEC v. Smith Inc., No. 12 Civ. 34 (S.D.N.Y.), Lt. Doe paid $1.2 million.",
                "He fled.",
            ],
        ),
        (
            "He ran an offering fraud scheme.The complaint alleges more.",
            ["He ran an offering fraud scheme.", "The complaint alleges more."],
        ),
        (
            "The fraud at Binance.US and Centra Tech, Inc. was large.",
            ["The fraud at Binance.US and Centra Tech, Inc. was large."],
        ),
        (
            "The SEC charged Acme Corp. The complaint followed.",
            ["The SEC charged Acme Corp.", "The complaint followed."],
        ),
        (
            "an attempt to buy\nthe team. He lost.\n\nFINAL JUDGMENT\n\nIt is so ordered.",
            [
                "an attempt to buy\nthe team.",
                "He lost.",
                "FINAL JUDGMENT",
                "It is so ordered.",
            ],
        ),
        (
            "=======================START OF PAGE 1======\n\nThe order was entered.",
            ["The order was entered."],
        ),
        (
            "SEC v. Doe, No. 03 Civ. 2937 (S.D.N.Y.)SEC Consents to It",
            ["SEC v. Doe, No. 03 Civ. 2937 (S.D.N.Y.)", "SEC Consents to It"],
        ),
    ],
)
def test_sentences_end_where_a_lawyer_would_end_them(text: str, expected: list[str]) -> None:
    assert split(text) == expected


def test_a_slice_counts_from_the_whole_text() -> None:
    text = "One is here. Two is here. Three is here."

    assert [text[a:b] for a, b in sentences(text, 13, 26)] == ["Two is here."]


@given(st.text(alphabet="aB. \n\t(1)“”v:;•-", max_size=200))
def test_spans_are_trimmed_in_order_and_lose_no_letter(text: str) -> None:
    spans = sentences(text)

    assert all(text[a:b] and text[a:b] == text[a:b].strip() for a, b in spans)
    assert all(one[1] <= two[0] for one, two in pairwise(spans))
    covered = "".join(text[a:b] for a, b in spans)
    assert sorted(c for c in covered if c == "B") == sorted(c for c in text if c == "B")


def test_a_line_that_keeps_its_space_was_wrapped() -> None:
    text = "A rule of " + "x " * 90 + "y.\n\n" + "Maritech Commercial \nInc., Kenner, has paid."

    assert "Maritech Commercial \nInc., Kenner, has paid." in [
        text[start:end] for start, end in sentences(text)
    ]


WRAPPED = (
    "The Commission announced that a final judgment was entered against\n"
    "John Doe, who had sold unregistered notes of the bank of Roe to a few\n"
    "Investors in the town of Reno."
)


def test_a_line_is_wrapped_where_the_next_word_would_not_have_fitted() -> None:
    assert split(WRAPPED) == [WRAPPED]


def test_a_line_may_be_wrapped_a_few_characters_early() -> None:
    # Lines of 68, 71 and 71: "A" would just have fitted on the first.
    text = (
        "The Commission announced that a final judgment was entered for Doe's\n"
        "A and B notes, which he had sold to people in Reno who knew nothing of\n"
        "a bank that held them, or of the loans for which it had been set up it."
    )

    assert split(text) == [text]


def test_short_lines_are_rows_of_a_table_beside_lines_that_are_long() -> None:
    rows = [
        "Civil penalties paid in May",
        "Hotel Acme, Reno",
        "The bank of Roe and others, which had all been warned of the ban on Cuba",
        "The firm of Doe, which had been told that it must not sell to them there",
    ]

    assert split("\n".join(rows))[:2] == rows[:2]
