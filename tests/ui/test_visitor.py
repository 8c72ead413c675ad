"""Readers: the secret of a browser, and the folder of its conversations."""

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from tests.ui.test_page import ask, page
from ui.state import _indexes
from ui.visitor import ReaderCookie, secret_of

SECRET = "0123456789abcdef" * 2


def client() -> TestClient:
    """A browser of a server with one page and one text."""
    routes = [
        Route("/", lambda request: HTMLResponse("page")),
        Route("/text", lambda request: PlainTextResponse("text")),
    ]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(ReaderCookie)]))


def test_a_browser_gets_one_secret_and_keeps_it() -> None:
    browser = client()
    first = browser.get("/")
    secret = secret_of(first.headers["set-cookie"])
    second = browser.get("/")

    assert len(secret) == 32
    assert secret_of(second.headers["set-cookie"]) == secret
    assert "HttpOnly; SameSite=Lax" in first.headers["set-cookie"]
    assert "set-cookie" not in browser.get("/text").headers


@pytest.mark.parametrize(
    "header", ["", "reader=", "reader=../../x", f"reader={SECRET}0", "a=b", "reader=%00", ";;=;"]
)
def test_what_is_no_secret_is_not_taken(header: str) -> None:
    assert secret_of(header) == ""


def test_at_a_shared_desk_all_browsers_have_one_folder(
    seed_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAG_INDEX", str(seed_index))
    monkeypatch.setenv("RAG_SHARED_DESK", "true")
    _indexes.clear()
    first = page()
    ask(first, "what does Binance say about user asset safety?")
    second = page().run()

    conversation = first.session_state["conversation"]
    assert (seed_index / "conversations" / f"{conversation.id}.json").is_file()
    assert f"open-{conversation.id}" in [button.key for button in second.button]
