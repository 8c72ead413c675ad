"""Accessibility: axe-core finds nothing serious on any page, in light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.ui.conftest import ask

pytestmark = pytest.mark.browser

# Findings in Streamlit's own elements, which are ignored: (rule, part of the element's HTML).
_STREAMLIT: tuple[tuple[str, str], ...] = ()


def serious(page: Page) -> list[str]:
    """The serious and critical findings on the current page, one line each."""
    found = Axe().run(page).response["violations"]
    return [
        f"{finding['id']}: {node['html'][:160]}"
        for finding in found
        if finding["impact"] in {"serious", "critical"}
        for node in finding["nodes"]
        if not any(finding["id"] == rule and part in node["html"] for rule, part in _STREAMLIT)
    ]


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_finding(
    browser: Browser, seed_page: str, scheme: str, width: int
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",  # axe does not see half-transparent elements
    )
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(seed_page)
    expect(page.locator(".example").first).to_be_visible()
    found = serious(page)
    ask(page, "what does Binance say about user asset safety?")
    found += serious(page)
    if width == 1440:
        expect(page.locator(".next-wait")).to_have_count(0)  # the page is drawn again then
        page.get_by_role("button", name="This conversation").click()
        expect(page.get_by_label("Name")).to_be_visible()
        found += serious(page)
        page.keyboard.press("Escape")
    page.get_by_role("radio", name="Thumbs down").click()
    expect(page.get_by_label("What is wrong with it?")).to_be_visible()
    found += serious(page)
    page.get_by_role("button", name="Source 1", exact=True).click()
    expect(page.locator("mark")).to_be_visible()
    found += serious(page)
    page.keyboard.press("Escape")
    ask(page, "What does Coinbase say about staking?")
    found += serious(page)
    ask(page, "What are the largest penalties?")
    found += serious(page)
    page.goto(f"{seed_page}/search")
    page.get_by_label("Words or a question").fill("user assets")
    page.keyboard.press("Enter")
    expect(page.locator(".source-text").first).to_be_visible()
    found += serious(page)
    page.goto(f"{seed_page}/library")
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    found += serious(page)
    context.close()

    assert sorted(set(found)) == []
