"""The table of sums over many documents: ranked, added up, each sum with its citation."""

import re
from collections.abc import Iterable, MutableMapping
from decimal import Decimal

from rag.sums.amounts import amounts
from rag.text.dates import date_in_words
from rag.types import Amount, AmountKind, Citation, Document, SumsAsked, SumsTable, counted

Found = tuple[Decimal, AmountKind, int, int]
"""A sum in U.S. dollars, its kind, and the start and end of its sentence."""

_KEPT = 300
"""At most this many rows are kept, the first in order. The total includes all."""


def sums_table(
    asked: SumsAsked, documents: Iterable[Document], known: MutableMapping[str, tuple[Found, ...]]
) -> SumsTable:
    """The table of the sums that a question asks for; ties by date, then by id.

    The largest come first, or the smallest if the question asks for them.

    Parameters
    ----------
    documents
        The documents to read. Those of another agency or date, or without the words of the
        question, are passed over.
    known
        A cache: the sums of each document by its id. New ones are added.
    """
    looked = stated = 0
    rows: list[Amount] = []
    for document in documents:
        if not _matches(asked, document):
            continue
        looked += 1
        if document.doc_id not in known:
            known[document.doc_id] = tuple(
                (one.dollars, one.kind, one.citation.start, one.citation.end)
                for one in amounts(document)
            )
        sums = [found for found in known[document.doc_id] if found[1] in asked.kinds]
        stated += bool(sums)
        rows += [
            Amount(dollars, kind, Citation(document, start, end, document.text[start:end]))
            for dollars, kind, start, end in sums
        ]
    rows.sort(key=_order)
    if asked.smallest:
        rows.sort(key=lambda row: row.dollars)
    total = sum((row.dollars for row in rows), Decimal(0))
    kept = tuple(rows[:_KEPT])
    scope = _scope(asked, looked=looked, stated=stated, sums=len(rows), shown=len(kept))
    return SumsTable(asked, looked, stated, len(rows), total, kept, scope)


def _scope(asked: SumsAsked, *, looked: int, stated: int, sums: int, shown: int) -> str:
    """A sentence for the reader: the documents read, and how sums are counted."""
    agencies = [agency.upper() for agency in asked.agencies]
    spans = [_span(first, last) for first, last in asked.days]
    within = [*agencies, *spans, *(f"with “{word}”" for word in asked.words)]
    names = " or ".join(asked.kinds)
    text = (
        f"Looked at {counted(looked, 'document')}"
        + (f" ({', '.join(within)})" if within else "")
        + f"; {f'{stated:,}' if shown else 'none'} state{'s' if stated < 2 else ''} a {names} that "
        "was imposed or agreed."
    )
    if not shown:
        return text
    text += " A sum counts once a document; a case told in several documents counts in each."
    first = "smallest" if asked.smallest else "largest"
    return text + (f" The table holds the {first} {shown}." if shown < sums else "")


def _span(first: str, last: str) -> str:
    if first == last.rstrip("~"):
        return date_in_words(first)
    since = "after" if first.endswith("~") else "from"
    words = [f"{since} {date_in_words(first.rstrip('~'))}" if first else ""]
    until = "until" if last.endswith("~") else "before"
    words += [f"{until} {date_in_words(last.rstrip('~'))}" if last.rstrip("~") else ""]
    return " ".join(filter(None, words))


def _order(row: Amount) -> tuple[Decimal, str, str]:
    document = row.citation.document
    return -row.dollars, str(document.metadata.get("date") or ""), document.doc_id


def _matches(asked: SumsAsked, document: Document) -> bool:
    """Whether the document has an agency, a date and the words that the question names."""
    agencies = {agency.casefold() for agency in document.texts("agency")}
    date = str(document.metadata.get("date") or "")
    if asked.agencies and agencies.isdisjoint(asked.agencies):
        return False
    if asked.days and not any(first <= date < last for first, last in asked.days):
        return False
    text = document.text.lower() if asked.words else ""
    return all(re.search(rf"\b{re.escape(word)}", text) for word in asked.words)
