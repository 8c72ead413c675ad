"""The page "Library": the documents of the index, and the files that were skipped and why."""

from typing import Any

import streamlit as st

from rag import Index, counted, date_in_words
from ui import filters
from ui.catalogue import Entry, catalogue, passes
from ui.formatting import type_in_words
from ui.render import Html, escape, show
from ui.source import open_place, panel
from ui.turns import Place
from ui.upload import add_documents


def page(index: Index) -> None:
    """Draw the upload, the table of documents, the chosen document and the skipped files."""
    contents = catalogue(index)
    manifest = index.manifest
    show(
        Html(
            "<h1 class='page-title wide'>Library</h1>"
            f'<p class="quiet">{counted(manifest.documents, "document")}, {_pages(index)}'
            f"{counted(manifest.passages, 'passage')}; indexed "
            f"{escape(date_in_words(manifest.created[:10]))} at {escape(manifest.created[11:16])}"
            " UTC</p>"
        )
    )
    add_documents(index)
    words = st.text_input("Find a document", key="find", placeholder="words of its title or source")
    newest = sorted(contents.entries, key=lambda entry: entry.date, reverse=True)
    filters.bar(index)
    shown = [
        entry
        for entry in newest
        if passes(entry, filters.current()) and _matches(entry, words or "")
    ]
    if not shown:
        show(Html('<p class="notice">No document passes the filters with these words.</p>'))
    else:
        _table(shown)
    _skipped(index)
    panel(index)


def _pages(index: Index) -> str:
    manifest = index.manifest
    if not manifest.pages:
        return ""
    by_ocr = f" ({manifest.ocr_pages:,} by OCR)" if manifest.ocr_pages else ""
    return f"{counted(manifest.pages, 'page')}{by_ocr}, "


def _matches(entry: Entry, words: str) -> bool:
    shown = (entry.title, entry.source, entry.doc_id, *entry.agencies, *entry.types)
    text = " ".join(shown).lower()
    return all(word in text for word in words.lower().split())


def _table(entries: list[Entry]) -> None:
    columns: dict[str, list[Any]] = {
        "Date": [entry.date for entry in entries],
        "Title": [entry.title.strip("\u200b ") for entry in entries],
        "Agency": [", ".join(entry.agencies) for entry in entries],
        "Type": [type_in_words(", ".join(entry.types)) for entry in entries],
        "Speaker": [entry.speaker for entry in entries],
        "Pages": [entry.pages or None for entry in entries],
        "By OCR": [entry.by_ocr or None for entry in entries],
        "Characters": [entry.characters for entry in entries],
        "Also in": [entry.duplicates or None for entry in entries],
        "File": [entry.source.rsplit("/", 1)[-1] for entry in entries],
    }
    filled = {name: values for name, values in columns.items() if any(values)}
    chosen = st.dataframe(
        filled,
        key="documents",
        on_select="rerun",
        selection_mode="single-row",
        hide_index=True,
        placeholder="",
        height=min(560, 38 + 35 * len(entries)),
        column_config={
            "Title": st.column_config.TextColumn(width="large"),
            "Characters": st.column_config.NumberColumn(format="localized"),
        },
    )
    rows = chosen["selection"]["rows"]
    if not rows:
        show(Html('<p class="quiet">Choose a row to read the document or to ask it alone.</p>'))
        return
    entry = entries[rows[0]]
    show(Html(f"<p><strong>{escape(entry.title)}</strong></p>"))
    with st.container(horizontal=True):
        place = Place(entry.doc_id, 0, 0, "", label="")
        st.button("Read it", key="read", on_click=open_place, args=((place,), 0))
        st.button("Ask this document only", key="only", on_click=_ask_only, args=(entry.doc_id,))


def _ask_only(doc_id: str) -> None:
    filters.only(doc_id)
    st.session_state["go"] = "ask"


def _skipped(index: Index) -> None:
    skipped = index.manifest.skipped
    if not skipped:
        show(Html('<p class="quiet">No file was skipped.</p>'))
        return
    with st.expander(f"{counted(len(skipped), 'file')} skipped: cannot be searched"):
        rows = "".join(
            f"<li><code>{escape(item.source)}</code> {escape(item.reason)}</li>" for item in skipped
        )
        show(Html(f'<ul class="skipped">{rows}</ul>'))
