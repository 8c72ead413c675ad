"""A page of a PDF as a picture, with the cited words marked."""

import hashlib
import io
import itertools
from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium
import streamlit as st
from PIL import Image, ImageChops, ImageDraw

from rag import Document

_WIDTH = 1200
_MARK = "#ffe680"

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in points, from the lower left corner of the page."""


def picture_of(document: Document, start: int, end: int, file: Path) -> bytes | None:
    """The page on which ``start`` is, as PNG; None if the file is not the PDF that was indexed."""
    page = document.page_at(start)
    if page is None or not file.is_file():
        return None
    return _picture(document.sha256, document.text[start:end], page, str(file))


@st.cache_data(max_entries=40, show_spinner=False)
def _picture(sha256: str, words: str, page: int, file: str) -> bytes | None:
    data = Path(file).read_bytes()
    if not data.startswith(b"%PDF") or hashlib.sha256(data).hexdigest() != sha256:
        return None
    try:
        with pdfium.PdfDocument(data) as pdf:
            return _drawn(pdf[page - 1], words)
    except (pdfium.PdfiumError, IndexError):
        return None


def _drawn(page: pdfium.PdfPage, words: str) -> bytes:
    width, height = page.get_size()
    scale = _WIDTH / max(width, 1)
    image = page.render(scale=scale).to_pil().convert("RGB")
    marks = Image.new("RGB", image.size, "white")
    pen = ImageDraw.Draw(marks)
    for left, bottom, right, top in boxes(page, words):
        pen.rectangle(
            (left * scale, (height - top) * scale, right * scale, (height - bottom) * scale),
            fill=_MARK,
        )
    stream = io.BytesIO()
    ImageChops.multiply(image, marks).save(stream, "PNG")
    return stream.getvalue()


def boxes(page: pdfium.PdfPage, words: str) -> list[Box]:
    """Where the words stand on the page, one box for each run on a line; empty if not found.

    Only letters and digits are compared: white space, hyphens at the ends of lines and ligatures
    differ between the page and the text that was read from it. Of words that go on overleaf the
    part on this page is found.
    """
    text = page.get_textpage()
    try:
        signs = [
            (sign, index)
            for index, char in enumerate(text.get_text_range())
            for sign in char.lower()
            if sign.isalnum()
        ]
        on_page = "".join(sign for sign, _ in signs)
        wanted = "".join(sign for sign in words.lower() if sign.isalnum())
        at = on_page.find(wanted)
        length = len(wanted)
        if at < 0:
            length = _tail_that_starts(on_page, wanted)
            at = len(on_page) - length
        indices = sorted({index for _, index in signs[at : at + length]})
        return list(_lines(text.get_charbox(index) for index in indices))
    finally:
        text.close()


def _tail_that_starts(on_page: str, wanted: str) -> int:
    """Length of the longest end of the page with which the words begin; 0 below 20 signs."""
    longest = min(len(on_page), len(wanted))
    return next((n for n in range(longest, 19, -1) if on_page.endswith(wanted[:n])), 0)


def _lines(characters: Iterator[Box]) -> Iterator[Box]:
    """Characters that follow one another on a line, joined into one box."""
    joined: Box | None = None
    for box in itertools.filterfalse(lambda box: box[0] == box[2], characters):
        if joined and box[0] >= joined[0] and box[1] < joined[3] and box[3] > joined[1]:
            joined = (
                joined[0],
                min(joined[1], box[1]),
                max(joined[2], box[2]),
                max(joined[3], box[3]),
            )
        else:
            if joined:
                yield joined
            joined = box
    if joined:
        yield joined
