"""Numbered paragraphs."""

import time

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


def numbers(text: str) -> list[str]:
    return [number for _, number in paragraph_starts(text)]


def test_numbers_of_several_levels_count_up_level_by_level() -> None:
    written = "1. 1.1. 1.2. 1.2.1. 1.2.2. 2. 2.1. 2.2. 4.5. 3.1. 3.2."

    found = numbers("\n\n".join(f"{number} It paid." for number in written.split()))

    assert found == ["1", "1.1", "1.2", "1.2.1", "1.2.2", "2", "2.1", "2.2", "3.1", "3.2"]


def test_brackets_count_and_short_lists_and_sums_do_not() -> None:
    square = "\n".join(f"[{n}] The court says so." for n in range(1, 7))
    recitals = "\n".join(f"({n}) The firm says so." for n in range(1, 17))
    items = "\n".join(f"({n}) an item" for n in range(1, 9))
    sums = "1.5 million\n2.7 million\n3.1 million\n4.4 million\n9.9 million"

    assert numbers(square) == [str(n) for n in range(1, 7)]
    assert numbers(recitals) == [str(n) for n in range(1, 17)]
    assert numbers(items) == []
    assert numbers(sums) == []


def test_the_longest_style_wins_and_a_pilcrow_before_all() -> None:
    dotted = "\n".join(f"{n}. It paid.\n(1) at once" for n in range(1, 9))
    signed = "\n".join(f"¶ {n} It paid." for n in range(1, 6))

    assert len(numbers(dotted)) == 8
    assert numbers(f"{dotted}\n{signed}") == ["1", "2", "3", "4", "5"]


def test_long_runs_take_linear_time() -> None:
    began = time.perf_counter()
    for unit in ("1.", " ", "1 ", "\n", "1.\n", "1. a\n", "(", "[1", "1.1 a\n", "¶ "):
        paragraph_starts(unit * (40_000 // len(unit)))

    assert time.perf_counter() - began < 5
