"""A build in a thread of the server: its progress, its end, and how to stop it."""

import threading
import time
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from rag import BuildReport, RagError, Settings, build_index


class _Stopped(Exception):  # noqa: N818 - not an error
    """Raised inside the build after the reader has stopped it."""


class Building:
    """One build in a thread. The live build answers questions until the new one is complete.

    ``stage``, ``done`` and ``total`` are those of `rag.build_index`. After the end there is a
    ``report`` or an ``error`` in words; a stopped build has neither. ``reading`` has the names of
    new files, and ``told`` what the build changes, in words.
    """

    def __init__(
        self,
        settings: Settings,
        sources: Sequence[Path] | None = None,
        *,
        rebuild: bool = False,
        reading: Sequence[str] = (),
        told: Sequence[str] = (),
        after: "Building | None" = None,
    ) -> None:
        earlier = after.reading if after is not None else ()
        self.reading: tuple[str, ...] = tuple(dict.fromkeys((*earlier, *reading)))
        self.told = tuple(told)
        self.stage, self.done, self.total = "start", 0, 0
        self.report: BuildReport | None = None
        self.error = ""
        self._after = after
        self._stage_began = time.monotonic()
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=self._run, args=(settings, sources, rebuild), daemon=True
        )
        self._thread.start()

    @property
    def running(self) -> bool:
        """True until the build ends."""
        return self._thread.is_alive()

    @property
    def seconds_left(self) -> float | None:
        """Estimate for the current stage; None during its first two seconds."""
        spent = time.monotonic() - self._stage_began
        return spent * (self.total - self.done) / self.done if self.done and spent > 2 else None

    @property
    def stopping(self) -> bool:
        """True once the reader has stopped it."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Stop at the next report of progress; the vectors made so far stay in the cache."""
        self._stop.set()

    def wait(self, seconds: float | None = None) -> None:
        """Return when the build ends, or after this time."""
        self._thread.join(seconds)

    def _run(self, settings: Settings, sources: Sequence[Path] | None, rebuild: bool) -> None:
        if self._after is not None:
            self._after.wait()
            self._after = None
            if self._stop.is_set():
                return
        try:
            self.report = build_index(
                sources, settings=settings, rebuild=rebuild, on_progress=self._note
            )
        except _Stopped:
            pass
        except RagError as error:
            self.error = str(error)
        except Exception as error:
            self.error = f"The build failed with an unknown error ({type(error).__name__})."
            raise

    def _note(self, stage: str, done: int, total: int) -> None:
        if self._stop.is_set():
            raise _Stopped
        if stage != self.stage:
            self._stage_began = time.monotonic()
        self.stage, self.done, self.total = stage, done, total


@st.cache_resource(show_spinner=False)
def _slot() -> list[Building]:
    """A list with the one build of all sessions; empty before the first build."""
    return []


def current() -> Building | None:
    """The build that runs, else the last build; None before the first."""
    slot = _slot()
    return slot[0] if slot else None


def start(
    settings: Settings,
    sources: Sequence[Path] | None = None,
    *,
    rebuild: bool,
    reading: Sequence[str] = (),
    told: Sequence[str] = (),
) -> None:
    """Start a build; if one runs, the new one starts at its end. With ``read_only``, none."""
    if settings.read_only:
        return
    now = current()
    before = now if now is not None and now.running else None
    now = Building(settings, sources, rebuild=rebuild, reading=reading, told=told, after=before)
    _slot()[:] = [now]
    st.session_state["watched-build"] = now


def being_read() -> tuple[str, ...]:
    """Names of the new files that a running build reads."""
    now = current()
    return now.reading if now is not None and now.running else ()


def ended() -> Building | None:
    """The build that this session started or showed, after its end; None before."""
    build: Building | None = st.session_state.get("watched-build")
    return None if build is None or build.running else build
