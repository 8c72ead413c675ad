"""The summary of a language model on the page: beside the quotes, and never before them."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.language_model import LanguageModel, streamed
from tests.ui.conftest import ask, serving
from ui.summary import summary

SAFETY = "what does Binance say about user asset safety?"
CLAIM = {"speaker": "SEC <b>", "status": "alleged"}
WRITTEN = {
    "state": "shown",
    "reason": "",
    "model": "<i>tiny",
    "host": "127.0.0.1",
    "sentences": [
        {"text": "<script>x</script> Lee took $5.", "cites": [1], "mark": "unchecked", "why": ""},
        {"text": "Lee took it.", "cites": [2], "mark": "quoted", "why": ""},
    ],
    "withheld": [{"text": "Lee is <img>.", "cites": [], "why": "it cites no quote"}],
    "added": [{"speaker": None, "status": "stated"}],
    "omitted": [1],
}


def test_the_summary_is_escaped_marked_and_names_who_says_it() -> None:
    body = summary({"claims": [CLAIM], "summary": WRITTEN})

    assert "<script>" not in body
    assert "<img>" not in body
    assert "<b>" not in body
    assert "Lee took $5. [1]" in body
    assert "SEC &lt;b&gt; alleges; wording not checked" in body
    assert 'class="wording quoted">“Lee took it.” [2]' in body
    assert "<summary>1 sentence withheld</summary>" in body
    assert "The summary leaves out: SEC &lt;b&gt; alleges [1]." in body
    assert summary({"claims": [], "summary": None}) == ""


@pytest.fixture(scope="module")
def model() -> Iterator[LanguageModel]:
    with LanguageModel() as model:
        yield model


@pytest.fixture(scope="module")
def address(
    model: LanguageModel, _seed_index: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    index = shutil.copytree(_seed_index, tmp_path_factory.mktemp("summary") / "index")
    named = {"RAG_GENERATOR_URL": model.url, "RAG_GENERATOR_MODEL": "tiny"}
    os.environ.update(named)
    try:
        with serving(index) as (served, _):
            yield served
    finally:
        for name in named:
            del os.environ[name]


@pytest.mark.browser
def test_a_summary_stands_above_the_quotes_with_its_marks(
    page: Page, address: str, model: LanguageModel
) -> None:
    model.pause = 0.0
    model.reply = streamed("Binance says that assets are safe. [1]\nThe moon is made of $5. [1]\n")
    page.goto(address)
    ask(page, SAFETY)

    expect(page.locator(".summary .wording.unchecked")).to_contain_text("assets are safe. [1]")
    expect(page.locator(".summary details summary")).to_have_text("1 sentence withheld")
    expect(page.locator(".claim").first).to_be_visible()
    page.get_by_role("button", name="Source 1", exact=True).click()
    expect(page.locator("mark")).to_be_visible()
    expect(page.locator(".summary .wording")).to_have_count(1)


@pytest.mark.browser
def test_quotes_stand_before_the_model_begins_and_stay_after_a_stop(
    page: Page, address: str, model: LanguageModel
) -> None:
    model.pause = 0.5
    model.reply = streamed("Binance says that assets are safe. [1]\n" * 30)
    model.left.clear()
    page.goto(address)
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill(SAFETY)
    box.press("Enter")

    expect(page.locator(".claim").first).to_be_visible()
    expect(page.get_by_text("A language model writes a summary …")).to_be_visible()
    expect(page.locator(".summary .wording").first).to_be_visible()
    page.get_by_test_id("stChatInputStopButton").click()

    assert model.left.wait(4)  # the reply would go on for fifteen seconds
    page.reload()
    expect(page.locator(".claim").first).to_be_visible()
    expect(page.locator(".summary")).to_contain_text("Stopped.")
