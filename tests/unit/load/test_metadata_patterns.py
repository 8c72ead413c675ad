"""No pattern of the metadata runs for ever, whatever a text holds."""

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest

import rag.load.metadata
from rag.load.metadata import infer, infer_row, sections_of
from rag.load.metadata.document_types import _types
from rag.load.metadata.sections import _kinds

UNITS = (
    *(" ", "\n", "\t ", "\u00a0", "A", "a ", "A ", "1", "1.", "1-", "1 ", "1.1.", ".", ", ", "- "),
    *(
        "(",
        ")",
        "_",
        "[",
        "#",
        "# ",
        "x: ",
        "\n)",
        ")\n",
        "A. ",
        "Aa, ",
        "Aa\n",
        "IV ",
        "e ",
        "“A ",
    ),
    *("A’s ", "of A ", "by A ", "the ", "the \n", "No. ", "No. 1", "A1-", "I, A ", "v. ", "A v. "),
    *("January ", "1 January ", "dated ", "Plaintiff, ", "Plaintiff\n", "order ", "Appeals of "),
    *("statement of ", "written submissions "),
)
SECONDS = {4_000: 0.5, 40_000: 5.0}
"""Of this process; ten times as much text may take ten times as long, not a hundred times."""


def _patterns() -> Iterator[re.Pattern[str]]:
    for module in pkgutil.iter_modules(rag.load.metadata.__path__):
        values = vars(importlib.import_module(f"rag.load.metadata.{module.name}")).values()
        yield from _within(list(values))
    yield from _within([[one.first, one.lines, one.letter, one.text, one.when] for one in _types()])
    yield from _within([[patterns, never] for _, patterns, never in _kinds()])


def _within(value: Any) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _within(one)


@pytest.mark.parametrize("unit", UNITS, ids=repr)
def test_each_pattern_ends_soon_on_a_text_of_its_own_characters(unit: str) -> None:
    text = unit * (4_000 // len(unit)) + "!"
    patterns = list(_patterns())

    slow = [pattern.pattern for pattern in patterns if _seconds(pattern, text) > SECONDS[4_000]]

    assert len(patterns) > 300
    assert slow == []


@pytest.mark.parametrize("start", ["", "Dear X:\n"])
@pytest.mark.parametrize("unit", UNITS, ids=repr)
def test_all_of_the_metadata_is_told_soon(unit: str, start: str) -> None:
    text = start + unit * (40_000 // len(unit))

    begun = time.process_time()
    infer(text, text[:400], {})
    infer_row(text, "", {})
    sections_of(text, ())

    assert time.process_time() - begun < SECONDS[40_000]


def test_a_caption_of_many_line_ends_ends_soon() -> None:
    begun = time.process_time()
    infer("Plaintiff" + "\n" * 40 + "w", "", {})

    assert time.process_time() - begun < 1


def _seconds(pattern: re.Pattern[str], text: str) -> float:
    begun = time.process_time()
    pattern.search(text)
    return time.process_time() - begun
