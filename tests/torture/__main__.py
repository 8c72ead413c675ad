"""Runs rows of trials, or prints the table of their results.

python -m tests.torture kills --count 1000 --seed 7
python -m tests.torture all
python -m tests.torture table
"""

import argparse
import sys

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
    failed = False
    for name in ROWS if "all" in given.row else given.row:
        row = ROWS[name]
        if why := row.unavailable():
            sys.stdout.write(f"{name}: not run: {why}\n")
            continue
        progress = run(row.make, name, given.seed, given.count or row.count)
        sys.stdout.write(progress.line + "\n")
        for fault in progress.faults:
            sys.stdout.write(f"  {fault}\n")
        failed |= bool(progress.faults)
        sys.stdout.flush()
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
