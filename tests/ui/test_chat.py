"""A question in a real browser: its answer, its claims and their sources."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.ui.conftest import ask, at_rest, visit

pytestmark = pytest.mark.browser

SAFE = (
    "All user assets, including on Binance and Binance-affiliated platforms (including "
    "Binance.US), are safe"
)


def test_a_citation_opens_its_source_at_the_quoted_words(page: Page, seed_page: str) -> None:
    page.goto(seed_page)
    ask(page, "what does Binance say about user asset safety?")

    first = page.locator(".claim").first
    expect(first.locator(".quote")).to_contain_text(SAFE)
    expect(first.locator(".speaker")).to_have_text("Binance")
    claims = page.locator(".claim")
    assert any("were ever at risk are false" in text for text in claims.all_inner_texts())
    assert "SEC" not in page.locator(".speaker").all_inner_texts()

    page.get_by_role("button", name="Source 1", exact=True).click()
    mark = page.locator("mark")
    expect(mark).to_contain_text(SAFE)
    expect(mark).to_be_in_viewport()
    assert mark.text_content() == first.locator(".quote").text_content()
    expect(page.locator(".source-text")).to_contain_text("Instead, the SEC's actions here")


def test_next_and_escape_work_in_the_source(page: Page, seed_page: str) -> None:
    page.goto(seed_page)
    ask(page, "what does Binance say about user asset safety?")
    page.get_by_role("button", name="Source 1", exact=True).click()
    first = page.locator("mark").text_content()

    page.get_by_role("button", name="Next").click()
    expect(page.locator("mark")).not_to_have_text(str(first))
    at_rest(page)
    page.keyboard.press("Escape")

    expect(page.locator("mark")).to_have_count(0)


def test_an_open_source_has_its_own_address(page: Page, seed_page: str) -> None:
    page.goto(seed_page)
    ask(page, "what does Binance say about user asset safety?")
    page.get_by_role("button", name="Source 1", exact=True).click()
    expect(page.locator("mark")).to_be_visible()
    quoted = page.locator("mark").text_content()

    page.wait_for_url(re.compile(r"doc=binance-statement"))
    assert page.context.browser is not None
    other = page.context.browser.new_page()
    other.goto(page.url)

    expect(other.locator("mark")).to_have_text(str(quoted))
    other.close()


def test_a_source_opened_with_the_keyboard_takes_the_focus_and_returns_it(
    page: Page, seed_page: str
) -> None:
    visit(page, seed_page)
    ask(page, "what does Binance say about user asset safety?")
    marker = page.get_by_role("button", name="Source 2", exact=True)
    marker.focus()
    page.keyboard.press("Enter")
    expect(page.locator("mark")).to_be_focused()

    at_rest(page)
    page.keyboard.press("Escape")
    expect(page.locator("mark")).to_have_count(0)
    expect(marker).to_be_focused()


def test_not_found_shows_the_search_and_the_nearest_passages(page: Page, seed_page: str) -> None:
    page.goto(seed_page)
    ask(page, "What does Coinbase say about staking?")

    expect(page.locator(".not-found h3")).to_have_text("The documents do not say.")
    expect(page.locator(".not-found")).to_contain_text("Searched 1 document")
    expect(page.locator(".claim")).to_have_count(0)
    page.get_by_text("they do not answer the question").click()
    expect(page.locator(".near").first).to_be_visible()


@pytest.mark.parametrize("width", [1440, 390])
def test_a_badge_shows_the_meaning_and_the_rule_of_its_status(
    page: Page, seed_page: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(seed_page)
    ask(page, "what does Binance say about user asset safety?")
    badge = page.locator(".claim .badge").first
    box = badge.locator(".meaning")
    at_rest(page)
    page.locator(".speaker").first.evaluate("speaker => speaker.append(' and others'.repeat(9))")
    expect(box).to_be_hidden()
    _until_shown(page, badge.focus, box)

    expect(box).to_contain_text("The speaker's own statement. Nobody has tested it.")
    expect(box).to_contain_text("Given by the rule “the speaker's own words”.")
    assert badge.get_attribute("aria-label") == f"says: {box.text_content()}"
    inside = box.bounding_box()
    assert inside is not None
    assert inside["x"] >= 0
    assert inside["x"] + inside["width"] <= width

    page.locator(".question").click()
    expect(box).to_be_hidden()
    _until_shown(page, badge.hover, box)


def _until_shown(page: Page, act: Callable[[], None], box: Locator) -> None:
    """Point at something until its box is shown: a page that is drawn anew loses the pointer."""
    for _ in range(10):
        act()
        page.wait_for_timeout(500)
        if box.is_visible():
            break
        page.mouse.move(0, 0)
    expect(box).to_be_visible()


def test_an_example_question_is_asked_with_one_click(page: Page, seed_page: str) -> None:
    visit(page, seed_page)
    example = page.locator(".example").first
    question = example.inner_text()
    example.click()

    expect(page.locator(".question")).to_contain_text(question)
    expect(page.locator(".claim").first).to_be_visible()


def test_a_question_that_is_too_long_is_refused(page: Page, seed_page: str) -> None:
    page.goto(seed_page)
    ask(page, "x" * 5000)

    expect(page.locator(".notice.error")).to_contain_text("not work: the question has 5,000 char")
    expect(page.get_by_role("button", name="Ask again")).to_have_count(0)


def test_an_answer_is_announced_to_screen_readers(page: Page, seed_page: str) -> None:
    page.goto(seed_page)
    ask(page, "What does Coinbase say about staking?")

    expect(page.get_by_role("status").filter(has_text="The documents do not say")).to_have_count(1)


def test_the_slash_key_focuses_the_question_box(page: Page, seed_page: str) -> None:
    visit(page, seed_page)
    page.locator(".welcome p").click()
    page.keyboard.press("/")

    expect(page.get_by_test_id("stChatInputTextArea")).to_be_focused()


def test_the_button_of_a_citation_shows_the_words_around_its_quote(
    page: Page, seed_page: str
) -> None:
    page.goto(seed_page)
    ask(page, "what does Binance say about user asset safety?")
    marker = page.get_by_role("button", name="Source 1", exact=True)
    preview = page.locator(".st-key-turn-0-cite-0-row .preview")
    at_rest(page)
    expect(preview).to_be_hidden()
    _until_shown(page, marker.hover, preview)

    expect(preview.locator(".cited")).to_contain_text(SAFE)
    expect(preview).to_contain_text("there was no justification for the staff's actions")


def test_a_quote_is_copied_as_text_and_as_html(page: Page, seed_page: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit(page, seed_page)
    ask(page, "what does Binance say about user asset safety?")
    page.get_by_role("button", name="Source 1", exact=True).click()
    button = page.get_by_role("button", name="Copy quote with citation")
    button.evaluate(
        """button => new MutationObserver(() => {
            window.told ??= button.textContent;
        }).observe(button, { childList: true })"""
    )
    button.click()
    page.wait_for_function("() => window.told === 'Copied'")
    text, markup = page.evaluate(
        """async () => {
            const [item] = await navigator.clipboard.read();
            const read = async (type) => (await item.getType(type)).text();
            return [await read("text/plain"), await read("text/html")];
        }"""
    )

    assert text.startswith(f"“{SAFE}")
    assert "binance-response-to-sec-charges-2023.txt, sha256" in text
    assert markup.startswith(f"<blockquote>“{SAFE}")
    assert "</blockquote><p>— Binance's response" in markup
