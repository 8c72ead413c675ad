"""The characters of a PDF page with their boxes, read by PDFium from the text layer."""

import ctypes
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from rag.errors import LoadError

_LONGEST_NAME = 128
"""Bytes of a font name that are read; longer names are cut."""
_FEWEST_TURNED = 20
"""Characters of a page whose direction is measured."""
_NEXT_CHARACTER = 30
"""Points between two characters of one word at most."""
_LITTLE_TEXT = 300
"""Characters; with fewer, the forms of a page are examined for text that PDFium did not see."""
_MOST_LIFTED = 50_000
"""Objects in forms that are examined: a hostile file may nest forms without end."""
_LINE = re.compile(r"[^\s\x02\ufffe](?:[^\r\n]*[^\s\x02\ufffe])?")
Boxes = npt.NDArray[np.float32]
"""Shape (n, 4): left, bottom, right, top in points. The origin is the lower left corner of the page
as it is shown, after rotation; y grows upwards."""


@dataclass(frozen=True, slots=True)
class PageChars:
    """The text layer of one page, in the order of the file.

    ``text`` has one code point for each row of ``boxes``. PDFium inserts spaces, and ``\\r\\n`` at
    line ends; their boxes are empty. ``bold``, shape (n,), is true for the characters of a line
    whose first and last characters are bold. ``width`` and ``height`` are those of the page as it
    is shown, in points.
    """

    text: str
    boxes: Boxes
    bold: npt.NDArray[np.bool_]
    width: float
    height: float


@contextmanager
def open_pdf(data: bytes) -> Iterator[pdfium.PdfDocument]:
    """Open the PDF in ``data``; at the end of the context it is closed with all its pages.

    Raises
    ------
    LoadError
        If it is damaged, or encrypted with a password that is not empty.
    """
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            raise LoadError("encrypted, and no password opens it; save it without one") from error
        raise LoadError(f"a damaged PDF; download or print it again ({error})") from error
    try:
        with suppress(pdfium.PdfiumError):
            document.init_forms()
        yield document
    finally:
        document.close()


def read_chars(page: pdfium.PdfPage) -> PageChars:
    """Read the characters of ``page``; surrogates and code 0 become U+FFFD.

    PDFium does not see text that a form draws at a very small scale and its page enlarges again.
    A page with little text is read a second time with the objects of its forms put on the page.

    Raises
    ------
    LoadError
        If PDFium cannot read the page's text.
    """
    chars = _read_chars(page)
    if sum(map(len, chars.text.split())) < _LITTLE_TEXT and _lift_forms(page):
        return _read_chars(page)
    return chars


def _read_chars(page: pdfium.PdfPage) -> PageChars:
    try:
        textpage = page.get_textpage()
    except pdfium.PdfiumError as error:
        raise LoadError(f"a damaged page: {error}") from error
    count = raw.FPDFText_CountChars(textpage)
    handle = ctypes.cast(textpage.raw, ctypes.c_void_p).value
    boxes = np.zeros((max(count, 0), 4), dtype=np.float32)
    address = boxes.ctypes.data
    codes = [_unicode(handle, index) for index in range(count)]
    for index in range(count):
        _loose_box(handle, index, address + 16 * index)
    text = "".join(map(_character, codes))
    bold = np.zeros(len(boxes), dtype=bool)
    for line in _LINE.finditer(text):
        ends = (line.start(), line.end() - 1)
        bold[slice(*line.span())] = all(_is_bold(handle, index) for index in ends)
    textpage.close()
    left, bottom, right, top = page.get_cropbox()
    boxes = boxes[:, [0, 3, 2, 1]] - np.array([left, bottom, left, bottom], dtype=np.float32)
    shown, width, height = turned(boxes, right - left, top - bottom, page.get_rotation())
    return PageChars(text, shown, bold, width, height)


