"""The page "Library": the documents of the index, and the files that were skipped and why."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from rag import Index, counted, date_in_words
from ui import filters, opening, own_documents, state, upload
from ui.catalogue import Catalogue, Entry, catalogue, passes
from ui.formatting import type_in_words
from ui.own_documents import removed
from ui.render import Html, announce, escape, say_error, show
from ui.source import open_place, panel
from ui.turns import Place


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
    if not state.settings().read_only:
        with st.expander("Add documents", icon=":material/upload_file:"):
            upload.add_documents(index, key="library")
        upload.what_changed()
        opening.progress_and_outcome()
        removed(index)
    if "not-removed" in st.session_state:
        say_error(st.session_state.pop("not-removed"), title="Not removed")
    words = st.text_input(
        "Find documents",
        key="find",
        placeholder="words of their text, title or file",
        bind="query-params",
    )
    filters.bar(index)
    _found(index, contents, words or "")
    _skipped(index)
    panel(index)


def _pages(index: Index) -> str:
    manifest = index.manifest
    if not manifest.pages:
        return ""
    by_ocr = f" ({manifest.ocr_pages:,} by OCR)" if manifest.ocr_pages else ""
    return f"{counted(manifest.pages, 'page')}{by_ocr}, "


def _found(index: Index, contents: Catalogue, words: str) -> None:
    """The documents that pass the filters and hold the words, and a line with what was searched."""
    newest = sorted(contents.entries, key=lambda entry: entry.date, reverse=True)
    allowed = [entry for entry in newest if passes(entry, filters.current())]
    where: dict[str, str] = {}
    if words.strip():
        with_words = set(index.documents_with(words, len(contents.entries), filters.current()))
        for entry in allowed:
            if _named(entry, words):
                where[entry.doc_id] = "title or file"
            elif entry.doc_id in with_words:
                where[entry.doc_id] = "text"
    shown = [entry for entry in allowed if not words.strip() or entry.doc_id in where]
    if words.strip():
        hold = "holds" if len(shown) == 1 else "hold"
        line = (
            f"{len(shown):,} of {counted(len(allowed), 'document')} {hold} “{words.strip()}”. "
            "Searched: text, title, agency, type, file name."
        )
        show(Html(f'<p class="quiet found">{escape(line)}</p>'))
        announce(line)
    if shown:
        _table(index, shown, where)
    elif not words.strip():
        show(Html('<p class="notice">No document passes the filters.</p>'))


def _named(entry: Entry, words: str) -> bool:
    """Whether every word is in the title, the file, the agency or the type of a document."""
    named = (entry.title, entry.source, entry.doc_id, *entry.agencies, *entry.types)
    text = " ".join(named).lower()
    return all(word in text for word in words.lower().split())


def _table(index: Index, entries: Sequence[Entry], where: Mapping[str, str]) -> None:
    columns: dict[str, list[Any]] = {
        "Date": [entry.date for entry in entries],
        "Title": [entry.title.strip("\u200b ") for entry in entries],
        "Found in": [where.get(entry.doc_id) for entry in entries],
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
        key=f"documents-{index.build}",  # a new build may have other rows
        on_select="rerun",
        selection_mode="multi-row",
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
        words = "Choose a row to read its document, or several to ask these documents alone."
        show(Html(f'<p class="quiet">{words}</p>'))
        return
    if len(rows) > 1:
        several = [entries[row].doc_id for row in rows]
        st.button(
            f"Ask these {len(several):,} documents only",
            key="only",
            on_click=_ask_only,
            args=tuple(several),
        )
        return
    entry = entries[rows[0]]
    show(Html(f"<p><strong>{escape(entry.title)}</strong></p>"))
    with st.container(horizontal=True):
        place = Place(entry.doc_id, 0, 0, "", label="")
        st.button("Read it", key="read", on_click=open_place, args=((place,), 0))
        st.button("Ask this document only", key="only", on_click=_ask_only, args=(entry.doc_id,))
    if not state.settings().read_only:
        own_documents.draw(index, index.document(entry.doc_id))


def _ask_only(*doc_ids: str) -> None:
    filters.only(*doc_ids)
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
