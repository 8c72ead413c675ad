"""Remove text that is in the file but invisible on the page: it must never be quoted."""

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from rag.load.pdf.chars import Boxes, PageChars, turned

REDACTED = "█"
"""Replaces redacted text; at most five of them for one redaction."""

# The limits were chosen by looking at redacted filings.
_SCALE = 3.0
"""Pixels for each point: the stem of a letter of 6 points is wider than a pixel."""
_FLAT = 32
"""Difference of grey levels, 0 to 255, below which a box shows no character."""
_DARK = 90
"""Grey level below which a box is black: bars of dark grey count too."""
_SIDE = 0.1
"""Share of a character's width, at each side, that a black box may leave uncovered."""
_MIDDLE = 0.3
"""Share of the line height, about its middle, that is always examined: a dash alone would fill its
own box."""
_TINY = 1.5
"""Points; lower characters cannot be read."""
_PALE = 225
"""Level of red, green and blue above which text may be white on white."""
_TRANSPARENT = 30
"""Opacity, 0 to 255, below which text may be invisible."""
_THIN = 3
"""Points; narrower frames are rules and underlines, which cover no text."""
_MOST_STROKES, _MOST_RULES = 200, 3000
"""Strokes of one path, and lines of one page, that may frame tables: more are a drawing."""
_LONGEST = 5
"""Characters of a bar: its length must not tell the length of the name beneath."""
_DEEPEST = 8
"""Forms within forms that are examined; deeper ones are not."""
_BACKGROUND = 0.3
"""Share of the page above which a picture behind text is its background, not a bar."""
_MARKING = (
    raw.FPDF_ANNOT_SQUARE,
    raw.FPDF_ANNOT_REDACT,
    raw.FPDF_ANNOT_STAMP,
    raw.FPDF_ANNOT_INK,
    raw.FPDF_ANNOT_FREETEXT,
    raw.FPDF_ANNOT_POLYGON,
)

Flags = npt.NDArray[np.bool_]
_Matrix = tuple[float, float, float, float, float, float]
_Frame = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Seen:
    """The visible characters of a page.

    ``redacted`` counts the characters beneath black boxes. ``invisible`` counts those that are
    invisible for another reason: the colour of the background, a place off the page, or no size.
    ``rules`` are the lines drawn on the page, shape (n, 4), as the boxes of ``page``.
    """

    page: PageChars
    redacted: int
    invisible: int
    rules: Boxes


@dataclass(frozen=True, slots=True)
class _Cover:
    """An object that may hide text.

    ``order`` is its place in the order of drawing; ``ground`` is true if it hides text drawn later
    too: black text on a black bar cannot be read. ``picture`` is true for an image or a shading:
    its own ink may fill the box of a character.
    """

    order: int
    ground: bool
    picture: bool
    frame: _Frame


@dataclass(slots=True)
class _Drawn:
    """The objects of a page: covers, by address the order of text and the pale text, and rules."""

    covers: list[_Cover] = field(default_factory=list)
    text: dict[int, int] = field(default_factory=dict)
    pale: set[int] = field(default_factory=set)
    rules: list[_Frame] = field(default_factory=list)


def without_hidden(page: pdfium.PdfPage, chars: PageChars) -> Seen:
    """Remove from ``chars`` the characters that a reader of ``page`` cannot see.

    A character is redacted if an object that is drawn over it, or a dark one behind it, covers it
    and all of its box is dark. It is invisible if its box shows no contrast. The page is rendered
    only where an object covers characters, or their colour is nearly white or transparent.
    """
    drawn = _drawn(page)
    redacted, invisible = _flags(page, chars, drawn)
    rules = _shown(page, drawn.rules)
    if not redacted.any() and not invisible.any():
        return Seen(chars, 0, 0, rules)
    kept = _without(chars, redacted, invisible)
    return Seen(kept, int(redacted.sum()), int(invisible.sum()), rules)


def hidden_flags(page: pdfium.PdfPage, chars: PageChars) -> tuple[Flags, Flags]:
    """Flags of the redacted and of the otherwise invisible characters, each of shape (n,)."""
    return _flags(page, chars, _drawn(page))


