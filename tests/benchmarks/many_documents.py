"""Asks sixty questions over many documents and compares each table with one made here.

    python tests/benchmarks/many_documents.py RELEASES PDF US WORLD AMOUNTS [--doors]

RELEASES, PDF, US and WORLD are indexes. AMOUNTS has labelled questions about single sums of the
releases, JSON lines. Documents with sums marked by hand come with the project. The right tables
are made without `rag.sums` and `rag.question`: lists and counts from the metadata and from a plain
search for words, sums from the marks. With ``--doors`` every question is also asked on the command
line, and those over the marked documents on the page.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from rag import Document, Index
from tests.many_documents import index_of_many_documents, marked

SIGNS = {"USD": "$", "GBP": "£", "EUR": "€", "AUD": "A$", "SGD": "S$", "INR": "Rs "}


@dataclass(frozen=True, slots=True)
class Case:
    """A question with its right table.

    ``rows`` has a document's id for each row of a list; for a sum its value and currency too.
    ``lead`` has the words that the lead line must contain.
    """

    index: str
    question: str
    rows: frozenset[str]
    lead: tuple[str, ...]
    history: tuple[str, ...] = ()
    filters: Mapping[str, Any] = field(default_factory=dict)


def main() -> None:
    """Print a line for each question, then the share of right rows and of right lead lines."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("releases", "pdf", "us", "world", "amounts"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--doors", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        indexes = {name: Index.open(getattr(given, name), lexical=True) for name in _FOLDERS}
        indexes["marked"] = index_of_many_documents(Path(folder))
        paths = {name: getattr(given, name) for name in _FOLDERS}
        paths["marked"] = Path(folder) / "index"
        cases = [
            *of_marks(),
            *of_folders(indexes),
            *of_releases(indexes["releases"], given.amounts),
        ]
        found = [_asked(indexes[case.index], case) for case in cases]
        shares = [_compare(case, table) for case, table in zip(cases, found, strict=True)]
        leads = sum(lead for _, lead in shares)
        rows = sum(share for share, _ in shares) / len(shares)
        print(f"{len(cases)} questions: rows right {rows:.3f}, lead lines right {leads}")
        if given.doors:
            _doors(cases, found, paths)


_FOLDERS = ("releases", "pdf", "us", "world")


# --- the right tables ----------------------------------------------------------------------------


