"""The script that Streamlit runs at every click: styles, navigation and the chosen page."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st

from rag import Index, RagError
from ui import asking, chat, library, opening, people, search, sidebar, state, upload, visitor
from ui.render import Html, say_error, show
from ui.source import follow_address

st.set_page_config(page_title="Enforcement documents", page_icon="⚖️", layout="wide")
st.html(Path(__file__).with_name("style.css"))
st.html('<script type="module" src="/keys.js"></script>', unsafe_allow_javascript=True)


def main() -> None:
    """Open the live build and draw the chosen page; without a build, offer one."""
    try:
        state.settings()
    except RagError as error:
        say_error(error, title="A setting cannot be used")
        return
    if not people.admitted():
        return
    try:
        index = state.live_index()
    except RagError as error:
        say_error(error, title="The index cannot be opened")
        opening.offer_build(rebuild=True)
        opening.progress_and_outcome()
        return
    people.draw()
    if index is None:
        opening.empty_state()
        if state.settings().read_only:
            return
        with st.container(border=True):
            show(Html('<h2 class="quiet label">Or begin with documents of your own</h2>'))
            upload.add_documents(None, key="first")
        opening.progress_and_outcome()
        return
    visitor.refresh()
    ask = _page(chat.page, index, "Ask", "ask", default=True)
    searching = _page(search.page, index, "Search", "search")
    chosen = st.navigation(
        [ask, searching, _page(library.page, index, "Library", "library")],
        position="top",
    )
    go = {"ask": ask, "search": searching}.get(st.session_state.pop("go", ""))
    if go is not None and chosen.title != go.title:
        st.switch_page(go)
    follow_address(index)
    if chosen.title == "Ask":
        asking.begin(index)
    sidebar.draw()
    opening.last_build()
    chosen.run()


def _page(
    draw: Callable[[Index], None], index: Index, title: str, path: str, *, default: bool = False
) -> st.Page:
    return st.Page(partial(draw, index), title=title, url_path=path, default=default)


main()
