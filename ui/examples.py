"""Example questions of the index, found beside the page and kept for the next start."""

import json
import threading
from contextlib import suppress
from pathlib import Path

import streamlit as st

from rag import Index
from ui import state

_SHOWN = 4


class Examples:
    """Questions that a build answers; ``questions`` is None until each was asked to be sure.

    They are kept in a file with the name of their build, so that only a new build is asked again.
    """

    def __init__(self, index: Index, file: Path) -> None:
        self.questions: list[str] | None = None
        self._index = index
        self._file = file
        self._thread = threading.Thread(target=self._find, daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Return when they are found."""
        self._thread.join()

    def _find(self) -> None:
        self.questions = self._kept()
        if self.questions is None:
            self.questions = self._index.examples(_SHOWN)
            self._keep()
        elif self.questions:
            self._index.ask(self.questions[0])  # the models are read at the first question

    def _kept(self) -> list[str] | None:
        try:
            kept = json.loads(self._file.read_text(encoding="utf-8"))
            return list(map(str, kept["questions"])) if kept["build"] == self._index.build else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _keep(self) -> None:
        with suppress(OSError):  # a folder that cannot be written to only costs time
            kept = {"build": self._index.build, "questions": self.questions}
            self._file.write_text(json.dumps(kept), encoding="utf-8")


def examples(index: Index) -> Examples:
    """The examples of a build, found or being looked for."""
    return _examples(index.build, index)


@st.cache_resource(max_entries=1, show_spinner=False)
def _examples(build: str, _index: Index) -> Examples:
    return Examples(_index, state.settings().index / "examples.json")
