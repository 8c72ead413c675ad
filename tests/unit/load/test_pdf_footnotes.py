"""PDF: footnotes are set apart from the sentence that they interrupt, whatever their size."""

from tests.unit.load.pages import Text, column, pdf_of
from tests.unit.load.reading import read_one

BODY = [
    "The Division alleges that the fund paid its manager far more than the terms of the",
    "notes allowed, that the trustee was told of it, and that neither of the two of them",
    "wrote to the investors until the fund had lost nearly all of the money that it had",
    "raised from them.",
]


def notes_of(parsed: object) -> list[str]:
    return [parsed.text[a:b] for a, b, _ in parsed.footnotes]  # type: ignore[attr-defined]


def test_a_footnote_in_the_size_of_the_text_is_set_apart() -> None:
    first = [
        Text(72, 300, "The fund was sold in May."),
        Text(201, 305, "3", 7),
        *column(72, 286, BODY[:3]),
        Text(72, 220, "3", 7),
        *column(78, 215, ["The sale was made by a broker that the Division does not name in this"]),
        *column(72, 201, ["order and that is not charged."]),
    ]
    second = [*column(72, 700, BODY[3:]), *column(72, 660, BODY)]

    parsed = read_one(pdf_of(first, second), "a.pdf")

    assert " ".join(BODY) in parsed.text
    (note,) = notes_of(parsed)
    assert note.startswith("³ The sale")
    assert note.endswith("is not charged.")


def test_a_footnote_that_runs_on_to_the_next_page_is_one() -> None:
    first = [
        *column(72, 300, BODY),
        Text(72, 104, "1 See the letter of the trustee to the manager of the fund and", 9),
    ]
    second = [*column(72, 700, BODY), Text(72, 104, "the answer of the manager.", 9)]

    parsed = read_one(pdf_of(first, second), "a.pdf")

    assert "".join(notes_of(parsed)) == (
        "1 See the letter of the trustee to the manager of the fund and the answer of the manager."
    )


def test_the_number_of_a_note_is_raised_where_the_file_glues_it_to_the_text() -> None:
    page = [
        *column(72, 300, [*BODY, "It was late.14 The loss was $1,000.15 in all."]),
        Text(72, 280 - 80, "Another fund lost $2,000."),
        Text(196.5, 205, "15", 12),
        Text(72, 104, "14 See the letter.", 9),
        Text(72, 94, "15 See the answer.", 9),
    ]

    parsed = read_one(pdf_of(page), "a.pdf")

    assert "It was late.¹⁴ The loss was $1,000.15 in all." in parsed.text
    assert "lost $2,000.¹⁵" in parsed.text
