"""PDF: numbered paragraphs, whose number hangs left of the text, are read whole."""

import re
import time

import pytest

from rag.load.pdf import headers_footers, reflow
from tests.unit.load.pages import Text, column, pdf_of
from tests.unit.load.reading import read_one

BODY = [
    "The Authority considers that Acme failed to organise its affairs responsibly",
    "Kestrel Bank and its officers, who knew of the failings of the branch in Malta and",
    "2020 was the year in which the same officers were told of it by the auditors",
    "and did nothing.",
]


NUMBERS = "6.29. 4.92.3. 2.20.4 10.112.13. (12) (iv) A.4.2 12. 3(a) [45] • §5.2".split()


@pytest.mark.parametrize("number", [*NUMBERS, "Article 5(1)", "¶ 31", "Condition 2:"])
def test_the_text_right_of_a_hanging_number_is_one_paragraph(number: str) -> None:
    def paragraph(top: float) -> list[Text]:
        return [Text(72, top, number), *column(150, top, BODY)]

    parsed = read_one(pdf_of([*paragraph(700), *paragraph(630)]), "a.pdf")

    whole = f"{number} {' '.join(BODY)}"
    assert [part for part in parsed.text.split("\n") if part] == [whole, whole]


def test_a_first_line_that_is_indented_does_not_cut_its_paragraph() -> None:
    page = [Text(144, 700, BODY[0][:-12] + "its staff"), *column(72, 672, BODY[1:], pitch=28)]

    whole = " ".join([BODY[0][:-12] + "its staff", *BODY[1:]])
    assert read_one(pdf_of(page), "a.pdf").text == whole


@pytest.mark.parametrize(
    "start", ["Section 5 of the Act", "2.5 million dollars", "§ 40.11(a) of it"]
)
def test_a_sentence_goes_on_with_a_reference_on_the_next_page(start: str) -> None:
    first = column(
        72, 700, [*BODY[:2], "and that the failings that the auditors named to it broke"]
    )
    second = [*column(72, 700, [f"{start} in the year before."]), *column(72, 640, BODY)]

    assert f"named to it broke {start}" in read_one(pdf_of(first, second), "a.pdf").text


def test_list_items_stay_apart() -> None:
    page = [
        Text(72, 700, "5.1"),
        Text(120, 700, "Acme must:"),
        *(
            text
            for i, mark in enumerate(("(a)", "(b)", "(c)"))
            for text in (
                Text(120, 680 - 14 * i, mark),
                Text(150, 680 - 14 * i, "pay a sum of money to the fund;"),
            )
        ),
    ]

    parts = [part for part in read_one(pdf_of(page), "a.pdf").text.split("\n") if part]

    assert parts[1:] == [f"({letter}) pay a sum of money to the fund;" for letter in "abc"]


PATTERNS = [
    (module, name)
    for module in (reflow, headers_footers)
    for name, value in vars(module).items()
    if isinstance(value, re.Pattern)
]


@pytest.mark.parametrize(("module", "name"), PATTERNS)
@pytest.mark.parametrize("unit", ["1", "1.", ". ", "(a)", " ", "A", "§ ", "-", "⁴", "a b ", "Q. "])
def test_no_pattern_takes_long_on_a_long_line(module: object, name: str, unit: str) -> None:
    line = unit * (40_000 // len(unit))
    began = time.perf_counter()

    getattr(module, name).match(line + "\0")

    assert time.perf_counter() - began < 1


def test_the_number_of_a_heading_stands_apart_from_its_words() -> None:
    page = [Text(72, 700, "5.", 18), Text(88.5, 700, "Next steps", 18), *column(72, 660, ["None."])]

    assert read_one(pdf_of(page), "a.pdf").text.startswith("5. Next steps")


def test_a_dash_without_spaces_at_a_line_end_has_none_in_the_text() -> None:
    lines = [
        "The rule on the games of chance is at pages 8–",
        "9 of the order. But the elections—",
        "again, unlike games—have effects that are real –",
        "and large.",
    ]

    text = read_one(pdf_of(column(72, 700, lines)), "a.pdf").text

    assert text == (
        "The rule on the games of chance is at pages 8–9 of the order. But the elections—again, "
        "unlike games—have effects that are real – and large."
    )


def test_a_word_that_a_narrow_justified_column_breaks_is_joined() -> None:
    page = [
        *[Text(72, 700, "Democratic", bold=True), Text(190, 700, "Congres-", bold=True)],
        *[Text(72, 686, "sional", bold=True), Text(150, 686, "Campaign Com-", bold=True)],
        Text(72, 672, "mittee", bold=True),
        *column(260, 700, ["It works to elect members of the", "House and was hacked in 2016."]),
        *column(72, 600, ["The Congressional committee is a committee."]),
    ]

    assert "Democratic Congressional Campaign Committee" in read_one(pdf_of(page), "a.pdf").text
