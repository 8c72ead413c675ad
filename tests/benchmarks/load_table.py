"""What every file of some folders was read as: one line for each document, and the totals.

    python tests/benchmarks/load_table.py FOLDER [FOLDER ...] [--cache FOLDER] [--no-ocr] [--show]

A paragraph of a document with pages is severed if it ends without a sign and the next one begins
with a word in lower case; list marks ("a.", "(b)"), entries of a table of contents and rows of
tables are no such words. Other files mark their paragraphs themselves. A character is blacked out
though visible if it is left out as redacted or hidden, and the picture of the page shows contrast
in the middle of its box. ``--show`` prints the severed paragraphs.
"""

import argparse
import re
import time
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from rag.config import load_settings
from rag.load import find, load
from rag.load.pdf.chars import open_pdf, read_chars
from rag.load.pdf.hidden import hidden_flags
from rag.types import Document, Skipped

_ENDS = re.compile(r"[.!?:;…][\"”’')\]\d⁰¹²³⁴⁵⁶⁷⁸⁹]*$")
_LOWER = re.compile(r"(?!\(?(?:[a-z]{1,2}|[ivx]+|\d{1,2})[.)]|[o•▪-] )[a-z]")
_MARK_ALONE = re.compile(r"\W{0,2}(?:[a-z]{1,2}|[ivxlc]+|[\d.]{1,9})[.)]\W{0,2}", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:\.\s?){4}|…|\t|\s{2}\d{1,4}$")
_SCALE, _CONTRAST = 4, 64
_COLUMNS = (
    *("file", "pages", "by OCR", "sections", "type", "agency", "speaker", "title", "date"),
    *("paragraphs", "severed", "blacked out", "of them visible", "left out", "warnings"),
)
_COUNTED = ("pages", "by OCR", "sections", *_COLUMNS[9:14])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--no-ocr", action="store_true")
    parser.add_argument("--show", action="store_true", help="print the severed paragraphs too")
    options = parser.parse_args()
    settings = load_settings(ocr=not options.no_ocr)
    began = time.perf_counter()
    totals: Counter[str] = Counter()
    skipped: list[Skipped] = []
    print(f"| {' | '.join(_COLUMNS)} |\n|{'---|' * len(_COLUMNS)}")
    for item in load(find(options.folders), settings, cache=options.cache):
        if isinstance(item, Skipped):
            skipped.append(item)
            continue
        parts = paragraphs(item.text)
        cut = severed(parts) if item.page_starts else []
        row = _row(item, len(parts), len(cut))
        totals.update({name: int(row[name] or 0) for name in _COUNTED}, files=1)
        totals["on pages"] += len(parts) if item.page_starts else 0
        print(f"| {' | '.join(_cell(row[name]) for name in _COLUMNS)} |")
        if options.show:
            print("".join(f"    {words}\n" for words in cut), end="")
    sums = {name: f"{totals[name]:,}" for name in _COUNTED}
    sums["file"] = f"all {totals['files']}"
    print(f"| {' | '.join(sums.get(name, '') for name in _COLUMNS)} |\n")
    print("".join(f"skipped: {Path(one.source).name}: {one.reason}\n" for one in skipped), end="")
    share = totals["severed"] / max(1, totals["on pages"])
    print(f"severed: {share:.2%} of {totals['on pages']:,} paragraphs on pages", end="; ")
    print(f"{time.perf_counter() - began:.0f} s")


def severed(parts: Sequence[str]) -> list[str]:
    """The places where a paragraph is severed: the end of one and the start of the next."""
    return [
        f"{above[-60:]} / {part[:60]}"
        for above, part in pairwise(parts)
        if not _ENDS.search(above)
        and _LOWER.match(part)
        and " | " not in above + part
        and not _MARK_ALONE.fullmatch(above)
        and not (_CONTENTS.search(above) or _CONTENTS.search(part))
    ]


def paragraphs(text: str) -> list[str]:
    """The paragraphs; lines that were broken on purpose count."""
    return [part for part in text.split("\n") if part.strip()]


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


def _row(document: Document, parts: int, cut: int) -> dict[str, Any]:
    metadata = document.metadata
    data = Path(document.source).read_bytes() if document.page_starts else b""
    hidden, visible = blacked_out_though_visible(data) if data else (0, 0)
    speakers = {name for _, name in document.speaker_starts}
    return {
        "file": document.doc_id,
        "pages": len(document.page_starts),
        "by OCR": len(metadata.get("ocr_pages", ())),
        "sections": len(document.sections),
        "title": document.title,
        "speaker": metadata.get("speaker") or (f"{len(speakers)} speakers" if speakers else ""),
        "paragraphs": parts,
        "severed": cut,
        "blacked out": hidden,
        "of them visible": visible,
        "left out": metadata.get("left_out", 0),
        "warnings": metadata.get("warnings", []),
        **{name: metadata.get(name, "") for name in ("type", "agency", "date")},
    }


def _cell(value: object) -> str:
    if isinstance(value, list):
        value = "; ".join(map(str, value))
    if isinstance(value, int):
        return f"{value:,}" if value else ""
    return " ".join(str(value).replace("|", "/").split())


if __name__ == "__main__":
    main()
