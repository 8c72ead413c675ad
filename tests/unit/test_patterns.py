"""No pattern takes longer than in proportion to its text, on the texts that are hardest for it."""

import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.patterns import COMMON, Attack, Found, all_patterns, attacks

_SHORT, _LONG = 4_000, 40_000
"""Characters of the hostile texts."""
_SHORT_SECONDS, _LONG_SECONDS = 0.4, 0.25
"""CPU time for a text that is always allowed: it hides what grows with the square, but no more."""
_GROWTH = 25
"""How many times as long a text of ten times the length may take beyond that: in proportion it is
ten times, with the square of the length a hundred times."""
_WORST = 2
"""Texts of each pattern that are tried at the full length, by their time at the short one."""


class _TooLong(Exception):  # noqa: N818 - the end of a measurement, no error
    """A text takes longer than allowed."""


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """End what runs after so much CPU time; ``re`` looks for signals while it runs."""

    def end(*_: object) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def fault_of(found: Found) -> str:
    """The beginning of a text that takes the pattern too long; "" for none."""
    timed: list[tuple[float, int, Attack]] = []
    text = ""
    try:
        for number, attack in enumerate(attacks(found)):
            text = attack.text(_SHORT)
            began = time.process_time()
            with _at_most(_SHORT_SECONDS):
                found.run(text)
            timed.append((time.process_time() - began, -number, attack))
        for seconds, _, attack in sorted(timed, reverse=True, key=lambda one: one[:2])[:_WORST]:
            text = attack.text(_LONG)
            with _at_most(max(_LONG_SECONDS, _GROWTH * seconds)):
                found.run(text)
    except _TooLong:
        return f"{len(text):,} characters, {text[:30]!r} …"
    return ""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGPROF"), reason="measures with a timer of CPU time")
def test_no_pattern_of_the_project_takes_more_than_linear_time() -> None:
    faults = {found.name: fault for found in all_patterns() if (fault := fault_of(found))}

    assert not faults


def test_patterns_are_collected_wherever_they_stand() -> None:
    found = all_patterns()
    names = {one.name for one in found}
    methods = {(one.name, one.method) for one in found}

    assert len(found) > 1200
    assert "rag.load.source._GLOB" in names  # a name of a module
    assert any(name.startswith("rag.answer.lacks.") for name in names)  # inside a function
    assert any(
        name.startswith("rag.sums.amounts._BEFORE") or "amounts.line" in name for name in names
    )
    assert (
        "rag.load.metadata.sections._kinds" in names
    )  # read from a data file by a cached function
    assert "rag/question/requests.toml" in names
    assert any(name.startswith("rag/attribution/families/") for name in names)
    assert any(name.startswith("ui.") for name in names)
    assert ("rag.load.metadata.parties._ROLE", "match") in methods


@pytest.mark.skipif(not hasattr(signal, "SIGPROF"), reason="measures with a timer of CPU time")
@pytest.mark.parametrize(
    "pattern",
    [
        r"(?m)^(?:\W*\n)*\W*v\b",
        r"^(?:the )(?:[a-z]+ ?)+$",
        r"\s+(?:and|or)\s+",
        r"(a|aa)+$",
        r"\bbetween\b.*\band\b",
        r"[A-Z][\w.]*(?:,| is)+ an?$",
        r"(?:\d+,?)+\s\$",
    ],
)
def test_a_pattern_that_grows_faster_is_found(pattern: str) -> None:
    assert fault_of(Found("own", re.compile(pattern), "finditer"))


@pytest.mark.parametrize("pattern", [r"(?<!\s)\s+and\b", r"\$\d{1,9}", r"\w+", r"(?m)^\s{0,9}v\b"])
def test_a_linear_pattern_is_not(pattern: str) -> None:
    assert fault_of(Found("own", re.compile(pattern), "finditer")) == ""


def test_hostile_texts_hold_what_repeats() -> None:
    found = Found("own", re.compile(r"fined\s+[^;]{1,300};"), "finditer")

    texts = [attack.text(100) for attack in attacks(found)]

    assert all(len(text) == 100 for text in texts)
    assert "fined" + " " * 94 + "\x01" in texts
    assert all(any(text.startswith(word * 9) for text in texts) for word in COMMON)
