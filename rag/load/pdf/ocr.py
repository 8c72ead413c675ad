"""Read pages by OCR with RapidOCR, whose models are part of its wheel."""

import logging
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pypdfium2 as pdfium

from rag.load.pdf.lines import Line, in_reading_order, line_of
from rag.load.pdf.spaces import OcrLine, with_lost_spaces

_DOTS_PER_INCH = 200
"""Resolution of the image; tests/benchmarks/load_ocr.py measures OCR at it."""
_LARGEST_SIDE = 4000
"""Pixels: larger pages are rendered at a lower resolution."""
_LEAST_CONFIDENCE = 0.5
"""Below it, the engine itself expects more errors than correct lines."""
_DARK = 140
"""Grey level, 0 to 255, below which a pixel is ink: grey scans included."""
_SIDEWAYS = 1.5
"""Ratio of height to width above which a line of three or more characters runs upwards."""
_NEARLY_USUAL = (0.7, 1.4)
"""Ratios to the median height of lines between which a line has the usual size."""


@dataclass(frozen=True, slots=True)
class ReadPage:
    """The lines that OCR read on a page, in reading order.

    ``confidence`` is that of the engine, 0 to 1, averaged over the characters of ``lines``; 0 for
    a page without lines.
    """

    lines: list[Line]
    confidence: float


def read_by_ocr(page: pdfium.PdfPage) -> ReadPage:
    """Read ``page`` by OCR, without the lines whose confidence is below 0.5.

    The boxes of the characters are those of the engine, exact to a few pixels.
    """
    width, height = page.get_size()
    scale = min(_DOTS_PER_INCH / 72, _LARGEST_SIDE / max(width, height, 1))
    picture = page.render(scale=scale).to_numpy()[:, :, :3]
    result = _engine()(picture, return_word_box=True, return_single_char_box=True)
    if result.boxes is None:
        return ReadPage([], 0.0)
    lines: list[OcrLine] = []
    for corners, text, score, characters in zip(
        result.boxes, result.txts, result.scores, result.word_results, strict=True
    ):
        text = " ".join(text.split())
        if text and score >= _LEAST_CONFIDENCE and not _is_sideways(text, corners):
            lines.append(_ocr_line(text, corners, float(score), characters))
    if not lines:
        return ReadPage([], 0.0)
    lines = with_lost_spaces(lines, picture.mean(axis=2) < _DARK)
    sure = sum(line.score * len(line.text) for line in lines)
    return ReadPage(
        in_reading_order(_even([_line(line, scale, height) for line in lines])),
        round(sure / sum(len(line.text) for line in lines), 3),
    )


def _is_sideways(text: str, corners: Any) -> bool:
    """Whether the line runs upwards, as stamps in the margin do: the engine misreads such lines."""
    width, height = np.ptp(corners, axis=0).tolist()
    return len(text) > 2 and height > _SIDEWAYS * width


def _ocr_line(text: str, corners: Any, score: float, characters: Any) -> OcrLine:
    """A line of the engine; its characters get equal widths if the engine gives no places."""
    left, top = corners.min(axis=0).tolist()
    right, bottom = corners.max(axis=0).tolist()
    edges = np.linspace(left, right, len(text) + 1)
    places = np.stack([edges[:-1], edges[1:]], axis=1)
    shown = [index for index, character in enumerate(text) if character != " "]
    if [text[index] for index in shown] == [character for character, *_ in characters]:
        for index, (*_, box) in zip(shown, characters, strict=True):
            places[index] = np.min(box, axis=0)[0], np.max(box, axis=0)[0]
        for index in set(range(len(text))) - set(shown):
            places[index] = places[index - 1, 1], places[index + 1, 0]
    return OcrLine(text, places, max(0, int(top)), int(bottom) + 1, score)


def _line(line: OcrLine, scale: float, height: float) -> Line:
    boxes = np.empty((len(line.text), 4), dtype=np.float32)
    boxes[:, [0, 2]] = line.edges / scale
    boxes[:, 1], boxes[:, 3] = height - line.bottom / scale, height - line.top / scale
    return line_of(line.text, boxes, (line.bottom - line.top) / scale)


def _even(lines: list[Line]) -> list[Line]:
    """Give lines of nearly the median size exactly that size: the engine's boxes are not exact."""
    low, high = _NEARLY_USUAL
    usual = float(np.median([line.size for line in lines]))
    return [
        line_of(line.text, line.boxes, usual) if low < line.size / usual < high else line
        for line in lines
    ]


@cache
def _engine() -> Any:
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    from rapidocr import RapidOCR  # takes a second to import

    # On onnxruntime: OpenVINO takes half the time, but its memory grows with every page.

    engine = RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.use_cls": False,  # PDFium renders pages upright
            "Det.limit_type": "max",  # lines are detected on a smaller image than letters
            "Det.limit_side_len": 1280,
        }
    )
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return engine
