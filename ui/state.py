"""What the sessions share: the settings in force and the open index of the live build."""

import streamlit as st

from rag import Index, Settings, current_build, load_settings


def settings() -> Settings:
    """The settings in force: the environment over ``rag.toml`` over the defaults."""
    return load_settings()


def live_index() -> Index | None:
    """The live build, opened once for all sessions; None where there is no build yet.

    Raises
    ------
    RagError
        If the build is damaged or was made with another model.
    """
    build = current_build(settings().index)
    return None if build is None else _open(str(settings().index), build)


@st.cache_resource(max_entries=1, show_spinner=False)
def _open(path: str, build: str) -> Index:
    """``build`` is in the key so that a new build is opened at the next question."""
    return Index.open(path)
