"""Numbered paragraphs."""

from rag.load.paragraphs import paragraph_starts
from rag.types import Document


def test_the_longest_sequence_counts_and_lists_and_footnotes_do_not() -> None:
    text = "\n\n".join(
        ["1. Heading", *(f"{n}. Allegation {n}." for n in range(1, 8)), "1. first", "2. second"]
    )

    starts = paragraph_starts(text)

    assert [number for _, number in starts] == ["1", "2", "3", "4", "5", "6", "7"]
    assert all(text.startswith(f"{number}. Allegation", offset) for offset, number in starts[1:])
    document = Document("d", "t", text, "s", "h", paragraph_starts=starts)
    assert document.paragraph_at(text.index("Allegation 5")) == "5"


def test_a_pilcrow_counts_and_dates_and_short_lists_do_not() -> None:
    signed = "\n".join(f"¶ {n} The court says {n}." for n in range(1, 6))

    assert [number for _, number in paragraph_starts(signed)] == ["1", "2", "3", "4", "5"]
    assert paragraph_starts("1. one\n2. two\n3. three\n2019. not four") == ()


def test_a_numbered_footnote_is_no_paragraph() -> None:
    text = "\n".join(f"{n}. text" for n in range(1, 7))

    assert len(paragraph_starts(text, [(0, len(text), 1)])) == 0
