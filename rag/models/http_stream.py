"""One HTTP request whose reply is read piece by piece, and that can be ended at any time."""

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

_POLL_SECONDS = 0.1
_JOIN_SECONDS = 2.0


class StatusError(Exception):
    """The server replied with another status than 200. The body is cut after 64 kB."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(f"status {status}")
        self.status = status
        self.body = body


class ConnectionFailedError(Exception):
    """There is no connection, or it was lost."""


def post(
    url: str,
    body: Mapping[str, Any],
    *,
    headers: Mapping[str, str],
    seconds: float,
    waiting: Callable[[], None],
) -> Iterator[bytes]:
    """The pieces of the reply as they come.

    The request runs in a thread of its own. It ends when the iterator is closed, so that a server
    stops working on a reply that nobody waits for.

    Parameters
    ----------
    seconds
        Longest time of the whole exchange.
    waiting
        Called at least every tenth of a second. An exception that it raises ends the request.

    Raises
    ------
    TimeoutError
        If the reply is not complete after ``seconds``.
    StatusError
        If the status is not 200. Redirects are not followed.
    ConnectionFailedError
        If the server cannot be reached, or the connection breaks.
    """
    items: queue.SimpleQueue[bytes | Exception | None] = queue.SimpleQueue()
    loop = asyncio.new_event_loop()
    task = loop.create_task(_exchange(url, body, dict(headers), seconds, items.put))

    def run() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            loop.run_until_complete(task)
        loop.close()

    thread = threading.Thread(target=run, daemon=True, name="language model")
    thread.start()
    try:
        while True:
            waiting()
            try:
                item = items.get(timeout=_POLL_SECONDS)
            except queue.Empty:
                continue
            if item is None:
                return
            if isinstance(item, Exception):
                raise item
            yield item
    finally:
        with contextlib.suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(task.cancel)
        thread.join(_JOIN_SECONDS)


async def _exchange(
    url: str,
    body: Mapping[str, Any],
    headers: dict[str, str],
    seconds: float,
    put: Callable[[bytes | Exception | None], None],
) -> None:
    import httpx  # takes 0.1 s, which an answer without a generator need not wait for

    try:
        async with (
            asyncio.timeout(seconds),
            httpx.AsyncClient(timeout=seconds) as client,
            client.stream("POST", url, json=body, headers=headers) as reply,
        ):
            if reply.status_code != httpx.codes.OK:
                said = b""
                async for piece in reply.aiter_bytes():
                    said += piece
                    if len(said) > 64_000:
                        break
                put(StatusError(reply.status_code, said[:64_000]))
                return
            async for piece in reply.aiter_bytes():
                put(piece)
    except (TimeoutError, httpx.TimeoutException):
        put(TimeoutError(f"no reply within {seconds:g} seconds"))
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        put(ConnectionFailedError(str(error)))
    else:
        put(None)
