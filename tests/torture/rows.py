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
}
