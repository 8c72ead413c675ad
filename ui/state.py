"""The objects that all sessions share: the settings and the open index."""

import streamlit as st

from rag import Index, IndexAddress, Settings, current_build, load_settings


def settings() -> Settings:
    """The settings in force: the environment over ``rag.toml`` over the defaults."""
    return load_settings()


def live_index() -> Index | None:
    """The live build, opened once for all sessions; None before the first build.

    Raises
    ------
    RagError
        If the build is damaged or was made with another model.
    """
    address = settings().index
    build = current_build(address)
    return None if build is None else _open(address, str(address), build)


@st.cache_resource(max_entries=1, show_spinner=False)
def _open(_address: IndexAddress, name: str, build: str) -> Index:
    """Open the index. ``build`` is part of the cache key: so a new build is opened."""
    return Index.open(_address)
