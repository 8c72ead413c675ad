"""Render a page of a PDF with a quote highlighted, and find the place of a quote on it."""

import io
import re
from collections.abc import Iterator

import pypdfium2 as pdfium
from PIL import Image, ImageChops, ImageDraw

from rag.errors import LoadError
from rag.load.pdf.chars import open_pdf
from rag.load.pdf.lines import Line
from rag.load.pdf.read import read_page

Box = tuple[float, float, float, float]
"""Left, top, right, bottom from the upper left corner, as shares (0 to 1) of width and height."""

_INK = re.compile(r"[^\W_]")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_MARK = (255, 221, 51)
_SHORTEST = 12
"""Letters of a part of a quote that are searched at least: shorter ones occur by chance."""


def page_picture(data: bytes, page: int, quote: str = "", *, scale: float = 1.5) -> bytes:
    """Render a page as PNG with ``quote`` highlighted where it is found.

    Parameters
    ----------
    data
        The PDF's bytes.
    page
        Physical page, from 1.
    quote
        Text of the document; a part of it on another page is not highlighted.
    scale
        Pixels for each point; 1.5 gives 108 dots per inch.

    Raises
    ------
    LoadError
        If the PDF cannot be read or has no such page.
    """
    with open_pdf(data) as document:
        if not 1 <= page <= len(document):
            raise LoadError(f"no page {page}; the PDF has {len(document)}")
        drawn = document[page - 1].render(scale=scale).to_pil().convert("RGB")
        boxes = _places(document, page, quote) if quote else []
    marks = Image.new("RGB", drawn.size, "white")
    pen = ImageDraw.Draw(marks)
    width, height = drawn.size
    for left, top, right, bottom in boxes:
        pen.rectangle((left * width, top * height, right * width, bottom * height), fill=_MARK)
    out = io.BytesIO()
    _darker(drawn, marks).save(out, format="PNG")
    return out.getvalue()


def quote_boxes(data: bytes, page: int, quote: str) -> list[Box]:
    """The place of ``quote`` on page ``page``, from 1: one box for each line, in reading order.

    White space, hyphens and punctuation may differ. If the quote crosses the end of a page, its
    part on this page is found. Empty if the quote is not on the page.

    Raises
    ------
    LoadError
        If the PDF cannot be read or has no such page.
    """
    with open_pdf(data) as document:
        if not 1 <= page <= len(document):
            raise LoadError(f"no page {page}; the PDF has {len(document)}")
        return _places(document, page, quote)


def _places(document: pdfium.PdfDocument, page: int, quote: str) -> list[Box]:
    read = read_page(document, page - 1, ocr=True)
    width, height = document.get_page_size(page - 1)
    if not read.turned:
        return list(_boxes(read.lines, quote, width, height))
    return [
        (top, 1 - right, bottom, 1 - left)
        if read.turned == 90
        else (1 - bottom, left, 1 - top, right)
        for left, top, right, bottom in _boxes(read.lines, quote, height, width)
    ]


def _boxes(lines: list[Line], quote: str, width: float, height: float) -> Iterator[Box]:
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    for number, line in enumerate(lines):
        for index, character in enumerate(line.text.translate(_SUPERSCRIPTS)):
            if _INK.match(character):
                letters.append(character)
                places.append((number, index))
    found = _find("".join(letters), "".join(_INK.findall(quote.translate(_SUPERSCRIPTS))))
    if not found:
        return
    start, end = found
    for number, line in enumerate(lines):
        inside = [index for place, index in places[start:end] if place == number]
        if inside:
            part = line.boxes[inside[0] : inside[-1] + 1]
            part = part[part[:, 2] > part[:, 0]]
            left, bottom = part[:, :2].min(axis=0).tolist()
            right, top = part[:, 2:].max(axis=0).tolist()
            yield left / width, 1 - top / height, right / width, 1 - bottom / height


def _find(text: str, quote: str) -> tuple[int, int] | None:
    """Span of ``quote`` in ``text``, half-open, or of its longest start or end; None if absent."""
    if not quote:
        return None
    start = text.find(quote)
    if start >= 0:
        return start, start + len(quote)
    for length in range(len(quote) - 1, _SHORTEST - 1, -1):
        head = text.rfind(quote[:length])
        if head >= 0 and length >= _SHORTEST:
            return head, head + length
        tail = text.find(quote[-length:])
        if tail >= 0:
            return tail, tail + length
    return None


def _darker(picture: Image.Image, marks: Image.Image) -> Image.Image:
    """Multiply the images, as a text marker does: black print stays black."""
    return ImageChops.multiply(picture, marks)