def _flags(page: pdfium.PdfPage, chars: PageChars, drawn: _Drawn) -> tuple[Flags, Flags]:
    boxes = chars.boxes
    inked = (boxes[:, 2] > boxes[:, 0]) & np.array([not c.isspace() for c in chars.text], bool)
    middle_x, middle_y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    off = (middle_x < 0) | (middle_y < 0) | (middle_x > chars.width) | (middle_y > chars.height)
    invisible = inked & (off | (boxes[:, 3] - boxes[:, 1] < _TINY))
    redacted = np.zeros(len(boxes), dtype=bool)
    candidates = np.flatnonzero(inked & ~invisible)
    if not len(candidates) or (not drawn.covers and not drawn.pale):
        return redacted, invisible
    order = np.zeros(len(boxes), dtype=np.int64)
    pale = np.zeros(len(boxes), dtype=bool)
    textpage = page.get_textpage()
    handle = ctypes.cast(textpage.raw, ctypes.c_void_p).value
    for index in candidates.tolist():
        address = _text_object(handle, index)
        order[index] = drawn.text.get(address, 0)
        pale[index] = address in drawn.pale
    under = np.zeros(len(boxes), dtype=bool)  # beneath anything
    beneath_path = np.zeros(len(boxes), dtype=bool)
    background = _BACKGROUND * chars.width * chars.height
    frames = _shown(page, [cover.frame for cover in drawn.covers])
    for cover, frame in zip(drawn.covers, frames, strict=True):
        left, bottom, right, top = frame
        inside = (middle_x > left) & (middle_x < right) & (middle_y > bottom) & (middle_y < top)
        if not cover.ground or (cover.picture and (right - left) * (top - bottom) > background):
            inside &= order < cover.order
        under |= inside
        if not cover.picture:
            beneath_path |= inside
    to_check = candidates[(under | pale)[candidates]]
    if len(to_check):
        examined = _examined(page, handle, chars, to_check, beneath_path)
        dark, flat = _contrast(page, chars, to_check, examined)
        redacted = dark & under
        invisible |= flat & ~redacted
    textpage.close()
    return redacted, invisible


