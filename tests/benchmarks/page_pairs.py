"""The page of two versions in turn: ``page_pairs.py OLD OLD_INDEX NEW_INDEX [--pairs N]``.

OLD is a checkout of the earlier version, and each index is made by its own version. Both servers
run at the same time, and each question is asked of the one and then of the other. A new question
text in each pair keeps the caches out. Prints the medians in milliseconds, and how often the new
version was faster: first paint, question to first claim, and the opening of a citation.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import BrowserContext, sync_playwright

from tests.ui.conftest import CHECKOUT, chromium, serving
from tests.ui.measure import _CLOCK, _QUESTIONS, _visit


def main() -> None:
    """Serve both versions and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("old", type=Path)
    parser.add_argument("old_index", type=Path)
    parser.add_argument("new_index", type=Path)
    parser.add_argument("--pairs", type=int, default=10)
    arguments = parser.parse_args()
    executable = chromium()
    if executable is None:
        sys.exit("no Chromium: install one, or name it in CHROMIUM")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        indexes = Path(folder, "old", "index"), Path(folder, "new", "index")
        for source, copy in zip((arguments.old_index, arguments.new_index), indexes, strict=True):
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns("cache"))
        with (
            serving(indexes[0], checkout=arguments.old) as (old, _),
            serving(indexes[1], checkout=CHECKOUT) as (new, _),
        ):
            contexts = {}
            for address in (old, new):
                contexts[address] = playwright.chromium.launch_persistent_context(
                    f"{folder}/profile-{len(contexts)}",
                    executable_path=executable,
                    args=["--no-sandbox"],
                )
                _warm(address, contexts[address])
            clocks: dict[str, list[dict[str, float]]] = {old: [], new: []}
            for number in range(arguments.pairs):
                question = f"{_QUESTIONS[number % len(_QUESTIONS)]} ({number})"
                order = (old, new) if number % 2 == 0 else (new, old)
                for address in order:
                    clocks[address].append(_visit(address, contexts[address], question))
            for context in contexts.values():
                context.close()
    print(f"{arguments.pairs} pairs in turn       old   new   new faster")
    for name, of in _FIGURES.items():
        pairs = [
            (of(before), of(now))
            for before, now in zip(clocks[old], clocks[new], strict=True)
            if of(before) is not None and of(now) is not None
        ]
        medians = [statistics.median(values) for values in zip(*pairs, strict=True)]
        faster = sum(now < before for before, now in pairs)
        print(f"{name:24} {medians[0]:5.0f} {medians[1]:5.0f}   {faster} of {len(pairs)}")


_FIGURES = {
    "first paint": lambda clock: clock["box"],
    "question to first claim": lambda clock: clock["claim"] - clock["asked"],
    "opening a citation": lambda clock: (
        clock["mark"] - clock["clicked"] if "mark" in clock else None
    ),
}


def _warm(address: str, context: BrowserContext) -> None:
    """Load the models, and the files of the page into the cache of the browser."""
    context.add_init_script(_CLOCK)
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector(".example", timeout=300_000)
    page.close()
    for question in _QUESTIONS[:2]:
        _visit(address, context, f"{question} (first)")


if __name__ == "__main__":
    main()
