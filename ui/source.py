"""The source panel beside the answer: a document with the cited words highlighted."""

import re
import time
import urllib.parse
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from rag import Document, Index, RagError, date_in_words, original, page_picture
from ui.cite import quote_with_reference, quote_with_reference_as_html
from ui.filters import only
from ui.formatting import type_in_words
from ui.render import (
    Html,
    announce,
    attribute,
    copy_button,
    escape,
    join,
    marked,
    say_error,
    show,
)
from ui.turns import Place

_ON_ITS_WAY = 0.6
"""Seconds in which a click may still come from the address before the last change."""
_AROUND = 1200
"""Characters shown before and after the cited words; each "Show more" shows four times as many."""


def open_place(places: Sequence[Place], at: int) -> None:
    """Open the panel at ``places[at]``; its buttons go to the other places."""
    st.session_state["source"] = (tuple(places), at)
    st.session_state["source-places"] = tuple(places)
    st.session_state["around"] = _AROUND
    place = places[at]
    _set_address(place.doc_id, f"{place.start}-{place.end}")


def close() -> None:
    """Close the panel."""
    st.session_state.pop("source", None)
    if _here() != ("", "") or "sha" in st.query_params:
        _set_address("", "")


def follow_address(index: Index) -> None:
    """Open the place that ``?doc=…&at=START-END`` names, when the reader has gone there.

    At the first run that is the address of a link. Later it is an address of the history of the
    browser: the button Back goes to the source before.
    """
    now = _here()
    last, before, changed = st.session_state.get("address", (("", ""), ("", ""), 0.0))
    if now == last or (now == before and time.monotonic() - changed < _ON_ITS_WAY):
        return
    st.session_state["address"] = (now, last, 0.0)
    doc_id, span = now
    if not doc_id:
        st.session_state.pop("source", None)
        return
    numbers = re.fullmatch(r"(\d{1,9})-(\d{1,9})", span) or re.fullmatch("(0)-(0)", "0-0")
    assert numbers is not None
    start, end = int(numbers[1]), int(numbers[2])
    places = st.session_state.get("source-places", ())
    for number, place in enumerate(places):
        if (place.doc_id, place.start, place.end) == (doc_id, start, end):
            st.session_state["source"] = (places, number)
            return
    try:
        text = index.document(doc_id).text
    except RagError:
        quoted = ""
    else:
        start, end = _whole_words(text, start, end)
        quoted = text[start:end]
    st.session_state["source"] = ((Place(doc_id, start, end, quoted),), 0)


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The offsets moved outwards to the ends of words, and into the text."""
    end = min(end, len(text))
    start = min(start, end)
    if start == end:
        return start, end
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return start, end


def _here() -> tuple[str, str]:
    return st.query_params.get("doc", ""), st.query_params.get("at", "")


def _set_address(doc_id: str, span: str) -> None:
    """Change the address in one step, so that the button Back undoes it in one press."""
    last, _, _ = st.session_state.get("address", (("", ""), ("", ""), 0.0))
    st.session_state["address"] = ((doc_id, span), last, time.monotonic())
    gone: list[str] = []  # an empty list leaves a parameter out
    st.query_params.update({"doc": doc_id or gone, "at": span or gone, "sha": gone})


def is_open(place: Place) -> bool:
    """True if the panel shows this place."""
    places, at = st.session_state.get("source", ((), 0))
    return bool(places) and places[at] == place


def panel(index: Index) -> None:
    """Draw the panel, if a place is open."""
    if "source" not in st.session_state:
        return
    places, at = st.session_state["source"]
    place = places[at]
    try:
        document = index.document(place.doc_id)
    except RagError:
        document = None
    with st.container(key="source"):
        with st.container(key="source-head", gap="xsmall"):
            _toolbar(places, at)
            if document is not None:
                show(Html(f'<h2 class="source-title">{escape(document.title)}</h2>'))
                show(Html(f'<p class="facts">{facts(document, place.start)}</p>'))
        if document is None:
            say_error(
                f"The index does not contain {place.doc_id}. It may have contained it when this "
                "answer was made.",
                title="This document is not here",
            )
        else:
            _document(document, place)


def _toolbar(places: Sequence[Place], at: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", wrap=False, gap="small"):
        named = f"Source {places[at].label}" if places[at].label else "Document"
        show(Html(f'<span class="count">{escape(named)}</span>'))
        if len(places) > 1:
            for name, step, icon in (("Previous", -1, "arrow_back"), ("Next", 1, "arrow_forward")):
                st.button(
                    name,
                    icon=f":material/{icon}:",
                    key=f"source-{name.lower()}",
                    type="tertiary",
                    disabled=not 0 <= at + step < len(places),
                    on_click=open_place,
                    args=(places, at + step),
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
    linked = st.query_params.get("sha", "")
    if document.text[place.start : place.end] != place.quote or (
        linked and not document.sha256.startswith(linked)
    ):
        say_error(
            "The document has changed since it was quoted. The marked words are the words at this "
            "place now.",
            title="Not the same text",
        )
    around = st.session_state.get("around", _AROUND)
    if not _picture(document, place):
        show(marked(document.text, place.start, place.end, around=around))
        if place.start - around > 0 or place.end + around < len(document.text):
            st.button("Show more of the document", key="more", on_click=_more, type="tertiary")
    with st.container(horizontal=True, key="source-actions", gap="small"):
        if place.start < place.end:
            show(
                copy_button(
                    "Copy quote with citation",
                    quote_with_reference(document, place),
                    rich=quote_with_reference_as_html(document, place),
                ),
                width="content",
            )
        show(copy_button("Copy link", _address(document, place), link=True), width="content")
        st.button("Ask this document only", key="source-only", on_click=only, args=(place.doc_id,))
    show(_origin(document, place))
    announce(f"Source {place.label} opened: {document.title}")


def _picture(document: Document, place: Place) -> bool:
    """Show a picture of the PDF page if the reader wants it; False if none is shown."""
    if not document.page_starts or not document.source.lower().endswith(".pdf"):
        return False
    if not st.toggle("Show the page itself", key="as-picture", persist_state="session"):
        return False
    number = document.page_at(place.start) or 1
    try:
        page = _page(document.sha256, number, document.text[place.start : place.end], document)
    except RagError as error:
        say_error(error, title="The page cannot be shown")
        return False
    st.image(
        page,
        caption=f"Page {number} of {len(document.page_starts)}",
        alt=f"Page {number} as it is printed, the words of the quote marked",
    )
    return True


@st.cache_data(max_entries=40, show_spinner=False)
def _page(sha256: str, number: int, words: str, _document: Document) -> bytes:
    """Page ``number`` of the indexed file as PNG, with the words marked."""
    return page_picture(original(_document), number, words)


def _address(document: Document, place: Place) -> str:
    """The query of a link: document, range, and digest of the document when it was linked."""
    return "?" + urllib.parse.urlencode(
        {
            "doc": place.doc_id,
            "at": f"{place.start}-{place.end}",
            "sha": document.sha256[:12],
        }
    )


def _more() -> None:
    st.session_state["around"] = 4 * st.session_state.get("around", _AROUND)


def facts(document: Document, start: int) -> Html:
    """Speaker, type, date and page of a place in one line, and the confidence of its OCR.

    The agency is left out: beside a statement of the accused it would look like the author.
    """
    metadata = document.metadata
    page = document.page_at(start)
    pages = len(document.page_starts)
    confidence = document.ocr_at(start)
    read = "" if confidence is None else f", read by OCR ({confidence:.0%} sure)"
    return _line(
        document.speaker_at(start),
        metadata,
        f"p. {page} of {pages}{read}" if page else "",
    )


def facts_of(citation: Mapping[str, Any]) -> Html:
    """Type, date and page of a citation, as `rag.Citation.to_dict` gives it, in one line."""
    metadata = citation["document"]["metadata"]
    page, pages = citation["page"], citation["document"]["pages"]
    return _line(None, metadata, f"p. {page} of {pages}" if page else "")


def _line(speaker: str | None, metadata: Mapping[str, Any], page: str) -> Html:
    parts = [
        speaker or "",
        type_in_words(metadata.get("type")),
        date_in_words(metadata.get("date")),
        page,
    ]
    return join([Html(f"<span>{escape(part)}</span>") for part in parts if part], " · ")


def _origin(document: Document, place: Place) -> Html:
    metadata = document.metadata
    inferred = set(metadata.get("inferred") or ())
    rows = [
        (key, value)
        for key, value in metadata.items()
        if key not in {"inferred", "url"} and value not in (None, "", [])
    ]
    body = "".join(
        f"<dt>{escape(key.replace('_', ' '))}</dt>"
        f"<dd>{escape(', '.join(map(str, value)) if isinstance(value, list) else value)}"
        f"{' <em>(inferred)</em>' if key in inferred else ''}</dd>"
        for key, value in rows
    )
    link = web_link(metadata.get("url"))
    body += f"<dt>original</dt><dd>{link}</dd>" if link else ""
    body += (
        f"<dt>file</dt><dd>{escape(document.source)}</dd>"
        f"<dt>characters</dt><dd>{place.start:,}–{place.end:,} of {len(document.text):,}</dd>"
        f"<dt>sha256</dt><dd><code>{escape(document.sha256)}</code></dd>"
    )
    return Html(f"<details><summary>About this document</summary><dl>{body}</dl></details>")


def web_link(url: object) -> Html | None:
    """A link that shows its address and opens in a new tab; None unless it is http or https."""
    parts = urllib.parse.urlsplit(str(url or ""))
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return None
    return Html(f'<a href="{attribute(url)}" target="_blank" rel="noopener">{escape(url)}</a>')
