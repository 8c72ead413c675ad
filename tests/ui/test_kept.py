"""What readers do is kept: exports, two tabs, deleting, other browsers, a reload."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document as Docx
from playwright.sync_api import Browser, Page, expect

from rag.answer.evidence import verify_file
from tests.ui.conftest import ask, at_rest, serving
from tests.ui.test_stages import STAGES, begin, pause_all, resume

pytestmark = pytest.mark.browser

SAFETY = "What does Binance say about user asset safety?"
SEC = "What does Binance say about its cooperation with the SEC?"
STAKING = "What does Binance say about Binance.US?"


@pytest.fixture(scope="module")
def served_paused(
    _seed_index: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("kept")
    index = shutil.copytree(_seed_index, folder / "index")
    (folder / "passed").mkdir()
    resume(folder / "passed", *STAGES)
    with serving(index, paused=folder / "passed") as (at, _):
        yield at, folder / "passed"


@pytest.fixture
def address(served_paused: tuple[str, Path]) -> str:
    return served_paused[0]


def test_a_file_saved_right_after_an_answer_contains_it(
    page: Page, address: str, tmp_path: Path
) -> None:
    page.goto(address)
    ask(page, SAFETY)
    ask(page, SEC)
    page.get_by_role("button", name="This conversation").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="JSON, as evidence").click()
    record = json.loads(Path(download.value.path()).read_text())
    with page.expect_download() as download:
        page.get_by_role("button", name="Word").click()
    download.value.save_as(tmp_path / "saved.docx")
    written = "\n".join(line.text for line in Docx(str(tmp_path / "saved.docx")).paragraphs)
    others = []
    for name in ("Markdown", "Web page"):
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        others.append(Path(download.value.path()).read_text())

    assert [answer["question"] for answer in record["answers"]] == [SAFETY, SEC]
    assert all(answer["claims"] for answer in record["answers"])
    for text in (written, *others):
        assert "There was no answer yet" not in text
        assert "Stopped before" not in text
    assert verify_file(tmp_path / "saved.docx") == []
    assert '"claims"' not in written  # the record is a part of the file beside its text


def test_two_tabs_on_one_conversation_keep_the_turns_of_both(page: Page, address: str) -> None:
    page.goto(address)
    ask(page, SAFETY)
    page.wait_for_url("**c=*")
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator(".question")).to_have_count(1)
    ask(page, SEC)
    ask(other, STAKING)

    for tab in (page, other):
        tab.reload()
        expect(tab.locator(".question")).to_have_text(
            [f"You asked: {asked}" for asked in (SAFETY, SEC, STAKING)]
        )
        expect(tab.locator(".turn-end")).to_have_count(3)


def test_a_star_and_a_note_are_kept_and_become_a_memo(
    page: Page, address: str, tmp_path: Path
) -> None:
    page.goto(address)
    ask(page, SAFETY)
    page.get_by_role("button", name="Star quote 1").click()
    expect(page.get_by_role("button", name="Quote 1 is starred")).to_be_visible()
    page.get_by_role("button", name="Note on quote 1").click()
    page.get_by_role("textbox", name="Note").fill("Compare with the complaint")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".mark-note")).to_have_text("Compare with the complaint")
    page.reload()
    expect(page.locator(".mark-note")).to_have_text("Compare with the complaint")

    page.get_by_role("button", name="This conversation").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Word, starred quotes only").click()
    download.value.save_as(tmp_path / "memo.docx")
    lines = [line.text for line in Docx(str(tmp_path / "memo.docx")).paragraphs]
    assert "Note: Compare with the complaint" in lines
    assert len([line for line in lines if line.startswith("“")]) == 1
    assert verify_file(tmp_path / "memo.docx") == []


def test_deleting_asks_first_and_can_be_undone(page: Page, address: str) -> None:
    page.goto(address)
    ask(page, SAFETY)
    listed = page.locator(".st-key-conversations").get_by_role("button", name=SAFETY)
    page.get_by_role("button", name="This conversation").click()
    page.get_by_role("button", name="Delete …").click()
    expect(page.get_by_text("Delete this conversation of 1 question")).to_be_visible()
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("button", name="Delete …")).to_be_visible()
    expect(listed).to_have_count(1)

    page.get_by_role("button", name="Delete …").click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.locator(".welcome")).to_be_visible()
    expect(listed).to_have_count(0)
    page.get_by_role("button", name="Bring it back").click()
    expect(listed).to_have_count(1)
    expect(page.locator(".claim .quote").first).to_be_visible()


def test_another_browser_neither_lists_nor_opens_a_conversation(
    page: Page, browser: Browser, address: str
) -> None:
    page.goto(address)
    ask(page, SAFETY)
    page.wait_for_url("**c=*")
    other = browser.new_context().new_page()
    other.goto(page.url)

    expect(other.get_by_text("Other browsers do not see them")).to_be_visible()
    expect(other.locator(".st-key-conversations")).to_have_count(0)
    expect(other.locator(".notice.error")).to_contain_text("at this address is not here")
    expect(other.locator(".claim")).to_have_count(0)
    other.context.close()
    page.goto(address)
    expect(page.locator(".st-key-conversations button").first).to_be_visible()


def test_verdicts_given_at_once_in_eight_browsers_are_all_kept(
    browser: Browser, address: str, served_paused: tuple[str, Path]
) -> None:
    kept = served_paused[1].parent / "index" / "feedback" / "questions.jsonl"
    before = len(kept.read_text().splitlines()) if kept.exists() else 0
    readers = [browser.new_context().new_page() for _ in range(8)]
    for reader in readers:
        reader.goto(address)
        ask(reader, SAFETY)
        at_rest(reader)
    good = [reader.get_by_role("radio", name="Thumbs up") for reader in readers]
    for button in good:
        button.evaluate("button => { setTimeout(() => button.click(), 100) }")
    for button in good:
        expect(button).to_be_checked()

    for reader in readers:
        at_rest(reader)
        reader.context.close()
    rows = [json.loads(line) for line in kept.read_text().splitlines()]
    assert len(rows) == before + 8
    assert len({row["qid"] for row in rows}) == len(rows)


def test_at_a_shared_desk_every_browser_opens_every_conversation(
    page: Page, browser: Browser, seed_index: Path
) -> None:
    with serving(seed_index, RAG_SHARED_DESK="true") as (desk, _):
        page.goto(desk)
        ask(page, SAFETY)
        other = browser.new_context().new_page()
        other.goto(desk)
        other.locator(".st-key-conversations").get_by_role("button", name=SAFETY).click()
        expect(other.locator(".claim .quote").first).to_be_visible()
        ask(other, SEC)
        page.reload()
        expect(page.locator(".question")).to_have_count(2)
        other.context.close()


def test_a_reload_during_an_answer_shows_it_when_it_is_there(
    page: Page, address: str, served_paused: tuple[str, Path]
) -> None:
    page.goto(address)
    at_rest(page)
    pause_all(served_paused[1])
    try:
        begin(page, SEC)
        page.wait_for_url("**c=*")
        expect(page.locator(".stages .now")).to_be_visible()
        page.reload()
        expect(page.get_by_text("The answer is being made in another tab")).to_be_visible()
    finally:
        resume(served_paused[1], *STAGES)

    expect(page.locator(".claim .quote").first).to_be_visible()
