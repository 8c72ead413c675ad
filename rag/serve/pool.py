"""Work in threads, a few pieces at once, that ends when nobody waits for it any more."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Generic, TypeVar

from rag.errors import RagError

T = TypeVar("T")

Emit = Callable[[str, Any], None]
"""Reports an event with its data; it ends the work, by an exception, once nobody waits for it."""

_QUIET_SECONDS = 10.0
"""After this time without an event, `Work.events` gives a sign of life."""


class FullError(RagError):
    """Too many questions wait."""


class Stopped(Exception):  # noqa: N818 - not an error
    """Raised inside work that nobody waits for any more."""


class Pool:
    """Runs at most ``workers`` pieces of work at once; at most ``waiting`` others wait in order."""

    def __init__(self, workers: int, waiting: int) -> None:
        self.workers = workers
        self._most_waiting = waiting
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="answer")
        self._lock = threading.Lock()
        self._running = 0
        self._waiting = 0

    @property
    def running(self) -> int:
        """Number of pieces of work that run."""
        return self._running

    @property
    def waiting(self) -> int:
        """Number of pieces of work that wait."""
        return self._waiting

    def start(self, work: Callable[[Emit], T]) -> "Work[T]":
        """Put the work at the end of the queue; call it in an event loop.

        Raises
        ------
        FullError
            If too many pieces of work wait.
        """
        with self._lock:
            if self._running + self._waiting >= self.workers + self._most_waiting:
                raise FullError(
                    f"{self._waiting} questions wait already. Try again in a few seconds."
                )
            ahead = max(0, self._running + self._waiting + 1 - self.workers)
            self._waiting += 1
        started = Work[T](asyncio.get_running_loop())
        if ahead:
            started.put("wait", ahead)

        def run() -> None:
            with self._lock:
                self._waiting -= 1
                self._running += 1
            try:
                started.run(work)
            finally:
                with self._lock:
                    self._running -= 1

        self._threads.submit(run)
        return started

    def close(self) -> None:
        """Take no more work, and wait for what runs."""
        self._threads.shutdown(cancel_futures=True)


class Work(Generic[T]):
    """A piece of work: iterate over its events, then await its result."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._events: asyncio.Queue[tuple[str, Any] | None] = asyncio.Queue()
        self._result: asyncio.Future[T] = loop.create_future()
        self._stopped = threading.Event()

    async def events(self) -> AsyncIterator[tuple[str, Any] | None]:
        """Each event in order; None after ten seconds without one."""
        while True:
            try:
                event = await asyncio.wait_for(self._events.get(), _QUIET_SECONDS)
            except TimeoutError:
                yield None
                continue
            if event is None:
                return
            yield event

    async def result(self) -> T:
        """What the work returned; an exception that it raised is raised here."""
        return await asyncio.shield(self._result)

    def stop(self) -> None:
        """End the work: it never starts, or ends when it reports its next event."""
        self._stopped.set()

    def put(self, name: str, data: Any) -> None:
        """Report an event; only in the event loop."""
        self._events.put_nowait((name, data))

    def run(self, work: Callable[[Emit], T]) -> None:
        """Do the work in this thread; only the pool calls this."""

        last: tuple[str, Any] | None = None

        def emit(name: str, data: Any) -> None:
            nonlocal last
            if self._stopped.is_set():
                raise Stopped
            if (name, data) != last:  # a stage is reported again and again while it lasts
                last = name, data
                self._call(self._events.put_nowait, last)

        try:
            if self._stopped.is_set():
                raise Stopped
            result = work(emit)
        except BaseException as error:  # noqa: BLE001 - it is raised where the result is awaited
            self._call(self._fail, error)
        else:
            self._call(self._succeed, result)
        self._call(self._events.put_nowait, None)

    def _succeed(self, result: T) -> None:
        if not self._result.done():
            self._result.set_result(result)

    def _fail(self, error: BaseException) -> None:
        if not self._result.done():
            self._result.set_exception(error)
            self._result.exception()  # nobody may await it: that is no fault

    def _call(self, function: Callable[..., None], *arguments: Any) -> None:
        try:
            self._loop.call_soon_threadsafe(function, *arguments)
        except RuntimeError:  # the server has ended meanwhile
            return
