"""Accessibility: axe-core finds nothing serious on any page or state; all is done by keyboard."""

import json
import re
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, get_args

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from rag import Stage, build_index, load_settings
from tests.ui.conftest import CHECKOUT, ask, at_rest, serving, settled, visit
from tests.ui.test_documents import file, in_library
from tests.ui.test_reading import FIRMS, RELEASE
from tests.ui.test_stages import STAGES, begin, pause_all, resume
from tests.ui.test_workflow import PDF_LINES, pdf_of

pytestmark = pytest.mark.browser

# Findings in Streamlit's own elements, which are ignored: (rule, part of the element's HTML).
# The body of an open menu can be scrolled by the keyboard: its buttons take the focus.
# The label of a file box is dimmed, as the box is, while the server is away.
_STREAMLIT = (
    ("scrollable-region-focusable", 'data-testid="stPopoverBody"'),
    ("color-contrast", "<p>Files</p>"),
)
_LOOKS: tuple[tuple[int, str, dict[str, Any]], ...] = (
    (1440, "light", {}),
    (1440, "dark", {"runOnly": ["color-contrast"]}),
    (768, "light", {"runOnly": ["scrollable-region-focusable", "color-contrast"]}),
    (390, "dark", {}),
)
"""Widths and themes in which each state is looked at, and the rules of axe: all without any."""
_THEME = "scheme => getComputedStyle(document.querySelector('.stApp')).colorScheme === scheme"
"""Streamlit's theme follows that of the system a little later."""
DISPUTE = """\
The Authority alleges that Gull Ferries carried passengers without a licence in 2020.

Gull Ferries denies that it carried passengers without a licence in 2020.
"""


class Findings:
    """The serious and critical findings of a walk over the page, each with its state."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._axe = Axe()
        self.found: list[str] = []
        self.states: list[str] = []

    def look(self, state: str) -> None:
        """Look at the page as it is now, in each width and theme."""
        self.states.append(state)
        for width, scheme, options in _LOOKS:
            self._page.set_viewport_size({"width": width, "height": 900})
            self._page.emulate_media(
                color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce"
            )
            self._page.wait_for_function(_THEME, arg=scheme)
            self._page.wait_for_timeout(100)  # what fades has ended
            response = self._axe.run(
                self._page, options={"resultTypes": ["violations"], **options}
            ).response
            self.found += [
                f"{state}, {width} px, {scheme}: {one['id']}: {node['html'][:160]}"
                for one in response["violations"]
                if one["impact"] in {"serious", "critical"}
                for node in one["nodes"]
                if not any(one["id"] == rule and part in node["html"] for rule, part in _STREAMLIT)
            ]
        width, scheme, _ = _LOOKS[0]
        self._page.set_viewport_size({"width": width, "height": 900})
        self._page.emulate_media(color_scheme="light", reduced_motion="reduce")


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Address of a page over releases, a PDF and a dispute; the folder that pauses answers."""
    folder = tmp_path_factory.mktemp("access")
    seeds = folder / "seeds"
    shutil.copytree(CHECKOUT / "seeds", seeds)
    (folder / "passed").mkdir()
    for number, firm in enumerate(FIRMS):
        name = firm.split()[0].lower()
        text = RELEASE.format(firm=firm, year=2018 + number, number=310 + number)
        (seeds / f"{name}.txt").write_text(text)
        (seeds / f"{name}.txt.toml").write_text(
            f'title = "SEC charges {firm}"\nagency = "SEC"\ntype = "litigation release"\n'
            f'date = "{2018 + number}-05-04"\n'
        )
    (seeds / "corvid.pdf").write_bytes(pdf_of(PDF_LINES))
    (seeds / "gull.txt").write_text(DISPUTE)
    (seeds / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    build_index(settings=load_settings(index=folder / "index", seeds=seeds))
    resume(folder / "passed", *get_args(Stage))
    with serving(folder / "index", seeds, paused=folder / "passed") as (address, _):
        yield address, folder / "passed"


@pytest.fixture
def findings(page: Page) -> Iterator[Findings]:
    """Asserts at the end that nothing serious was found."""
    page.emulate_media(reduced_motion="reduce")  # axe does not see half-transparent elements
    walk = Findings(page)
    yield walk
    assert "\n".join(sorted(set(walk.found))) == ""


def test_no_state_of_ask_has_a_serious_finding(
    page: Page, walked: tuple[str, Path], findings: Findings
) -> None:
    address, passed = walked
    visit(page, address)
    expect(page.locator(".example").first).to_be_visible()
    settled(page)
    findings.look("ask, empty")
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("textbox", name="From").fill("last year")
    page.keyboard.press("Enter")
    expect(page.get_by_text("last year is not a date")).to_be_visible()
    at_rest(page)
    findings.look("filters open")
    page.get_by_role("textbox", name="From").fill("2018")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="From 2018")).to_be_visible()
    page.keyboard.press("Escape")

    pause_all(passed)
    try:
        begin(page, "What did Halden Freight agree to pay?")
        expect(page.locator(".stages .now")).to_be_visible()
        findings.look("steps of an answer")
    finally:
        resume(passed, *STAGES)
    page.locator(".turn-end").first.wait_for(state="attached")
    page.get_by_role("button", name="From 2018").click()
    settled(page)
    findings.look("answer")
    page.get_by_role("button", name="Star quote 1").click()
    expect(page.get_by_role("button", name="Quote 1 is starred")).to_be_visible()
    page.get_by_role("button", name="Note on quote 1").click()
    page.get_by_role("textbox", name="Note").fill("Compare with the complaint")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".mark-note")).to_be_visible()
    at_rest(page)
    findings.look("star and note")
    page.keyboard.press("Escape")
    page.get_by_role("radio", name="Thumbs down").click()
    expect(page.get_by_label("What is wrong with it?")).to_be_visible()
    at_rest(page)
    findings.look("verdict of a reader")
    page.get_by_role("button", name="This conversation").click()
    page.get_by_role("button", name="Delete …").click()
    expect(page.get_by_role("button", name="Keep it")).to_be_visible()
    at_rest(page)
    findings.look("delete")
    page.get_by_role("button", name="Keep it").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Source 1", exact=True).click()
    expect(page.locator("#cited")).to_be_visible()
    at_rest(page)
    findings.look("source")


