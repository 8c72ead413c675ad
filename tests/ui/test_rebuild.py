"""The page without an index, with a new build, and with a damaged build."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from rag import build_index, load_settings
from tests.ui.conftest import CHECKOUT, ask, served

pytestmark = pytest.mark.browser


def test_the_page_builds_an_index_and_uses_a_new_build_without_a_restart(
    page: Page, tmp_path: Path
) -> None:
    seeds = shutil.copytree(CHECKOUT / "seeds", tmp_path / "seeds")
    index = tmp_path / "index"
    with served(index, seeds) as address:
        page.goto(address)
        expect(page.get_by_role("heading", name="There is no index yet")).to_be_visible()
        page.get_by_role("button", name="Build the index").click()
        expect(page.get_by_role("heading", name="Ask what the documents say")).to_be_visible()
        assert (index / "CURRENT").is_file()

        ask(page, "What did the tribunal order Northgate Brokers to pay?")
        expect(page.locator(".not-found")).to_be_visible()
        (seeds / "northgate.txt").write_text(
            "In the matter of Northgate Brokers Ltd\n\n"
            "The tribunal ordered Northgate Brokers to pay a penalty of £410,000 for late "
            "reporting of transactions."
        )
        build_index(settings=load_settings(index=index, seeds=seeds))
        ask(page, "What did the tribunal order Northgate Brokers to pay?")

        expect(page.locator(".claim .quote").first).to_contain_text("a penalty of £410,000")


def test_a_damaged_index_is_reported_and_can_be_rebuilt(page: Page, seed_index: Path) -> None:
    dense = next(seed_index.glob("builds/*/dense.faiss"))
    dense.write_bytes(dense.read_bytes()[:100])
    with served(seed_index, CHECKOUT / "seeds") as address:
        page.goto(address)

        expect(page.locator(".notice.error")).to_contain_text("cannot be opened")
        page.get_by_role("button", name="Rebuild the index").click()
        expect(page.get_by_role("heading", name="Ask what the documents say")).to_be_visible()
