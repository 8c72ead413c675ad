"""The settings in force, and the open indexes that all sessions share."""

import threading

import streamlit as st

from rag import Index, Settings, current_build, load_settings
from ui import people


def settings() -> Settings:
    """The settings in force, with the index of the collection that this session has open."""
    collection = people.collection()
    return load_settings(index=collection.index if collection is not None else None)


def live_index() -> Index | None:
    """The live build, opened once for all sessions; None before the first build.

    Raises
    ------
    RagError
        If the build is damaged or was made with another model.
    """
    path = settings().index
    build = current_build(path)
    return None if build is None else _indexes().open(str(path), build)


class _Indexes:
    """The newest open build of each index."""

    def __init__(self) -> None:
        self._opened: dict[str, Index] = {}
        self._lock = threading.Lock()

    def open(self, path: str, build: str) -> Index:
        """The index in ``path``, opened anew if its build is not this one."""
        with self._lock:
            opened = self._opened.get(path)
            if opened is None or opened.build != build:
                opened = self._opened[path] = Index.open(path)
            return opened


@st.cache_resource(show_spinner=False)
def _indexes() -> _Indexes:
    return _Indexes()
