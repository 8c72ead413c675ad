"""The stages of an answer on the page, clicks elsewhere during them, and the stop button."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.ui.conftest import ask, serving

pytestmark = pytest.mark.browser

SAFETY = "what does Binance say about user asset safety?"


@pytest.fixture(scope="module")
def paused(
    _seed_index: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """Address of a page whose answers pause at each stage, and the folder that continues them."""
    folder = tmp_path_factory.mktemp("paused")
    index = shutil.copytree(_seed_index, folder / "index")
    (folder / "passed").mkdir()
    with serving(index, paused=folder / "passed") as (address, _):
        yield address, folder / "passed"


@pytest.fixture
def passed(paused: tuple[str, Path]) -> Iterator[Path]:
    """The folder without files: the next answer pauses at its first stage."""
    pause_all(paused[1])
    yield paused[1]
    resume(paused[1], *STAGES)


STAGES = ("search", "read", "checked")


def resume(passed: Path, *stages: str) -> None:
    for stage in stages:
        (passed / stage).touch()


def pause_all(passed: Path) -> None:
    for stage in STAGES:
        (passed / stage).unlink(missing_ok=True)


def begin(page: Page, question: str) -> None:
    """Ask without waiting for the answer."""
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill(question)
    box.press("Enter")


def test_every_stage_is_shown_while_it_lasts(
    page: Page, paused: tuple[str, Path], passed: Path
) -> None:
    page.goto(paused[0])
    begin(page, SAFETY)
    now, done = page.locator(".stages .now"), page.locator(".stages .done")

    expect(now).to_have_text("Searching 1 document")
    expect(done).to_have_count(0)
    resume(passed, "search")
    expect(now).to_have_text(re.compile(r"Reading \d+ passages?"))
    expect(done).to_have_text(["Searched 1 document"])
    resume(passed, "read")
    expect(now).to_have_text(re.compile(r"Checked \d quotes? against the documents"))
    expect(done).to_have_text(["Searched 1 document", re.compile(r"Read \d+ passages?")])
    resume(passed, "checked")
    expect(page.locator(".st-key-turn-0")).to_contain_text(
        re.compile(r"Searched 1 document, read \d+ passages?, checked \d quotes? in")
    )
    expect(page.locator(".stages")).to_have_count(0)


def test_a_click_elsewhere_keeps_the_answer_and_its_stages(
    page: Page, paused: tuple[str, Path], passed: Path
) -> None:
    resume(passed, *STAGES)
    page.goto(paused[0])
    ask(page, SAFETY)
    pause_all(passed)
    begin(page, "What does Binance say about its cooperation with the SEC?")
    expect(page.locator(".stages .now")).to_have_text("Searching 1 document")
    resume(passed, "search")
    expect(page.locator(".stages .now")).to_have_text(re.compile("Reading"))

    page.locator(".st-key-turn-0-cite-0 button").click()
    expect(page.locator("mark")).to_be_visible()
    expect(page.locator(".stages .done")).to_have_text(["Searched 1 document"])
    resume(passed, *STAGES)
    expect(page.locator(".st-key-turn-1 .quote").first).to_contain_text("cooperat")


def test_a_stopped_question_can_be_asked_again(
    page: Page, paused: tuple[str, Path], passed: Path
) -> None:
    page.goto(paused[0])
    begin(page, SAFETY)
    expect(page.locator(".stages .now")).to_have_text("Searching 1 document")
    page.get_by_test_id("stChatInputStopButton").click()
    again = page.get_by_role("button", name="Stopped. Ask again")
    expect(again).to_be_visible()
    expect(page.locator(".stages")).to_be_hidden()

    resume(passed, *STAGES)
    again.click()
    expect(page.locator(".st-key-turn-0 .quote").first).to_be_visible()
    expect(page.locator(".question")).to_have_count(1)


def test_text_stays_at_full_contrast_while_the_page_is_drawn_anew(
    page: Page, paused: tuple[str, Path], passed: Path
) -> None:
    resume(passed, *STAGES)
    page.goto(paused[0])
    ask(page, SAFETY)
    pause_all(passed)
    begin(page, "What does Binance say about its cooperation with the SEC?")
    expect(page.locator(".stages .now")).to_be_visible()
    page.wait_for_timeout(1500)  # Streamlit fades what it has not drawn again by then

    faded = page.evaluate(
        """() => [...document.querySelectorAll(".stMain *")]
          .filter((one) => one.innerText?.trim() && Number(getComputedStyle(one).opacity) < 1)
          .map((one) => one.outerHTML.slice(0, 160))"""
    )
    assert faded == []