def of_marks() -> list[Case]:
    """Twenty-four questions over the marked documents."""
    every = [(row, one) for row in marked() for one in row["sums"]]

    def sums(
        question: str,
        wanted: Callable[[Mapping[str, Any], Mapping[str, Any]], bool],
        lead: str,
        *history: str,
    ) -> Case:
        chosen = [(row, one) for row, one in every if wanted(row, one)]
        rows = frozenset(_key(row["id"], one["value"], one["currency"]) for row, one in chosen)
        return Case("marked", question, rows, tuple(_lead(lead, chosen)), history)

    def documents(
        question: str, wanted: Callable[[Mapping[str, Any]], bool], *history: str
    ) -> Case:
        rows = frozenset(row["id"] for row in marked() if wanted(row))
        return Case("marked", question, rows, (f"{len(rows)} document",), history)

    def paid(one: Mapping[str, Any]) -> bool:
        return one["kind"] != "disgorgement"

    def year(row: Mapping[str, Any], *years: str) -> bool:
        return row.get("date", "")[:4] in years

    ico = "largest penalties of the ICO"
    return [
        sums("What is the largest fine?", lambda r, o: paid(o), "largest"),
        sums("What is the smallest penalty that the ICO imposed?",
             lambda r, o: paid(o) and r["agency"] == "ICO", "smallest"),
        sums("total fines in 2022", lambda r, o: paid(o) and year(r, "2022"), "total"),
        sums("Which companies were fined in 2023?",
             lambda r, o: paid(o) and year(r, "2023"), "count"),
        sums("largest penalties against banks",
             lambda r, o: paid(o) and "Bank" in o["who"], "largest"),
        sums("how many fines were imposed in 2021?",
             lambda r, o: paid(o) and year(r, "2021"), "count"),
        sums("all fines in euros", lambda r, o: paid(o) and o["currency"] == "EUR", "count"),
        sums("list all penalties over £1 million",
             lambda r, o: paid(o) and Decimal(o["value"]) > 10**6, "count"),
        sums("total disgorgement ordered since 2021",
             lambda r, o: o["kind"] == "disgorgement", "total"),
        sums("which company paid the largest fine in 2022?",
             lambda r, o: paid(o) and year(r, "2022"), "largest"),
        sums("What was the lowest fine between 2021 and 2022?",
             lambda r, o: paid(o) and year(r, "2021", "2022"), "smallest"),
        sums("how much in fines did the Data Protection Commission impose?",
             lambda r, o: paid(o) and r["agency"] == "DPC", "total"),
        sums("biggest settlements", lambda r, o: o["kind"] == "settlement", "largest"),
        sums("largest fines for money laundering",
             lambda r, o: paid(o) and "money laundering" in r["text"], "largest"),
        sums("and in 2023?",
             lambda r, o: paid(o) and r["agency"] == "ICO" and year(r, "2023"), "largest", ico),
        sums("the smallest?", lambda r, o: paid(o) and r["agency"] == "ICO", "smallest", ico),
        sums("and the total?", lambda r, o: paid(o) and r["agency"] == "ICO", "total", ico),
        sums("only OFAC", lambda r, o: paid(o) and r["agency"] == "OFAC", "largest",
             "What were the largest penalties?"),
        documents("list all penalty notices", lambda r: r["type"] == "penalty_notice"),
        documents("how many documents are there?", lambda r: True),
        documents("all documents about Ponzi schemes", lambda r: "Ponzi scheme" in r["text"]),
        documents("Which documents are from the ICO?", lambda r: r.get("agency") == "ICO"),
        documents("how many press releases are from 2023?",
                  lambda r: r["type"] == "press_release" and year(r, "2023")),
        documents("which banks in 2023", lambda r: year(r, "2023") and "Bank" in r["title"]),
    ]  # fmt: skip


def of_folders(indexes: Mapping[str, Index]) -> list[Case]:
    """Eighteen lists and counts over three folders of real documents."""
    documents = {name: indexes[name].documents() for name in ("pdf", "us", "world")}

    def case(name: str, question: str, wanted: Callable[[Document], bool]) -> Case:
        rows = frozenset(one.doc_id for one in documents[name] if wanted(one))
        return Case(name, question, rows, (f"{len(rows)} document",))

    def mentions(*words: str) -> Callable[[Document], bool]:
        pattern = re.compile(rf"(?i)\b(?:{'|'.join(words)})\b")
        return lambda one: pattern.search(one.text) or pattern.search(one.title)  # type: ignore[return-value]

    def has(**wanted: str) -> Callable[[Document], bool]:
        return lambda one: all(
            str(one.metadata.get(key) or "").startswith(value) for key, value in wanted.items()
        )

    return [
        case("pdf", "list the documents", lambda one: True),
        case("pdf", "how many opinions are there?", has(type="opinion")),
        case("pdf", "documents from 2024", has(date="2024")),
        case("pdf", "which documents mention Kalshi?", mentions("Kalshi\\w{0,3}")),
        case("pdf", "how many letters are from 2024?", has(type="letter", date="2024")),
        case("pdf", "Which documents are from the CFTC?", has(agency="CFTC")),
        case("us", "how many documents do you have?", lambda one: True),
        case("us", "list all warning letters", has(type="warning_letter")),
        case("us", "how many documents mention Manafort?", mentions("Manafort")),
        case("us", "Which documents are from OSHA?", has(agency="OSHA")),
        case("us", "show me all documents from 2019", has(date="2019")),
        case("us", "how many transcripts are there?", has(type="transcript")),
        case("world", "list all ICO penalty notices", has(agency="ICO", type="penalty_notice")),
        case("world", "how many decisions did the DPC issue?", has(agency="DPC", type="decision")),
        case("world", "all documents about Coles", mentions("Coles")),
        case("world", "how many documents are from 2026?", has(date="2026")),
        case("world", "List the ACCC determinations", has(agency="ACCC", type="determination")),
        case("world", "which documents mention cookies?", mentions("cookie\\w{0,3}")),
    ]


