"""Documents of one's own: the first visit, uploads on Ask, the library."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.ui.conftest import ask, at_rest, served
from tests.ui.test_workflow import PDF_LINES, pdf_of

pytestmark = pytest.mark.browser

ROWS = (
    b"title,date,agency,text\n"
    b"SEC charges Halden,2021-05-04,SEC,Halden Freight agreed to pay a penalty of $310000 "
    b"for late reports.\n"
)


def zip_of(**files: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.txt", text)
    return packed.getvalue()


def order_of(bank: str, fine: str) -> bytes:
    return (
        f"In the matter of {bank}\n\n"
        f"{bank} failed to report 412 transactions between January and March 2021.\n\n"
        f"The Authority imposed a fine of {fine} pounds on {bank}."
    ).encode()


def file(name: str, data: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Address of a page without an index, and its folder of documents, which does not exist."""
    folder = tmp_path_factory.mktemp("own")
    with served(folder / "index", folder / "seeds") as at:
        yield at, folder / "seeds"


def test_a_first_visit_without_an_index_begins_with_files_of_ones_own(
    page: Page, own: tuple[str, Path]
) -> None:
    page.goto(own[0])
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        [
            file("rows.csv", ROWS),
            file("set.zip", zip_of(northgate="The tribunal ordered Northgate to pay £410,000.")),
            file("README.md", b"What these files are."),
        ]
    )
    listed = page.locator(".files li")
    expect(listed).to_have_count(3)
    expect(listed.nth(0)).to_contain_text("SEC charges Halden · SEC · 2021-05-04")
    expect(listed.nth(1)).to_contain_text("Northgate")
    expect(listed.nth(2)).to_contain_text("Will be left out")
    page.get_by_role("button", name="Add 2 files and build").click()

    expect(page.get_by_role("heading", name="Ask what the documents say")).to_be_visible()
    ask(page, "How much did Halden Freight agree to pay?")
    expect(page.locator(".claim .quote").first).to_contain_text("$310000")


def test_files_are_added_on_ask_and_two_of_one_name_are_both_kept(
    page: Page, own: tuple[str, Path]
) -> None:
    page.goto(own[0])
    at_rest(page)
    page.get_by_role("button", name="Add documents").click()
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        [
            file("order.txt", order_of("Larch Bank", "12,000")),
            file("order.txt", order_of("Rowan Bank", "34,000")),
            file("corvid.pdf", pdf_of(PDF_LINES)),
        ]
    )
    expect(page.locator(".files li")).to_have_count(3)
    page.get_by_role("button", name="Add 3 files and build").click()
    expect(page.get_by_test_id("stToastText")).to_contain_text("Indexed 5 documents")

    assert {path.name for path in (own[1] / "uploaded").glob("order*")} == {
        "order.txt",
        "order-2.txt",
    }
    ask(page, "What fine did the Authority impose on Larch Bank?")
    expect(page.locator(".claim .quote").first).to_contain_text("12,000 pounds")
    ask(page, "What fine did the Authority impose on Rowan Bank?")
    expect(page.locator(".st-key-turn-1 .quote").first).to_contain_text("34,000 pounds")


def in_library(page: Page, words: str, *, documents: int = 5) -> None:
    """Find the only document with these words and choose its row."""
    page.get_by_label("Find documents").fill(words)
    page.keyboard.press("Enter")
    expect(page.locator(".found")).to_contain_text(f"1 of {documents} documents holds “{words}”")
    table = page.get_by_test_id("stDataFrame")
    expect(table.locator("td", has_text="text")).to_have_count(1)
    at_rest(page)
    table.click(position={"x": 18, "y": 52})


def test_the_library_finds_by_text_and_says_what_was_searched(
    page: Page, own: tuple[str, Path]
) -> None:
    page.goto(f"{own[0]}/library")
    in_library(page, "34,000 pounds")

    expect(page.locator(".found")).to_contain_text("Searched: text, title, agency, type, file name")
    expect(page.get_by_text("order-2.txt")).to_have_count(1)


def test_metadata_corrected_in_the_library_goes_to_the_sidecar(
    page: Page, own: tuple[str, Path]
) -> None:
    page.goto(f"{own[0]}/library")
    in_library(page, "34,000 pounds")
    page.get_by_text("Correct what is known about it").click()
    page.get_by_label("Speaker").fill("Harbour Authority")
    page.get_by_label("Date").fill("2022-03-01")
    page.get_by_role("button", name="Save and build").click()

    expect(page.locator(".changed")).to_contain_text("date none → 2022-03-01")
    expect(page.locator(".changed")).to_contain_text("Changed: uploaded/order-2.txt")
    sidecar = (own[1] / "uploaded" / "order-2.txt.toml").read_text()
    assert sidecar == 'speaker = "Harbour Authority"\ndate = "2022-03-01"\n'
    page.goto(own[0])
    ask(page, "What fine did the Authority impose on Rowan Bank?")
    expect(page.locator(".claim .speaker").first).to_have_text("Harbour Authority")


def test_a_document_removed_in_the_library_can_be_brought_back(
    page: Page, own: tuple[str, Path]
) -> None:
    page.goto(f"{own[0]}/library")
    in_library(page, "34,000 pounds")
    page.get_by_role("button", name="Remove …").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.locator(".changed")).to_contain_text("Removed: uploaded/order-2.txt")
    assert not list((own[1] / "uploaded").glob("order-2*"))

    page.get_by_role("button", name="Bring it back").click()
    expect(page.locator(".changed")).to_contain_text("Added: uploaded/order-2.txt")
    assert len(list((own[1] / "uploaded").glob("order-2*"))) == 2
