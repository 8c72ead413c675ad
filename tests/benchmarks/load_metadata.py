"""Compares inferred metadata with the known metadata of the shared corpus.

    python tests/benchmarks/load_metadata.py ../shared/data/enforcement_corpus.jsonl.gz [--titles]

Many rows have only a text, without the heading that names agency, number and date: most values left
open cannot be known from the text. With ``--titles`` the headings that are titles stay.
"""

import argparse
import gzip
import json
from collections import Counter
from pathlib import Path

from rag.load.metadata import infer


def main() -> None:
    """For each agency and key, print how many inferred values are right, wrong or left open."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--titles", action="store_true", help="keep the titles, hide the rest")
    arguments = parser.parse_args()
    counts: Counter[tuple[str, str, str]] = Counter()
    with gzip.open(arguments.corpus) as file:
        for line in file:
            row = json.loads(line)
            found = infer(row["text"], row["title"] if arguments.titles else "", {})
            for key, wanted in known(row).items():
                got = str(found.get(key, ""))
                right = got.startswith(wanted) if key == "date" else got == wanted
                outcome = "right" if right else "wrong" if got else "open"
                counts[row["agency"], key, outcome] += 1
    print("| agency | key | right | wrong | left open | precision |")
    print("|---|---|---|---|---|---|")
    for agency, key in sorted({(agency, key) for agency, key, _ in counts}):
        right, wrong, left = (counts[agency, key, name] for name in ("right", "wrong", "open"))
        precision = right / (right + wrong) if right + wrong else 0.0
        print(f"| {agency} | {key} | {right:,} | {wrong:,} | {left:,} | {precision:.3f} |")


def known(row: dict[str, str]) -> dict[str, str]:
    """The metadata of ``row`` in the corpus; the release number is part of an SEC id."""
    release = row["id"].removeprefix("SEC-LR-") if row["id"].startswith("SEC-LR-") else ""
    values = {"agency": row["agency"], "type": row["doc_type"], "date": row["date"] or ""}
    return {key: value for key, value in (values | {"release": release}).items() if value}


if __name__ == "__main__":
    main()
