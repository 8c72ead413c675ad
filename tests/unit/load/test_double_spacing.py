"""Plain text with a blank line after each line."""

import time

from rag.load.double_spacing import without_double_spacing
from rag.text.sentences import sentences
from tests.unit.load.reading import read_one

SPACED = (
    "The firm told its clients in the\n\nspring that there was no fee for\n\nthe service, and that "
    "none would\n\nbe asked of Ms. Vane and the Bank\n\nRusk in the year that followed.\n\n"
    "That was false.\n\n    The clients paid $4,000,000 in\n\nall to the firm.\n\n"
    "(a) They lost it.\n\n\nIt is gone.\n"
)


def test_sentences_of_a_double_spaced_text_are_whole() -> None:
    text = read_one(SPACED.encode(), "a.txt").text

    assert [" ".join(text[a:b].split()) for a, b in sentences(text)] == [
        "The firm told its clients in the spring that there was no fee for the service, and that "
        "none would be asked of Ms. Vane and the Bank Rusk in the year that followed.",
        "That was false.",
        "The clients paid $4,000,000 in all to the firm.",
        "(a) They lost it.",
        "It is gone.",
    ]
    assert "firm.\n\n(a) They lost it.\n\n\nIt" in text


def test_paragraphs_of_one_line_and_lists_stay_apart() -> None:
    paragraphs = "\n\n".join(["The firm paid.", "It then lost the case.", "Nobody knew of it."] * 4)
    items = "\n\n".join(["It must:", "pay the fee;", "sell the house;", "and write."] * 4)

    for text in (paragraphs, items):
        assert without_double_spacing(text) == text


def test_long_texts_take_linear_time() -> None:
    began = time.perf_counter()
    for unit in ("a\n\n", " ", "\t", "1.1", "a b\n\nc\n\n", "("):
        without_double_spacing(unit * (100_000 // len(unit)))

    assert time.perf_counter() - began < 5
