"""Which requests the server answers: those of its own page, under a name of its own."""

import re
from collections.abc import Iterable

import streamlit as st
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from rag import load_settings, refusal
from ui import people

_OWN_NAMES = ("127.0.0.1", "localhost")
"""The names of the server where the setting ``server.allowedHosts`` has none."""
_CLOSED = re.compile(r"/_stcore/+(?:metrics|agent)(?:/|$)")
"""Paths of Streamlit that the page does not use: figures of the process, agents."""
_SIGN_IN = re.compile(r"/(?:auth|oauth2callback)(?:/|$)")
"""Paths of the sign-in, if there is one."""
_UPLOAD = re.compile(r"/_stcore/+upload_file(?:/|$)")
"""Paths that take files, unless the page is read-only."""


class OwnOrigin:
    """ASGI middleware that refuses requests from other pages and to other names of the server.

    Another page that points its own name at this server (DNS rebinding) sends its name as ``Host``.
    Every other page, also one of another port of this machine, sends its address as ``Origin``, or
    the browser says that it is another site. Streamlit would check web sockets alone, and would
    look up the addresses of this machine in the network to compare them. It is given no ``Origin``:
    the comparison is made here. Where readers sign in, Streamlit compares the origin with that of
    the sign-in: it is given both names as they were compared, which it finds equal.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        names = st.get_option("server.allowedHosts") or _OWN_NAMES
        reason = refusal(scope["headers"], names, setting="server.allowedHosts")
        if reason is None and not _closed(scope["path"]):
            await self.app({**scope, "headers": _passed_on(scope["headers"])}, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": reason or ""})
        else:
            status, text = (404, "Not found.") if reason is None else (403, reason)
            await PlainTextResponse(text, status)(scope, receive, send)


def _closed(path: str) -> bool:
    return bool(
        _CLOSED.search(path)
        or (_SIGN_IN.search(path) and not people.configured())
        or (_UPLOAD.search(path) and load_settings().read_only)
    )


def _passed_on(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    if not people.configured():
        return [header for header in headers if header[0] != b"origin"]
    return [
        (name, value.lower() if name in (b"host", b"origin") else value) for name, value in headers
    ]
