"""The page "Search": ranked passages instead of an answer."""

import re
from collections import Counter
from collections.abc import Mapping

import streamlit as st

from rag import Hit, Index, RagError, counted
from ui import filters, people
from ui.render import Html, announce, attribute, escape, say_error, show, with_words
from ui.source import facts_of, open_place, panel
from ui.turns import Place

_AT_MOST = 300
"""Passages that are looked at; they are grouped by document."""
_MOST_COUNTED = 10_000
"""Documents that are counted."""
_DOCUMENTS = 10
"""Documents shown at first, and added by each click."""
_PASSAGES = 2
"""Passages of a document shown at first."""
_PLAIN = frozenset(
    "what does about which when where that this with from have been were they their into than "
    "whom whose there these those would could should".split()
)


def page(index: Index) -> None:
    """Draw the search box, the filters and the hits."""
    show(Html("<h1 class='page-title'>Search the passages</h1>"))
    words = st.text_input(
        "Words or a question",
        key="words",
        placeholder="late reporting, Binance.US, LR-25797 …",
        bind="query-params",
    )
    filters.bar(index)
    if words and words.strip():
        if st.session_state.get("searched") != (words, filters.current()):
            st.session_state["searched"] = (words, dict(filters.current()))
            st.session_state["search-shown"] = _DOCUMENTS
            st.session_state["search-open"] = set()
        try:
            hits = index.retrieve(words, _AT_MOST, filters.current())
            if st.session_state.get("searched-noted") != st.session_state["searched"]:
                people.note().search(words, index.build, hits)
                st.session_state["searched-noted"] = st.session_state["searched"]
            holding = index.documents_with(words, _MOST_COUNTED, filters.current())
        except RagError as error:
            say_error(error)
        else:
            _draw_hits(hits, words, len(holding))
    panel(index)


def _draw_hits(hits: list[Hit], words: str, holding: int) -> None:
    """The hits, grouped by document: the document with the best hit first."""
    groups: dict[str, list[Hit]] = {}
    for hit in hits:
        groups.setdefault(hit.passage.document.doc_id, []).append(hit)
    in_order = [hit for of_document in groups.values() for hit in of_document]
    places = tuple(_place(hit, number) for number, hit in enumerate(in_order, start=1))
    found = f"{counted(len(hits), 'passage')} in {counted(len(groups), 'document')}, best first"
    if hits:
        all_words = f"{counted(holding, 'document')} {'holds' if holding == 1 else 'hold'}"
        found += f"; {all_words} all of these words"
    show(Html(f'<p class="quiet found">{found if hits else "No passage holds these words."}</p>'))
    by_year = _by_year(hits)
    if by_year is not None:
        show(by_year)
    wanted = [w for w in re.findall(r"\w{3,}", words) if w.lower() not in _PLAIN]
    shown = st.session_state["search-shown"]
    first = 0
    for doc_id, of_document in list(groups.items())[:shown]:
        _draw_document(doc_id, list(enumerate(of_document, start=first)), places, wanted)
        first += len(of_document)
    left = len(groups) - shown
    if left > 0:
        st.button(
            f"Show {counted(min(left, _DOCUMENTS), 'further document')} of {left:,}",
            key="more-documents",
            type="tertiary",
            on_click=_show_documents,
        )
    announce(found)


def _show_documents() -> None:
    st.session_state["search-shown"] += _DOCUMENTS


def _draw_document(
    doc_id: str, hits: list[tuple[int, Hit]], places: tuple[Place, ...], wanted: list[str]
) -> None:
    """The title of a document, its best passages, and a button for the others."""
    document = hits[0][1].passage.document
    opened = doc_id in st.session_state["search-open"]
    facts = facts_of({"document": document.to_dict(), "page": None})
    count = counted(len(hits), "passage")
    show(
        Html(
            f'<h2 class="group"><span class="title">{escape(document.title)}</span> '
            f'<span class="quiet">{facts}{" · " if facts else ""}{count}</span></h2>'
        )
    )
    for at, hit in hits if opened else hits[:_PASSAGES]:
        _draw_hit(at, hit, places, wanted)
    left = len(hits) - _PASSAGES
    if left > 0 and not opened:
        st.button(
            f"Show {counted(left, 'further passage')} of this document",
            key=f"more-of-{doc_id}",
            type="tertiary",
            on_click=st.session_state["search-open"].add,
            args=(doc_id,),
        )


def _draw_hit(at: int, hit: Hit, places: tuple[Place, ...], wanted: list[str]) -> None:
    page = hit.passage.pages[0] if hit.passage.pages else None
    with (
        st.container(key=f"hit-{at}", gap=None),
        st.container(
            horizontal=True,
            vertical_alignment="top",
            wrap=False,
            gap="small",
            key=f"hit-cite-{at}-row",
        ),
    ):
        st.button(
            f"Source **{at + 1}**",
            key=f"hit-cite-{at}",
            on_click=open_place,
            args=(places, at),
        )
        words = with_words(hit.passage.text, wanted, length=420)
        where = f'<span class="quiet">p. {page}</span>' if page else ""
        without = (
            ""
            if not wanted or any(word.lower() in hit.passage.text.lower() for word in wanted)
            else '<p class="quiet">Holds none of these words itself.</p>'
        )
        show(Html(f'<div class="press">{words}</div>{where}{without}'))


def _by_year(hits: list[Hit]) -> Html | None:
    """A bar chart of passages for each agency and year; None if it has only one bar."""
    passages: Counter[tuple[str, int]] = Counter()
    for hit in hits:
        document = hit.passage.document
        year = str(document.metadata.get("date") or "")[:4]
        if year.isdigit():
            agency = ", ".join(document.texts("agency")) or "no agency"
            passages[agency, int(year)] += 1
    if len(passages) < 2:
        return None
    years = [year for _, year in passages]
    first, last = min(years), max(years)
    most = max(passages.values())
    rows = "".join(
        f'<li><span>{escape(agency)}</span><span class="columns" role="img" aria-label="'
        f'{attribute(_in_words(passages, agency))}">'
        + "".join(
            f'<span style="height: {100 * passages[agency, year] // most}%" '
            f'title="{year}: {counted(passages[agency, year], "passage")}"></span>'
            for year in range(first, last + 1)
        )
        + "</span></li>"
        for agency in sorted({agency for agency, _ in passages})
    )
    return Html(
        f'<ul class="by-year" aria-label="Passages by agency and year">{rows}</ul>'
        f'<p class="years"><span>{first}</span><span>{last}</span></p>'
    )


def _in_words(passages: Mapping[tuple[str, int], int], agency: str) -> str:
    years = sorted(year for name, year in passages if name == agency)
    return ", ".join(f"{year}: {passages[agency, year]}" for year in years)


def _place(hit: Hit, number: int) -> Place:
    passage = hit.passage
    return Place(
        passage.document.doc_id, passage.start, passage.end, passage.text, label=str(number)
    )
