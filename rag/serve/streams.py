"""Replies that come in pieces, and replies that end with their reader."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import StreamingResponse

from rag.errors import RagError
from rag.serve.middleware import failure, problem_of
from rag.serve.pool import Stopped, Work

T = TypeVar("T")

QUIET = ": \n\n"
"""A comment that a reader of events passes over: the connection is alive."""


def event(name: str, data: Any) -> str:
    """A server-sent event with JSON as its data."""
    return f"event: {name}\ndata: {as_json(data)}\n\n"


def as_json(data: Any) -> str:
    """JSON on one line."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def stream(pieces: AsyncIterator[str], work: Work[Any]) -> StreamingResponse:
    """A reply of events. If the reader leaves, the work ends."""

    async def until_left() -> AsyncIterator[str]:
        try:
            async for piece in pieces:
                yield piece
        finally:
            work.stop()

    headers = {"cache-control": "no-cache", "x-accel-buffering": "no"}
    return StreamingResponse(until_left(), media_type="text/event-stream", headers=headers)


async def outcome(work: Work[T], request_id: str) -> tuple[T, None] | tuple[None, dict[str, Any]]:
    """The result of the work and None, or None and the body of its error."""
    try:
        return await work.result(), None
    except RagError as error:
        return None, problem_of(error, request_id)
    except Exception:  # noqa: BLE001 - the status is sent; the client would see a cut reply
        return None, failure(request_id)


async def finished(request: Request, work: Work[T]) -> T:
    """The result of the work. If the reader leaves before, the work ends.

    Raises
    ------
    Stopped
        If the reader has left.
    """
    result = asyncio.ensure_future(work.result())
    left = asyncio.ensure_future(_left(request.receive))
    try:
        await asyncio.wait((result, left), return_when=asyncio.FIRST_COMPLETED)
        if not result.done():
            raise Stopped
        return await result
    finally:
        work.stop()
        left.cancel()
        result.cancel()


async def _left(receive: Callable[[], Awaitable[Any]]) -> None:
    """Wait until the reader has left."""
    while (await receive())["type"] != "http.disconnect":
        continue
