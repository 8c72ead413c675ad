"""Compares our OCR with tesseract on pictures of pages whose text is known.

    apt-get install tesseract-ocr        # optional: without it, only our OCR is measured
    python tests/benchmarks/load_ocr.py ../shared/data/pdf [--every 8]

Every eighth page of the PDFs with a good text layer is drawn at 200 dots an inch, with speckles and
a little blur like a scan, and read. Words are counted as in ``load_quality.py``. Times are
processor time on one core, for both.
"""

import argparse
import resource
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
from load_quality import words_of
from PIL import Image, ImageFilter

from rag.load.pdf.ocr import read_by_ocr

FILES = (
    "7512_74437_comment.pdf",
    "7512_74442_comment.pdf",
    "FinCEN-TD-Bank-Consent-Order-2024.pdf",
    "broken-mime.pdf",
    "missouri.pdf",
)
_DOTS_PER_INCH = 200


def main() -> None:
    """Print a line for each engine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=8)
    arguments = parser.parse_args()
    engines: list[Callable[[Image.Image], str]] = [ours]
    if shutil.which("tesseract"):
        engines.append(tesseract)
    faults: dict[str, Counter[str]] = {engine.__name__: Counter() for engine in engines}
    seconds: Counter[str] = Counter()
    pages = said = 0
    dice = np.random.default_rng(1)
    for name in FILES:
        for page in list(pdfium.PdfDocument(arguments.folder / name))[:: arguments.every]:
            truth = Counter(words_of(page.get_textpage().get_text_range()))
            picture = scanned(page, dice)
            pages, said = pages + 1, said + truth.total()
            for engine in engines:
                began = time.process_time() + children()
                got = Counter(words_of(engine(picture)))
                seconds[engine.__name__] += time.process_time() + children() - began
                faults[engine.__name__] += Counter(
                    lost=(truth - got).total(), added=(got - truth).total()
                )
    print(
        f"{pages} pages, {said:,} words\n\n| engine | lost | added | s a page |\n|---|---|---|---|"
    )
    for name, fault in faults.items():
        lost, added = (f"{fault[key]:,} ({fault[key] / said:.1%})" for key in ("lost", "added"))
        print(f"| {name} | {lost} | {added} | {seconds[name] / pages:.1f} |")


def scanned(page: pdfium.PdfPage, dice: np.random.Generator) -> Image.Image:
    """The page as a scanner would show it."""
    drawn = page.render(scale=_DOTS_PER_INCH / 72, grayscale=True).to_pil()
    grey = np.asarray(drawn.filter(ImageFilter.GaussianBlur(0.7)), dtype=float)
    grey += dice.normal(0, 12, grey.shape)
    grey[dice.random(grey.shape) < 0.001] = 0
    return Image.fromarray(grey.clip(0, 255).astype(np.uint8))


def ours(picture: Image.Image) -> str:
    """The OCR of this project, on a PDF that contains only this picture."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        picture.save(file.name, resolution=_DOTS_PER_INCH)
        document = pdfium.PdfDocument(file.name)
        return "\n".join(line.text for line in read_by_ocr(document[0]).lines)


def tesseract(picture: Image.Image) -> str:
    """The installed tesseract, for English."""
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        picture.save(file.name)
        command = ["tesseract", file.name, "-", "--dpi", str(_DOTS_PER_INCH)]
        run = subprocess.run(
            command, capture_output=True, check=True, text=True, env={"OMP_THREAD_LIMIT": "1"}
        )
    return run.stdout


def children() -> float:
    """Processor seconds of the child processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
