"""The script that Streamlit runs for every click: frame, navigation, and the page chosen."""

from pathlib import Path

import streamlit as st

from rag import RagError
from ui import chat, opening, state
from ui.render import say_error

st.set_page_config(page_title="Enforcement documents", page_icon="⚖️", layout="wide")
st.html(Path(__file__).with_name("style.css"))
st.html('<script type="module" src="/keys.js"></script>', unsafe_allow_javascript=True)


def main() -> None:
    """Open the live build, or offer to make one, and draw the page."""
    try:
        index = state.live_index()
    except RagError as error:
        say_error(error, title="The index cannot be opened")
        opening.offer_build(rebuild=True)
        return
    if index is None:
        opening.empty_state()
        return
    chat.page(index)


main()
