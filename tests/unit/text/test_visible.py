"""What controls a terminal is printed as its code."""

import json

import pytest

from rag.text.visible import is_text, visible, visible_json


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Order, 5 June — “fined”", "Order, 5 June — “fined”"),
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\r\nb", "a\\r\\nb"),
        ("a\u202eb\u2066c\u200fd", "a\\u202eb\\u2066c\\u200fd"),
        ("a\x9bb\x7f", "a\\x9bb\\x7f"),
        ("caf\udce9", "caf\\xe9"),
        ("\ud800", "\\ud800"),
        ("5\u00a0000\u2028x\uf0b7", "5 000 x "),
        ("क्\u200dष", "क्\u200dष"),
    ],
)
def test_text_is_shown_on_one_line(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_text_of_several_lines_keeps_them() -> None:
    assert visible("a\nb\x07", keep="\n") == "a\nb\\x07"


def test_json_says_the_same_in_codes() -> None:
    record = {"a\u202e": ["\x1b]0;x\x07\x9b\x7f", "é “x”", "\U000e0001"]}

    written = visible_json(record)

    assert json.loads(written) == record
    assert "é “x”" in written
    assert written.replace("\n", "").isprintable()


def test_lone_surrogates_are_no_text() -> None:
    assert is_text("é 😀")
    assert not is_text("a\ud83d")
