"""The page "Search": ranked passages instead of an answer."""

import re
from collections import Counter
from collections.abc import Mapping

import streamlit as st

from rag import Hit, Index, RagError, counted
from ui import filters
from ui.render import Html, announce, attribute, escape, say_error, show, with_words
from ui.source import facts_of, open_place, panel
from ui.turns import Place

_AT_MOST = 30
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
        try:
            hits = index.retrieve(words, _AT_MOST, filters.current())
        except RagError as error:
            say_error(error)
        else:
            _draw_hits(hits, words)
    panel(index)


def _draw_hits(hits: list[Hit], words: str) -> None:
    documents = len({hit.passage.document.doc_id for hit in hits})
    found = f"{counted(len(hits), 'passage')} in {counted(documents, 'document')}, best first"
    show(Html(f'<p class="quiet">{found if hits else "No passage holds these words."}</p>'))
    by_year = _by_year(hits)
    if by_year is not None:
        show(by_year)
    wanted = [w for w in re.findall(r"\w{3,}", words) if w.lower() not in _PLAIN]
    places = tuple(_place(hit) for hit in hits)
    for at, hit in enumerate(hits):
        citation = {
            "document": hit.passage.document.to_dict(),
            "page": hit.passage.pages[0] if hit.passage.pages else None,
        }
        with st.container(key=f"hit-{at}", gap=None):
            with st.container(
                horizontal=True,
                vertical_alignment="top",
                wrap=False,
                gap="small",
                key=f"hit-cite-{at}-row",
            ):
                st.button(
                    f"Source **{hit.rank}**",
                    key=f"hit-cite-{at}",
                    on_click=open_place,
                    args=(places, at),
                )
                show(
                    Html(
                        '<div class="origin press"><span class="title">'
                        f"{escape(hit.passage.document.title)}</span> "
                        f'<span class="facts">{facts_of(citation)}</span></div>'
                    )
                )
            show(with_words(hit.passage.text, wanted, length=420))
            if wanted and not any(word.lower() in hit.passage.text.lower() for word in wanted):
                show(Html('<p class="quiet">Holds none of these words itself.</p>'))
    announce(found)


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


def _place(hit: Hit) -> Place:
    passage = hit.passage
    return Place(
        passage.document.doc_id, passage.start, passage.end, passage.text, label=str(hit.rank)
    )
