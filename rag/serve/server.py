"""Runs the HTTP server: where it listens, how it logs, how it ends."""

import ipaddress
import logging
import socket
import sys

import uvicorn

from rag.access import load_access
from rag.config import Settings
from rag.errors import UsageError
from rag.serve.app import create_app

_LOG = logging.getLogger("rag.serve")
_SECONDS_TO_END = 30
"""After a request to stop, running answers have this long."""


def serve(
    settings: Settings,
    *,
    host: str = "127.0.0.1",
    port: int = 8502,
    without_token: bool = False,
    lexical: bool = False,
) -> None:
    """Serve until interrupted.

    Raises
    ------
    UsageError
        If ``host`` can be reached from other machines and no token is asked for, unless
        ``without_token`` is true.
    """
    if not (is_local(host) or without_token or load_access(settings).tokens):
        raise UsageError(
            f"{host} can be reached from other machines, and no token is asked for. Set "
            "serve_token, name tokens in the access file, or say --without-token."
        )
    _LOG.addHandler(logging.StreamHandler(sys.stderr))
    _LOG.setLevel(logging.INFO)
    app = create_app(settings, lexical=lexical)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,  # rag.serve.middleware logs requests, without their addresses and texts
        server_header=False,
        timeout_graceful_shutdown=_SECONDS_TO_END,
    )
    _Server(config).run()


class _Server(uvicorn.Server):
    """Says where it listens, once it does; with the port 0 nobody knows it before."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            (listening, *_) = self.servers[0].sockets
            host, port = listening.getsockname()[:2]
            shown = f"[{host}]" if ":" in host else host
            _LOG.info("listening at http://%s:%d (Ctrl+C ends it)", shown, port)


def is_local(host: str) -> bool:
    """Whether only this machine reaches the address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
