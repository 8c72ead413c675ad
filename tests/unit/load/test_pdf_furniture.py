"""PDF: running heads, page numbers and margins are left out, and no line of the text is."""

from pathlib import Path

from tests.unit.load.pages import Text, column, pdf_of
from tests.unit.load.reading import read_one

BODY = [
    "The panel heard the parties on the sale of the notes and on the returns that Acme",
    "had promised to those who bought them, and on the part of the two officers.",
]


def text_of(number: int) -> list[Text]:
    words = "alpha beta gamma delta epsilon zeta eta theta iota kappa".split()
    return column(72, 640, [f"{words[number % 10]} {number * 7919} of the record.", "", *BODY])


def test_sentences_sums_and_items_that_differ_by_a_number_are_text() -> None:
    kept = (
        "Defendant {0} owes a fine of ${0}40,000 within {0}0 days of this order.",
        "Part {0} of the fine, $1{0},000, is due on {0} June 2024",
        "({0}) the books of year {0} of the scheme",
        "The claim of investor number {0} is allowed in full.",
    )
    for line in kept:
        for height in (760, 40):
            pages = [[Text(72, height, line.format(n)), *text_of(n)] for n in range(1, 7)]

            parsed = read_one(pdf_of(*pages), "a.pdf")

            assert all(line.format(n) in parsed.text for n in range(1, 7)), line
            assert "left_out" not in parsed.metadata


def test_heads_that_are_the_same_or_count_with_the_pages_are_left_out_and_counted() -> None:
    heads = ("Acme Ltd - Decision of 4 May 2024", "Decision 12/2024 {0} Page {1} of 60")
    for head in heads:
        pages = [[Text(72, 760, head.format(n + 30, n)), *text_of(n)] for n in range(1, 6)]

        parsed = read_one(pdf_of(*pages), "a.pdf")

        assert "Decision" not in parsed.text
        assert parsed.metadata["left_out"] == 5


def test_the_head_of_a_short_chapter_in_a_long_report_is_left_out() -> None:
    chapters = ["I. Background of the case"] * 3 + ["II. Findings"] * 4 + ["III. Order"] * 20
    pages = [[Text(200, 740, head, 9), *text_of(n)] for n, head in enumerate(chapters)]

    parsed = read_one(pdf_of(*pages), "a.pdf")

    assert not any(head in parsed.text for head in chapters)
    assert parsed.metadata["left_out"] == len(chapters)


def test_a_line_that_recurs_within_the_text_by_chance_is_kept() -> None:
    pages = []
    for n in range(20):
        lines = [f"MR. ROE: Question {n * 31} of the day?" for _ in range(45)]
        if n in (3, 5, 6):
            lines[0] = lines[-1] = "THE DEFENDANT: That is true."
        pages.append(column(72, 740, lines, pitch=15))

    parsed = read_one(pdf_of(*pages), "a.pdf")

    assert parsed.text.count("That is true.") == 6


def test_page_numbers_of_a_small_print_area_are_labels() -> None:
    pages = [[Text(300, 640, str(n)), *column(160, 610, BODY)] for n in range(2, 7)]

    parsed = read_one(pdf_of(*pages), "a.pdf")

    assert parsed.page_labels == ("2", "3", "4", "5", "6")
    assert not any(character.isdigit() for character in parsed.text)


def test_times_and_line_numbers_in_the_margin_are_left_out() -> None:
    page = []
    for n in range(25):
        page += [
            Text(12, 700 - 24 * n, f"0 2 : {n // 10} {n % 10}", 7),
            Text(60, 700 - 24 * n, str(n + 1)),
            Text(108, 700 - 24 * n, f"and the word {'abcdefghijklmnopqrstuvwxy'[n]} was said"),
        ]

    text = read_one(pdf_of(page), "a.pdf").text

    assert not any(character.isdigit() for character in text)
    assert text.startswith("and the word a was said and the word b was said")


def test_the_case_of_body_lines_is_read_whole(shared_data: Path) -> None:
    data = (shared_data / "cases" / "body_lines_as_furniture.pdf").read_bytes()

    text = read_one(data, "a.pdf").text

    for sum_ in ("$140,000", "$240,000", "$340,000", "$440,000", "$11,000", "$14,000"):
        assert sum_ in text


def test_a_head_is_left_out_on_a_page_with_little_text_too() -> None:
    head = "III. Sales of the fund to its manager"
    full = [[Text(200, 730, head), *text_of(number)] for number in range(6)]
    little = [Text(200, 730, head), *column(72, 690, ["One.", "Two.", "Three.", "Four."], pitch=40)]

    parsed = read_one(pdf_of(*full[:3], little, *full[3:]), "a.pdf")

    assert head not in parsed.text
    assert parsed.metadata["left_out"] == 7


def test_pages_that_are_copies_of_one_are_no_furniture() -> None:
    page = column(72, 740, ["The firm paid the fee to the clerk,", "who kept it."])

    assert read_one(pdf_of(page, page, page, page), "a.pdf").text.count("who kept it.") == 4
