"""PDF: a sound text layer is read, whatever PDFium makes of it, and garbage is not."""

import pytest

from rag.errors import LoadError
from rag.load.parsed import Parsed
from rag.load.pdf import quote_boxes
from tests.unit.load.pages import Text, column, pdf_of, stream, written
from tests.unit.load.reading import read, read_one

LINES = [
    "The Board finds that Acme sold notes to investors and that it did not tell them of",
    "the losses of its fund.",
]


def within_a_small_form(lines: list[Text]) -> bytes:
    """A page that enlarges a form drawn a thousand times too small."""
    inner = "0.001 0 0 0.001 0 0 cm\n" + "\n".join(line.operators() for line in lines)
    form = "/Type /XObject /Subtype /Form /BBox [0 0 1 1] /Resources << /Font << /F1 3 0 R >> >>"
    return written(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Count 1 /Kids [6 0 R] >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>",
            stream("q\n1000 0 0 1000 0 0 cm\n/X Do\nQ"),
            stream(inner, form),
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
            "/Resources << /Font << /F1 3 0 R >> /XObject << /X 5 0 R >> >> >>",
        ]
    )


def test_text_in_a_form_that_the_page_enlarges_is_read_at_its_place() -> None:
    data = within_a_small_form(column(72, 700, LINES))

    parsed = read_one(data, "a.pdf")

    assert parsed.text == " ".join(LINES)
    assert "warnings" not in parsed.metadata
    ((left, top, _, bottom),) = quote_boxes(data, 1, "the losses of its fund")
    assert left == pytest.approx(72 / 612, abs=0.01)
    assert top < 1 - 686 / 792 < bottom


def test_a_table_of_names_without_frequent_words_is_language() -> None:
    rows = [f"Redacted confidential Kalgoorlie store number {n * 37}" for n in range(30)]

    parsed = read_one(pdf_of(column(72, 740, LINES), column(72, 740, rows)), "a.pdf")

    assert "Redacted confidential Kalgoorlie store number 37" in parsed.text
    assert "warnings" not in parsed.metadata


def test_letters_that_were_replaced_by_others_are_garbage() -> None:
    shifted = [
        "".join(chr((ord(c) - 94) % 26 + 97) if c.islower() else c for c in line)
        for line in LINES * 8
    ]

    (parsed,) = read(pdf_of(column(72, 740, LINES), column(72, 740, shifted)), "a.pdf")

    assert isinstance(parsed, Parsed)
    assert parsed.metadata["warnings"] == [
        "page 2: its text layer is not language; OCR is switched off"
    ]
    with pytest.raises(LoadError, match="OCR is switched off"):
        read(pdf_of(column(72, 740, shifted)), "a.pdf")


def test_language_among_many_unreadable_codes_is_read_without_them() -> None:
    noisy = [f"{line} {chr(1) * 20}" for line in LINES]

    parsed = read_one(pdf_of(column(72, 740, noisy)), "a.pdf")

    assert parsed.text == " ".join(LINES)
