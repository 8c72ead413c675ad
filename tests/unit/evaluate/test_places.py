"""Gold spans found again in documents that were read from another format."""

from rag.evaluate.places import place
from rag.evaluate.questions import Span
from rag.types import Document

TEXT = "Page one says the fine\nwas $5.\fPage two says “the fine was $5.” again."


def document(text: str = TEXT) -> Document:
    return Document("d", "D", text, "d.pdf", "0" * 64, page_starts=(0, text.index("\f") + 1))


def test_offsets_are_taken_as_given() -> None:
    assert place(Span("d", 14, 22), document()) == ("d", 14, 22)


def test_a_quote_is_found_across_a_line_break() -> None:
    assert place(Span("d", quote="the fine was $5."), document()) == ("d", 14, 30)


def test_the_page_decides_among_several_occurrences() -> None:
    found = place(Span("d", quote='"The fine was $5."', page=2), document())

    assert found is not None
    assert TEXT[found[1] : found[2]] == "“the fine was $5.”"


def test_a_quote_that_does_not_stand_at_its_offsets_is_looked_up() -> None:
    assert place(Span("d", 0, 8, quote="was $5."), document()) == ("d", 23, 30)


def test_a_quote_that_is_not_there_has_no_place() -> None:
    assert place(Span("d", quote="nothing of the kind"), document()) is None


def test_a_span_beyond_the_text_has_no_place() -> None:
    assert place(Span("d", 900, 950), document()) is None


def test_a_document_id_alone_means_the_whole_document() -> None:
    assert place(Span("d"), document()) == ("d", 0, len(TEXT))


def test_a_quote_with_characters_that_loading_mends_is_found() -> None:
    document = Document("d", "A", "Acme – “the firm” – paid.", "d.txt", "0" * 64)
    span = Span("d", 0, 25, quote="Acme \x96 \x93the firm\x94 \x96 paid.")

    assert place(span, document) == ("d", 0, 25)
