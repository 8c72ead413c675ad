"""Runs a row of trials: each has a number, a seed and an outcome; what was run survives a kill."""

import json
import multiprocessing
import random
import shutil
import subprocess
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

CHECKOUT = Path(__file__).resolve().parents[2]
RESULTS = Path(__file__).with_name("results.jsonl")
STATE = CHECKOUT / ".torture"
"""A folder that git ignores; each row that is not done has a file in it."""
_SAVED_EVERY = 30
"""Seconds between two writes of the state."""
_KEPT_FAULTS = 20


class Trials(Protocol):
    """The trials of one row. Any exception of ``trial`` is a fault."""

    def trial(self, draw: random.Random, number: int) -> str:
        """Do trial ``number`` and name what came of it; all that is random comes from ``draw``."""
        ...


@dataclass
class Progress:
    """What a row has done; ``outcomes`` counts names, ``faults`` tells the first faults."""

    row: str
    seed: int
    count: int
    done: int = 0
    seconds: float = 0.0
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    commit: str = ""
    ended: str = ""

    def note(self, number: int, outcome: str, fault: str) -> None:
        """Count the outcome of one trial."""
        self.done = number + 1
        self.outcomes["fault" if fault else outcome] += 1
        if fault and len(self.faults) < _KEPT_FAULTS:
            self.faults.append(f"trial {number}: {fault}")

    @property
    def line(self) -> str:
        """One line for people, with the seed."""
        counts = ", ".join(f"{many:,} {name}" for name, many in sorted(self.outcomes.items()))
        return (
            f"{self.row}: seed {self.seed}, {self.done:,} of {self.count:,}, "
            f"{self.seconds / 60:.1f} min, commit {self.commit}: {counts}"
        )


def attempt(trials: Trials, seed: int, number: int) -> tuple[str, str]:
    """The outcome of one trial, and its fault or ""."""
    try:
        return trials.trial(random.Random(f"{seed}:{number}"), number), ""
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        where = traceback.extract_tb(error.__traceback__)[-1]
        return "", f"{type(error).__name__}: {error!s:.600} ({where.name}, line {where.lineno})"


def run_here(make: Callable[[Path], Trials], row: str, seed: int, count: int) -> Progress:
    """Run the first ``count`` trials in this process: the short version, for the default tests."""
    progress = Progress(row, seed, count, commit=_commit())
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        trials = make(Path(folder))
        try:
            for number in range(count):
                progress.note(number, *attempt(trials, seed, number))
        finally:
            _close(trials)
    progress.seconds = time.monotonic() - began
    return progress


def run(make: Callable[[Path], Trials], row: str, seed: int | None, count: int) -> Progress:
    """Run a row in a process of its own, go on where an earlier run stopped, and note the result.

    A trial that ends its process is a fault, and the next trial begins in a new process.
    """
    progress = _begun(row, seed, count)
    saved = time.monotonic()
    while progress.done < count:
        folder = Path(tempfile.mkdtemp(prefix=f"torture-{row}-"))
        try:
            context = multiprocessing.get_context("spawn")
            ours, theirs = context.Pipe()
            task = (make, folder, progress.seed, progress.done, count, theirs)
            process = context.Process(target=_work, args=task)
            before = time.monotonic()
            process.start()
            theirs.close()
            try:
                ready: str = ours.recv()
            except EOFError:
                raise RuntimeError(f"{row}: the trials cannot be prepared") from None
            assert ready == "ready"
            try:
                while progress.done < count:
                    number, outcome, fault = ours.recv()
                    progress.note(number, outcome, fault)
                    progress.seconds += time.monotonic() - before
                    before = time.monotonic()
                    if before - saved > _SAVED_EVERY:
                        _save(progress)
                        saved = before
            except EOFError:
                process.join()
                fault = f"the process of the trials ended with status {process.exitcode}"
                progress.note(progress.done, "", fault)
            process.join()
        finally:
            _save(progress)
            shutil.rmtree(folder, ignore_errors=True)
    _keep(progress)
    return progress


def results() -> list[dict[str, Any]]:
    """What was noted, oldest first."""
    if not RESULTS.is_file():
        return []
    return [json.loads(line) for line in RESULTS.read_text("utf-8").splitlines()]


def _work(
    make: Callable[[Path], Trials],
    folder: Path,
    seed: int,
    first: int,
    count: int,
    told: Connection,
) -> None:
    trials = make(folder)
    told.send("ready")
    try:
        for number in range(first, count):
            told.send((number, *attempt(trials, seed, number)))
    finally:
        _close(trials)


def _close(trials: Trials) -> None:
    if hasattr(trials, "close"):
        trials.close()


def _begun(row: str, seed: int | None, count: int) -> Progress:
    path = STATE / f"{row}.json"
    if path.is_file():
        known = json.loads(path.read_text("utf-8"))
        if known["count"] == count and seed in (None, known["seed"]):
            return Progress(**{**known, "outcomes": Counter(known["outcomes"])})
    drawn = random.SystemRandom().randrange(1_000_000) if seed is None else seed
    return Progress(row, drawn, count, commit=_commit())


def _save(progress: Progress) -> None:
    STATE.mkdir(exist_ok=True)
    temporary = STATE / f".{progress.row}.json"
    temporary.write_text(json.dumps(vars(progress)), "utf-8")
    temporary.replace(STATE / f"{progress.row}.json")


def _keep(progress: Progress) -> None:
    progress.ended = datetime.now(UTC).isoformat(timespec="seconds")
    with RESULTS.open("a", encoding="utf-8") as file:
        file.write(json.dumps({**vars(progress), "seconds": round(progress.seconds)}) + "\n")
    (STATE / f"{progress.row}.json").unlink(missing_ok=True)


def _commit() -> str:
    told = subprocess.run(
        ["git", "describe", "--always", "--dirty=+", "--abbrev=8", "--exclude=*"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    return told.stdout.strip() or "unknown"
