"""What happens around each request: its id, its place in the figures, the names of the server."""

import json
import logging
import re
import secrets
import time
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.errors import RagError
from rag.origin import refusal
from rag.serve.metrics import Metrics

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
LOG = logging.getLogger("rag.serve")


def problem(message: str, kind: str, request_id: str) -> dict[str, Any]:
    """The body of every error, as OpenAI's clients read it."""
    return {
        "error": {
            "message": message,
            "type": kind,
            "param": None,
            "code": None,
            "request_id": request_id,
        }
    }


def problem_of(error: RagError, request_id: str) -> dict[str, Any]:
    """The body for an error with its message and its kind: ``UsageError`` is ``usage``."""
    name = type(error).__name__.removesuffix("Error")
    kind = "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
    return problem(str(error), kind, request_id)


def failure(request_id: str) -> dict[str, Any]:
    """Log the failure that is being handled; the body that tells the client its id alone."""
    LOG.exception("request %s failed", request_id)
    told = f"The server failed; its log has the reason under {request_id}."
    return problem(told, "internal", request_id)


class Requests:
    """ASGI middleware that names, counts and logs each request, and refuses foreign ones.

    The id comes from the client (``X-Request-ID``) or is made here. It stands in the reply, in the
    body of an error and in the log. A failure of the program is logged with its id, and the client
    is told no more than the id.
    """

    def __init__(self, app: ASGIApp, *, names: Sequence[str], metrics: Metrics) -> None:
        self.app = app
        self._names = names
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        began = time.monotonic()
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [*message.get("headers", []), (b"x-request-id", request_id.encode())]
                message = {**message, "headers": headers}
            await send(message)

        reason = refusal(scope["headers"], self._names, setting="serve_names")
        try:
            if reason is not None:
                await _reply(send_with_id, 403, problem(reason, "forbidden", request_id))
            else:
                await self.app(scope, receive, send_with_id)
        except Exception:
            told = failure(request_id)
            if status:
                raise
            await _reply(send_with_id, 500, told)
        finally:
            seconds = time.monotonic() - began
            route = getattr(scope.get("route"), "path", "other")
            self._metrics.request(route, scope["method"], status, seconds)
            LOG.info(
                "%s %s %s %d %.0f ms", request_id, scope["method"], route, status, seconds * 1000
            )


async def _reply(send: Send, status: int, body: Mapping[str, Any]) -> None:
    content = json.dumps(body).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(content)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