def of_releases(index: Index, amounts: Path) -> list[Case]:
    """Eighteen questions over the releases: metadata for lists, labelled sums for sums."""
    documents = index.documents()

    def listed(question: str, wanted: Callable[[Document], bool]) -> Case:
        rows = frozenset(one.doc_id for one in documents if wanted(one))
        return Case("releases", question, rows, (f"{len(rows):,} document",))

    def dated(agency: str, *years: str) -> Callable[[Document], bool]:
        return lambda one: (
            agency in one.texts("agency") and str(one.metadata.get("date"))[:4] in years
        )

    def typed(kind: str, *years: str) -> Callable[[Document], bool]:
        return lambda one: kind in one.texts("type") and str(one.metadata.get("date"))[:4] in years

    def said(words: str, year: str) -> Callable[[Document], bool]:
        return lambda one: (
            str(one.metadata.get("date"))[:4] == year
            and re.search(words, f"{one.title}\n{one.text}", re.I) is not None
        )

    lists = [
        listed("how many cases did OFAC bring in 2019?", dated("OFAC", "2019")),
        listed("list all OFAC enforcement releases from 2023",
               typed("enforcement_release", "2023")),
        listed("how many litigation releases are from 2003?", typed("litigation_release", "2003")),
        listed("How many cases did the Securities and Exchange Commission file in 2015?",
               dated("SEC", "2015")),
        listed("which penalty lists are from 2010?", typed("penalty_list", "2010")),
        listed("how many OFAC releases are there between 2020 and 2022?",
               dated("OFAC", "2020", "2021", "2022")),
        listed("SEC releases from 2008", dated("SEC", "2008")),
        listed("all releases about Madoff in 2009", said(r"\bMadoff\b", "2009")),
        listed("how many releases mention Enron in 2004?", said(r"\bEnron\b", "2004")),
    ]  # fmt: skip
    marks = _labelled(amounts)
    years = {one.doc_id: str(one.metadata.get("date"))[:4] for one in documents}

    def sums(question: str, kind: str, lead: str, *years_: str) -> Case:
        chosen = [
            ({"id": doc_id}, {"value": str(value), "currency": "USD", "who": ""})
            for doc_id, value, marked_kind in marks
            if marked_kind == kind and years[doc_id] in years_
        ]
        rows = frozenset(_key(row["id"], one["value"], "USD") for row, one in chosen)
        filters = {"document": sorted({row["id"] for row, _ in chosen})}
        return Case("releases", question, rows, tuple(_lead(lead, chosen)), (), filters)

    return [
        *lists,
        sums("What were the largest OFAC penalties in 2019?", "ofac", "largest", "2019"),
        sums("the smallest OFAC settlement of 2020", "ofac", "smallest", "2020"),
        sums("total OFAC penalties in 2012", "ofac", "total", "2012"),
        sums("Which companies did OFAC fine between 2014 and 2016?", "ofac", "count",
             "2014", "2015", "2016"),
        sums("how many penalties did OFAC impose in 2023?", "ofac", "count", "2023"),
        sums("which company paid the highest fine to OFAC in 2013?", "ofac", "largest", "2013"),
        sums("total disgorgement in 2023", "disgorgement", "total", "2023"),
        sums("largest disgorgements in 2022", "disgorgement", "largest", "2022"),
        sums("lowest OFAC fine in 2021", "ofac", "smallest", "2021"),
    ]  # fmt: skip


