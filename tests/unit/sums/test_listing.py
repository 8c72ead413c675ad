"""A document in a list and its citation."""

from rag.sums.listing import listed
from rag.types import Document


def document(title: str, text: str, **metadata: object) -> Document:
    return Document("d", title, text, "d", "0" * 64, metadata)


def test_the_title_line_is_the_citation_and_the_parties_are_named() -> None:
    text = "No. 5\n\nDecision: Lumen Social Limited\n\nThe Commission decides."
    row = listed(document("Decision: Lumen Social Limited", text, parties=["Lumen Social Limited"]))

    assert row.citation.quote == "Decision: Lumen Social Limited"
    assert text[row.citation.start : row.citation.end] == row.citation.quote
    assert row.who == "Lumen Social Limited"


def test_without_a_title_line_the_opening_sentence_is_cited() -> None:
    row = listed(document("file-7.txt", "7\n\nThe court heard both sides today. It then ruled."))

    assert row.citation.quote == "The court heard both sides today."


def test_an_empty_document_is_listed_too() -> None:
    assert listed(document("file-8.txt", "7")).citation.quote == "7"