def begin_anew(page: Page, address: str) -> None:
    """Open the first page, with a conversation of its own."""
    page.goto(address)
    expect(page.locator(".welcome")).to_be_visible()
    at_rest(page)


def test_no_kind_of_answer_has_a_serious_finding(
    page: Page, walked: tuple[str, Path], findings: Findings
) -> None:
    visit(page, walked[0])
    ask(page, "Which firms filed late reports of their trades?")
    expect(page.locator(".timeline")).to_be_visible()
    page.locator(".timeline summary").click()
    settled(page)
    findings.look("timeline")
    begin_anew(page, walked[0])
    ask(page, "When did Binancex move to Norway?")
    expect(page.locator(".not-found")).to_be_visible()
    settled(page)
    findings.look("refusal")
    begin_anew(page, walked[0])
    ask(page, "What are the two largest SEC penalties?")
    expect(page.get_by_role("button", name="See all 4")).to_be_visible()
    settled(page)
    findings.look("table of sums")
    begin_anew(page, walked[0])
    ask(page, "Did Gull Ferries carry passengers without a licence?")
    expect(page.locator(".claim .quote").first).to_be_visible()
    settled(page)
    findings.look("two sides")
    for query, words in (
        ("doc=nowhere.txt&at=1-5", "This document is not here"),
        ("doc=gull.txt&at=4-13&sha=0", "Not the same text"),
        ("c=0123456789abcdef", "The conversation at this address is not here"),
    ):
        page.goto(f"{walked[0]}/?{query}")
        expect(page.get_by_text(words)).to_be_visible()
        settled(page)
        findings.look(words)
    page.goto(f"{walked[0]}/?doc=corvid.pdf&at=0-20")
    page.get_by_text("Show the page itself").click()
    expect(page.get_by_alt_text("Page 1 as it is printed")).to_be_visible()
    at_rest(page)
    findings.look("picture of a page")


