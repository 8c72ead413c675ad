"""PDF: rows and columns: tables keep theirs, two columns of text are read one after the other."""

from rag.load.pdf import quote_boxes
from tests.unit.load.pages import Text, column, pdf_of
from tests.unit.load.reading import read_one

LEFT = [
    "The board finds that the adviser",
    "hid the losses of the fund from",
    "the investors for four years and",
    "took fees of $81,000 from them.",
    "It fines the adviser $90,000.",
]
RIGHT = [
    "The adviser answers that the fund",
    "was audited every year and that",
    "no investor has asked for money.",
    "It will appeal the finding to the",
    "court of the state in May.",
]


def rows(top: float, cells: list[list[str]], *, pitch: float = 18) -> list[Text]:
    return [
        Text(72 + 120 * column, top - pitch * row, words)
        for row, line in enumerate(cells)
        for column, words in enumerate(line)
        if words
    ]


def test_an_empty_cell_stays_empty() -> None:
    table = [
        ["Firm", "Gain", "Interest", "Fine"],
        ["Alder Fund", "$10", "", "$30"],
        ["Birch Fund", "", "$22", "$33"],
        ["Cedar Fund", "$12", "$23", ""],
    ]

    parsed = read_one(pdf_of([Text(72, 700, "The sums:"), *rows(670, table)]), "a.pdf")

    assert parsed.text == (
        "The sums:\n\nFirm | Gain | Interest | Fine\nAlder Fund | $10 | | $30\n"
        "Birch Fund | | $22 | $33\nCedar Fund | $12 | $23 |"
    )


def test_a_cell_of_two_lines_is_one_cell_and_rows_below_each_other_stay_rows() -> None:
    wrapped = [
        *rows(700, [["Firm", "Reason", "Fine"]]),
        *rows(676, [["Alder Fund", "hid its", "$30"], ["", "losses", ""]], pitch=12),
        *rows(640, [["Birch Fund", "took fees", "$40"]]),
    ]
    grouped = rows(
        560, [["Nation", "5 min", "848"], ["", "10 min", "849"], ["State", "5 min", "1"]]
    )

    parsed = read_one(pdf_of([*wrapped, *grouped]), "a.pdf")

    assert "Alder Fund | hid its losses | $30\nBirch Fund | took fees | $40" in parsed.text
    assert "Nation | 5 min | 848\n| 10 min | 849\nState | 5 min | 1" in parsed.text


def test_two_columns_drawn_row_by_row_are_read_one_after_the_other() -> None:
    page = [
        text
        for row in range(5)
        for text in (Text(72, 700 - 13 * row, LEFT[row]), Text(320, 700 - 13 * row, RIGHT[row]))
    ]

    text = read_one(pdf_of([*page, Text(72, 500, "So ordered.")]), "a.pdf").text

    assert text.split() == " ".join([*LEFT, *RIGHT, "So ordered."]).split()


def test_names_and_sums_beside_each_other_stay_in_their_rows() -> None:
    page = rows(700, [[f"Investor number {n} of the fund", f"${n}00 of the sum"] for n in range(6)])

    text = read_one(pdf_of(page), "a.pdf").text

    for n in range(6):
        assert f"Investor number {n} of the fund ${n}00 of the sum" in text


def test_an_ordinary_page_has_no_table() -> None:
    page = [
        *column(72, 700, LEFT),
        Text(72, 600, "1."),
        Text(100, 600, "One."),
        Text(300, 600, "x"),
    ]

    assert " | " not in read_one(pdf_of(page), "a.pdf").text


def test_entries_of_a_table_of_contents_stay_lines_and_long_ones_are_joined() -> None:
    dots = " ." * 20
    entries = [
        (72, f"I. Background{dots} 1"),
        (90, f"A. The notes{dots} iv"),
        (90, "B. What the board of the fund and its officers knew of losses in"),
        (130, f"the year before{dots} 9"),
        (90, f"C. The sale{dots} 12"),
        (72, f"II. Findings{dots} 30"),
    ]
    page = [Text(left, 700 - 14 * i, line) for i, (left, line) in enumerate(entries)]

    lines = [line for line in read_one(pdf_of(page), "a.pdf").text.split("\n") if line]

    assert lines == [
        "I. Background ... 1",
        "A. The notes ... iv",
        "B. What the board of the fund and its officers knew of losses in the year before ... 9",
        "C. The sale ... 12",
        "II. Findings ... 30",
    ]


def test_a_page_drawn_sideways_without_a_flag_is_read_line_by_line() -> None:
    lines = ["The respondent owes disgorgement of $309,000.", "The sum is due within 60 days."]
    for up, places in ((True, (72, 86)), (False, (540, 526))):
        page = [
            Text(x, 72 if up else 700, line, direction="0 1 -1 0" if up else "0 -1 1 0")
            for x, line in zip(places, lines, strict=True)
        ]
        data = pdf_of(column(72, 700, LEFT), page)

        parsed = read_one(data, "a.pdf")

        assert parsed.text.split() == " ".join([*LEFT, *lines]).split()
        ((left, top, right, bottom),) = quote_boxes(data, 2, lines[1])
        assert (places[1] - 12) / 612 < left < right < (places[1] + 12) / 612
        assert bottom - top > 0.15


def test_labels_and_values_drawn_as_two_columns_are_read_row_by_row() -> None:
    labels = ["Document lodged:", "File number:", "File title:", "Registry:"]
    values = ["Affidavit", "ACT 1 of 2026", "Application by Alder House Ltd", "Victoria"]
    page = [*column(72, 600, labels, pitch=24), *column(240, 600, values, pitch=24)]

    text = read_one(pdf_of(page), "a.pdf").text

    assert text.split() == " ".join(f"{a} {b}" for a, b in zip(labels, values, strict=True)).split()


def test_the_rows_of_a_form_are_not_taken_for_columns() -> None:
    rows = [
        ["Case No. 14-684", "", "Date: May 1, 2019"],
        ["Present: Judge Snyder", "", "Courtroom 8D, Los Angeles"],
        ["Catherine Jeang", "Not Present", "Benjamin Barron"],
        ["Deputy Clerk", "Court Reporter", "Assistant Attorney"],
        ["Oscar Flores", "Not Present", "Charles Diamond"],
        ["The Defendant", "Interpreter", "Attorney for him"],
    ]
    cells = [
        Text(x, 700 - 20 * index, words)
        for index, row in enumerate(rows)
        for x, words in zip((72, 260, 420), row, strict=True)
        if words
    ]
    page = sorted(cells, key=lambda cell: (cell.words[-1], cell.x))  # no order in the file

    text = read_one(pdf_of(page), "a.pdf").text.replace(" | ", " ")

    assert text.split() == " ".join(" ".join(row) for row in rows).split()


def test_what_black_bars_leave_of_a_page_is_read_from_the_top() -> None:
    pieces = [
        (72, 700, "16 Alder House"),
        (380, 672, ". Birch Brokers Ltd"),
        (72, 644, ". Cedar Bank plc"),
        (400, 616, ". Dogwood Capital"),
        (72, 588, ". Elm Street Fund"),
        (390, 560, ". Each of the brokers"),
    ]
    page = [Text(x, y, words) for x, y, words in sorted(pieces)]

    text = read_one(pdf_of(page), "a.pdf").text

    assert text.split() == " ".join(words for _, _, words in pieces).split()
