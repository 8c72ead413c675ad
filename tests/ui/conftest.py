"""Fixtures for browser tests: a running server and a real Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHECKOUT = Path(__file__).resolve().parents[2]
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

expect.set_options(timeout=60_000)  # two cores, shared by the server and the browser


def chromium() -> str | None:
    """Path or name of the installed Chromium; None without one."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, _NAMES)), None)


@contextmanager
def served(index: Path, seeds: Path | None = None) -> Iterator[str]:
    """Serve the page over this index folder, as ``rag chat`` does; yield its address."""
    with serving(index, seeds) as (address, _):
        yield address


def free_port() -> int:
    """A port of this machine that no program uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def serving(
    index: Path,
    seeds: Path | None = None,
    *,
    paused: Path | None = None,
    watched: Path | None = None,
    port: int = 0,
    checkout: Path = CHECKOUT,
    options: Sequence[str] = (),
    told: Callable[[int], None] = lambda port: None,
    **settings: str,
) -> Iterator[tuple[str, int]]:
    """Serve the page over this index folder; yield its address and the process id of the server.

    With a folder ``paused``, each stage of an answer waits for a file of its name in this folder,
    and a build waits as long as it has the file ``hold-build``. With a file ``watched``, each
    connection that the server makes is written to it. With port 0 a free one is taken.
    ``checkout`` is the version of the project that serves. ``options`` are of Streamlit,
    ``settings`` are environment variables; ``told`` is called with the port.
    """
    port = port or free_port()
    told(port)
    environment = {
        **os.environ,
        "RAG_INDEX": str(index),
        "PYTHONPATH": str(checkout),
        **settings,
    }
    if seeds:
        environment["RAG_SEEDS"] = str(seeds)
    if paused:
        environment["PAUSED"] = str(paused)
    if watched:
        environment["WATCHED"] = str(watched)
    module = "tests.ui.paused_server" if paused else "streamlit"
    log = index.parent / f"serve-{port}.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.ui.watched_server" if watched else module),
                *("run", "ui/app.py", f"--server.port={port}", *options),
            ],
            cwd=checkout,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            assert server.poll() is None, log.read_text()
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
                break
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.25)
        yield address, server.pid
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium from ``CHROMIUM`` or from the ``PATH``; without one the test is skipped.

    One for each file of tests: as long as Playwright runs, ``asyncio.run`` is refused.
    """
    executable = chromium()
    if executable is None:
        reason = "no Chromium: install one (apt-get install chromium) or name it in CHROMIUM"
        (pytest.fail if os.environ.get("REQUIRE_BROWSER") else pytest.skip)(reason)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=executable,
            args=["--no-sandbox", "--disable-background-networking"],
        )
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a new browser profile; a script error on the page fails the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(60_000)
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert not errors


@pytest.fixture(scope="session")
def seed_page(_seed_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a page over the index of the seeds, for tests that do not change the index."""
    index = shutil.copytree(_seed_index, tmp_path_factory.mktemp("served") / "index")
    with served(index) as address:
        yield address


def visit(page: Page, address: str) -> None:
    """Open the page and wait for ``keys.js``: keys and copying need it."""
    page.goto(address)
    page.locator("html[data-keys=ready]").wait_for(state="attached")


def at_rest(page: Page) -> None:
    """Wait until the page is drawn completely: before, Streamlit may lose a key press."""
    page.locator(".stApp[data-test-script-state=notRunning]").wait_for()


def settled(page: Page) -> None:
    """Wait until the page is drawn and nothing on it is about to be drawn anew."""
    expect(page.locator(".next-wait")).to_have_count(0)
    at_rest(page)
    expect(page.locator("[data-stale=true]")).to_have_count(0)


_TURNS = """
() => [...document.querySelectorAll('[class*=st-key-turn-]')]
    .map(turn => turn.className.match(/st-key-turn-(\\d+)(?!\\S)/))
    .reduce((turns, key) => key ? Math.max(turns, Number(key[1]) + 1) : turns, 0)
"""
"""Number of the turns of the conversation, drawn or not."""


def ask(page: Page, question: str) -> None:
    """Type a question and wait until its turn is complete.

    The end of its own turn is waited for: while a page is drawn, another may show two.
    """
    turns = page.evaluate(_TURNS)
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill(question)
    box.press("Enter")
    page.locator(f".st-key-turn-{turns} .turn-end").wait_for(state="attached")
