"""The table over many documents: sums ranked and added up, or documents, each with a citation."""

import re
from collections.abc import Iterable, MutableMapping
from decimal import Decimal
from typing import NamedTuple

from rag.question.filters import Filters
from rag.sums.amounts import amounts
from rag.sums.listing import listed
from rag.sums.matching import in_scope, of_parties
from rag.sums.wording import lead, scope
from rag.types import Amount, AmountKind, Citation, Document, Listed, SumsAsked, SumsTable


class Found(NamedTuple):
    """A sum as it is kept for the next question; ``start`` and ``end`` of its sentence."""

    value: Decimal
    currency: str
    kind: AmountKind
    start: int
    end: int
    who: str


Known = MutableMapping[str, tuple[tuple[Found, ...], bool]]
"""For each document, by its id: its sums, and whether it can be read for sums."""

_NO_FILTERS = Filters()
_KEPT = 1000
"""At most this many rows are kept, the first in order. Totals and counts include all."""
_WORST_OCR = 0.9
"""Confidence of OCR below which digits cannot be relied on."""
_SAMPLE = 4_000
"""Characters that are read to tell the language of a document."""
_ENGLISH = re.compile(r"\b(?:the|of|and|to|in|that|for)\b", re.I)
_FEWEST_ENGLISH = 0.04
"""Share of those words, below which a text is not English prose."""
_LONG_ENOUGH = 150
"""Words of a text whose language can be told."""


def sums_table(
    asked: SumsAsked,
    documents: Iterable[Document],
    known: Known,
    *,
    undated: int = 0,
    filters: Filters = _NO_FILTERS,
) -> SumsTable:
    """The table that a question asks for.

    Parameters
    ----------
    documents
        The documents to read. Those of another agency, type or date, or without the words of the
        question, are passed over.
    known
        A cache. New documents are added.
    undated
        Number of documents that are left out of ``documents`` because they have no date.
    filters
        The filters that ``documents`` pass, for the words of the table.
    """
    looked = 0
    rows: list[Amount] = []
    listing: list[Document] = []
    unread: list[str] = []
    for document in documents:
        if not in_scope(asked, document):
            continue
        looked += 1
        if not asked.kinds:
            if of_parties(asked, document, "", ""):
                listing.append(document)
            continue
        if document.doc_id not in known:
            known[document.doc_id] = _read(document), is_readable(document)
        found, readable = known[document.doc_id]
        if not readable:
            unread.append(document.doc_id)
        rows += [_amount(document, one) for one in found if _is_asked(asked, document, one)]
    stated = len({row.citation.document.doc_id for row in rows}) if asked.kinds else len(listing)
    totals = _totals(rows)
    ranked = _ranked(asked, rows, totals)
    number = len(rows) + len(listing)
    first = min(asked.first or _KEPT, _KEPT)
    kept: tuple[Amount | Listed, ...] = tuple(ranked[:first])
    if not asked.kinds:
        kept = tuple(map(listed, _newest(listing)[:first]))
    return SumsTable(
        asked,
        looked,
        stated,
        number,
        totals,
        kept,
        lead(asked, ranked, totals, documents=stated, filters=filters),
        scope(
            asked,
            looked=looked,
            stated=stated,
            rows=number,
            shown=len(kept),
            undated=undated,
            unread=unread,
            filters=filters,
        ),
        tuple(unread),
    )


def is_readable(document: Document) -> bool:
    """Whether the rules for sums can read the text: enough of it, in English, not a poor scan."""
    confidences = document.metadata.get("ocr_confidence") or ()
    if confidences and min(confidences) < _WORST_OCR:
        return False
    words = len(document.text[:_SAMPLE].split())
    if words < _LONG_ENOUGH:
        return words > 3
    return len(_ENGLISH.findall(document.text[:_SAMPLE])) / words >= _FEWEST_ENGLISH


def _read(document: Document) -> tuple[Found, ...]:
    return tuple(
        Found(one.value, one.currency, one.kind, one.citation.start, one.citation.end, one.who)
        for one in amounts(document)
    )


def _amount(document: Document, one: Found) -> Amount:
    quote = document.text[one.start : one.end]
    citation = Citation(document, one.start, one.end, quote)
    return Amount(one.value, one.currency, one.kind, citation, one.who)


def _is_asked(asked: SumsAsked, document: Document, one: Found) -> bool:
    return (
        one.kind in asked.kinds
        and (not asked.currencies or one.currency in asked.currencies)
        and (asked.above is None or one.value > asked.above)
        and (asked.below is None or one.value < asked.below)
        and of_parties(asked, document, one.who, document.text[one.start : one.end])
    )


def _totals(rows: Iterable[Amount]) -> tuple[tuple[str, Decimal, int], ...]:
    """For each currency its total and its number of sums; the currency with the most first."""
    by_currency: dict[str, list[Decimal]] = {}
    for row in rows:
        by_currency.setdefault(row.currency, []).append(row.value)
    totals = [(code, sum(values, Decimal(0)), len(values)) for code, values in by_currency.items()]
    return tuple(sorted(totals, key=lambda total: (-total[2], total[0])))


def _ranked(
    asked: SumsAsked, rows: Iterable[Amount], totals: Iterable[tuple[str, Decimal, int]]
) -> list[Amount]:
    """By currency, then by sum; ties by date, then by id."""
    place = {code: number for number, (code, _, _) in enumerate(totals)}
    sign = 1 if asked.wanted == "smallest" else -1

    def order(row: Amount) -> tuple[int, Decimal, str, str]:
        document = row.citation.document
        date = str(document.metadata.get("date") or "")
        return place[row.currency], sign * row.value, date, document.doc_id

    return sorted(rows, key=order)


def _newest(documents: Iterable[Document]) -> list[Document]:
    """The newest first; documents without a date last; ties by id."""
    by_id = sorted(documents, key=lambda document: document.doc_id)
    return sorted(
        by_id, key=lambda document: str(document.metadata.get("date") or ""), reverse=True
    )
