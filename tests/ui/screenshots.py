"""Takes the pictures of the docs: ``python -m tests.ui.screenshots FOLDER [INDEX]``.

The documents are the seeds, and authorities, firms and decisions that are invented here, so that
the pictures may be shown anywhere. With INDEX, an index of releases of the U.S. government, the
table of sums is taken from it.
"""

import argparse
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from rag import build_index, load_settings
from tests.ui.conftest import CHECKOUT, ask, chromium, serving, settled, visit
from tests.ui.test_workflow import pdf_of

_DECISION = """\
MARITIME CONDUCT AUTHORITY OF NORVANIA
Decision No. 2023/17 of 14 March 2023

In the matter of Halvard Ferries A/S

1. The Authority opened an inquiry on 2 May 2022 after 41 complaints by passengers.

2. Halvard Ferries argued that its delays were caused by the weather alone. It denied that its
boats were short of crew.

3. The Authority found that 26 crossings between June and August 2021 sailed with fewer crew than
the licence requires. It found that the company knew of the shortage from 3 June 2021.

4. The Authority imposed a fine of NOK 4,200,000 on Halvard Ferries and ordered it to refund the
fares of 3,114 passengers within 60 days.

5. Halvard Ferries may appeal against this decision to the Maritime Tribunal within 30 days.
"""
_NOTICE = [
    "HARBOUR STANDARDS OFFICE OF PORT ELDER",
    "Penalty notice 88 of 9 November 2022",
    "",
    "In the matter of Corvid Asset Managers Limited",
    "",
    "1. The Office found that Corvid Asset Managers failed to report",
    "4,117 transactions between January 2018 and March 2019.",
    "",
    "2. Corvid Asset Managers did not dispute these findings.",
    "",
    "3. The Office imposed a penalty of 87,500 pounds on Corvid Asset",
    "Managers, after a discount of 30 per cent for early settlement.",
    "",
    "4. The penalty is payable within 28 days of this notice.",
]
_FIRMS = (
    "Alder Lines",
    "Birch Cargo",
    "Cedar Tugs",
    "Dogwood Ferries",
    "Elm Pilots",
    "Fir Freight",
)
_MINOR = """\
Maritime Conduct Authority of Norvania
Decision of {day} {year}

In the matter of {firm}

The Authority found that {firm} filed {late} reports late. The Authority imposed a fine of NOK \
{fine:,} on {firm}.
"""
Shot = Callable[[Page, str], None]


def take(folder: Path, releases: Path | None) -> None:
    """Take all pictures into ``folder``."""
    with tempfile.TemporaryDirectory() as work, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--force-color-profile=srgb"]
        )
        index = _built(Path(work))
        with serving(index, Path(work, "seeds")) as (address, _):
            for name, (width, height, scheme, shot) in _SHOTS.items():
                context = browser.new_context(
                    viewport={"width": width, "height": height},
                    color_scheme="dark" if scheme == "dark" else "light",
                    reduced_motion="reduce",
                )
                context.set_default_timeout(120_000)
                page = context.new_page()
                shot(page, address)
                _save(page, folder / f"{name}.png")
                context.close()
        if releases is not None:
            shutil.copytree(releases, Path(work, "us"), ignore=shutil.ignore_patterns("cache"))
            with serving(Path(work, "us")) as (address, _):
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                page.set_default_timeout(120_000)
                _sums(page, address, "What are the largest SEC penalties in 2018?")
                _save(page, folder / "sums.png")
        browser.close()


