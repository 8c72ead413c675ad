"""Example questions for an index: found in a thread, stored for the next start."""

import json
import threading
from contextlib import suppress
from pathlib import Path

import streamlit as st

from rag import Index
from ui import state

_NUMBER = 4


class Examples:
    """Example questions that a build answers; ``questions`` is None until they are found.

    Each example is asked once, to be sure that it has an answer. The file stores the examples with
    the name of their build; only a new build is asked again.
    """

    def __init__(self, index: Index, file: Path) -> None:
        self.questions: list[str] | None = None
        self._index = index
        self._file = file
        self._thread = threading.Thread(target=self._find, daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Return when the examples are found."""
        self._thread.join()

    def _find(self) -> None:
        self.questions = self._load()
        if self.questions is None:
            self.questions = self._index.examples(_NUMBER)
            self._save()
        elif self.questions:
            self._index.ask(self.questions[0])  # the first question loads the models

    def _load(self) -> list[str] | None:
        try:
            stored = json.loads(self._file.read_text(encoding="utf-8"))
            return (
                list(map(str, stored["questions"]))
                if stored["build"] == self._index.build
                else None
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _save(self) -> None:
        with suppress(OSError):  # in a read-only folder, the next start finds them again
            stored = {"build": self._index.build, "questions": self.questions}
            self._file.write_text(json.dumps(stored), encoding="utf-8")


def examples(index: Index) -> Examples:
    """The examples of the build; the first call starts to look for them."""
    return _examples(index.build, index)


@st.cache_resource(max_entries=1, show_spinner=False)
def _examples(build: str, _index: Index) -> Examples:
    return Examples(_index, state.settings().folder / "examples.json")
