"""Documents on the same case, and their order in time."""

from collections.abc import Iterable

from rag.text.cases import cases
from rag.types import Document


def on_same_case(cited: Iterable[Document], others: Iterable[Document]) -> list[Document]:
    """The documents in ``others`` on a case of the ``cited`` documents, newest first.

    Cited documents and documents without a full date are left out.
    """
    cited = list(cited)
    on = frozenset().union(*(cases(document) for document in cited)) if cited else frozenset()
    known = {document.doc_id for document in cited}
    found = {
        document.doc_id: document
        for document in others
        if document.doc_id not in known and is_dated(document) and cases(document) & on
    }
    return sorted(found.values(), key=day, reverse=True)


def is_dated(document: Document) -> bool:
    """Whether the date of the document has a day, not a year or month alone."""
    return len(day(document)) == 10


def day(document: Document) -> str:
    """The date of the document, ``YYYY-MM-DD`` or shorter; empty if unknown."""
    return str(document.metadata.get("date", ""))
