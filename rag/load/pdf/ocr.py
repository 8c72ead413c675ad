"""Pages read by OCR: RapidOCR, whose models come inside its wheel, on a picture of the page."""

import logging
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pypdfium2 as pdfium

from rag.load.pdf.lines import Line, in_reading_order, line_of
from rag.load.pdf.spaces import OcrLine, with_lost_spaces

_DOTS_PER_INCH = 200
_LARGEST_SIDE = 4000
"""Pixels: a poster is drawn smaller."""
_LEAST_CONFIDENCE = 0.5
_DARK = 140


@dataclass(frozen=True, slots=True)
class ReadPage:
    """What OCR read on a page.

    ``confidence`` is the engine's, 0 to 1, averaged over the characters of ``lines``.
    """

    lines: list[Line]
    confidence: float


def read_by_ocr(page: pdfium.PdfPage) -> ReadPage:
    """Read ``page`` by OCR; what the engine is less than half sure of is left out.

    Characters stand where the engine saw them, to within a few pixels.
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
    """Whether the line runs up the margin: the engine reads only upright ones."""
    width, height = np.ptp(corners, axis=0).tolist()
    return len(text) > 2 and height > 1.5 * width


def _ocr_line(text: str, corners: Any, score: float, characters: Any) -> OcrLine:
    """What the engine read; characters of equal width where it does not tell their places."""
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
