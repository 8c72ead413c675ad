"""A working day by script: ``python -m tests.ui.working_day [--short]``.

Three people, each with a browser profile of their own and two tabs, ask forty questions (twelve
with ``--short``). Each uploads a file, all with one name; each saves the day as a file. The index
is built anew and the server is restarted in between. Prints a table; the exit status is 1 if an
answer is lost, belongs to somebody else, or if the memory of the server does not come back.
"""

import argparse
import json
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from rag import build_index, load_settings
from rag.answer.evidence import verify_file
from tests.ui.conftest import ask, at_rest, chromium, free_port, serving
from tests.ui.measure import _megabytes

_FIRMS = (
    "Alder Birch Cedar Dogwood Elm Fir Gorse Hazel Ivy Juniper Kapok Larch Maple Nettle Oak Pine "
    "Quince Rowan Spruce Teak Ulmus Vine Willow Yew Acacia Beech Cherry Drimys Ebony Fig Ginkgo "
    "Hawthorn Ironwood Jarrah Kauri Laurel Myrtle Nutmeg Olive Poplar"
).split()
_PEOPLE = 3
_GROWN = 1.15
"""The memory of the server at the end of its time, as a share of that after its first answer."""


@dataclass
class Person:
    """A browser profile with two tabs; ``asked`` has the questions and the sums of each tab."""

    context: BrowserContext
    tabs: list[Page]
    asked: list[list[tuple[str, str]]] = field(default_factory=lambda: [[], []])


def day(folder: Path, *, questions: int, context_of: "Contexts") -> dict[str, object]:
    """Live through the day in ``folder``; the figures, among them what was lost or mixed."""
    seeds, index, port = folder / "seeds", folder / "index", free_port()
    seeds.mkdir()
    for number, firm in enumerate(_FIRMS):
        (seeds / f"{firm.lower()}.txt").write_text(_order(firm, number))
    build_index(settings=load_settings(index=index, seeds=seeds))
    began = time.monotonic()
    memory = []
    half = questions // 2
    with serving(index, seeds, port=port) as (address, pid):
        people = [_arrive(context_of(), address) for _ in range(_PEOPLE)]
        for number in range(half):
            _ask_one(people[number % _PEOPLE], number)
            if number == 0:
                memory.append(_megabytes(pid))
        for number, person in enumerate(people):
            _upload(person, address, number)
        memory.append(_megabytes(pid))
    build_index(settings=load_settings(index=index, seeds=seeds), rebuild=True)
    with serving(index, seeds, port=port) as (address, pid):
        for person in people:
            for tab in person.tabs:
                tab.reload()
                at_rest(tab)
        for number in range(half, questions):
            _ask_one(people[number % _PEOPLE], number)
            if number == half:
                memory.append(_megabytes(pid))
        lost = mixed = exports = 0
        for number, person in enumerate(people):
            for place, tab in enumerate(person.tabs):
                tab.reload()
                at_rest(tab)
                lost += _lost(tab, person.asked[place])
                exports += _export(tab, person.asked[place], folder / f"{number}-{place}.json")
            own = {question for asked in person.asked for question, _ in asked}
            listed = person.tabs[0].locator("[class*=st-key-open-]").all_inner_texts()
            mixed += sum(name not in own for name in listed)
        kept = len(list((seeds / "uploaded").glob("note*.txt")))
        for person in people:
            person.context.close()
        time.sleep(3)
        memory.append(_megabytes(pid))
    return {
        "questions": questions,
        "answers lost or of somebody else": lost,
        "conversations of others listed": mixed,
        "files saved whole and verified": f"{exports} of {2 * _PEOPLE}",
        "files of one name kept": f"{kept} of {_PEOPLE}",
        "MB of the first server, after the first answer and the last": _pair(memory[:2]),
        "MB of the second server, after its first answer and all tabs closed": _pair(memory[2:]),
        "seconds": round(time.monotonic() - began),
        "good": not lost
        and not mixed
        and exports == 2 * _PEOPLE
        and kept == _PEOPLE
        and memory[3] <= _GROWN * memory[2],
    }


class Contexts:
    """Makes browser profiles."""

    def __init__(self, stack: ExitStack, browser: Browser | None = None) -> None:
        if browser is None:
            playwright = stack.enter_context(sync_playwright())
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
            stack.callback(browser.close)
        self._browser = browser

    def __call__(self) -> BrowserContext:
        context = self._browser.new_context(viewport={"width": 1440, "height": 900})
        context.set_default_timeout(120_000)
        return context


def _order(firm: str, number: int) -> str:
    return (
        f"In the matter of {firm} Shipping Ltd\n\n"
        f"The Authority found that {firm} Shipping Ltd filed {number + 3} reports late.\n\n"
        f"The Authority imposed a fine of {_fine(number)} pounds on {firm} Shipping Ltd.\n"
    )


def _fine(number: int) -> str:
    return f"{10_000 + 137 * number:,}"


def _arrive(context: BrowserContext, address: str) -> Person:
    tabs = [context.new_page() for _ in range(2)]
    for tab in tabs:
        tab.goto(address)
        at_rest(tab)
    return Person(context, tabs)


def _ask_one(person: Person, number: int) -> None:
    place = number // _PEOPLE % 2
    question = f"What fine did the Authority impose on {_FIRMS[number]} Shipping?"
    ask(person.tabs[place], question)
    person.asked[place].append((question, _fine(number)))


def _upload(person: Person, address: str, number: int) -> None:
    """Add a file with the name that the others use too, and ask about it."""
    tab = person.tabs[0]
    at_rest(tab)
    tab.get_by_role("button", name="Add documents").click()
    words = f"The court ordered Person {number} Holdings to pay {number + 4}04 pounds.\n"
    tab.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        {"name": "note.txt", "mimeType": "text/plain", "buffer": words.encode()}
    )
    expect(tab.locator(".files li")).to_have_count(1)
    tab.get_by_role("button", name="Add 1 file and build").click()
    expect(tab.get_by_test_id("stToastText")).to_contain_text("Indexed")
    tab.keyboard.press("Escape")
    at_rest(tab)


def _lost(tab: Page, asked: list[tuple[str, str]]) -> int:
    """How many questions of a tab are not there, or without their own sum."""
    expect(tab.locator(".question")).to_have_count(len(asked))
    shown = [
        tab.locator(f".st-key-turn-{number}").first.inner_text() for number in range(len(asked))
    ]
    return sum(
        question not in words or fine not in words
        for words, (question, fine) in zip(shown, asked, strict=True)
    )


def _export(tab: Page, asked: list[tuple[str, str]], file: Path) -> bool:
    tab.get_by_role("button", name="This conversation").click()
    with tab.expect_download() as download:
        tab.get_by_role("button", name="JSON, as evidence").click()
    download.value.save_as(file)
    answers = json.loads(file.read_text())["answers"]
    tab.keyboard.press("Escape")
    return verify_file(file) == [] and [one["question"] for one in answers] == [
        question for question, _ in asked
    ]


def _pair(memory: list[float]) -> str:
    return f"{memory[0]:.0f}, {memory[1]:.0f}"


def main() -> None:
    """Live through the day and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="twelve questions")
    arguments = parser.parse_args()
    expect.set_options(timeout=120_000)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        figures = day(
            Path(folder),
            questions=12 if arguments.short else 40,
            context_of=Contexts(stack),
        )
    for name, value in figures.items():
        sys.stdout.write(f"{name:75} {value}\n")
    sys.exit(0 if figures["good"] else 1)


if __name__ == "__main__":
    main()