def _drawn(page: pdfium.PdfPage) -> _Drawn:
    """The objects of ``page``; of the covers only those that may hide some text."""
    found = _Drawn()
    written = False
    count = 0
    for item, matrix in _objects(page):
        count += 1
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            written = True
            address = ctypes.cast(item, ctypes.c_void_p).value or 0
            found.text[address] = count
            if _is_pale(item):
                found.pale.add(address)
        else:
            picture = kind in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING)
            ground = picture or (kind == raw.FPDF_PAGEOBJ_PATH and _is_dark(item))
            frame = None
            if kind == raw.FPDF_PAGEOBJ_PATH:
                frame = _bounds(item, matrix)
                if frame and len(found.rules) < _MOST_RULES:
                    found.rules += _rules(item, matrix, frame)
            if (ground or written) and (picture or _is_filled(item)):
                frame = frame or _bounds(item, matrix)
                if frame:
                    found.covers.append(_Cover(count, ground, picture, frame))
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        rectangle = raw.FS_RECTF()
        if raw.FPDFAnnot_GetSubtype(annotation) in _MARKING and raw.FPDFAnnot_GetRect(
            annotation, rectangle
        ):
            frame = (rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
            found.covers.append(_Cover(count + 1, False, False, frame))
        raw.FPDFPage_CloseAnnot(annotation)
    found.covers = [
        cover
        for cover in found.covers
        if cover.frame[2] - cover.frame[0] > _THIN and cover.frame[3] - cover.frame[1] > _THIN
    ]
    return found


def _objects(page: pdfium.PdfPage) -> Iterator[tuple[Any, _Matrix | None]]:
    """The objects of ``page`` in the order of drawing, with the matrix of the form they are in."""
    for index in range(raw.FPDFPage_CountObjects(page)):
        yield from _with_inner(raw.FPDFPage_GetObject(page, index), None, _DEEPEST)


def _with_inner(
    item: object, matrix: _Matrix | None, depth: int
) -> Iterator[tuple[Any, _Matrix | None]]:
    if raw.FPDFPageObj_GetType(item) != raw.FPDF_PAGEOBJ_FORM:
        yield item, matrix
        return
    own = raw.FS_MATRIX()
    if not depth or not raw.FPDFPageObj_GetMatrix(item, own):
        return
    inner = (own.a, own.b, own.c, own.d, own.e, own.f)
    both = _times(inner, matrix) if matrix else inner
    for index in range(raw.FPDFFormObj_CountObjects(item)):
        yield from _with_inner(raw.FPDFFormObj_GetObject(item, index), both, depth - 1)


def _times(one: _Matrix, other: _Matrix) -> _Matrix:
    """First ``one``, then ``other``."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    turn = (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j)
    return (*turn, e * g + f * i + k, e * h + f * j + m)


def _bounds(item: object, matrix: _Matrix | None) -> _Frame | None:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not raw.FPDFPageObj_GetBounds(item, left, bottom, right, top):
        return None
    return _placed((left.value, bottom.value, right.value, top.value), matrix)


def _rules(path: object, matrix: _Matrix | None, frame: _Frame) -> list[_Frame]:
    """The straight lines of a path: itself, if it is thin, or the strokes of a frame."""
    if min(frame[2] - frame[0], frame[3] - frame[1]) <= _THIN:
        return [frame]
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, mode, stroke)
    own = raw.FS_MATRIX()
    count = raw.FPDFPath_CountSegments(path)
    if not stroke.value or count > _MOST_STROKES or not raw.FPDFPageObj_GetMatrix(path, own):
        return []
    inner = (own.a, own.b, own.c, own.d, own.e, own.f)
    a, b, c, d, e, f = _times(inner, matrix) if matrix else inner
    found: list[_Frame] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    start = at = (0.0, 0.0)
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = (a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        ends = [(at, point)] if kind == raw.FPDF_SEGMENT_LINETO else []
        if raw.FPDFPathSegment_GetClose(segment):
            ends.append((point, start))
        for (x0, y0), (x1, y1) in ends:
            if min(abs(x1 - x0), abs(y1 - y0)) <= 1:
                found.append((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))
        at = point
    return found


def _placed(frame: _Frame, matrix: _Matrix | None) -> _Frame:
    """The frame around ``frame`` after ``matrix``."""
    if matrix is None:
        return frame
    a, b, c, d, e, f = matrix
    left, bottom, right, top = frame
    corners = [(x, y) for x in (left, right) for y in (bottom, top)]
    across = [a * x + c * y + e for x, y in corners]
    up = [b * x + d * y + f for x, y in corners]
    return min(across), min(up), max(across), max(up)


def _shown(page: pdfium.PdfPage, frames: Sequence[_Frame]) -> Boxes:
    """``frames`` on the page as it is shown, shape (n, 4)."""
    left, bottom, right, top = page.get_cropbox()
    boxes = np.array(frames, dtype=np.float32).reshape(-1, 4)
    boxes -= np.array([left, bottom, left, bottom], dtype=np.float32)
    return turned(boxes, right - left, top - bottom, page.get_rotation())[0]


def _is_filled(path: object) -> bool:
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    return bool(raw.FPDFPath_GetDrawMode(path, mode, stroke)) and mode.value != 0


def _is_dark(path: object) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not raw.FPDFPageObj_GetFillColor(path, red, green, blue, alpha):
        return False
    return max(red.value, green.value, blue.value) < _DARK and alpha.value > _TRANSPARENT


def _is_pale(text: object) -> bool:
    if raw.FPDFTextObj_GetTextRenderMode(text) == raw.FPDF_TEXTRENDERMODE_INVISIBLE:
        return True
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not raw.FPDFPageObj_GetFillColor(text, red, green, blue, alpha):
        return False
    return min(red.value, green.value, blue.value) > _PALE or alpha.value < _TRANSPARENT


def _examined(
    page: pdfium.PdfPage,
    handle: int | None,
    chars: PageChars,
    to_check: npt.NDArray[np.intp],
    beneath_path: Flags,
) -> Boxes:
    """The boxes that are examined for contrast, shape (len(to_check), 4).

    Each is as wide as the character with the white at its sides, and as high as its ink: a black
    bar need not be as high as the line, and a narrow letter does not fill such a box. A character
    that no path covers has the height of the line: the boxes of an OCR layer are not exact.
    """
    tight = np.zeros((len(to_check), 4), dtype=np.float64)
    address = tight.ctypes.data
    for row, index in enumerate(to_check.tolist()):
        at = address + 32 * row  # FPDFText_GetCharBox gives left, right, bottom, top
        _char_box(handle, index, at, at + 8, at + 16, at + 24)
    left, bottom, right, top = page.get_cropbox()
    tight = tight[:, [0, 2, 1, 3]] - np.array([left, bottom, left, bottom])
    inked = turned(tight.astype(np.float32), right - left, top - bottom, page.get_rotation())[0]
    boxes = chars.boxes[to_check].copy()
    middle, height = (boxes[:, 1] + boxes[:, 3]) / 2, boxes[:, 3] - boxes[:, 1]
    known = (inked[:, 3] > inked[:, 1]) & beneath_path[to_check]
    low = np.minimum(inked[:, 1], middle - height * _MIDDLE / 2)
    high = np.maximum(inked[:, 3], middle + height * _MIDDLE / 2)
    boxes[:, 1] = np.where(known, np.maximum(low, boxes[:, 1]), boxes[:, 1])
    boxes[:, 3] = np.where(known, np.minimum(high, boxes[:, 3]), boxes[:, 3])
    return boxes


def _contrast(
    page: pdfium.PdfPage,
    chars: PageChars,
    to_check: npt.NDArray[np.intp],
    examined: Boxes,
) -> tuple[Flags, Flags]:
    """Flags of the characters whose box is all dark, and of those whose box has no contrast."""
    picture = page.render(scale=_SCALE, grayscale=True).to_numpy()
    picture = picture.reshape(picture.shape[0], picture.shape[1], -1)[:, :, 0]
    dark = np.zeros(len(chars.boxes), dtype=bool)
    flat = np.zeros(len(chars.boxes), dtype=bool)
    side = (examined[:, 2] - examined[:, 0]) * _SIDE
    whole = _pixels(examined, side * 0, chars.height)
    inner = _pixels(examined, side, chars.height)
    for row, (index, (x0, y0, x1, y1)) in enumerate(zip(to_check.tolist(), whole, strict=True)):
        crop = picture[y0:y1, x0:x1]
        if not crop.size:
            continue
        least = int(crop.min())
        flat[index] = int(crop.max()) - least < _FLAT
        if least < _DARK:
            x0, y0, x1, y1 = inner[row]
            crop = picture[y0:y1, x0:x1]
            dark[index] = crop.size and int(crop.max()) < _DARK
    return dark, flat


def _pixels(boxes: Boxes, side: npt.NDArray[np.float32], height: float) -> list[list[int]]:
    """Left, top, right and bottom pixel of each box, without ``side`` at its left and right."""
    left, bottom, right, top = boxes.T
    sides = np.stack([left + side, height - top, right - side, height - bottom], axis=1)
    pixels = np.maximum(np.round(sides * _SCALE), 0).astype(int)
    pixels[:, 2:] = np.maximum(pixels[:, 2:], pixels[:, :2] + 1)
    return list(pixels.tolist())


# Plain integers for handle and address, as in ``chars``: called for many characters.
_text_object = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)(
    ctypes.cast(raw.FPDFText_GetTextObject, ctypes.c_void_p).value or 0
)
_char_box = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_int, *(ctypes.c_void_p for _ in range(4))
)(ctypes.cast(raw.FPDFText_GetCharBox, ctypes.c_void_p).value or 0)


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
