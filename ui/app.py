"""The server: Streamlit's page behind our headers. Run with ``rag chat`` or ``streamlit run``."""

import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Route
from streamlit.starlette import App

from rag import RagError
from ui import state
from ui.catalogue import catalogue
from ui.examples import examples
from ui.policy import ContentPolicy

_HERE = Path(__file__).resolve().parent


async def _keys(_: Request) -> FileResponse:
    return FileResponse(_HERE / "keys.js", media_type="text/javascript")


def _explain(error: Exception) -> bool:
    """Put the traceback on the terminal and plain words on the page."""
    from ui.render import say_failure

    logging.getLogger("ui").error("the page failed", exc_info=error)
    say_failure()
    return True


@asynccontextmanager
async def _open_ahead(_: App) -> AsyncIterator[None]:
    """Open the index while the first browser is still loading; the page reports what fails."""

    def opening() -> None:
        with suppress(RagError):
            index = state.live_index()
            if index is not None:
                examples(index)
                catalogue(index)

    threading.Thread(target=opening, daemon=True).start()
    yield


app = App(
    _HERE / "page.py",
    lifespan=_open_ahead,
    routes=[Route("/keys.js", _keys)],
    middleware=[Middleware(ContentPolicy)],
    on_script_error=_explain,
)
