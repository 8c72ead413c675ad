"""Measures the page: ``python -m tests.ui.measure INDEX [QUESTIONS.jsonl] [--memory]``.

Prints one JSON object, in milliseconds and megabytes:

- The first paint, the first claim and the opening of a citation, timed inside a real browser.
- The first claim of twenty sessions that ask at once. They use the web socket of the page without a
  browser, because twenty browsers would take the cores of the server.
- With ``--memory``, the memory of the server after 100 and after 1,000 questions.
"""

import argparse
import asyncio
import json
import math
import os
import re
import shutil
import statistics
import sys
import tempfile
from html import escape
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, sync_playwright

from tests.ui.conftest import chromium, serving
from tests.ui.reader import reader

_SESSIONS = 20
_QUESTIONS = [
    "What did OFAC find about apparent violations of the Cuban Assets Control Regulations?",
    "How much did Expedia agree to pay?",
    "Which statutes did the SEC allege were violated in offering fraud cases?",
    "What did the SEC allege about insider trading by a chief financial officer?",
    "Who was barred from the securities industry for a Ponzi scheme?",
]
# Records the time of each key and click, and the time when its result is on the page.
_CLOCK = """
window.clock = {};
const now = (name) => { clock[name] = performance.now(); };
addEventListener("keydown", (event) => event.key === "Enter" && now("asked"), true);
addEventListener("click", () => now("clicked"), true);
const seen = (name, selector) => {
  if (!(name in clock) && document.querySelector(selector)) now(name);
};
new MutationObserver(() => {
  seen("box", "[data-testid=stChatInputTextArea]");
  seen("claim", ".claim, .not-found, .total");
  seen("mark", "mark");
}).observe(document, { childList: true, subtree: true });
"""


def in_browser(address: str, context: BrowserContext, questions: list[str]) -> dict[str, object]:
    """Times of the first paint (the question box), the first claim and an opened citation."""
    context.add_init_script(_CLOCK)
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector(".example", timeout=300_000)  # the models are loaded
    page.close()
    for question in questions[:2]:  # the browser then has the files of the page in its cache
        _visit(address, context, f"{question} (first)")
    clocks = [_visit(address, context, question) for question in questions]
    return {
        "first paint": _figures([clock["box"] for clock in clocks]),
        "question to first claim": _figures([c["claim"] - c["asked"] for c in clocks]),
        "opening a citation": _figures([c["mark"] - c["clicked"] for c in clocks if "mark" in c]),
    }


def _visit(address: str, context: BrowserContext, question: str) -> dict[str, float]:
    page: Page = context.new_page()
    page.goto(address)
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill(question)
    box.press("Enter")
    page.wait_for_selector(".turn-end", state="attached", timeout=120_000)
    marker = page.locator("[class*=-cite-0] button:visible")
    if marker.count():
        marker.first.click()
        page.wait_for_selector("mark")
    clock: dict[str, float] = page.evaluate("window.clock")
    page.close()
    return clock


async def at_once(address: str, questions: list[str]) -> dict[str, object]:
    """Twenty sessions ask at once: their waiting times, and how many saw a foreign question."""

    async def one(number: int, ready: asyncio.Barrier) -> tuple[float, bool]:
        async with reader(address) as session:
            question = f"{questions[number % len(questions)]} ({number})"
            await ready.wait()
            seconds = await session.ask(question)
            return 1000 * seconds, session.seen != {escape(question)}

    ready = asyncio.Barrier(_SESSIONS)
    ended = await asyncio.gather(*(one(number, ready) for number in range(_SESSIONS)))
    return {
        f"{_SESSIONS} sessions at once, first claim": _figures([ms for ms, _ in ended]),
        "sessions that saw another's question": sum(mixed for _, mixed in ended),
    }


async def memory(address: str, pid: int, questions: list[str]) -> dict[str, object]:
    """Memory of the server after 100 and 1,000 questions, ten in each session."""
    taken = {}
    for asked in range(0, 1000, 10):
        async with reader(address) as session:
            for number in range(10):
                await session.ask(f"{questions[number % len(questions)]} ({asked + number})")
        taken[asked + 10] = _megabytes(pid)
    return {
        "MB after 100 questions": round(taken[100]),
        "MB after 1,000 questions": round(taken[1000]),
        "grown by": f"{taken[1000] / taken[100] - 1:.1%}",
    }


def _processor_seconds(pid: int) -> float:
    """Processor time of a process, over all cores."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _megabytes(pid: int) -> float:
    """Resident memory of a process, in millions of bytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0]) * 1024 / 1e6


def _figures(milliseconds: list[float]) -> dict[str, int]:
    ordered = sorted(milliseconds)
    if not ordered:
        return {"n": 0}
    return {
        "n": len(ordered),
        "median": round(statistics.median(ordered)),
        "p95": round(ordered[math.ceil(0.95 * len(ordered)) - 1]),
    }


def main() -> None:
    """Serve the page over a copy of the index and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("questions", type=Path, nargs="?")
    parser.add_argument("--memory", action="store_true")
    arguments = parser.parse_args()
    questions = _QUESTIONS
    if arguments.questions:
        lines = arguments.questions.read_text().splitlines()
        questions = [json.loads(line)["question"] for line in lines]
    executable = chromium()
    if executable is None:
        sys.exit("no Chromium: install one, or name it in CHROMIUM")
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder, "index")  # the server stores conversations in it
        shutil.copytree(arguments.index, index, ignore=shutil.ignore_patterns("cache"))
        with serving(index) as (address, pid):
            with sync_playwright() as playwright:
                context = playwright.chromium.launch_persistent_context(
                    f"{folder}/profile", executable_path=executable, args=["--no-sandbox"]
                )
                figures = in_browser(address, context, questions)
                context.close()
            before = _processor_seconds(pid)
            figures |= asyncio.run(at_once(address, questions))
            spent = _processor_seconds(pid) - before
            figures["server's processor seconds for these"] = round(spent, 1)
            if arguments.memory:
                figures |= asyncio.run(memory(address, pid, questions))
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
