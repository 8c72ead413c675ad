"""Pages drawn by a seed, each as a picture beside its stored text, to be compared by eye.

    python tests/benchmarks/load_pages.py ../shared/data/pdf ../shared/data/us --out DIR --seed 16
    python tests/benchmarks/load_pages.py --summary

One page is drawn from each PDF, in a random order, and a second one from each only when all have
been drawn from: long books do not fill the list. Files without pages are left out. What a person
saw stands in ``data/pages_by_eye.jsonl``, one line for each page: the words that are on the picture
but not in the stored text (``lost``), the reverse or doubled (``added``), and the words that stand
at the wrong place (``out_of_order``). Running heads, page numbers, line numbers and stamps are not
lost; ``left_out`` counts their lines. ``ocr`` says that the page is a scan; ``before`` has the
three counts as they were when the page was first looked at.
"""

import argparse
import json
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import pypdfium2 as pdfium

from rag.load.documents import read
from rag.types import Document

SEEN = Path(__file__).parent / "data" / "pages_by_eye.jsonl"
COUNTS = ("lost", "added", "out_of_order")
_DOTS_PER_INCH = 110


def drawn(folders: Sequence[Path], *, pages: int, seed: int) -> list[tuple[Path, int]]:
    """``pages`` pages, from 1, of the PDFs in ``folders``; the same for the same seed."""
    chance = random.Random(seed)
    left: dict[Path, list[int]] = {}
    for path in sorted(path for folder in folders for path in folder.glob("*.pdf")):
        numbers = list(range(1, _page_count(path) + 1))
        chance.shuffle(numbers)
        if numbers:
            left[path] = numbers
    found: list[tuple[Path, int]] = []
    while left and len(found) < pages:
        order = list(left)
        chance.shuffle(order)
        for path in order[: pages - len(found)]:
            found.append((path, left[path].pop()))
            if not left[path]:
                del left[path]
    return found


def stored(document: Document, page: int) -> str:
    """The stored text of ``page``, from 1: the text without notes, then the notes of the page."""
    starts = [*document.page_starts, len(document.text)]
    at, end = starts[page - 1], starts[page]
    pieces: list[str] = []
    for start, stop, _ in document.footnotes:
        if at <= start < end or at < stop <= end:
            pieces.append(document.text[at : max(at, start)])
            at = stop
    pieces.append(document.text[at:end])
    notes = [document.text[start:stop] for start, stop, on in document.footnotes if on == page]
    return "\n".join(["".join(pieces).strip(), *(f"[note] {note}" for note in notes)])


def show(folders: Sequence[Path], out: Path, *, pages: int, seed: int) -> None:
    """Write ``NN.png`` and ``NN.txt`` for each page that is drawn."""
    out.mkdir(parents=True, exist_ok=True)
    documents: dict[Path, Document] = {}
    for number, (path, page) in enumerate(drawn(folders, pages=pages, seed=seed), start=1):
        if path not in documents:
            items = (item for item in read([path]) if isinstance(item, Document))
            documents[path] = next(item for item in items if "!" not in item.source)
        document = documents[path]
        with pdfium.PdfDocument(path) as pdf:
            picture = pdf[page - 1].render(scale=_DOTS_PER_INCH / 72).to_pil()
        picture.save(out / f"{number:02}.png")
        ocr = page in document.metadata.get("ocr_pages", ())
        head = f"{path.name}, page {page}{', read by OCR' if ocr else ''}"
        (out / f"{number:02}.txt").write_text(f"{head}\n\n{stored(document, page)}\n", "utf-8")
        print(f"{number:02} {head}")


def summary() -> str:
    """A table of what was seen: one row for each seed, pages with a text layer and scans apart."""
    rows: defaultdict[tuple[int, bool], Counter[str]] = defaultdict(Counter)
    for line in SEEN.read_text(encoding="utf-8").splitlines():
        page = json.loads(line)
        row = rows[page["seed"], page["ocr"]]
        row.update({"pages": 1, **{name: page[name] for name in (*COUNTS, "left_out")}})
        row.update({f"{name} before": n for name, n in zip(COUNTS, page["before"], strict=True)})
    table = [
        "| seed | pages | lost (at first) | added | out of order | lines left out |",
        "|---|---|---|---|---|---|",
    ]
    for (seed, ocr), row in sorted(rows.items()):
        cells = " | ".join(f"{row[name]} ({row[f'{name} before']})" for name in COUNTS)
        pages = f"{row['pages']} {'scans' if ocr else 'with a text layer'}"
        table.append(f"| {seed} | {pages} | {cells} | {row['left_out']} |")
    return "\n".join(table)


def _page_count(path: Path) -> int:
    try:
        with pdfium.PdfDocument(path) as document:
            return len(document)
    except pdfium.PdfiumError:
        return 0


def main() -> None:
    """Draw pages, or print the summary."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--out", type=Path, help="the folder for pictures and texts")
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--seed", type=int, default=16)
    parser.add_argument("--summary", action="store_true", help="print what was seen")
    arguments = parser.parse_args()
    if arguments.summary:
        print(summary())
    elif arguments.folders and arguments.out:
        show(arguments.folders, arguments.out, pages=arguments.pages, seed=arguments.seed)
    else:
        parser.error("name folders and --out, or --summary")


if __name__ == "__main__":
    main()
