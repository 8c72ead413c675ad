"""While an answer is made: its real stages, clicks elsewhere meanwhile, and stopping it."""

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
def held(_seed_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Address of a page whose answers wait at each stage, and the folder that lets them go on."""
    folder = tmp_path_factory.mktemp("held")
    index = shutil.copytree(_seed_index, folder / "index")
    (folder / "passed").mkdir()
    with serving(index, held=folder / "passed") as (address, _):
        yield address, folder / "passed"


@pytest.fixture
def passed(held: tuple[str, Path]) -> Iterator[Path]:
    """The folder, empty: the next answer waits at its first stage."""
    hold(held[1])
    yield held[1]
    let_go(held[1], *STAGES)


STAGES = ("search", "read", "checked")


def let_go(passed: Path, *stages: str) -> None:
    for stage in stages:
        (passed / stage).touch()


def hold(passed: Path) -> None:
    for stage in STAGES:
        (passed / stage).unlink(missing_ok=True)


def begin(page: Page, question: str) -> None:
    """Ask, and do not wait for the answer."""
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill(question)
    box.press("Enter")


def test_each_stage_is_shown_while_it_lasts_and_none_is_left_out(
    page: Page, held: tuple[str, Path], passed: Path
) -> None:
    page.goto(held[0])
    begin(page, SAFETY)
    now, done = page.locator(".stages .now"), page.locator(".stages .done")

    expect(now).to_have_text("Searching 1 document")
    expect(done).to_have_count(0)
    let_go(passed, "search")
    expect(now).to_have_text(re.compile(r"Reading \d+ passages?"))
    expect(done).to_have_text(["Searched 1 document"])
    let_go(passed, "read")
    expect(now).to_have_text(re.compile(r"Checked \d quotes? against the documents"))
    expect(done).to_have_text(["Searched 1 document", re.compile(r"Read \d+ passages?")])
    let_go(passed, "checked")
    expect(page.locator(".st-key-turn-0")).to_contain_text(
        re.compile(r"Searched 1 document, read \d+ passages?, checked \d quotes? in")
    )
    expect(page.locator(".stages")).to_have_count(0)


def test_a_click_elsewhere_ends_neither_the_answer_nor_the_list_of_its_stages(
    page: Page, held: tuple[str, Path], passed: Path
) -> None:
    let_go(passed, *STAGES)
    page.goto(held[0])
    ask(page, SAFETY)
    hold(passed)
    begin(page, "What does Binance say about its cooperation with the SEC?")
    expect(page.locator(".stages .now")).to_have_text("Searching 1 document")
    let_go(passed, "search")
    expect(page.locator(".stages .now")).to_have_text(re.compile("Reading"))

    page.locator(".st-key-turn-0-cite-0 button").click()
    expect(page.locator("mark")).to_be_visible()
    expect(page.locator(".stages .done")).to_have_text(["Searched 1 document"])
    let_go(passed, *STAGES)
    expect(page.locator(".st-key-turn-1 .quote").first).to_contain_text("cooperat")


def test_a_stopped_answer_can_be_asked_for_again(
    page: Page, held: tuple[str, Path], passed: Path
) -> None:
    page.goto(held[0])
    begin(page, SAFETY)
    expect(page.locator(".stages .now")).to_have_text("Searching 1 document")
    page.get_by_test_id("stChatInputStopButton").click()
    again = page.get_by_role("button", name="Stopped. Ask again")
    expect(again).to_be_visible()
    expect(page.locator(".stages")).to_be_hidden()

    let_go(passed, *STAGES)
    again.click()
    expect(page.locator(".st-key-turn-0 .quote").first).to_be_visible()
    expect(page.locator(".question")).to_have_count(1)
