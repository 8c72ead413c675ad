"""Documents on the same case, and their order in time."""

import re
from collections.abc import Iterable

from rag.types import Document

_HEAD = 1500
"""Characters at the beginning of a document that name its own case."""
_CASE = re.compile(
    r"\b(?:(?P<court>\d{1,2}):)?(?P<year>\d{2,4})[- ]?(?:cv|civ|cr|mc|c)\b\.?[- ]*(?:No\.? ?)?"
    r"(?P<number>\d{2,5})\b",
    re.IGNORECASE,
)


def cases(document: Document) -> frozenset[tuple[int, int]]:
    """The cases that ``document`` names at its beginning: two-digit year and number of each."""
    head = f"{document.title} {document.metadata.get('docket', '')} {document.text[:_HEAD]}"
    return frozenset(
        (int(match["year"]) % 100, int(match["number"])) for match in _CASE.finditer(head)
    )


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
