"""The source panel: the cited words highlighted in their document, beside the answer."""

import re
import urllib.parse
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from rag import Document, Index, RagError
from ui.cite import quote_with_reference
from ui.render import Html, announce, attribute, escape, join, marked, say_error, show
from ui.turns import Place
from ui.words import date_in_words

_AROUND = 1200
"""Characters shown on either side of the cited words, and added by each "more"."""


def open_place(places: Sequence[Place], at: int) -> None:
    """Open the panel at ``places[at]``; previous and next go through ``places``."""
    st.session_state["source"] = (tuple(places), at)
    st.session_state["around"] = _AROUND
    place = places[at]
    st.query_params["doc"] = place.doc_id
    st.query_params["at"] = f"{place.start}-{place.end}"


def close() -> None:
    """Close the panel."""
    st.session_state.pop("source", None)
    for key in ("doc", "at", "sha"):
        st.query_params.pop(key, None)


def open_from_address(index: Index) -> None:
    """Open what ``?doc=…&at=START-END`` names, once, when the page is first loaded."""
    if st.session_state.get("address-read"):
        return
    st.session_state["address-read"] = True
    doc_id, span = st.query_params.get("doc"), st.query_params.get("at", "")
    numbers = re.fullmatch(r"(\d{1,9})-(\d{1,9})", span)
    if not doc_id or not numbers:
        return
    start, end = int(numbers[1]), int(numbers[2])
    try:
        document = index.document(doc_id)
    except RagError:
        quoted = ""
    else:
        end = min(end, len(document.text))
        start = min(start, end)
        quoted = document.text[start:end]
    st.session_state["source"] = ((Place(doc_id, start, end, quoted),), 0)


def is_open(place: Place) -> bool:
    """Whether the panel shows this place."""
    places, at = st.session_state.get("source", ((), 0))
    return bool(places) and places[at] == place


def panel(index: Index) -> None:
    """Draw the panel if a place is open."""
    if "source" not in st.session_state:
        return
    places, at = st.session_state["source"]
    place = places[at]
    with st.container(key="source"):
        _toolbar(places, at)
        try:
            document = index.document(place.doc_id)
        except RagError:
            say_error(
                f"The index no longer holds {place.doc_id}. It was there when this was answered.",
                title="This document is gone",
            )
            return
        _document(document, place)


def _toolbar(places: Sequence[Place], at: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="source-toolbar"):
        show(Html(f'<span class="count">Source {escape(places[at].label)}</span>'))
        if len(places) > 1:
            st.button(
                "Previous",
                icon=":material/arrow_upward:",
                key="source-previous",
                type="tertiary",
                disabled=at == 0,
                on_click=open_place,
                args=(places, at - 1),
            )
            st.button(
                "Next",
                icon=":material/arrow_downward:",
                key="source-next",
                type="tertiary",
                disabled=at == len(places) - 1,
                on_click=open_place,
                args=(places, at + 1),
            )
        st.button(
            "Close",
            icon=":material/close:",
            key="source-close",
            type="tertiary",
            shortcut="Esc",
            on_click=close,
        )


def _document(document: Document, place: Place) -> None:
    show(Html(f'<h2 class="source-title">{escape(document.title)}</h2>'))
    show(Html(f'<p class="facts">{facts(document, place.start)}</p>'))
    if document.text[place.start : place.end] != place.quote:
        say_error(
            "The document has changed since this was quoted; the words marked are those that "
            "stand there now.",
            title="Not the same text",
        )
    around = st.session_state.get("around", _AROUND)
    show(marked(document.text, place.start, place.end, around=around))
    with st.container(horizontal=True, key="source-actions"):
        if place.start - around > 0 or place.end + around < len(document.text):
            st.button("Show more of the document", key="more", on_click=_more, type="secondary")
        show(
            Html(
                '<button type="button" class="copy" data-copy="'
                f'{attribute(quote_with_reference(document, place))}">'
                "Copy quote with citation</button>"
            )
        )
    show(_origin(document, place))
    announce(f"Source {place.label} opened: {document.title}")


def _more() -> None:
    st.session_state["around"] = 4 * st.session_state.get("around", _AROUND)


def facts(document: Document, start: int) -> Html:
    """Speaker, type, date and page of a place, in one line.

    Not the agency: beside a statement of the accused it would read as its author.
    """
    known = document.metadata
    page = document.page_at(start)
    pages = len(document.page_starts)
    return _line(
        document.speaker_at(start),
        known,
        f"p. {page} of {pages}" if page else "",
    )


def facts_of(citation: Mapping[str, Any]) -> Html:
    """The same for a citation as `rag.Citation.to_dict` gives it, without the speaker."""
    known = citation["document"]["metadata"]
    page, pages = citation["page"], citation["document"]["pages"]
    return _line(None, known, f"p. {page} of {pages}" if page else "")


def _line(speaker: str | None, known: Mapping[str, Any], page: str) -> Html:
    parts = [speaker or "", known.get("type") or "", date_in_words(known.get("date")), page]
    return join([Html(f"<span>{escape(part)}</span>") for part in parts if part], " · ")


def _origin(document: Document, place: Place) -> Html:
    known = document.metadata
    inferred = set(known.get("inferred") or ())
    rows = [
        (key, value)
        for key, value in known.items()
        if key not in {"inferred", "url"} and value not in (None, "", [])
    ]
    body = "".join(
        f"<dt>{escape(key.replace('_', ' '))}</dt>"
        f"<dd>{escape(', '.join(map(str, value)) if isinstance(value, list) else value)}"
        f"{' <em>(inferred)</em>' if key in inferred else ''}</dd>"
        for key, value in rows
    )
    link = web_link(known.get("url"))
    body += f"<dt>original</dt><dd>{link}</dd>" if link else ""
    body += (
        f"<dt>file</dt><dd>{escape(document.source)}</dd>"
        f"<dt>characters</dt><dd>{place.start:,}–{place.end:,} of {len(document.text):,}</dd>"
        f"<dt>sha256</dt><dd><code>{escape(document.sha256)}</code></dd>"
    )
    return Html(f"<details><summary>About this document</summary><dl>{body}</dl></details>")


def web_link(url: object) -> Html | None:
    """A link that opens in a new tab, its address in plain sight; None unless http or https."""
    parts = urllib.parse.urlsplit(str(url or ""))
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return None
    return Html(f'<a href="{attribute(url)}" target="_blank" rel="noopener">{escape(url)}</a>')
