"""Runs rows of trials, or prints the table of their results.

python -m tests.torture kills --count 1000 --seed 7
python -m tests.torture all
python -m tests.torture table

Of several rows, as many run at the same time as the machine has cores, each in a process of its own.
"""

import argparse
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from tests.torture.rows import ROWS
from tests.torture.runner import run
from tests.torture.table import table


def main() -> int:
    """Run what the command names; 1 if a row has a fault."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("row", nargs="+", choices=["all", "table", *ROWS])
    parser.add_argument("--count", type=int, help="number of trials; else that of the table")
    parser.add_argument("--seed", type=int, help="else drawn, and printed")
    given = parser.parse_args()
    if given.row == ["table"]:
        sys.stdout.write(table())
        return 0
    names = list(ROWS) if "all" in given.row else given.row
    if len(names) == 1:
        return _run(names[0], given.seed, given.count)
    options = [f"--{name}={value}" for name in ("count", "seed") if (value := getattr(given, name))]
    pool = ThreadPoolExecutor(os.cpu_count())
    try:
        codes = list(pool.map(lambda name: _elsewhere(name, options), names))
    finally:  # after Ctrl+C, which the rows get too, no further row begins
        pool.shutdown(cancel_futures=True)
    return max(codes)


def _run(name: str, seed: int | None, count: int | None) -> int:
    """Run one row and tell what came of it; 1 after a fault."""
    row = ROWS[name]
    if why := row.unavailable():
        sys.stdout.write(f"{name}: not run: {why}\n")
        return 0
    progress = run(row.make, name, seed, count or row.count)
    faults = "".join(f"  {fault}\n" for fault in progress.faults)
    sys.stdout.write(f"{progress.line}\n{faults}")
    return int(bool(progress.faults))


def _elsewhere(name: str, options: list[str]) -> int:
    """Run one row in a process of its own; its exit status."""
    return subprocess.run(
        [sys.executable, "-m", "tests.torture", name, *options], check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