def _built(work: Path) -> Path:
    seeds = Path(shutil.copytree(CHECKOUT / "seeds", work / "seeds"))
    (seeds / "halvard-ferries.txt").write_text(_DECISION)
    (seeds / "halvard-ferries.txt.toml").write_text(
        'title = "Decision in the matter of Halvard Ferries A/S"\n'
        'speaker = "Maritime Conduct Authority"\nagency = "MCA"\ntype = "decision"\n'
        'date = "2023-03-14"\n'
    )
    (seeds / "notice-88.pdf").write_bytes(pdf_of(_NOTICE))
    (seeds / "notice-88.pdf.toml").write_text(
        'title = "Penalty notice 88: Corvid Asset Managers"\nspeaker = "Harbour Standards Office"\n'
        'agency = "HSO"\ntype = "penalty_notice"\ndate = "2022-11-09"\n'
    )
    for number, firm in enumerate(_FIRMS):
        name = firm.lower().replace(" ", "-")
        year, fine = 2019 + number % 4, 150_000 + 87_500 * number
        (seeds / f"{name}.txt").write_text(
            _MINOR.format(day="4 May", year=year, firm=firm, late=number + 3, fine=fine)
        )
        (seeds / f"{name}.txt.toml").write_text(
            f'title = "Decision in the matter of {firm}"\nspeaker = "Maritime Conduct Authority"\n'
            f'agency = "MCA"\ntype = "decision"\ndate = "{year}-05-04"\n'
        )
    build_index(settings=load_settings(index=work / "index", seeds=seeds))
    return work / "index"


def _save(page: Page, file: Path) -> None:
    settled(page)
    page.wait_for_timeout(1200)  # tables are drawn on a canvas
    page.screenshot(path=file)


def _asked(question: str, *, source: bool = True) -> Shot:
    def shot(page: Page, address: str) -> None:
        visit(page, address)
        ask(page, question)
        settled(page)
        if source:
            page.get_by_role("button", name="Source 1", exact=True).click()
            expect(page.locator("#cited")).to_be_visible()

    return shot


def _welcome(page: Page, address: str) -> None:
    visit(page, address)
    expect(page.locator(".example").first).to_be_visible()


def _page_itself(page: Page, address: str) -> None:
    _asked("What penalty did the Office impose on Corvid Asset Managers?")(page, address)
    page.get_by_text("Show the page itself").click()
    expect(page.get_by_alt_text("Page 1 as it is printed")).to_be_visible()
    page.locator(".question").first.scroll_into_view_if_needed()


def _sums(page: Page, address: str, question: str = "What are the largest MCA fines?") -> None:
    _asked(question, source=False)(page, address)
    table = page.get_by_test_id("stDataFrame")
    table.locator("td", has_text="T1").first.wait_for(state="attached")
    table.click(position={"x": 18, "y": 52})
    expect(page.locator("#cited")).to_be_visible()


def _starred(page: Page, address: str) -> None:
    _asked("What did the Authority find about Halvard Ferries?", source=False)(page, address)
    page.get_by_role("button", name="Star quote 1").click()
    expect(page.get_by_role("button", name="Quote 1 is starred")).to_be_visible()
    page.get_by_role("button", name="Note on quote 1").click()
    page.get_by_role("textbox", name="Note").fill("Knew of it from June: for the memo")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".mark-note")).to_be_visible()
    page.keyboard.press("Escape")


def _search(page: Page, address: str) -> None:
    visit(page, f"{address}/search?words=late+reports+fine")
    expect(page.locator(".group").first).to_be_visible()


def _library(page: Page, address: str) -> None:
    visit(page, f"{address}/library?find=fine")
    expect(page.locator(".found")).to_contain_text(re.compile("holds? “fine”"))


_REFUSED = _asked("When did Binancex move to Norvania?", source=False)
_WORLD = _asked("What fine did the Authority impose on Halvard Ferries?")
_SHOTS: dict[str, tuple[int, int, str, Shot]] = {
    "chat": (1440, 900, "light", _asked("What does Binance say about user asset safety?")),
    "page": (1440, 900, "light", _page_itself),
    "world": (1440, 900, "light", _WORLD),
    "sums": (1440, 900, "light", _sums),
    "welcome": (1440, 900, "light", _welcome),
    "refusal": (1440, 1100, "light", _REFUSED),
    "starred": (1440, 900, "dark", _starred),
    "search": (1440, 900, "light", _search),
    "library": (1440, 900, "dark", _library),
    "phone": (390, 844, "light", _asked("What is the smallest MCA fine?", source=False)),
}
"""For each picture its width, its height, its theme, and what is done before."""


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("releases", type=Path, nargs="?", metavar="INDEX")
    arguments = parser.parse_args()
    if chromium() is None:
        sys.exit("no Chromium: install one, or name it in CHROMIUM")
    expect.set_options(timeout=120_000)
    arguments.folder.mkdir(parents=True, exist_ok=True)
    take(arguments.folder, arguments.releases)


if __name__ == "__main__":
    main()
