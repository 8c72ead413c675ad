"""PDF: tables whose cells are framed by drawn lines are read row by row."""

import itertools

import pytest

from rag.load.pdf import quote_boxes
from tests.unit.load.pages import Box, Drawing, Text, column, pdf_of
from tests.unit.load.reading import read_one

XS, YS = (72, 172, 332, 432), (640, 600, 560, 520)
CELLS = [
    (76, 628, "Broker"),
    (176, 628, "Breach"),
    (336, 628, "Fine"),
    (76, 588, "Alder House"),
    (76, 574, "(in liquida-"),  # the word goes on below
    (76, 560.5, "tion)"),
    (176, 588, "Late reports, no record of"),
    (176, 574, "the calls of its traders"),
    (336, 588, "$40,000"),
    (76, 548, "Birch Brokers"),
    (336, 548, "$531,600"),
]
ROWS = [
    "Broker | Breach | Fine",
    "Alder House (in liquidation) | Late reports, no record of the calls of its traders | $40,000",
    "Birch Brokers | | $531,600",
]


def thin(xs: tuple[int, ...], ys: tuple[int, ...]) -> list[Box]:
    """The frame as thin filled boxes, one for each side of a cell, as word processors draw it."""
    across = [Box(a, y, b - a, 0.5) for y in ys for a, b in itertools.pairwise(xs)]
    down = [Box(x, b, 0.5, a - b) for x in xs for a, b in itertools.pairwise(ys)]
    return [*across, *down]


def stroked(xs: tuple[int, ...], ys: tuple[int, ...]) -> list[Drawing]:
    """The frame as one path of strokes."""
    across = " ".join(f"{xs[0]} {y} m {xs[-1]} {y} l" for y in ys)
    down = " ".join(f"{x} {ys[0]} m {x} {ys[-1]} l" for x in xs)
    return [Drawing(f"q 0.5 w {across} {down} S Q")]


def rectangles(xs: tuple[int, ...], ys: tuple[int, ...]) -> list[Drawing]:
    """Each cell as a rectangle."""
    cells = " ".join(
        f"{a} {low} {b - a} {high - low} re"
        for high, low in itertools.pairwise(ys)
        for a, b in itertools.pairwise(xs)
    )
    return [Drawing(f"q 0.5 w {cells} S Q")]


@pytest.mark.parametrize("frame", [thin, stroked, rectangles])
def test_each_row_of_a_framed_table_is_a_line(frame: object) -> None:
    # The cells are drawn column by column, so that their order in the file says nothing.
    cells = sorted(CELLS, key=lambda cell: (cell[0], -cell[1]))
    page = [
        *frame(XS, YS),  # type: ignore[operator]
        *[Text(x, y, words, 11) for x, y, words in cells],
        *column(72, 700, ["The fines of the year follow, and the liquidation of one broker."]),
        *column(72, 490, ["They are due in May."]),
    ]
    data = pdf_of(page)

    parsed = read_one(data, "a.pdf")

    assert [line for line in parsed.text.split("\n") if line] == [
        "The fines of the year follow, and the liquidation of one broker.",
        *ROWS,
        "They are due in May.",
    ]
    for row in ROWS:
        assert quote_boxes(data, 1, row)


def test_columns_that_nearly_touch_are_parted_by_the_line_between_them() -> None:
    page = [
        *thin((72, 142, 300), (640, 620, 600)),
        *[Text(76, 626, "Purchaser"), Text(145, 626, "Heidelberg Materials")],
        *[Text(76, 606, "Sale price"), Text(145, 606, "$12 million")],
    ]

    parsed = read_one(pdf_of(page), "a.pdf")

    assert parsed.text == "Purchaser | Heidelberg Materials\nSale price | $12 million"


def test_a_cell_over_two_rows_or_columns_is_told_once() -> None:
    page = [
        # No line between the two rows of the first column, nor below the head of the others.
        *[Box(72, y, 300, 0.5) for y in (640, 580)],
        *[Box(172, y, 200, 0.5) for y in (620, 600)],
        *[Box(x, 580, 0.5, 60) for x in (72, 172, 372)],
        Box(272, 580, 0.5, 40),
        *[Text(76, 606, "Alder House"), Text(176, 626, "Fines of the year")],
        *[Text(176, 606, "2024"), Text(276, 606, "$10")],
        *[Text(176, 586, "2025"), Text(276, 586, "$20")],
    ]

    parsed = read_one(pdf_of(page), "a.pdf")

    assert parsed.text.split("\n") == [
        "Alder House | Fines of the year |",
        "| 2024 | $10",
        "| 2025 | $20",
    ]


def test_running_text_in_a_frame_keeps_its_paragraphs() -> None:
    sentence = "The regulator is satisfied that the sale may be put into effect, subject to terms."
    halves = sentence[:56], sentence[57:]
    page = [
        *thin((72, 172, 540), (700, 500, 470)),
        Text(76, 688, "Decision"),
        *column(176, 688, [*halves] * 6, pitch=11),
        *column(176, 540, [*halves] * 2, pitch=11),
        *[Text(76, 480, "Date"), Text(176, 480, "12 May 2026")],
    ]

    parsed = read_one(pdf_of(page), "a.pdf")

    *first, second, last = parsed.text.split("\n\n")
    assert second.split("\n") == [sentence] * 2
    assert last == "Date | 12 May 2026"
    assert " | " not in "".join(first)


def test_a_frame_around_a_page_is_no_table() -> None:
    lines = ["THE COURT: The motion is denied, and the trial", "begins in May. We are in recess."]
    page = [*thin((60, 552), (740, 60)), *column(72, 700, lines)]

    assert read_one(pdf_of(page), "a.pdf").text == " ".join(lines)


def test_a_row_that_begins_every_page_of_a_long_table_is_no_running_head() -> None:
    pages = []
    for number in range(5):
        page = thin((72, 232, 392, 540), (740, 720, 700, 680))
        for row in range(3):
            said = "(the parts that are secret)" if not row and number in (1, 2, 3) else "open"
            page += [
                Text(76, 726 - 20 * row, said),
                Text(236, 726 - 20 * row, f"Note {number} of item {row}" if row else "as above"),
                Text(396, 726 - 20 * row, "Alder House"),
            ]
        pages.append(page)
    pages += [column(72, 740 - 20 * number, ["The end."]) for number in range(3)]

    parsed = read_one(pdf_of(*pages), "a.pdf")

    assert parsed.text.count("(the parts that are secret) | as above | Alder House") == 3
