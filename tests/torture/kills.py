"""A build is killed at a random moment: nothing is lost, and the next build leaves no litter."""

import random
import shutil
import time
from pathlib import Path

import numpy as np

from rag import Index
from rag.index.builds import Builds
from tests.torture.corpus import (
    AFTER,
    BEFORE,
    Child,
    WordEmbedder,
    answers,
    finish,
    settings_of,
    tidy,
    use_words,
    write,
)

_EVENTS = 115
"""Disk operations of a build, about."""


class Kills:
    """First builds and rebuilds, each killed with ``SIGKILL`` and then done again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        use_words()
        self._known = {}
        write(folder / "before", {"elm.txt": "Elm Savings was fined $4,000."})
        finish(folder / "before")  # an older build, which the killed one deletes
        for name, corpus in (("after", AFTER), ("before", BEFORE)):
            write(folder / name, corpus)
            finish(folder / name)
            self._known[name] = answers(Index.open(settings=settings_of(folder / name)))
        self._typical = 1.0

    def trial(self, draw: random.Random, number: int) -> str:
        """Kill one build by the clock or at one of its disk operations; build again; compare."""
        here = self._folder / "trial"
        first = draw.random() < 0.4
        if first:
            (here / "index").mkdir(parents=True)
        else:
            shutil.copytree(self._folder / "before", here)
        try:
            return self._killed(here, draw, first)
        finally:
            shutil.rmtree(here)

    def _killed(self, here: Path, draw: random.Random, first: bool) -> str:
        write(here, AFTER)
        at = draw.randrange(_EVENTS) if draw.random() < 0.5 else -1
        child = Child(here, die_at=at)
        began = time.monotonic()
        child.go()
        if at < 0:
            child.told.poll(draw.random() * 1.1 * self._typical)
            child.process.kill()
        built = child.end()
        if built is not None:
            self._typical = 0.9 * self._typical + 0.1 * (time.monotonic() - began)
        live = Builds(here / "index").current()
        assert live or first, "the live build is gone"
        after = "none"
        if live:
            said = answers(Index.open(settings=settings_of(here)))
            after = next(name for name, known in self._known.items() if said == known)
            assert after == "after" or not first
        assert built is None or after == "after"
        before = self._records(here)
        finish(here)
        assert answers(Index.open(settings=settings_of(here))) == self._known["after"]
        records = self._records(here)
        keys = records["key"].tolist()
        assert len(set(keys)) == len(keys), "a text was embedded twice: work was lost"
        assert keys[: len(before)] == before["key"].tolist()
        tidy(here / "index")
        kind = "first build" if first else "rebuild"
        return f"{kind} {'finished first' if built else 'killed, live: ' + after}"

    def _records(self, here: Path) -> "np.ndarray[tuple[int], np.dtype[np.void]]":
        kind = np.dtype(
            [("key", "V32"), ("vector", "<f4", (WordEmbedder.dimension,)), ("c", "<u4")]
        )
        path = here / "index" / "cache" / f"{WordEmbedder.fingerprint[:32]}.vectors"
        data = path.read_bytes() if path.is_file() else b""
        return np.frombuffer(data[: len(data) // kind.itemsize * kind.itemsize], kind)
