"""The queue of questions: a few answers are made at once, in the order of the questions."""

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
"""A stage of an answer, ``begin`` before the first stage, or ``wait`` in the queue.

With ``wait`` comes the number of jobs that start earlier.
"""

Report = Callable[[Step, int], None]
Work = Callable[[Report], T]
"""A function that returns the answer and reports its stages."""

_POLL_SECONDS = 0.3


class JobQueue:
    """Runs at most ``workers`` jobs at once; the others wait in order.

    More jobs at once are not faster, and they slow down the pages of all readers.
    """

    def __init__(self, workers: int) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="answer")
        self._waiting: list[Job[Any]] = []
        self._names: set[str] = set()
        self._lock = threading.Lock()

    def submit(self, work: Work[T], name: str = "") -> "Job[T]":
        """Put a job at the end of the queue; by its name other sessions know it."""
        job = Job(self, work, name)
        with self._lock:
            self._waiting.append(job)
            self._names.add(name)
        job.answer = self._pool.submit(job.run)
        return job

    def position(self, job: "Job[Any]") -> int:
        """The number of waiting jobs that start earlier; 0 for a job that no longer waits."""
        with self._lock:
            return self._waiting.index(job) if job in self._waiting else 0

    @property
    def busy(self) -> bool:
        """True while any job waits or runs."""
        with self._lock:
            return bool(self._names)

    def has(self, name: str) -> bool:
        """True while a job of this name waits or runs."""
        with self._lock:
            return name in self._names

    def end(self, job: "Job[Any]") -> None:
        """Note that a job neither waits nor runs any more."""
        self.remove(job)
        with self._lock:
            self._names.discard(job.name)

    def remove(self, job: "Job[Any]") -> None:
        """Take a job off the list of waiting jobs; without effect if it is not on the list."""
        with self._lock:
            if job in self._waiting:
                self._waiting.remove(job)


class Job(Generic[T]):
    """The making of one answer: iterate over its steps, then read ``answer``."""

    answer: Future[T]

    def __init__(self, jobs: JobQueue, work: Work[T], name: str) -> None:
        self.name = name
        self._jobs = jobs
        self._work = work
        self._steps: queue.SimpleQueue[tuple[Step, int] | None] = queue.SimpleQueue()
        self._cancelled = False

    def __iter__(self) -> Iterator[tuple[Step, int]]:
        """Yield each step; after 0.3 s without one, the last step or the position again.

        The repetition lets the caller check whether the reader has stopped the answer.
        """
        last: tuple[Step, int] | None = None
        while True:
            try:
                last = self._steps.get(timeout=_POLL_SECONDS)
                if last is None:
                    return
            except queue.Empty:
                if self.answer.done():  # an earlier run of the page read the last step
                    return
                if position := self._jobs.position(self):
                    last = "wait", position
            if last is not None:
                yield last

    def cancel(self) -> None:
        """Stop the job: a waiting job never starts, a running job ends at its next stage."""
        self._cancelled = True
        self._jobs.end(self)
        self.answer.cancel()

    def run(self) -> T:
        """Make the answer; only the queue calls this."""
        self._jobs.remove(self)
        try:
            return self._work(self._report)
        finally:
            self._steps.put(None)
            self._jobs.end(self)

    def _report(self, stage: Step, number: int) -> None:
        if self._cancelled:
            raise JobCancelled
        self._steps.put((stage, number))


class JobCancelled(Exception):  # noqa: N818 - not an error
    """Raised inside a running job to end it."""


@st.cache_resource(show_spinner=False)
def job_queue() -> JobQueue:
    """The queue of this server, with one worker more than the machine has cores.

    The additional worker uses the processor while another job reads from the disk.
    """
    return JobQueue((os.cpu_count() or 1) + 1)
