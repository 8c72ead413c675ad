"""A reply is read in the form asked for, and in the forms that models use instead."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.model_reply import ReplyReader, Written


def read(reply: str, *, step: int = 7, cut: bool = False) -> list[Written]:
    reader = ReplyReader()
    found = [one for at in range(0, len(reply), step) for one in reader.feed(reply[at : at + step])]
    return [*found, *reader.close(cut=cut)]


TWO = [Written("Lee was fined $5.", (1,)), Written("Orion was barred.", (2, 3))]


@pytest.mark.parametrize(
    "reply",
    [
        "Lee was fined $5. [1]\nOrion was barred. [2][3]\n",
        "Lee was fined $5 [1].\r\n\r\nOrion was barred [2, 3].",
        "Lee was fined $5.【1】\nOrion was barred.【2†source】【3】",
        "Lee was fined $5. [1] Orion was barred. [2-3]",
        "Lee was fined $5 [1]. Orion was barred [2] [3].",
        "- Lee was fined $5. [1]\n* Orion was **barred**. [^2][^3]",
        "1. Lee was fined $5. [quote 1]\n2. Orion was barred. [Sources 2, 3]",
        "<think>\nHm. [9]\nMaybe.</think>\nLee was fined $5. [1]\nOrion was barred. [2][3]",
        "<think>Hm.</think>Lee was fined $5. [1]\n<thinking>x</thinking>Orion was barred. [2;3]",
        "```\nLee was fined $5. [1]\nOrion was barred. [2][3]\n```",
        "[1] Lee was fined $5.\n".replace("[1] ", "").replace(".\n", ". [1]\n")
        + "Orion was barred. [2 & 3]",
        json.dumps(
            {
                "sentences": [
                    {"text": "Lee was fined $5.", "cites": [1]},
                    {"text": "Orion was barred.", "cites": [2, 3]},
                ]
            }
        ),
        "```json\n"
        + json.dumps(
            [
                {"sentence": "Lee was fined $5.", "quote": "1"},
                {"sentence": "Orion was barred.", "sources": ["[2]", "[3]"]},
            ],
            indent=2,
        )
        + "\n```",
        '["Lee was fined $5. [1]", "Orion was barred. [2][3]"]',
        '{"text": "Lee was fined $5.", "cites": 1}\n{"text": "Orion was barred.", "cites": [2,3]}',
        '{"answer": "Lee was fined $5. [1]\\nOrion was barred. [2][3]"}',
    ],
)
def test_every_form_gives_the_same_sentences(reply: str) -> None:
    for step in (1, 7, 10_000):
        assert read(reply, step=step) == TWO


def test_a_line_is_held_until_it_is_complete() -> None:
    reader = ReplyReader()

    assert list(reader.feed("Lee was fined $5. [1")) == []
    assert list(reader.feed("]\nOr")) == TWO[:1]


def test_a_reply_cut_off_loses_its_last_line() -> None:
    assert read("Lee was fined $5. [1]\nOrion was barred. [2]", cut=True) == TWO[:1]
    cut = '{"sentences": [{"text": "Lee was fined $5.", "cites": [1]}, {"text": "Orion wa'
    assert read(cut, cut=True) == TWO[:1]


def test_a_sentence_without_a_number_cites_nothing_and_a_part_keeps_its_numbers() -> None:
    assert read("Here is the answer:\nLee was fined [1] and barred [2] in May.") == [
        Written("Here is the answer:", ()),
        Written("Lee was fined and barred in May.", (1, 2)),
    ]
    assert read("[1] Lee was fined.") == [Written("Lee was fined.", (1,))]


@pytest.mark.parametrize("reply", ["", "\n\n", "[" * 50_000, '{"a":' * 20_000, "{}", "<think>" * 9])
def test_a_reply_without_a_sentence_gives_none(reply: str) -> None:
    assert read(reply, step=4096) == []


@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                [
                    "[1]",
                    "【2】",
                    "<think>",
                    "</think>",
                    "```",
                    "{",
                    "}",
                    '"text":',
                    "\n",
                    ". ",
                    "\x1b",
                ]
            ),
            st.text(max_size=12),
        ),
        max_size=40,
    ),
    st.booleans(),
)
def test_whatever_comes_is_read_as_plain_lines(parts: list[str], cut: bool) -> None:
    for text, cites in read("".join(parts), cut=cut):
        assert text.isprintable()
        assert text == text.strip() != ""
        assert all(0 <= cite < 1000 for cite in cites)
