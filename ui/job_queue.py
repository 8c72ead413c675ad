"""Answers made a few at a time, in the order they were asked for, whoever asks."""

import os
import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Generic, Literal, TypeVar

import streamlit as st

from rag import Stage

T = TypeVar("T")

Step = Stage | Literal["begin", "wait"]
"""A stage of an answer; ``begin`` before anything is known of it; ``wait`` with the number of
questions that come before it."""

Report = Callable[[Step, int], None]
Work = Callable[[Report], T]
"""Makes what is asked for and reports its stages."""

_LOOK_SECONDS = 0.3


class Desk:
    """As many questions are at work as there are places; the others wait in a line.

    More at once would be no faster, and would keep the server from drawing anybody's page.
    """

    def __init__(self, places: int) -> None:
        self._pool = ThreadPoolExecutor(places, thread_name_prefix="answer")
        self._line: list[Ticket[Any]] = []
        self._lock = threading.Lock()

    def take(self, work: Work[T]) -> "Ticket[T]":
        """Put the work at the end of the line."""
        ticket = Ticket(self, work)
        with self._lock:
            self._line.append(ticket)
        ticket.answer = self._pool.submit(ticket.run)
        return ticket

    def before(self, ticket: "Ticket[Any]") -> int:
        """How many in the line come before this one; 0 also for one that has left it."""
        with self._lock:
            return self._line.index(ticket) if ticket in self._line else 0

    def leave(self, ticket: "Ticket[Any]") -> None:
        """Take it out of the line."""
        with self._lock:
            if ticket in self._line:
                self._line.remove(ticket)


class Ticket(Generic[T]):
    """One answer on its way: iterate over its steps until it is there, then read ``answer``."""

    answer: Future[T]

    def __init__(self, desk: Desk, work: Work[T]) -> None:
        self._desk = desk
        self._work = work
        self._steps: queue.SimpleQueue[tuple[Step, int] | None] = queue.SimpleQueue()
        self._given_up = False

    def __iter__(self) -> Iterator[tuple[Step, int]]:
        """Each step as it comes; every now and then the last one again, or the place in the line.

        So whoever iterates gets a word in while nothing happens.
        """
        now: tuple[Step, int] | None = None
        while True:
            try:
                now = self._steps.get(timeout=_LOOK_SECONDS)
                if now is None:
                    return
            except queue.Empty:
                if self.answer.done():  # an earlier run of the page took the last step
                    return
                if before := self._desk.before(self):
                    now = "wait", before
            if now is not None:
                yield now

    def give_up(self) -> None:
        """Nobody wants the answer any more: leave the line, or stop at the next stage."""
        self._given_up = True
        self._desk.leave(self)
        self.answer.cancel()

    def run(self) -> T:
        """Make the answer; called by the desk alone."""
        self._desk.leave(self)
        try:
            return self._work(self._report)
        finally:
            self._steps.put(None)

    def _report(self, stage: Step, number: int) -> None:
        if self._given_up:
            raise GivenUp
        self._steps.put((stage, number))


class GivenUp(Exception):  # noqa: N818 - not an error
    """Ends the making of an answer that nobody waits for."""


@st.cache_resource(show_spinner=False)
def desk() -> Desk:
    """The one desk of this server.

    It has a place more than the machine has cores, for while an answer reads from the disk.
    """
    return Desk((os.cpu_count() or 1) + 1)
