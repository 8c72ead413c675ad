"""Margin numbers of pleadings and transcripts."""

import time

from rag.load.line_numbers import without_line_numbers
from tests.unit.load.reading import read_one


def page(lines: list[str], start: str = " ") -> str:
    return "\n".join(f"{start}{n:>2}   {line}".rstrip() for n, line in enumerate(lines, start=1))


def test_margin_numbers_and_the_stamps_between_pages_are_left_out() -> None:
    body = ["1.   Alder raised", "$5 million from", "212 investors.", "", "2.   It lost all, as it"]
    first = page([*["Caption"] * 14, *body])
    second = page(["", "never told them.", "3.   Alder admits it."])
    stamp = "Case 1:20-cv-00001-XY   Document 3   Filed 01/02/20   Page 2 of 9   Page ID #:2"

    text = read_one(f"{first}\n{stamp}\n{second}\nALDER-0000042\n".encode(), "a.txt").text

    assert text == (
        "Caption\n" * 14 + "1.   Alder raised\n$5 million from\n212 investors.\n\n"
        "2.   It lost all, as it\nnever told them.\n3.   Alder admits it.\n"
    )


def test_numbers_with_text_set_between_them_are_found() -> None:
    text = "\n".join(f"{n}  line {n}\nset between" for n in range(1, 26))

    assert without_line_numbers(text) == "\n".join(f"line {n}\nset between" for n in range(1, 26))


def test_a_short_page_is_told_by_sentences_that_go_on_over_its_lines() -> None:
    lines = [
        "The fund lost",
        "all of its money and",
        "did not say so",
        "to anyone.",
        "It paid",
        "$9.",
    ]

    assert without_line_numbers(page(lines)) == "\n".join(lines)


def test_lists_tables_and_short_runs_stay() -> None:
    items = "\n".join(f"{n}. Item {n}" for n in range(1, 29))
    few = "\n".join(f"{n} Item" for n in range(1, 9))
    years = "\n".join(f"{n} 2020 {n}" for n in range(30, 60))

    for text in (items, few, years):
        assert without_line_numbers(text) == text


def test_long_runs_take_linear_time() -> None:
    began = time.perf_counter()
    for unit in (" ", "1", "1 \n", " \n", "A-", "Case 1 Page ", "1  a\n", "\t"):
        without_line_numbers(unit * (40_000 // len(unit)))

    assert time.perf_counter() - began < 5
