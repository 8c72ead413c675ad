"""The outcome for each file of a folder: pages, characters and OCR pages, or why it was skipped.

python tests/benchmarks/load_table.py ../shared/data/pdf [--cache FOLDER] [--no-ocr]
"""

import argparse
import time
from pathlib import Path

from rag.config import load_settings
from rag.load import find, load
from rag.load.file_type import kind_of
from rag.types import Document


def main() -> None:
    """Load the folder and print a line for each document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--no-ocr", action="store_true")
    arguments = parser.parse_args()
    settings = load_settings(ocr=not arguments.no_ocr)
    began = time.perf_counter()
    print("| file | read as | pages | characters | by OCR (confidence) | notes | ¶ | remarks |")
    print("|---|---|---|---|---|---|---|---|")
    pages = ocr_pages = documents = 0
    for item in load(find([arguments.folder]), settings, cache=arguments.cache):
        if not isinstance(item, Document):
            print(f"| {Path(item.source).name} | | | | | | | skipped: {item.reason} |")
            continue
        documents += 1
        pages += len(item.page_starts)
        read = item.metadata.get("ocr_pages", [])
        ocr_pages += len(read)
        sure = item.metadata.get("ocr_confidence", [])
        ocr = f"{len(read)} ({sum(sure) / len(sure):.3f})" if read else ""
        remarks = [w for w in item.metadata.get("warnings", []) if "OCR" not in w]
        print(
            f"| {item.doc_id} | {form_of(Path(item.source))} "
            f"| {len(item.page_starts) or ''} | {len(item.text):,} | {ocr} "
            f"| {len(item.footnotes) or ''} | {len(item.paragraph_starts) or ''} "
            f"| {'; '.join(remarks)} |"
        )
    seconds = time.perf_counter() - began
    print(f"\n{documents} documents, {pages} pages, {ocr_pages} by OCR, in {seconds:.1f} s")


def form_of(path: Path) -> str:
    """The format of the bytes, and "encrypted" if they are."""
    data = path.read_bytes()
    kind = kind_of(data, path.name)
    return f"{kind}, encrypted" if kind == "pdf" and b"/Encrypt" in data else kind


if __name__ == "__main__":
    main()