def test_no_state_of_search_and_library_has_a_serious_finding(
    page: Page, walked: tuple[str, Path], findings: Findings
) -> None:
    address, passed = walked
    visit(page, f"{address}/search?words=Binance+users")
    page.get_by_role("button", name=re.compile("further passage")).first.click()
    settled(page)
    findings.look("search, with more of a document")
    page.goto(f"{address}/library")
    page.get_by_text("1 file skipped").click()
    expect(page.locator(".skipped")).to_be_visible()
    at_rest(page)
    findings.look("library")
    in_library(page, "87,500 pounds", documents=7)
    page.get_by_text("Correct what is known about it").click()
    page.get_by_role("button", name="Remove …").click()
    expect(page.get_by_role("button", name="Remove it")).to_be_visible()
    at_rest(page)
    findings.look("library by text, correction and removal")
    page.goto(address)
    at_rest(page)
    page.get_by_role("button", name="Add documents").click()
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        [file("teal.txt", b"The court fined Teal Ltd 900 pounds."), file("README.md", b"Notes.")]
    )
    expect(page.locator(".files li")).to_have_count(2)
    at_rest(page)
    findings.look("preview of an upload")
    (passed / "hold-build").touch()
    try:
        page.get_by_role("button", name="Add 1 file and build").click()
        expect(page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
        ask(page, "What fine did the court impose on Teal Ltd?")
        expect(page.get_by_text("teal.txt is being read")).to_be_visible()
        findings.look("build")
    finally:
        (passed / "hold-build").unlink()
    expect(page.get_by_role("button", name="Ask again")).to_be_visible()
    settled(page)
    findings.look("build ended")
    page.get_by_role("button", name="Ask again").click()
    expect(page.locator(".claim .quote").first).to_contain_text("900 pounds")


def test_neither_a_first_visit_nor_a_stopped_server_has_a_serious_finding(
    page: Page, tmp_path: Path, findings: Findings
) -> None:
    with serving(tmp_path / "index", tmp_path / "seeds") as (address, _):
        visit(page, address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        at_rest(page)
        findings.look("first visit")
    expect(page.locator(".stopped")).to_be_visible()
    findings.look("stopped server")


def test_the_theme_is_that_of_the_system(page: Page, seed_page: str) -> None:
    page.goto(seed_page)
    at_rest(page)
    colours = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.wait_for_timeout(300)
        colours[scheme] = page.evaluate(
            "getComputedStyle($('.stApp')).backgroundColor".replace("$(", "document.querySelector(")
        )

    assert colours["light"] != colours["dark"]


_FOCUSED = """() => {
  const on = document.activeElement;
  const named = on?.getAttribute("aria-label") || on?.placeholder || "";
  const whole = ["BODY", "DIV", "SECTION", "MAIN"].includes(on?.tagName);  // not its own words
  return `${named} ${whole ? "" : on?.textContent || ""}`.replace(/\\s+/g, " ").trim();
}"""


def go_to(page: Page, name: str, *, key: str = "Tab", at_most: int = 90) -> None:
    """Press Tab until an element with these words has the focus."""
    seen = []
    for _ in range(at_most):
        page.keyboard.press(key)
        now = str(page.evaluate(_FOCUSED))
        if name in now:
            return
        seen.append(now[:40])
    raise AssertionError(f"no way to {name} by {key}: {seen}")


def test_the_whole_task_is_done_by_keyboard(
    page: Page, walked: tuple[str, Path], tmp_path: Path
) -> None:
    press = page.keyboard.press
    tab = partial(go_to, page)
    visit(page, walked[0])
    at_rest(page)
    press("/")
    page.keyboard.type("What did Halden Freight agree to pay?")
    press("Enter")
    page.locator(".turn-end").first.wait_for(state="attached")
    settled(page)
    tab("Source 1", key="Shift+Tab")
    press("Enter")
    expect(page.locator("#cited")).to_be_focused()
    at_rest(page)
    press("Escape")
    expect(page.locator(".st-key-source")).to_have_count(0)
    at_rest(page)
    tab("Star quote 1")
    press("Enter")
    expect(page.get_by_role("button", name="Quote 1 is starred")).to_be_visible()
    at_rest(page)
    tab("Note on quote 1")
    press("Enter")
    expect(page.get_by_role("textbox", name="Note")).to_be_focused()
    page.keyboard.type("By keyboard")
    press("Control+Enter")
    expect(page.locator(".mark-note")).to_have_text("By keyboard")
    at_rest(page)
    press("Escape")
    expect(page.get_by_role("button", name="Note on quote 1")).to_be_focused()

    tab("This conversation", key="Shift+Tab")
    press("Enter")
    expect(page.get_by_role("button", name="JSON, as evidence")).to_be_visible()
    expect(page.locator("[data-testid=stPopoverBody] :focus")).to_have_count(1)
    tab("JSON, as evidence")
    with page.expect_download() as download:
        press("Enter")
    download.value.save_as(tmp_path / "saved.json")
    record = json.loads((tmp_path / "saved.json").read_text())
    assert [answer["question"] for answer in record["answers"]] == [
        "What did Halden Freight agree to pay?"
    ]
    press("Escape")

    tab("Search", key="Shift+Tab")
    press("Enter")
    expect(page.get_by_role("heading", name="Search the passages")).to_be_visible()
    at_rest(page)
    press("/")
    page.keyboard.type("late reports")
    press("Enter")
    expect(page.locator(".group").first).to_be_visible()
    at_rest(page)
    tab("Filter")
    press("Enter")
    expect(page.locator("[data-testid=stPopoverBody] :focus")).to_have_count(1)
    tab("Help for From")
    press("Tab")
    page.keyboard.type("2021")
    press("Enter")
    expect(page.get_by_role("button", name="From 2021")).to_be_visible()
    at_rest(page)
    press("Escape")

    tab("Library", key="Shift+Tab")
    press("Enter")
    expect(page.get_by_role("heading", name="Library")).to_be_visible()
    at_rest(page)
    press("/")
    page.keyboard.type("Alder")
    press("Enter")
    expect(page.locator(".found")).to_contain_text("holds “Alder”")
    at_rest(page)
    tab("SEC charges Alder")  # the table
    press("ArrowDown")
    press("Shift+Space")
    expect(page.get_by_role("button", name="Read it")).to_be_visible()
    at_rest(page)
    tab("Read it")
    press("Enter")
    expect(page.locator(".st-key-source")).to_contain_text("Alder Ships")
