"""Which requests the server answers: those of its own page, under a name of its own."""

import re

import streamlit as st
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from rag import refusal

_OWN_NAMES = ("127.0.0.1", "localhost")
"""The names of the server where the setting ``server.allowedHosts`` has none."""
_CLOSED = re.compile(r"/(?:_stcore/+(?:metrics|agent)|auth|oauth2callback)(?:/|$)")
"""Paths of Streamlit that the page does not use: figures of the process, agents, logins."""


class OwnOrigin:
    """ASGI middleware that refuses requests from other pages and to other names of the server.

    Another page that points its own name at this server (DNS rebinding) sends its name as ``Host``.
    Every other page, also one of another port of this machine, sends its address as ``Origin``, or
    the browser says that it is another site. Streamlit would check web sockets alone, and would
    look up the addresses of this machine in the network to compare them. It is given no ``Origin``:
    the comparison is made here.
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
        if reason is None and not _CLOSED.search(scope["path"]):
            headers = [header for header in scope["headers"] if header[0] != b"origin"]
            await self.app({**scope, "headers": headers}, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": reason or ""})
        else:
            status, text = (404, "Not found.") if reason is None else (403, reason)
            await PlainTextResponse(text, status)(scope, receive, send)
