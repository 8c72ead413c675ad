"""The server: Streamlit with our HTTP headers. Run it with ``rag chat`` or ``streamlit run``."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route
from streamlit.starlette import App

from rag import RagError, log_failure
from ui import next_questions, state
from ui.catalogue import catalogue
from ui.examples import examples
from ui.origin import OwnOrigin
from ui.policy import ContentPolicy
from ui.visitor import ReaderCookie

_HERE = Path(__file__).resolve().parent


async def _keys_script(_: Request) -> FileResponse:
    return FileResponse(_HERE / "keys.js", media_type="text/javascript")


async def _next_questions(request: Request) -> Response:
    """200 while the next questions of a turn are looked for, else 204."""
    waiting = next_questions.finder().has(request.path_params["turn"])
    return Response(status_code=200 if waiting else 204)


def _report_failure(error: Exception) -> bool:
    """Log the failure, without texts, and write a plain message to the page."""
    from ui.render import say_failure

    log_failure("the page failed", error)
    say_failure()
    return True


@asynccontextmanager
async def _open_index(_: App) -> AsyncIterator[None]:
    """Open the index in a thread at the start of the server; the page reports an error."""

    def open_index() -> None:
        with suppress(RagError):
            index = state.live_index()
            if index is not None:
                examples(index)
                catalogue(index)

    threading.Thread(target=open_index, daemon=True).start()
    yield


app = App(
    _HERE / "page.py",
    lifespan=_open_index,
    routes=[
        Route("/keys.js", _keys_script),
        Route("/next-questions/{turn}", _next_questions),
    ],
    middleware=[Middleware(ContentPolicy), Middleware(OwnOrigin), Middleware(ReaderCookie)],
    on_script_error=_report_failure,
)
