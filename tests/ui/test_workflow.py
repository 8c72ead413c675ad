"""The page in use: follow up, filter, search, upload, export, reload, open a link."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from rag import build_index, load_settings
from rag.answer.evidence import verify_file
from tests.ui.conftest import CHECKOUT, ask, at_rest, served, visit

pytestmark = pytest.mark.browser

RELEASE = """\
Securities and Exchange Commission v. Halden Freight Inc.

On May 4, 2021, the Securities and Exchange Commission charged Halden Freight Inc. with inflating \
its revenue by $12 million. The complaint alleges that Halden Freight booked sales that never took \
place. Without admitting or denying the allegations, Halden Freight agreed to pay a civil penalty \
of $310,000.
"""
PDF_LINES = [
    "In the matter of Corvid Asset Managers Limited",
    "The Authority found that Corvid Asset Managers failed to report",
    "4,117 transactions between January 2018 and March 2019.",
    "The Authority imposed a penalty of 87,500 pounds on Corvid Asset Managers.",
]


def pdf_of(lines: list[str]) -> bytes:
    """A one-page PDF with these lines in Helvetica."""
    shown = " T* ".join(f"({line}) Tj" for line in lines)
    stream = f"BT /F1 12 Tf 16 TL 72 700 Td {shown} ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >> stream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj %s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return (
        body
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
        + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF"
        % (len(objects) + 1, len(body))
    )


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("workflow")
    seeds = Path(shutil.copytree(CHECKOUT / "seeds", folder / "seeds"))
    (seeds / "halden.txt").write_text(RELEASE)
    (seeds / "halden.txt.toml").write_text(
        'title = "SEC charges Halden Freight"\nagency = "SEC"\ntype = "litigation release"\n'
        'date = "2021-05-04"\nspeaker = "SEC"\n'
    )
    build_index(settings=load_settings(index=folder / "index", seeds=seeds))
    with served(folder / "index", seeds) as at:
        yield at


def test_a_follow_up_shows_the_words_that_were_searched(page: Page, address: str) -> None:
    page.goto(address)
    ask(page, "What did the SEC charge Halden Freight with?")
    expect(page.locator(".claim .quote").first).to_contain_text("Halden Freight")
    ask(page, "And how much did it agree to pay?")

    turn = page.locator(".st-key-turn-1")
    expect(turn.locator(".quote").first).to_contain_text("$310,000")
    expect(turn.get_by_text("A follow-up, searched for:")).to_contain_text("Halden")


def test_a_filter_is_a_chip_that_a_click_removes(page: Page, address: str) -> None:
    page.goto(address)
    at_rest(page)
    page.get_by_role("button", name="Filter").click()
    page.locator(".st-key-boxes-type").get_by_text("statement (1)").click()
    chip = page.get_by_role("button", name="Type: statement")
    expect(chip).to_be_visible()
    page.keyboard.press("Escape")
    ask(page, "How much did Halden Freight agree to pay?")
    expect(page.locator(".not-found")).to_contain_text("Searched 1 document")
    expect(page.locator(".not-found")).to_contain_text("type statement")

    chip.click()
    expect(chip).to_have_count(0)
    ask(page, "How much did Halden Freight agree to pay?")
    expect(page.locator(".claim .quote").first).to_contain_text("$310,000")


def test_the_library_lists_the_documents_that_pass_the_filters(page: Page, address: str) -> None:
    page.goto(f"{address}/library")
    table = page.get_by_test_id("stDataFrame")
    table.locator("td", has_text="Binance").first.wait_for(state="attached")
    at_rest(page)
    page.get_by_role("button", name="Filter").click()
    page.locator(".st-key-boxes-type").get_by_text("litigation release (1)").click()
    expect(page.get_by_role("button", name="Type: litigation release")).to_be_visible()
    page.keyboard.press("Escape")

    expect(table.locator("td", has_text="Binance")).to_have_count(0)
    expect(table.locator("td", has_text="SEC charges Halden Freight")).to_have_count(1)


def test_search_shows_passages_with_the_words_and_opens_them(page: Page, address: str) -> None:
    page.goto(f"{address}/search")
    page.get_by_label("Words or a question").fill("booked sales")
    page.keyboard.press("Enter")

    expect(page.locator(".source-text b").first).to_have_text("booked")
    page.get_by_role("button", name="Source 1", exact=True).click()
    expect(page.locator("mark")).to_contain_text("booked sales that never took place")


def test_an_upload_is_indexed_and_answers_with_its_page(page: Page, address: str) -> None:
    page.goto(f"{address}/library")
    page.get_by_text("Add documents").click()
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        {"name": "../corvid.pdf", "mimeType": "application/pdf", "buffer": pdf_of(PDF_LINES)}
    )
    expect(page.locator(".files li")).to_contain_text("corvid.pdf")
    expect(page.locator(".files blockquote")).to_contain_text("87,500 pounds")
    page.get_by_role("button", name="Add 1 file and build").click()
    expect(page.locator(".changed")).to_contain_text("corvid.pdf")

    page.goto(address)
    ask(page, "What penalty did the Authority impose on Corvid Asset Managers?")
    expect(page.locator(".claim .quote").first).to_contain_text("87,500 pounds")
    page.get_by_role("button", name="Source 1", exact=True).click()
    expect(page.locator(".st-key-source-head .facts")).to_contain_text("p. 1 of 1")
    page.get_by_text("Show the page itself").click()
    expect(page.get_by_alt_text("Page 1 as it is printed")).to_be_visible()


def test_a_conversation_can_be_reloaded_exported_renamed_and_deleted(
    page: Page, address: str, tmp_path: Path
) -> None:
    page.goto(address)
    ask(page, "What did the SEC charge Halden Freight with?")
    page.wait_for_url(re.compile("c="))
    page.reload()
    expect(page.locator(".claim .quote").first).to_contain_text("Halden Freight")

    page.get_by_role("button", name="This conversation").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="JSON, as evidence").click()
    saved = tmp_path / "saved.json"
    download.value.save_as(saved)
    evidence = json.loads(saved.read_text())
    assert evidence["answers"][0]["question"] == "What did the SEC charge Halden Freight with?"
    assert verify_file(saved) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Word").click()
    assert Path(download.value.path()).read_bytes()[:2] == b"PK"
    page.get_by_label("Name").fill("Halden")
    page.keyboard.press("Enter")
    listed = page.locator(".st-key-conversations").get_by_role("button", name="Halden", exact=True)
    expect(listed).to_be_visible()

    page.get_by_role("button", name="Delete …").click()
    page.get_by_role("button", name="Delete it").click()
    expect(listed).to_have_count(0)
    expect(page.locator(".welcome")).to_be_visible()


def test_a_link_to_a_question_asks_it(page: Page, address: str) -> None:
    page.goto(f"{address}/?q=How+much+did+Halden+Freight+agree+to+pay%3F")

    expect(page.locator(".claim .quote").first).to_contain_text("$310,000")


def test_a_question_can_be_edited_and_asked_again(page: Page, address: str) -> None:
    page.goto(address)
    ask(page, "What did the SEC charge Halden Freight with?")
    page.get_by_role("button", name="Edit").click()

    expect(page.get_by_test_id("stChatInputTextArea")).to_have_value(
        "What did the SEC charge Halden Freight with?"
    )


def test_the_arrow_keys_open_the_next_and_previous_source(page: Page, address: str) -> None:
    visit(page, f"{address}/search")
    page.get_by_label("Words or a question").fill("Binance user assets")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Source 1", exact=True).click()
    expect(page.locator(".count")).to_have_text("Source 1")
    expect(page.get_by_role("button", name="Next")).to_be_enabled()

    page.locator(".st-key-source .source-text").click()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".count")).to_have_text("Source 2")
    expect(page.get_by_role("button", name="Previous")).to_be_enabled()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".count")).to_have_text("Source 1")


def test_readers_do_not_see_each_others_conversations(page: Page, address: str) -> None:
    page.goto(address)
    ask(page, "What did the SEC charge Halden Freight with?")
    assert page.context.browser is not None
    other = page.context.browser.new_page()
    other.goto(address)

    expect(other.locator(".welcome")).to_be_visible()
    expect(other.locator(".claim")).to_have_count(0)
    other.close()


def test_a_row_of_the_table_of_sums_opens_its_source(page: Page, address: str) -> None:
    page.goto(address)
    ask(page, "What are the largest SEC penalties?")
    expect(page.locator(".total")).to_contain_text("The largest penalty (SEC) is $310,000 (")
    expect(page.locator(".st-key-turn-0")).to_contain_text("(SEC); 1 states a penalty")

    table = page.get_by_test_id("stDataFrame")
    table.locator("td", has_text="T1").wait_for(state="attached")  # the table is drawn
    table.click(position={"x": 18, "y": 52})
    expect(page.locator("mark")).to_contain_text("agreed to pay a civil penalty of $310,000")
