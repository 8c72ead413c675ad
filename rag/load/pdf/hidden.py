"""Remove text that is in the file but invisible on the page: it must never be quoted."""

import ctypes
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from rag.load.pdf.chars import PageChars

REDACTED = "█"
"""Replaces redacted text; at most five of them for one redaction."""

# The limits were chosen by looking at redacted filings.
_SCALE = 2.0
"""Pixels for each point: a character of 5 points is still 10 pixels high."""
_FLAT = 32
"""Difference of grey levels, 0 to 255, below which a box shows no character."""
_DARK = 90
"""Grey level below which the middle of a box is black: bars of dark grey count too."""
_TINY = 1.5
"""Points; lower characters cannot be read."""
_PALE = 225
"""Level of red, green and blue above which text may be white on white."""
_TRANSPARENT = 30
"""Opacity, 0 to 255, below which text may be invisible."""
_THIN = 3
"""Points; narrower frames are rules and underlines, which cover no text."""
_LONGEST = 5
"""Characters of a bar: its length must not tell the length of the name beneath."""
_MARKING = (
    raw.FPDF_ANNOT_SQUARE,
    raw.FPDF_ANNOT_REDACT,
    raw.FPDF_ANNOT_STAMP,
    raw.FPDF_ANNOT_INK,
    raw.FPDF_ANNOT_FREETEXT,
    raw.FPDF_ANNOT_POLYGON,
)
_COVERING = (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING, raw.FPDF_PAGEOBJ_FORM)

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Seen:
    """The visible characters of a page.

    ``redacted`` counts the characters beneath black boxes. ``invisible`` counts those that are
    invisible for another reason: the colour of the background, a place off the page, or no size.
    """

    page: PageChars
    redacted: int
    invisible: int


def without_hidden(page: pdfium.PdfPage, chars: PageChars) -> Seen:
    """Remove from ``chars`` the characters that a reader of ``page`` cannot see.

    The page is rendered only if an object covers characters, or their colour is nearly white or
    transparent. Then a character without contrast in its own box is invisible.
    """
    boxes = chars.boxes
    inked = (boxes[:, 2] > boxes[:, 0]) & np.array([not c.isspace() for c in chars.text], bool)
    middle_x, middle_y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    off = (middle_x < 0) | (middle_y < 0) | (middle_x > chars.width) | (middle_y > chars.height)
    invisible = inked & (off | (boxes[:, 3] - boxes[:, 1] < _TINY))
    redacted = np.zeros(len(boxes), dtype=bool)
    covers, pale = _suspects(page, chars)
    under = np.zeros(len(boxes), dtype=bool)
    for left, bottom, right, top in covers:
        across = (middle_x > left) & (middle_x < right)
        under |= across & (middle_y > bottom) & (middle_y < top)
    to_check = inked & ~invisible & (under | pale)
    if to_check.any():
        dark, flat = _contrast(page, chars, to_check)
        redacted = (dark & under) | (flat & dark)
        invisible |= flat & ~redacted
    if not redacted.any() and not invisible.any():
        return Seen(chars, 0, 0)
    return Seen(_without(chars, redacted, invisible), int(redacted.sum()), int(invisible.sum()))


def _suspects(
    page: pdfium.PdfPage, chars: PageChars
) -> tuple[list[tuple[float, float, float, float]], bool]:
    """Frames of objects that may cover text, and whether any text may be drawn invisibly."""
    frames: list[tuple[float, float, float, float]] = []
    pale = False
    for index in range(raw.FPDFPage_CountObjects(page)):
        item = raw.FPDFPage_GetObject(page, index)
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            pale = pale or _is_pale(item)
        elif kind in _COVERING or (kind == raw.FPDF_PAGEOBJ_PATH and _is_filled(item)):
            left, bottom, right, top = (ctypes.c_float() for _ in range(4))
            if raw.FPDFPageObj_GetBounds(item, left, bottom, right, top):
                frames.append((left.value, bottom.value, right.value, top.value))
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        rectangle = raw.FS_RECTF()
        if raw.FPDFAnnot_GetSubtype(annotation) in _MARKING and raw.FPDFAnnot_GetRect(
            annotation, rectangle
        ):
            frames.append((rectangle.left, rectangle.bottom, rectangle.right, rectangle.top))
        raw.FPDFPage_CloseAnnot(annotation)
    frames = [
        frame for frame in frames if frame[2] - frame[0] > _THIN and frame[3] - frame[1] > _THIN
    ]
    if page.get_rotation() and frames:  # rare: check every character instead of rotating the frames
        return [(0.0, 0.0, chars.width, chars.height)], pale
    left, bottom, _, _ = page.get_cropbox()
    return [(a - left, b - bottom, c - left, d - bottom) for a, b, c, d in frames], pale


