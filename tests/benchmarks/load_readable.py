"""What can be read of some folders, and what of it another commit read more of.

    python tests/benchmarks/load_readable.py FOLDER [FOLDER ...] [--no-ocr] > before.txt
    python tests/benchmarks/load_readable.py FOLDER [FOLDER ...] [--no-ocr] --before before.txt

The first form prints each source (a file, a row of an export, a member of an archive) with the
number of its letters and digits. It also runs in a checkout of an older commit. The second form
prints the sources of such a list that are skipped, empty or shorter by a tenth now.
"""

import argparse
from pathlib import Path

from rag import Document, load_settings, read

_SHORTER = 0.9


def main() -> None:
    """Print the list, or what it has more than now."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--no-ocr", action="store_true")
    parser.add_argument("--before", type=Path, help="a list that the first form printed")
    options = parser.parse_args()
    items = read(options.folders, settings=load_settings(ocr=not options.no_ocr))
    now = {_below(item.source, options.folders): _letters(item) for item in items}
    if not options.before:
        print("".join(f"{size}\t{source}\n" for source, size in sorted(now.items())), end="")
        return
    lines = options.before.read_text().splitlines()
    before = {source: int(size) for size, _, source in (line.partition("\t") for line in lines)}
    for source, size in before.items():
        if size and now.get(source, 0) < _SHORTER * size:
            print(f"{source}: {size:,} letters and digits before, {now.get(source, 0):,} now")
    print(
        f"{sum(map(bool, before.values()))} sources read before, {sum(map(bool, now.values()))} now"
    )


def _letters(item: object) -> int:
    return sum(map(str.isalnum, item.text)) if isinstance(item, Document) else 0


def _below(source: str, folders: list[Path]) -> str:
    """The source without the path of its folder, which may lie elsewhere."""
    return next(
        (
            source.removeprefix(f"{folder}/")
            for folder in folders
            if source.startswith(f"{folder}/")
        ),
        source,
    )


if __name__ == "__main__":
    main()
