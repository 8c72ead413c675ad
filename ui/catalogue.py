"""The catalogue of an index: one entry for each document, and the values of the filters."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from rag import Document, Index, day_range


@dataclass(frozen=True, slots=True)
class Entry:
    """A document without its text.

    ``pages`` is 0 for a text without pages. ``by_ocr`` is the number of pages read by OCR.
    ``duplicates`` is the number of other files with the same text.
    """

    doc_id: str
    title: str
    date: str
    agencies: tuple[str, ...]
    types: tuple[str, ...]
    speaker: str
    pages: int
    by_ocr: int
    characters: int
    source: str
    duplicates: int


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All entries, and each agency and type with its number of documents, the largest first.

    ``years`` is the first and the last year of a document; None without a dated document.
    """

    entries: tuple[Entry, ...]
    agencies: tuple[tuple[str, int], ...]
    types: tuple[tuple[str, int], ...]
    years: tuple[int, int] | None


def catalogue(index: Index) -> Catalogue:
    """The catalogue of the build; made once for all sessions."""
    return _catalogue(index.build, index)


def passes(entry: Entry, filters: Mapping[str, Any]) -> bool:
    """True if the document passes these filters."""
    since = day_range(str(filters.get("date_from") or ""))
    until = day_range(str(filters.get("date_to") or ""))
    days = day_range(entry.date) or (0, 0)
    return (
        _has(entry.agencies, filters.get("agency"))
        and _has(entry.types, filters.get("type"))
        and _has((entry.doc_id,), filters.get("document"))
        and (since is None or days[1] >= since[0])
        and (until is None or 0 < days[0] <= until[1])
    )


@st.cache_resource(max_entries=1, show_spinner=False)
def _catalogue(build: str, _index: Index) -> Catalogue:
    entries = []
    agencies: Counter[str] = Counter()
    types: Counter[str] = Counter()
    for document in _index.documents():
        entries.append(_entry(document))
        agencies.update(document.texts("agency"))
        types.update(document.texts("type"))
    years = [int(entry.date[:4]) for entry in entries if entry.date[:4].isdigit()]
    return Catalogue(
        entries=tuple(entries),
        agencies=tuple(agencies.most_common()),
        types=tuple(types.most_common()),
        years=(min(years), max(years)) if years else None,
    )


def _entry(document: Document) -> Entry:
    metadata = document.metadata
    return Entry(
        doc_id=document.doc_id,
        title=document.title,
        date=str(metadata.get("date") or ""),
        agencies=document.texts("agency"),
        types=document.texts("type"),
        speaker=", ".join(document.texts("speaker")),
        pages=len(document.page_starts),
        by_ocr=len(metadata.get("ocr_pages") or ()),
        characters=len(document.text),
        source=document.source,
        duplicates=len(document.texts("also_in")),
    )


def _has(values: Sequence[str], wanted: str | Sequence[str] | None) -> bool:
    """True if one of ``values`` is wanted, or if nothing is wanted."""
    wanted = [wanted] if isinstance(wanted, str) else wanted
    return not wanted or not set(wanted).isdisjoint(values)
