"""A served page and a real Chromium, for tests that look at what a reader sees."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHECKOUT = Path(__file__).resolve().parents[2]
_PLACES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

expect.set_options(timeout=60_000)  # two cores, shared by the server and the browser


def chromium() -> str | None:
    """The Chromium that is there, or None."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, _PLACES)), None)


@contextmanager
def served(index: Path, seeds: Path | None = None) -> Iterator[str]:
    """Serve the page over this index folder, as ``rag chat`` does; yields its address."""
    with serving(index, seeds) as (address, _):
        yield address


@contextmanager
def serving(
    index: Path, seeds: Path | None = None, *, held: Path | None = None
) -> Iterator[tuple[str, int]]:
    """The same; yields the address and the id of the server's process.

    Answers wait at each stage for a file of its name in the folder ``held``, if one is given.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "RAG_INDEX": str(index)}
    if seeds:
        environment["RAG_SEEDS"] = str(seeds)
    if held:
        environment["HELD"] = str(held)
    log = index.parent / f"serve-{port}.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.ui.held" if held else "streamlit"),
                *("run", "ui/app.py", f"--server.port={port}"),
            ],
            cwd=CHECKOUT,
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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium from ``CHROMIUM`` or one of the usual places; the test is skipped without one."""
    executable = chromium()
    if executable is None:
        lacking = "no Chromium: install one (apt-get install chromium) or name it in CHROMIUM"
        (pytest.fail if os.environ.get("REQUIRE_BROWSER") else pytest.skip)(lacking)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=executable,
            args=["--no-sandbox", "--disable-background-networking"],
        )
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh browser profile with one page, which fails the test on an error in its scripts."""
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
    """Address of a page over the index of the seeds, shared by the tests that only read."""
    index = shutil.copytree(_seed_index, tmp_path_factory.mktemp("served") / "index")
    with served(index) as address:
        yield address


def visit(page: Page, address: str) -> None:
    """Open the page and wait for its script: keys and copying do nothing before."""
    page.goto(address)
    page.locator("html[data-keys=ready]").wait_for(state="attached")


def at_rest(page: Page) -> None:
    """Wait until the page is drawn to its end: Streamlit may lose a key pressed before."""
    page.locator(".stApp[data-test-script-state=notRunning]").wait_for()


def ask(page: Page, question: str) -> None:
    """Type a question and wait until what comes of it is there."""
    turns = page.locator(".turn-end")
    before = turns.count()
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill(question)
    box.press("Enter")
    turns.nth(before).wait_for(state="attached")
