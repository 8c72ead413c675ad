"""Before there is an index: what to do, and building it with real progress."""

import time

import streamlit as st

from rag import RagError, build_index
from ui import state
from ui.render import Html, escape, say_error, show
from ui.words import count

_STAGES = {
    "load": "Reading the documents",
    "embed": "Embedding passages",
    "write": "Writing the index",
}


def empty_state() -> None:
    """What the page shows before the first build."""
    settings = state.settings()
    show(
        Html(
            '<div class="welcome"><h1>There is no index yet</h1>'
            "<p>The documents are read once, split into passages and indexed on this machine. "
            "Nothing leaves it.</p>"
            f'<p class="quiet">Documents: {escape(settings.seeds)}<br>'
            f"Index: {escape(settings.index)}</p></div>"
        )
    )
    offer_build(rebuild=False)


def offer_build(*, rebuild: bool) -> None:
    """A button that builds the index from the seeds folder and then opens the chat."""
    if st.button("Rebuild the index" if rebuild else "Build the index", type="primary"):
        build(rebuild=rebuild)


def build(*, rebuild: bool = False) -> None:
    """Build with a progress bar; the page starts anew when the build is live."""
    bar = st.progress(0.0, "Starting")
    began: dict[str, float] = {}

    def report(stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        first = began.setdefault(stage, now)
        left = (now - first) * (total - done) / done if done else 0.0
        words = f"{_STAGES.get(stage, stage)}: {done:,} of {total:,}"
        bar.progress(
            min(1.0, done / total) if total else 1.0,
            words + (f", about {left:.0f} s left" if left > 3 else ""),
        )

    try:
        made = build_index(settings=state.settings(), rebuild=rebuild, on_progress=report)
    except RagError as error:
        bar.empty()
        say_error(error, title="The index was not built")
        return
    st.toast(f"Indexed {count(made.documents, 'document')}, {count(made.passages, 'passage')}.")
    st.rerun()
