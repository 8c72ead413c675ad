"""Text pages a second: our reader, which records the place of each character, and other libraries.

    pip install pypdf pdfplumber 'markitdown[pdf]' docling-parse
    python tests/benchmarks/load_speed.py ../shared/data/pdf

Only files without OCR pages are read. The installed libraries take turns in one run. Times are
processor time, the best of three rounds (one round for slow libraries).
"""

import sys
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from rag.config import load_settings
from rag.load.documents import limits_of
from rag.load.parsed import Job
from rag.load.pdf import read_pdf
from rag.load.sidecar import Sidecar

FILES = (
    "7512_73757_comment.pdf",
    "7512_74364_comment.pdf",
    "7512_74368_comment.pdf",
    "7512_74437_comment.pdf",
    "7512_74442_comment.pdf",
    "FinCEN-TD-Bank-Consent-Order-2024.pdf",
    "broken-mime.pdf",
    "x-ray__rectangles_yes.pdf",
)
ROUNDS = 3


def ours(path: Path) -> int:
    """Text with paragraphs, pages and footnotes, without hidden text."""
    job = Job(path.read_bytes(), path.name, Sidecar(), limits_of(load_settings(ocr=False)))
    return sum(len(parsed.page_starts) for parsed in read_pdf(job))  # type: ignore[union-attr]


def pypdf(path: Path) -> int:
    """Text without positions."""
    reader: Any = import_module("pypdf").PdfReader(path)
    return sum(1 for page in reader.pages if page.extract_text() is not None)


def pdfplumber(path: Path) -> int:
    """Text, made from the positions of characters."""
    with import_module("pdfplumber").open(path) as document:
        return sum(1 for page in document.pages if page.extract_text() is not None)


def pypdfium2(path: Path) -> int:
    """PDFium's text without positions, the least work possible."""
    document: Any = import_module("pypdfium2").PdfDocument(path)
    return sum(1 for page in document if page.get_textpage().get_text_range() is not None)


def markitdown(path: Path) -> int:
    """Markdown without positions."""
    import_module("markitdown").MarkItDown().convert_local(path)
    return 0


def docling_parse(path: Path) -> int:
    """Words and lines with positions: docling without its layout model."""
    document: Any = import_module("docling_parse.pdf_parser").DoclingPdfParser().load(str(path))
    return sum(1 for _ in document.iterate_pages())


SLOW = (pdfplumber, markitdown, docling_parse)


def main() -> None:
    """Print a table."""
    folder = Path(sys.argv[1])
    others = (pypdfium2, pypdf, *SLOW)
    readers: list[Callable[[Path], int]] = [ours, *(r for r in others if find_spec(r.__name__))]
    best: dict[str, float] = {}
    pages = 0
    for number in range(ROUNDS):
        for reader in readers:
            if reader in SLOW and number:
                continue
            began = time.process_time()
            pages = max(pages, sum(reader(folder / name) for name in FILES))
            spent = time.process_time() - began
            best[reader.__name__] = min(spent, best.get(reader.__name__, spent))
    print(f"{pages} pages in {len(FILES)} files\n")
    print("| reader | ms a page | pages a second | times ours |\n|---|---|---|---|")
    for name, spent in sorted(best.items(), key=lambda item: item[1]):
        times = spent / best["ours"]
        print(f"| {name} | {1000 * spent / pages:.1f} | {pages / spent:.0f} | {times:.2f} |")


if __name__ == "__main__":
    main()
