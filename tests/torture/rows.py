"""The rows of the table: what is tried, how often, and what it needs."""

import importlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.torture.runner import Trials


@dataclass(frozen=True)
class Row:
    """One row; ``needs`` names programs that a machine may lack."""

    title: str
    place: str
    count: int
    short: int
    needs: tuple[str, ...] = ()

    def make(self, folder: Path) -> Trials:
        """The trials of the row; they write below ``folder`` alone."""
        module, _, name = self.place.partition(":")
        made: Any = getattr(importlib.import_module(f"tests.torture.{module}"), name)
        trials: Trials = made(folder)
        return trials

    def unavailable(self) -> str:
        """Why the row cannot run here; "" if it can."""
        missing = [name for name in self.needs if not shutil.which(name)]
        return f"no {', '.join(missing)} on this machine" if missing else ""


ROWS = {
    "kills": Row(
        "`kill -9` at random moments of first builds and rebuilds", "kills:Kills", 1000, 6
    ),
    "faults": Row(
        "every write, fsync, rename and open of a rebuild fails in turn",
        "faults:Faults",
        700,
        5,
        ("strace",),
    ),
    "full-disk": Row(
        "a rebuild on a disk that is nearly full", "faults:FullDisk", 100, 3, ("mount",)
    ),
    "rounds": Row(
        "two rebuilds, a rebuild under four readers, a folder deleted under a reader",
        "rounds:Rounds",
        500,
        6,
    ),
    "documents": Row(
        "hostile documents: each kind, then mutants of all formats", "documents:Documents", 5037, 60
    ),
    "damage": Row(
        "every file of a build and of the caches damaged, at rest and under a reader",
        "damage:Damage",
        5000,
        40,
    ),
    "instructions": Row(
        "instructions in documents, with and without a model that obeys",
        "instructions:Instructions",
        350,
        16,
    ),
    "questions": Row("hostile questions", "questions:Questions", 2000, 20),
    "growth": Row("many questions in one process: at most 1 KB each", "many:Growth", 10_500, 0),
    "sessions": Row("fifty sessions at once: nothing mixed", "many:Sessions", 10, 0),
    "network": Row(
        "no network at all for index, ask, search, status, verify and the page",
        "network:Network",
        13,
        2,
        ("strace", "unshare"),
    ),
    "models": Row(
        "altered weights, pickles, and the key of a language model", "models:Models", 60, 3
    ),
    "page": Row(
        "300 payloads on the page, in eight places", "page:PagePayloads", 300, 2, ("chromium",)
    ),
    "exports": Row(
        "300 payloads in ten formats, 25 at once",
        "exports:Exports",
        12,
        0,
        ("chromium", "soffice", "strace", "unshare"),
    ),
}
