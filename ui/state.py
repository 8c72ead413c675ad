"""The settings in force, and the open indexes that all sessions share."""

import threading

import streamlit as st

from rag import Index, IndexAddress, Settings, current_build, load_settings
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
    address = settings().index
    build = current_build(address)
    return None if build is None else _indexes().open(address, build)


class _Indexes:
    """The newest open build of each index."""

    def __init__(self) -> None:
        self._opened: dict[IndexAddress, Index] = {}
        self._lock = threading.Lock()

    def open(self, address: IndexAddress, build: str) -> Index:
        """The index at this address, opened anew if its build is not this one."""
        with self._lock:
            opened = self._opened.get(address)
            if opened is None or opened.build != build:
                opened = self._opened[address] = Index.open(address)
            return opened


@st.cache_resource(show_spinner=False)
def _indexes() -> _Indexes:
    return _Indexes()
