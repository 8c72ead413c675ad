"""What reading cut, blacked out or left out: one line for each PDF of some folders.

    python tests/benchmarks/load_severed.py ../shared/data/pdf [../shared/data/us …]

A paragraph is severed if it ends without a sign and the next one begins with a word in lower case;
list marks ("a.", "(b)") and rows of tables are no such words. A character is blacked out though
visible if it is replaced or left out as hidden and the picture of the page shows contrast in the
middle of its box. Left out are running heads, page numbers, line numbers and stamps. Pages without
a sound text layer are not read: OCR is off.
"""

import argparse
import re
import time
from itertools import pairwise
from pathlib import Path

import numpy as np

from rag.config import load_settings
from rag.errors import LoadError
from rag.load.documents import limits_of
from rag.load.parsed import Job, Parsed
from rag.load.pdf.chars import open_pdf, read_chars
from rag.load.pdf.hidden import hidden_flags
from rag.load.pdf.read import read_pdf
from rag.load.sidecar import Sidecar

_ENDS = re.compile(r"[.!?:;…][\"”’')\]\d⁰¹²³⁴⁵⁶⁷⁸⁹]*$")
_LOWER = re.compile(r"(?!\(?(?:[a-z]|[ivx]+)[.)]|o )[a-z]")
_SCALE, _CONTRAST = 4, 64


def severed(text: str) -> tuple[int, list[str]]:
    """The number of paragraphs, lines that were broken on purpose counted, and the severed ones."""
    parts = [part for part in text.split("\n") if part.strip()]
    cut = [
        f"{above[-60:]} / {part[:60]}"
        for above, part in pairwise(parts)
        if not _ENDS.search(above) and _LOWER.match(part) and " | " not in above + part
    ]
    return len(parts), cut


def blacked_out_though_visible(data: bytes) -> tuple[int, int]:
    """Characters taken for hidden, and how many of them the picture of their page shows."""
    hidden = visible = 0
    with open_pdf(data) as document:
        for page in document:
            chars = read_chars(page)
            redacted, invisible = hidden_flags(page, chars)
            flagged = np.flatnonzero(redacted | invisible)
            hidden += len(flagged)
            if not len(flagged):
                continue
            picture = page.render(scale=_SCALE, grayscale=True).to_numpy().squeeze()
            for left, bottom, right, top in chars.boxes[flagged].tolist():
                side, quarter = (right - left) / 10, (top - bottom) / 4
                box = (
                    chars.height - top + quarter,
                    chars.height - bottom - quarter,
                    left + side,
                    right - side,
                )
                y0, y1, x0, x1 = (max(0, round(_SCALE * edge)) for edge in box)
                crop = picture[y0:y1, x0:x1]
                visible += bool(crop.size) and int(crop.max()) - int(crop.min()) >= _CONTRAST
    return hidden, visible


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--show", action="store_true", help="print the severed paragraphs too")
    arguments = parser.parse_args()
    limits = limits_of(load_settings(ocr=False))
    print(
        "| file | pages | paragraphs | severed | hidden | of them visible | left out | ms a page |"
    )
    print("|---|---|---|---|---|---|---|---|")
    totals = np.zeros(6, dtype=int)
    for path in sorted(path for folder in arguments.folders for path in folder.glob("*.pdf")):
        data = path.read_bytes()
        if b"%PDF-" not in data[:1024]:
            continue
        began = time.process_time()
        try:
            parsed = next(iter(read_pdf(Job(data, path.name, Sidecar(), limits))))
        except LoadError as error:
            print(f"| {path.name} | | | | | | | {str(error)[:60]} |")
            continue
        spent = time.process_time() - began
        if not isinstance(parsed, Parsed):
            continue
        paragraphs, cut = severed(parsed.text)
        pages = len(parsed.page_starts)
        hidden, visible = blacked_out_though_visible(data)
        left_out = int(parsed.metadata.get("left_out", 0))
        row = [pages, paragraphs, len(cut), hidden, visible, left_out]
        totals += np.array(row)
        cells = " | ".join(f"{value:,}" for value in row)
        print(f"| {path.name} | {cells} | {1000 * spent / pages:.1f} |")
        if arguments.show:
            print("".join(f"    {words}\n" for words in cut), end="")
    cells = " | ".join(f"{value:,}" for value in totals.tolist())
    print(f"| all | {cells} | |")
    print(f"\nsevered: {100 * totals[2] / max(1, totals[1]):.2f} % of paragraphs")


if __name__ == "__main__":
    main()
