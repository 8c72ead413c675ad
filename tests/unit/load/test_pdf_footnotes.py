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


def test_a_plain_number_begins_a_footnote_where_the_text_cites_it() -> None:
    first = [
        *column(
            72, 500, ["4 The sale was made by a broker that the Division does not name in this"]
        ),
        *column(72, 486, ["order."]),
        Text(105, 491, "5", 7),
        *column(72, 452, ["5 The fund was sold in May, and its manager was paid on the same day"]),
        *column(72, 438, [*BODY[:3], *BODY[:3]]),
        Text(72, 320, "5 See the letter of the trustee to the manager, at page 7."),
    ]
    second = [*column(72, 700, BODY[3:]), *column(72, 660, BODY)]

    parsed = read_one(pdf_of(first, second), "a.pdf")

    assert notes_of(parsed) == ["5 See the letter of the trustee to the manager, at page 7."]
    assert "\n\n5 The fund was sold in May" in parsed.text
    assert " ".join([*BODY[:3], *BODY[:3], *BODY[3:]]) in parsed.text


def test_small_digits_after_a_figure_are_the_number_of_a_note() -> None:
    page = [
        *column(72, 340, BODY),
        Text(72, 280, "The number of the accounts in all was 312"),
        Text(277.5, 280, "348", 7),
        Text(288, 280, "."),
        Text(72, 104, "348 See the letter of the trustee.", 9),
    ]

    parsed = read_one(pdf_of(page), "a.pdf")

    assert "in all was 312³⁴⁸." in parsed.text


def test_the_text_of_an_annex_in_smaller_letters_is_no_footnote() -> None:
    annex = [
        *[Text(72, 700, "Conditions of the sale", 14)],
        *[Text(72, 660 - 12 * i, line, 10) for i, line in enumerate([*BODY, *BODY])],
        Text(205, 563 + 15, "1", 6),
        Text(72, 104, "1 See the letter of the trustee.", 7),
    ]

    parsed = read_one(pdf_of(*[column(72, 700, [*BODY, *BODY])] * 4, annex), "a.pdf")

    assert notes_of(parsed) == ["1 See the letter of the trustee."]


def test_the_date_on_a_cover_in_large_letters_is_no_footnote() -> None:
    cover = [
        *[Text(72, 600 - 40 * i, "Determination of the Board", 24) for i in range(3)],
        Text(72, 300, "30 July 2026", 12),
    ]

    parsed = read_one(pdf_of(cover, column(72, 700, BODY)), "a.pdf")

    assert not notes_of(parsed)
