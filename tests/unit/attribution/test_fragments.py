"""Sentences that pages and blank lines have cut: the whole of each is attributed."""

from rag.attribution.engine import attribute
from rag.attribution.fragments import whole
from rag.types import Document

LINES = """The Registrar finds that Fenwick Mills did not keep a record of

      the visitors to its stores, although

12
      Registrar of Visitors
      it had been told to do so in writing.

Registrar of Visitors

    The stores were closed in May.

Registrar of Visitors
"""


def document(text: str, **metadata: object) -> Document:
    return Document("d", "D", text, "d.txt", "0" * 64, metadata)


def test_a_part_is_joined_over_blank_lines_and_running_heads() -> None:
    start = LINES.index("it had been")
    end = LINES.index("writing.") + len("writing.")

    first, last = whole(document(LINES), start, end)

    assert LINES[first:last].startswith("The Registrar finds")
    assert LINES[first:last].endswith("in writing.")


def test_a_whole_sentence_stays_as_it_is() -> None:
    start = LINES.index("The stores")
    end = LINES.index("May.") + len("May.")

    assert whole(document(LINES), start, end) == (start, end)


def test_a_part_has_the_standing_of_its_sentence() -> None:
    text = LINES.replace("Registrar", "Commissioner")
    start = text.index("the visitors")
    found = attribute(
        document(text, agency="ICO", type="penalty_notice"), start, text.index("although") + 8
    )

    assert (found.speaker, found.status) == ("ICO", "found")


def test_items_of_a_list_are_not_joined() -> None:
    text = "Acme must:\n\n(a) keep the records; and\n\n(b) pay the fee.\n"
    start = text.index("(b)")

    assert whole(document(text), start, len(text) - 1) == (start, len(text) - 1)


def test_words_that_end_a_line_often_are_no_running_head() -> None:
    text = "The door was shut. Brill stated\nthat it was open.\n" * 4
    start = text.index("Brill stated")
    end = text.index("open.") + len("open.")

    assert whole(document(text), start, end) == (start, end)
