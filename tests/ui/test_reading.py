"""Reading: filters, search, addresses, the button Back, narrow windows, a stopped server."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from rag import build_index, load_settings
from tests.ui.conftest import CHECKOUT, ask, at_rest, serving, visit

pytestmark = pytest.mark.browser

RELEASE = """\
Securities and Exchange Commission v. {firm}

On May 4, {year}, the Securities and Exchange Commission charged {firm} with late reports. The \
complaint alleges that {firm} filed {number} late reports of its trades.

Without admitting or denying the allegations, {firm} agreed to pay a civil penalty of ${number},000.
"""
LOST = "Egret Shipping agreed to pay a toll of $1\x000 to the harbour. " + "It did so. " * 99
FIRMS = ("Halden Freight Inc.", "Larch Carriers Inc.", "Rowan Lines Inc.", "Alder Ships Inc.")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """Address and process of a page over the seeds and four releases of 2018 to 2021."""
    folder = tmp_path_factory.mktemp("reading")
    seeds = Path(shutil.copytree(CHECKOUT / "seeds", folder / "seeds"))
    for number, firm in enumerate(FIRMS):
        name = firm.split()[0].lower()
        text = RELEASE.format(firm=firm, year=2018 + number, number=310 + number)
        (seeds / f"{name}.txt").write_text(text)
        (seeds / f"{name}.txt.toml").write_text(
            f'title = "SEC charges {firm}"\nagency = "{"SEC" if number else "CFTC"}"\n'
            f'type = "{"litigation_release" if number < 3 else "order"}"\n'
            f'date = "{2018 + number}-05-04"\n'
        )
    (seeds / "egret.txt").write_bytes(LOST.encode())
    rows = "".join(f"Case {at},The court fined Teal {at} Ltd £{at}00.\n" for at in range(1, 13))
    (seeds / "fines.csv").write_text(f"title,text\n{rows}")
    build_index(settings=load_settings(index=folder / "index", seeds=seeds))
    with serving(folder / "index", seeds) as started:
        yield started


@pytest.fixture
def address(server: tuple[str, int]) -> str:
    return server[0]


def test_several_types_and_documents_are_chosen_by_check_boxes(page: Page, address: str) -> None:
    page.goto(f"{address}/search?words=late+reports")
    page.get_by_role("button", name="Filter").click()
    boxes = page.locator(".st-key-boxes-type")
    boxes.get_by_text("litigation release (3)").click()
    expect(page.get_by_role("button", name="Type: litigation release")).to_be_visible()
    boxes.get_by_text("order (1)").click()
    expect(page.get_by_role("button", name="Type: order")).to_be_visible()
    expect(page.locator(".group")).to_have_count(4)

    page.get_by_placeholder("words of a title").fill("larch")
    page.keyboard.press("Enter")
    page.locator(".st-key-boxes-document").get_by_text("SEC charges Larch").click()
    expect(page.locator(".group")).to_have_count(1)
    expect(boxes.get_by_text("order (1)")).to_be_visible()


def test_several_agencies_are_chosen_by_check_boxes(page: Page, address: str) -> None:
    page.goto(f"{address}/search?words=late+reports")
    page.get_by_role("button", name="Filter").click()
    boxes = page.locator(".st-key-boxes-agency")
    boxes.get_by_text("CFTC (1)").click()
    expect(page.get_by_role("button", name="Agency: CFTC")).to_be_visible()
    expect(page.locator(".group")).to_have_count(1)
    boxes.get_by_text(re.compile(r"^SEC \(\d")).click()
    expect(page.locator(".group")).to_have_count(5)  # with the statement of Binance
    page.get_by_role("button", name="Agency: CFTC").click()
    expect(page.locator(".group")).to_have_count(4)


def test_a_typed_date_applies_at_enter_and_leaves_the_other_fields_in_view(
    page: Page, address: str
) -> None:
    page.goto(f"{address}/search?words=late+reports")
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("textbox", name="From").fill("2020")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="From 2020")).to_be_visible()
    expect(page.locator(".group")).to_have_count(3)  # the statement of 2023 too
    page.get_by_role("textbox", name="Until").fill("2020-12")
    page.keyboard.press("Enter")

    expect(page.get_by_role("button", name="Until 2020-12")).to_be_visible()
    expect(page.locator(".group")).to_have_count(1)
    expect(page.locator(".st-key-boxes-type").get_by_text("order (1)")).to_be_visible()
    page.get_by_role("textbox", name="From").fill("last year")
    page.keyboard.press("Enter")
    expect(page.get_by_text("last year is not a date")).to_be_visible()


def test_search_groups_passages_by_document_with_counts_and_more(page: Page, address: str) -> None:
    page.goto(f"{address}/search?words=Binance+users")

    expect(page.locator(".found")).to_contain_text(re.compile(r"\d+ passages in \d+ documents?"))
    first = page.locator(".group").first
    expect(first).to_contain_text(re.compile(r"\d+ passages"))
    hits = page.locator("[class*=st-key-hit-cite-] button")
    before = hits.count()
    page.get_by_role("button", name=re.compile("further passages? of this document")).first.click()
    expect(hits).not_to_have_count(before)


def test_back_goes_to_the_source_before_in_one_press(page: Page, address: str) -> None:
    visit(page, f"{address}/search?words=late+reports")
    for number in (1, 2):
        page.get_by_role("button", name=f"Source {number}", exact=True).click()
        expect(page.locator(".count")).to_have_text(f"Source {number}")
        at_rest(page)
        page.wait_for_timeout(800)
    page.go_back()
    expect(page.locator(".count")).to_have_text("Source 1")

    page.go_back()
    expect(page.locator(".st-key-source")).to_have_count(0)
    page.go_forward()
    expect(page.locator(".count")).to_have_text("Source 1")


def test_an_address_inside_words_marks_whole_words(page: Page, address: str) -> None:
    at = RELEASE.format(firm=FIRMS[1], year=2019, number=311).index("charged") + 3
    page.goto(f"{address}/?doc=larch.txt&at={at}-{at + 7}")

    expect(page.locator("mark")).to_have_text("charged Larch")


def test_a_nul_in_a_file_is_seen_in_the_quote_and_beside_it(page: Page, address: str) -> None:
    page.goto(address)
    ask(page, "What did Egret Shipping agree to pay?")
    expect(page.locator(".claim .quote").first).to_contain_text("a toll of $1\ufffd0 to")

    page.get_by_role("button", name="Source 1", exact=True).click()
    expect(page.locator("#cited")).to_contain_text("a toll of $1\ufffd0 to")


@pytest.mark.parametrize("width", [1440, 390])
def test_a_table_leads_with_what_was_asked_and_says_to_what_it_was_narrowed(
    page: Page, address: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(address)
    ask(page, "What is the smallest SEC penalty?")
    headline = page.locator(".total")
    expect(headline).to_have_text(
        "The smallest penalty of 3 (SEC) is $311,000 (Larch Carriers Inc, 4 May 2019)."
    )
    expect(headline).to_be_in_viewport()
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("textbox", name="From").fill("2020")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="From 2020")).to_be_visible()
    page.keyboard.press("Escape")
    ask(page, "What is the smallest SEC penalty?")

    expect(page.locator(".total").last).to_have_text(
        "The smallest penalty of 2 (SEC, from 2020) is $312,000 (Rowan Lines Inc, 4 May 2020)."
    )


def test_all_rows_of_a_table_are_seen_at_a_press(page: Page, address: str) -> None:
    page.goto(address)
    ask(page, "What are the two smallest penalties in dollars?")
    table = page.get_by_test_id("stDataFrame")
    expect(table.locator("table")).to_have_attribute("aria-rowcount", "3")
    page.get_by_role("button", name="See all 4").click()
    expect(table.locator("table")).to_have_attribute("aria-rowcount", "5")
    expect(page.get_by_role("button", name="See all")).to_have_count(0)
    page.get_by_role("button", name="all rows").click()  # undone
    expect(page.get_by_role("button", name="See all 4")).to_be_visible()

    page.goto(address)
    ask(page, "What are the largest fines in pounds?")
    expect(table.locator("table")).to_have_attribute("aria-rowcount", "13")
    at_rest(page)
    before = table.bounding_box()
    page.get_by_role("button", name="See all 12").click()
    expect(page.get_by_role("button", name="See all 12")).to_have_count(0)
    expect(table.locator("td", has_text="T12")).to_have_count(1)
    after = table.bounding_box()
    assert before
    assert after
    assert after["height"] >= before["height"] + 60


def test_after_a_refusal_there_are_ways_on(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("textbox", name="From").fill("2020")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="From 2020")).to_be_visible()
    page.keyboard.press("Escape")
    ask(page, "When did Binancex move to Norway?")
    expect(page.locator(".not-found")).to_contain_text("from 2020")
    expect(page.locator(".near .source-text").first).to_be_visible()
    page.get_by_role("button", name="Show in the document").first.click()
    expect(page.locator("#cited")).to_be_visible()
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Did you mean “Binance”? Ask again").click()
    second = page.locator(".st-key-turn-1")
    expect(second.locator(".not-found")).to_be_visible()
    expect(second.get_by_text("“Binance” is mentioned in")).to_be_visible()
    second.get_by_role("button", name="Binance's response").click()
    expect(page.locator("#cited")).to_have_text("Binance")
    second.get_by_role("button", name="Search the passages for these words").click()
    expect(page.get_by_role("heading", name="Search the passages")).to_be_visible()
    expect(page.get_by_label("Words or a question")).to_have_value(
        "When did Binance move to Norway?"
    )
    expect(page.get_by_role("button", name="From 2020")).to_be_visible()
    expect(page.locator(".group").first).to_be_visible()


@pytest.mark.parametrize("query", ["doc=nowhere.txt&at=1-5", "doc=nowhere.txt", "doc=a&at=x"])
def test_a_dead_address_says_so(page: Page, address: str, query: str) -> None:
    page.goto(f"{address}/?{query}")

    expect(page.locator(".st-key-source")).to_contain_text("This document is not here")


@pytest.mark.parametrize(("width", "height"), [(390, 844), (720, 450)])
@pytest.mark.parametrize("path", ["", "search", "library"])
def test_a_narrow_window_opens_at_the_heading(
    page: Page, address: str, path: str, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{address}/{path}")
    at_rest(page)
    page.wait_for_timeout(1500)

    expect(page.get_by_role("heading", level=1)).to_be_in_viewport(ratio=0.9)


def test_the_verdict_stands_above_the_quotes(page: Page, address: str) -> None:
    page.goto(address)
    ask(page, "What did Halden Freight agree to pay?")
    verdict = page.locator(".verdict").bounding_box()
    quote = page.locator(".claim .quote").first.bounding_box()

    assert verdict
    assert quote
    assert verdict["y"] + verdict["height"] <= quote["y"]


def test_example_questions_ask_for_outcome_parties_and_sums(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(".example").first).to_be_visible()
    for example in page.locator(".example").all_inner_texts():
        assert re.search(r"pay|penalt|fine|settle|charge|alleg|order|party|parties|say", example)


def test_the_dates_of_a_case_are_a_table_that_can_be_saved(page: Page, address: str) -> None:
    page.goto(address)
    ask(page, "Which firms filed late reports of their trades?")
    expect(page.locator(".timeline")).to_be_visible()
    page.get_by_role("button", name="This conversation").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Timeline, as a table").click()

    lines = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("Date,What happened,Who says so")
    assert len(lines) >= 3


def test_next_questions_have_answers_here(page: Page, address: str) -> None:
    page.goto(address)
    ask(page, "What does Binance say about its cooperation with the SEC?")
    offered = page.locator("[class*=-next] button")
    expect(offered.first).to_be_visible()
    assert offered.count() <= 3
    question = offered.first.inner_text().splitlines()[-1]
    offered.first.click()

    expect(page.locator(".question").nth(1)).to_contain_text(question)
    expect(page.locator(".st-key-turn-1 .claim .quote").first).to_be_visible()


def test_a_stopped_server_is_reported_in_words(page: Page, tmp_path: Path) -> None:
    with serving(tmp_path / "index", tmp_path / "seeds") as (at, _):
        visit(page, at)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".stopped")).to_contain_text("The server does not answer")