def _lift_forms(page: pdfium.PdfPage) -> bool:
    """Put the objects of the forms of ``page`` on the page itself; whether any was text.

    Only the page in memory changes. The order of drawing stays. Forms within forms are lifted too.
    """
    text = False
    at = 0
    lifted = 0
    while at < raw.FPDFPage_CountObjects(page):
        form = raw.FPDFPage_GetObject(page, at)
        at += 1
        if raw.FPDFPageObj_GetType(form) != raw.FPDF_PAGEOBJ_FORM:
            continue
        own = raw.FS_MATRIX()
        if not raw.FPDFPageObj_GetMatrix(form, own):
            continue
        inner = raw.FPDFFormObj_CountObjects(form)
        for place in range(inner):
            item = raw.FPDFFormObj_GetObject(form, 0)
            lifted += 1
            if lifted > _MOST_LIFTED or not raw.FPDFFormObj_RemoveObject(form, item):
                return text
            text = text or raw.FPDFPageObj_GetType(item) == raw.FPDF_PAGEOBJ_TEXT
            raw.FPDFPageObj_Transform(item, own.a, own.b, own.c, own.d, own.e, own.f)
            if not raw.FPDFPage_InsertObjectAtIndex(page, item, at + place):
                raw.FPDFPageObj_Destroy(item)
    return text


def upright(chars: PageChars) -> tuple[PageChars, int]:
    """``chars`` turned so that most of its text runs to the right, and the clockwise degrees.

    A page may be drawn sideways without saying so.
    """
    inked = np.flatnonzero(chars.boxes[:, 2] > chars.boxes[:, 0])
    if len(inked) < _FEWEST_TURNED:
        return chars, 0
    middles = (chars.boxes[inked, :2] + chars.boxes[inked, 2:]) / 2
    steps = np.diff(middles, axis=0)
    near = np.abs(steps).sum(axis=1) < _NEXT_CHARACTER
    along, up = steps[near, 0], steps[near, 1]
    rising = int((up > 2 * np.abs(along)).sum())
    falling = int((-up > 2 * np.abs(along)).sum())
    degrees = 90 if rising > falling else 270
    if max(rising, falling) <= near.sum() / 2:
        return chars, 0
    empty = chars.boxes[:, 2] <= chars.boxes[:, 0]
    boxes, width, height = turned(chars.boxes, chars.width, chars.height, degrees)
    boxes[empty] = 0
    return PageChars(chars.text, boxes, chars.bold, width, height), degrees


def _is_bold(handle: int | None, index: int) -> bool:
    """Whether the font name of a character has "bold" in it: few files give the weight."""
    name = ctypes.create_string_buffer(_LONGEST_NAME)
    _font(handle, index, ctypes.addressof(name), _LONGEST_NAME, None)
    return b"bold" in name.value.lower()


def turned(boxes: Boxes, width: float, height: float, degrees: int) -> tuple[Boxes, float, float]:
    """Boxes, width and height after a clockwise rotation by 0, 90, 180 or 270 degrees."""
    left, bottom, right, top = boxes.T
    if degrees == 90:
        return np.stack([bottom, width - right, top, width - left], axis=1), height, width
    if degrees == 180:
        turned = [width - right, height - top, width - left, height - bottom]
        return np.stack(turned, axis=1), width, height
    if degrees == 270:
        return np.stack([height - top, left, height - bottom, right], axis=1), height, width
    return boxes, width, height


def _character(code: int) -> str:
    return "\ufffd" if code == 0 or 0xD800 <= code < 0xE000 or code > 0x10FFFF else chr(code)


# These functions are called for every character. Prototypes with plain integers for handle and
# address are three times as fast as the typed pointers of pypdfium2.
def _prototype(function: object, *arguments: type) -> "ctypes._FuncPointer":
    address = ctypes.cast(function, ctypes.c_void_p).value  # type: ignore[arg-type]
    return ctypes.CFUNCTYPE(ctypes.c_uint, *arguments)(address or 0)


_font = _prototype(
    raw.FPDFText_GetFontInfo,
    *(ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_ulong),
    ctypes.c_void_p,
)
_unicode = _prototype(raw.FPDFText_GetUnicode, ctypes.c_void_p, ctypes.c_int)
_loose_box = _prototype(
    raw.FPDFText_GetLooseCharBox, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p
)
