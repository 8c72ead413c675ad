"""Runs the HTTP server: where it listens, how it logs, how it ends."""

import ipaddress
import logging
import sys

import uvicorn

from rag.access import load_access
from rag.config import Settings
from rag.errors import UsageError
from rag.serve.app import create_app

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
    log = logging.getLogger("rag.serve")
    log.addHandler(logging.StreamHandler(sys.stderr))
    log.setLevel(logging.INFO)
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
    listening = config.bind_socket()
    log.info("listening at http://%s:%d", host, listening.getsockname()[1])
    uvicorn.Server(config).run(sockets=[listening])


def is_local(host: str) -> bool:
    """Whether only this machine reaches the address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
