"""Which requests the server answers: those of its own page, under a name of its own."""

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

import streamlit as st
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

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
        reason = refusal(scope["headers"], st.get_option("server.allowedHosts") or _OWN_NAMES)
        if reason is None and not _CLOSED.search(scope["path"]):
            headers = [header for header in scope["headers"] if header[0] != b"origin"]
            await self.app({**scope, "headers": headers}, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": reason or ""})
        else:
            status, text = (404, "Not found.") if reason is None else (403, reason)
            await PlainTextResponse(text, status)(scope, receive, send)


def refusal(headers: Iterable[tuple[bytes, bytes]], names: Iterable[str]) -> str | None:
    """Why a request with these headers is refused; None if it is answered.

    Parameters
    ----------
    headers
        Names in lower case, with their values.
    names
        Names of this server; ``*.example.org`` stands for every name that ends so.
    """
    sent: dict[bytes, list[str]] = {}
    for name, value in headers:
        sent.setdefault(name, []).append(value.decode("latin-1").lower())
    hosts, origins = sent.get(b"host", []), sent.get(b"origin", [])
    if len(hosts) != 1 or not _is_own(hosts[0], names):
        return "Not a name of this server (setting server.allowedHosts)."
    if len(origins) > 1 or any(_place(origin) != hosts[0] for origin in origins):
        return "From another page than that of this server."
    visits = sent.get(b"sec-fetch-mode") == ["navigate"]
    if not visits and set(sent.get(b"sec-fetch-site", [])) & {"cross-site", "same-site"}:
        return "From another page than that of this server."
    return None


def _is_own(host: str, names: Iterable[str]) -> bool:
    try:
        parts = urlsplit(f"//{host}")
        name, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if name is None or parts.netloc != host or "@" in host:
        return False
    return any(fnmatchcase(name.rstrip("."), own.strip().lower()) for own in names)


def _place(origin: str) -> str | None:
    """Name and port of an origin; None if it has none ("null")."""
    try:
        return urlsplit(origin).netloc or None
    except ValueError:
        return None
