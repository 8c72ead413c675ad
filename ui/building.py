"""A build that runs beside the page: its progress, its end, and stopping it."""

import threading
import time
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from rag import BuildReport, RagError, Settings, build_index


class _Stopped(Exception):  # noqa: N818 - not an error
    """Raised inside the build when the reader has stopped it."""


class Building:
    """One build in a thread. The live build serves until the new one is whole.

    ``stage``, ``done`` and ``total`` are those of `rag.build_index`; when ``running`` turns false
    there is a ``report``, an ``error`` a person understands, or neither: it was stopped.
    """

    def __init__(
        self, settings: Settings, sources: Sequence[Path] | None = None, *, rebuild: bool = False
    ) -> None:
        self.stage, self.done, self.total = "start", 0, 0
        self.report: BuildReport | None = None
        self.error = ""
        self._stage_began = time.monotonic()
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=self._run, args=(settings, sources, rebuild), daemon=True
        )
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether it has not come to its end."""
        return self._thread.is_alive()

    @property
    def seconds_left(self) -> float | None:
        """Estimate for the stage it is in; None before there is something to go by."""
        spent = time.monotonic() - self._stage_began
        return spent * (self.total - self.done) / self.done if self.done and spent > 2 else None

    @property
    def stopping(self) -> bool:
        """Whether it was told to stop."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Stop at the next report of progress; what was embedded stays in the cache."""
        self._stop.set()

    def wait(self, seconds: float) -> None:
        """Return when it has come to its end, or after this time."""
        self._thread.join(seconds)

    def _run(self, settings: Settings, sources: Sequence[Path] | None, rebuild: bool) -> None:
        try:
            self.report = build_index(
                sources, settings=settings, rebuild=rebuild, on_progress=self._note
            )
        except _Stopped:
            pass
        except RagError as error:
            self.error = str(error)
        except Exception as error:
            self.error = f"The build met an error it does not know ({type(error).__name__})."
            raise

    def _note(self, stage: str, done: int, total: int) -> None:
        if self._stop.is_set():
            raise _Stopped
        if stage != self.stage:
            self._stage_began = time.monotonic()
        self.stage, self.done, self.total = stage, done, total


@st.cache_resource(show_spinner=False)
def _slot() -> list[Building]:
    """One build at a time for all sessions."""
    return []


def current() -> Building | None:
    """The build that runs or was the last to run; None before the first."""
    slot = _slot()
    return slot[0] if slot else None


def start(settings: Settings, sources: Sequence[Path] | None = None, *, rebuild: bool) -> None:
    """Start a build unless one is running."""
    now = current()
    if now is None or not now.running:
        now = Building(settings, sources, rebuild=rebuild)
        _slot()[:] = [now]
    st.session_state["watched"] = now


def ended() -> Building | None:
    """The build that this session began or watched, once it has come to its end."""
    watched: Building | None = st.session_state.get("watched")
    return None if watched is None or watched.running else watched
