"""Builds from the page, one after the other."""

import threading
from typing import Any

import pytest

from rag import Settings
from ui import building
from ui.building import Building


def test_a_second_build_begins_when_the_first_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    release, started = threading.Event(), threading.Event()
    begun: list[Any] = []

    def build(sources: Any, **options: Any) -> None:
        begun.append(sources)
        started.set()
        release.wait(10)

    monkeypatch.setattr(building, "build_index", build)
    first = Building(Settings(), ["a"], reading=["a.txt"])
    second = Building(Settings(), ["b"], reading=["b.txt"], after=first)
    started.wait(10)
    assert second.reading == ("a.txt", "b.txt")
    assert begun == [["a"]]

    release.set()
    second.wait(10)
    assert begun == [["a"], ["b"]]


def test_a_waiting_build_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()
    monkeypatch.setattr(building, "build_index", lambda *args, **options: release.wait(10))
    first = Building(Settings())
    second = Building(Settings(), after=first)

    second.stop()
    release.set()
    second.wait(10)

    assert not second.running
    assert second.report is None
    assert not second.error
