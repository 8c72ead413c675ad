"""Pages read by OCR: RapidOCR, whose models come inside its wheel, on a picture of the page."""

import logging
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pypdfium2 as pdfium

from rag.load.pdf.lines import Line, in_reading_order, line_of

_DOTS_PER_INCH = 200
_LARGEST_SIDE = 4000
"""Pixels: a poster is drawn smaller."""
_LEAST_CONFIDENCE = 0.5


@dataclass(frozen=True, slots=True)
class ReadPage:
    """What OCR read on a page.

    ``confidence`` is the engine's, 0 to 1, averaged over the characters of ``lines``.
    """

    lines: list[Line]
    confidence: float


def read_by_ocr(page: pdfium.PdfPage) -> ReadPage:
    """Read ``page`` by OCR; what the engine is less than half sure of is left out.

    A character's place is worked out from its line's: characters of equal width.
    """
    width, height = page.get_size()
    scale = min(_DOTS_PER_INCH / 72, _LARGEST_SIDE / max(width, height, 1))
    picture = page.render(scale=scale).to_numpy()[:, :, :3]
    result = _engine()(picture)
    if result.boxes is None:
        return ReadPage([], 0.0)
    lines: list[Line] = []
    sure = 0.0
    for corners, text, score in zip(result.boxes, result.txts, result.scores, strict=True):
        text = " ".join(text.split())
        if not text or score < _LEAST_CONFIDENCE or _is_sideways(text, corners):
            continue
        lines.append(_line(text, corners / scale, height))
        sure += float(score) * len(text)
    if not lines:
        return ReadPage([], 0.0)
    return ReadPage(
        in_reading_order(_even(lines)), round(sure / sum(len(line.text) for line in lines), 3)
    )


def _is_sideways(text: str, corners: Any) -> bool:
    """Whether the line runs up the margin: the engine reads only upright ones."""
    width, height = np.ptp(corners, axis=0).tolist()
    return len(text) > 2 and height > 1.5 * width


def _line(text: str, corners: Any, height: float) -> Line:
    left, top = corners.min(axis=0).tolist()
    right, bottom = corners.max(axis=0).tolist()
    edges = np.linspace(left, right, len(text) + 1)
    boxes = np.empty((len(text), 4), dtype=np.float32)
    boxes[:, 0], boxes[:, 2] = edges[:-1], edges[1:]
    boxes[:, 1], boxes[:, 3] = height - bottom, height - top
    return line_of(text, boxes, bottom - top)


def _even(lines: list[Line]) -> list[Line]:
    """Give lines of nearly the usual size just that: the engine's boxes are not exact."""
    usual = float(np.median([line.size for line in lines]))
    return [
        line_of(line.text, line.boxes, usual) if 0.7 < line.size / usual < 1.4 else line
        for line in lines
    ]


@cache
def _engine() -> Any:
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    from rapidocr import RapidOCR  # takes a second to import: only where a page needs it

    # On onnxruntime: OpenVINO takes half the time, but more memory with every page it reads.

    engine = RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.use_cls": False,  # pages stand upright: PDFium turns them as the file says
            "Det.limit_type": "max",  # lines are found on a smaller picture than letters
            "Det.limit_side_len": 1280,
        }
    )
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return engine
