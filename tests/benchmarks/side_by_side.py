"""The figures of retrieval and of answers for several collections side by side.

    python tests/benchmarks/side_by_side.py --set NAME INDEX QUESTIONS.jsonl [--set …]

Each ``--set`` is a column: its name, the folder of an index, labelled questions over it. A figure
that a change helps in one column and hurts in another is not a gain.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path

from rag import Index
from rag.evaluate import evaluate, evaluate_answers, read_questions

ROWS = {
    "cover@1000": "spans within 1,000 characters",
    "cover@4500": "spans within 4,500 characters",
    "cover@9000": "spans within 9,000 characters",
    "top1": "right document first",
    "says": "says all that it must",
    "cites": "cites a span that answers",
    "speaker": "speaker right, where cited",
    "status": "status right, where cited",
    "silent": "wrongly not found",
    "partial": "partial",
    "quoted": "characters quoted, median",
}


def main() -> None:
    """Measure every set and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--set",
        nargs=3,
        action="append",
        required=True,
        metavar=("NAME", "INDEX", "QUESTIONS"),
        dest="sets",
    )
    options = parser.parse_args()
    opened: dict[str, Index] = {}
    columns = {}
    for name, folder, questions in options.sets:
        index = opened.setdefault(folder, Index.open(Path(folder)))
        labelled = read_questions([questions])
        figures: Mapping[object, float] = {
            **evaluate(index, labelled).figures(),
            **evaluate_answers(index, labelled).figures(),
        }
        columns[name] = {str(key): value for key, value in figures.items()}
        columns[name]["n"] = sum(question.answerable for question in labelled)
    print(f"{'':32}" + "".join(f"{name:>12}" for name in columns))
    print(f"{'answerable questions':32}" + "".join(f"{c['n']:>12.0f}" for c in columns.values()))
    for key, words in ROWS.items():
        places = 0 if key == "quoted" else 3
        cells = (
            f"{column[key]:>12.{places}f}" if key in column else f"{'':>12}"
            for column in columns.values()
        )
        print(f"{words:32}" + "".join(cells))


if __name__ == "__main__":
    main()
