"""How fast the page is in a real browser: ``python -m tests.ui.measure INDEX [QUESTIONS.jsonl]``.

Prints one JSON object: medians and 95th percentiles in milliseconds, over the index folder given.
"""

import json
import re
import statistics
import sys
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.ui.conftest import chromium, served

_SESSIONS = 20
_QUESTIONS = [
    "What did OFAC find about apparent violations of the Cuban Assets Control Regulations?",
    "How much did Expedia agree to pay?",
    "Which statutes did the SEC allege were violated in offering fraud cases?",
    "What did the SEC allege about insider trading by a chief financial officer?",
    "Who was barred from the securities industry for a Ponzi scheme?",
]


def measure(address: str, browser: Browser, questions: list[str]) -> dict[str, object]:
    """First paint of a warm page, question to first claim, opening a citation, 20 at once."""
    browser.new_page().goto(address)
    paints, answers, sources = [], [], []
    for question in questions:
        page = browser.new_page()
        began = time.perf_counter()
        page.goto(address)
        page.wait_for_selector("[data-testid=stChatInputTextArea]")
        paints.append(time.perf_counter() - began)
        answers.append(_ask(page, question))
        marker = page.locator("[class*=-cite-0] button:visible")
        if marker.count():
            began = time.perf_counter()
            marker.first.click()
            page.wait_for_selector("mark")
            sources.append(time.perf_counter() - began)
        page.close()
    at_once, mixed = _at_once(address, browser, questions)
    return {
        "first paint": _figures(paints),
        "question to answer": _figures(answers),
        "opening a citation": _figures(sources),
        f"{_SESSIONS} sessions at once": _figures(at_once),
        "sessions that saw another's question": mixed,
    }


def _ask(page: Page, question: str) -> float:
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill(question)
    began = time.perf_counter()
    box.press("Enter")
    page.wait_for_selector(".turn-end", state="attached", timeout=120_000)
    return time.perf_counter() - began


def _at_once(address: str, browser: Browser, questions: list[str]) -> tuple[list[float], int]:
    """Seconds of each of the sessions that asked together, timed in the pages themselves."""
    pages = [browser.new_page() for _ in range(_SESSIONS)]
    asked = [f"{questions[i % len(questions)]} ({i})" for i in range(_SESSIONS)]
    for page, question in zip(pages, asked, strict=True):
        page.goto(address)
        page.get_by_test_id("stChatInputTextArea").fill(question)
        page.evaluate(
            """() => new MutationObserver((_, seen) => {
                if (!document.querySelector(".turn-end")) return;
                window.arrived = Date.now();
                seen.disconnect();
            }).observe(document.body, { childList: true, subtree: true })"""
        )
    begun = []
    for page in pages:
        begun.append(time.time())
        page.get_by_test_id("stChatInputTextArea").press("Enter")
    mixed = 0
    seconds = []
    for page, question, began in zip(pages, asked, begun, strict=True):
        page.wait_for_selector(".turn-end", state="attached", timeout=300_000)
        seconds.append(page.evaluate("window.arrived") / 1000 - began)
        shown = page.locator(".question").all_inner_texts()
        mixed += len(shown) != 1 or question not in re.sub(r"\s+", " ", shown[0])
        page.close()
    return seconds, mixed


def _figures(seconds: list[float]) -> dict[str, int]:
    ordered = sorted(seconds)
    if not ordered:
        return {"n": 0}
    return {
        "n": len(ordered),
        "median": round(1000 * statistics.median(ordered)),
        "p95": round(1000 * ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]),
    }


def main(index: str, questions: str | None = None) -> None:
    """Serve the page over the index and print the figures."""
    asked = _QUESTIONS
    if questions:
        asked = [json.loads(line)["question"] for line in Path(questions).read_text().splitlines()]
    executable = chromium()
    if executable is None:
        sys.exit("no Chromium: install one, or name it in CHROMIUM")
    with served(Path(index).resolve()) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        figures = measure(address, browser, asked)
        browser.close()
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
