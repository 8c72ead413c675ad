"""A real HTTP server of this program, in a thread of the tests."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from rag.config import Settings
from rag.serve.app import create_app


@contextmanager
def serving_http(settings: Settings, *, lexical: bool = False) -> Iterator[str]:
    """Serve the settings' collections at a free port of 127.0.0.1; yield the address."""
    app = create_app(settings, lexical=lexical)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="on")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=30)
        listening.close()
