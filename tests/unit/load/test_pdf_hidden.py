"""PDF: hidden letters are left out, and no visible letter is."""

from pathlib import Path

import pytest

from rag.load.parsed import Parsed
from tests.unit.load.pages import Box, Drawing, Text, column, pdf_of
from tests.unit.load.reading import read_one

NARROW = "Illicit bills: 1,111 fill Hill Ltd. - still, I will — all; 'til |111| lit."


def warnings_of(parsed: Parsed) -> object:
    return parsed.metadata.get("warnings")


@pytest.mark.parametrize("size", [6, 9, 12, 18])
@pytest.mark.parametrize("direction", ["1 0 0 1", "1 0 .3 1"])
def test_narrow_letters_on_any_ground_are_kept(size: int, direction: str) -> None:
    grounds = [Box(0, 0, 612, 792, grey=1), Box(60, 590, 500, 40, grey=0.6), Box(60, 480, 500, 40)]
    words = [
        Text(72, 700, NARROW, size, direction=direction),
        Text(72, 600, NARROW, size, direction=direction, bold=True),
        Text(72, 500, NARROW, size, grey=1, direction=direction),
    ]

    parsed = read_one(pdf_of([*grounds, *words]), "a.pdf")

    assert parsed.text.split("\n\n") == [NARROW] * 3
    assert warnings_of(parsed) is None


def test_a_frame_with_a_hole_drawn_over_the_text_hides_nothing() -> None:
    frame = Drawing("0 g 20 20 572 752 re 30 30 552 732 re f*")

    parsed = read_one(pdf_of([Text(72, 700, NARROW), frame]), "a.pdf")

    assert parsed.text == NARROW
    assert warnings_of(parsed) is None


@pytest.mark.parametrize("over", [True, False])
def test_a_black_bar_no_higher_than_its_letters_redacts_all_of_them(over: bool) -> None:
    bar = Box(71.5, 697, 60, 12)
    words = [Text(72, 700, "Illiill, “No”,"), Text(140, 700, "he said of the bill.")]
    page = [*words, bar] if over else [bar, *words]

    parsed = read_one(pdf_of(page), "a.pdf")

    assert parsed.text == "█████ he said of the bill."
    assert "characters beneath black boxes" in str(warnings_of(parsed))


def test_words_beneath_a_white_bar_are_left_out() -> None:
    page = [*column(72, 700, ["Acme paid the fine.", NARROW]), Box(70, 682, 500, 14, grey=1)]

    parsed = read_one(pdf_of(page), "a.pdf")

    assert parsed.text == "Acme paid the fine."
    assert "cannot be seen were left out" in str(warnings_of(parsed))


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_bar_on_a_turned_page_redacts_what_is_beneath_it_only(rotate: int) -> None:
    words = [Text(172, 400, "Secret"), Text(172, 380, NARROW)]
    bar = {90: Box(200, 171, 14, 60), 180: Box(379, 382, 62, 14), 270: Box(398, 560, 14, 62)}
    data = pdf_of([text.turned(rotate) for text in words] + [bar[rotate]], rotate=rotate)

    parsed = read_one(data, "a.pdf")

    assert "Secret" not in parsed.text
    assert NARROW in parsed.text


def test_no_letter_of_real_filings_is_blacked_out_though_visible(shared_data: Path) -> None:
    case = (shared_data / "cases" / "letters_blacked_shaded_page.pdf").read_bytes()

    parsed = read_one(case, "case.pdf")

    assert "Illiana Hills LLC shall pay a civil penalty of $1.1 million" in parsed.text
    assert warnings_of(parsed) is None