def _labelled(path: Path) -> list[tuple[str, Decimal, str]]:
    """Document, sum and kind of each labelled sum; one release states one sum of a kind."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        digits = row["must"][0][0].strip("$,. ").replace(",", "")
        kind = "ofac" if "ofac" in row["qid"] else row["qid"].rsplit("-", 1)[1].split("_")[0]
        found.append((row["gold"][0]["doc_id"], Decimal(digits), kind))
    return found


def _key(doc_id: str, value: str, currency: str) -> str:
    return f"{doc_id} {Decimal(value).normalize():f} {currency}"


def _lead(
    wanted: str, chosen: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]
) -> Iterable[str]:
    """The words that the lead line must contain, for sums."""
    by_currency: dict[str, list[tuple[Decimal, str]]] = {}
    for _, one in chosen:
        by_currency.setdefault(one["currency"], []).append((Decimal(one["value"]), one["who"]))
    if wanted == "count":
        yield f"{len({row['id'] for row, _ in chosen})} document"
        yield f"{len(chosen)} amount"
        return
    if wanted in ("largest", "smallest"):
        yield f"The {wanted}"
    for currency, sums in by_currency.items():
        pick = {"largest": max, "smallest": min}.get(wanted)
        value, who = pick(sums) if pick else (sum((one for one, _ in sums), Decimal(0)), "")
        yield (
            f"{SIGNS.get(currency, currency + ' ')}{value:,}".replace("JPY ", "¥")
            .replace("HKD ", "HK$")
            .replace("CAD ", "C$")
        )
        yield who


# --- what is found -------------------------------------------------------------------------------


def _asked(index: Index, case: Case) -> dict[str, Any]:
    """The table of a question by the Python function, as JSON."""
    table = index.ask(case.question, case.history, dict(case.filters)).table
    return table.to_dict() if table is not None else {"rows": [], "lead": ""}


def _rows(table: Mapping[str, Any]) -> list[str]:
    return [
        _key(row["document"]["doc_id"], row["value"], row["currency"])
        if "value" in row
        else row["document"]["doc_id"]
        for row in table["rows"]
    ]


def _compare(case: Case, table: Mapping[str, Any]) -> tuple[float, bool]:
    """The share of rows that are right, of all rows found or missing; and the lead line."""
    found = frozenset(_rows(table))
    share = len(found & case.rows) / (len(found | case.rows) or 1)
    absent = [words for words in case.lead if words not in table["lead"]]
    lead = not absent
    print(f"{share:.2f} {'lead right' if lead else 'LEAD WRONG'}  {case.index}: {case.question}")
    if not lead:
        print(f"     {table['lead']}\n     not in it: {absent}")
    if share < 1:
        print(
            f"     missing {sorted(case.rows - found)[:4]}; wrong {sorted(found - case.rows)[:4]}"
        )
    return share, lead


def _doors(
    cases: Sequence[Case], found: Sequence[Mapping[str, Any]], paths: Mapping[str, Path]
) -> None:
    """Compare the tables with those of the command line and, for marked documents, of the page."""
    same = 0
    for case, table in zip(cases, found, strict=True):
        command = [sys.executable, "-m", "rag", "ask", case.question, "--json", "--lexical"]
        command += ["--index", str(paths[case.index])]
        for earlier in case.history:
            command += ["--after", earlier]
        for doc_id in case.filters.get("document", ()):
            command += ["--document", doc_id]
        answer = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
        same += _shown(answer["table"] or {"rows": [], "lead": ""}) == _shown(table)
    print(f"the same on the command line: {same} of {len(cases)}")
    on_page = [
        (case, table)
        for case, table in zip(cases, found, strict=True)
        if case.index == "marked" and not case.history
    ]
    same = sum(_page(on_page, paths["marked"]))
    print(f"the same on the page: {same} of {len(on_page)}")


def _shown(table: Mapping[str, Any]) -> tuple[str, list[str]]:
    return table["lead"], _rows(table)


def _page(asked: Sequence[tuple[Case, Mapping[str, Any]]], index: Path) -> Iterable[bool]:
    """Whether the page shows the lead line and the number of rows of each table."""
    from playwright.sync_api import sync_playwright

    from tests.ui.conftest import chromium, served

    with served(index) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page()
        for case, table in asked:
            page.goto(address)
            box = page.get_by_test_id("stChatInputTextArea")
            box.fill(case.question)
            box.press("Enter")
            page.locator(".total").first.wait_for(timeout=60_000)
            lead = page.locator(".total").first.inner_text()
            rows = page.get_by_test_id("stDataFrame").locator("table").first
            count = int(rows.get_attribute("aria-rowcount") or 0) - 1
            yield lead == table["lead"] and count == len(table["rows"])
        browser.close()


if __name__ == "__main__":
    main()
