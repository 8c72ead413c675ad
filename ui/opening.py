"""Builds the index from the page: the button, the progress and the result."""

import streamlit as st

from rag import counted
from ui import building, state
from ui.render import Html, announce, escape, say_error, show

_STAGES = {
    "start": "Starting",
    "load": "Reading the documents",
    "embed": "Embedding passages",
    "write": "Writing the index",
}


def empty_state() -> None:
    """The page before the first build."""
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
    """A button that builds the index from the seeds folder, unless a build runs."""
    now = building.current()
    if (now is None or not now.running) and not state.settings().read_only:
        st.button(
            "Rebuild the index" if rebuild else "Build the index",
            key="build",
            type="primary",
            on_click=building.start,
            args=(state.settings(),),
            kwargs={"rebuild": rebuild},
        )


def progress_and_outcome() -> None:
    """The progress of the running build, or why the last one made no index."""
    outcome()
    now, ended = building.current(), building.ended()
    runs = now is not None and now.running
    # Only when needed: a fragment that ends just after the page leaves the question box locked.
    if runs or (ended is not None and st.session_state.get("reported") is not ended):
        progress()


@st.fragment(run_every=0.5)
def progress() -> None:
    """The progress of the running build and a button to stop it; at its end, a new page."""
    now = building.current()
    if now is not None and now.running:
        st.session_state["watched-build"] = now
        left = now.seconds_left
        words = _STAGES.get(now.stage, now.stage)
        if now.total:
            words += f": {now.done:,} of {now.total:,}"
        if left is not None and left > 3:
            words += f", about {left:.0f} s left"
        st.progress(min(1.0, now.done / now.total) if now.total else 0.0, words)
        st.button(
            "Stopping …" if now.stopping else "Stop",
            key="stop-build",
            disabled=now.stopping,
            on_click=now.stop,
        )
        return
    ended = building.ended()
    if ended is not None and st.session_state.get("reported") is not ended:
        st.session_state["reported"] = ended
        st.session_state["built"] = _result(ended)
        st.rerun(scope="app")


def outcome() -> None:
    """The reason why the last build failed or was stopped, until the next build begins."""
    ended = building.ended()
    if ended is None or ended.report is not None:
        return
    if ended.error:
        say_error(ended.error, title="The index was not built")
    else:
        show(Html('<div class="notice">Stopped. The index is as it was.</div>'))


def last_build() -> None:
    """Show the result of a build once."""
    words = st.session_state.pop("built", "")
    if words:
        st.toast(words)
        announce(words)


def _result(ended: building.Building) -> str:
    built = ended.report
    if built is None:
        return "The index was not built." if ended.error else "Stopped."
    if built.unchanged:
        return "Nothing has changed since the last build."
    return (
        f"Indexed {counted(built.documents, 'document')}, {counted(built.passages, 'passage')} in "
        f"{built.seconds:.1f} s."
    )