def _is_filled(path: object) -> bool:
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    return bool(raw.FPDFPath_GetDrawMode(path, mode, stroke)) and mode.value != 0


def _is_pale(text: object) -> bool:
    if raw.FPDFTextObj_GetTextRenderMode(text) == raw.FPDF_TEXTRENDERMODE_INVISIBLE:
        return True
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not raw.FPDFPageObj_GetFillColor(text, red, green, blue, alpha):
        return False
    return min(red.value, green.value, blue.value) > _PALE or alpha.value < _TRANSPARENT


def _contrast(page: pdfium.PdfPage, chars: PageChars, to_check: Flags) -> tuple[Flags, Flags]:
    """Flags of the characters whose middle is dark, and of those without contrast in their box."""
    picture = page.render(scale=_SCALE, grayscale=True).to_numpy()
    picture = picture.reshape(picture.shape[0], picture.shape[1], -1)[:, :, 0]
    dark = np.zeros(len(to_check), dtype=bool)
    flat = np.zeros(len(to_check), dtype=bool)
    for index in np.flatnonzero(to_check):
        left, bottom, right, top = chars.boxes[index].tolist()
        whole = _crop(picture, left, chars.height - top, right, chars.height - bottom)
        if not whole.size:
            continue
        flat[index] = int(whole.max()) - int(whole.min()) < _FLAT
        width, height = (right - left) / 4, (top - bottom) / 5
        inner = _crop(
            picture,
            left + width,
            chars.height - top + height,
            right - width,
            chars.height - bottom - height,
        )
        dark[index] = inner.size and int(inner.max()) < _DARK
    return dark, flat


def _crop(
    picture: npt.NDArray[np.uint8], left: float, top: float, right: float, bottom: float
) -> npt.NDArray[np.uint8]:
    sides = (max(0, round(side * _SCALE)) for side in (left, top, right, bottom))
    x0, y0, x1, y1 = sides
    return picture[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)]


def _without(chars: PageChars, redacted: Flags, invisible: Flags) -> PageChars:
    """``chars`` without hidden ones; each redaction becomes a bar of at most five characters."""
    text: list[str] = []
    kept: list[int] = []
    bar = 0
    for index, character in enumerate(chars.text):
        if redacted[index]:
            bar += 1
            if bar <= _LONGEST:
                text.append(REDACTED)
                kept.append(index)
            continue
        if bar and character == " " and redacted[index + 1 : index + 2].any():
            continue  # a space within a redaction
        bar = 0
        if not invisible[index]:
            text.append(character)
            kept.append(index)
    return PageChars("".join(text), chars.boxes[kept], chars.bold[kept], chars.width, chars.height)


def share_of_images(page: pdfium.PdfPage, chars: PageChars) -> float:
    """Share of the page that its largest image covers, 0 to 1."""
    largest = 0.0
    for left, bottom, right, top in _images(page):
        largest = max(largest, (right - left) * (top - bottom))
    return min(1.0, largest / max(1.0, chars.width * chars.height))


def _images(page: pdfium.PdfPage) -> list[tuple[float, float, float, float]]:
    found: list[tuple[float, float, float, float]] = []
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        try:
            found.append(item.get_bounds())
        except pdfium.PdfiumError:
            continue
    return found
