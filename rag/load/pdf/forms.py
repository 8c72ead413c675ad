"""What was filled into a form: field values and typed notes, as text at their place on the page."""

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from rag.load.pdf.chars import turned
from rag.load.pdf.lines import Line, line_of

_LINE = 12.0
"""Points: height of a line of a field with several lines; lower fields have one line."""
_WIDTH = 0.5
"""Width of a character as a share of its height: the average of text fonts."""
_MOST_BYTES = 60_000
"""Of one value; a longer one is cut."""
_MOST_FIELDS = 3000
"""Of one page; a form has fewer."""
_SAME_ROW = 0.5
"""Share of the height of a value that it has in common with a line of its row."""
_PASSWORD = 1 << 13
_UNSEEN = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW
_TEXTS = (raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX)
_MARKS = (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON)

_Field = tuple[str, tuple[float, float, float, float]]


def with_fields(page: pdfium.PdfPage, lines: Sequence[Line]) -> list[Line]:
    """``lines`` with the values of the form fields of ``page`` and its typed notes, in their rows.

    A ticked box is "☒", another one "☐". PDFium gives no places for the characters of a value: they
    share the field's width.
    """
    placed = list(lines)
    left, bottom, right, top = page.get_cropbox()
    for text, frame in _fields(page):
        above: Line | None = None
        for line, boxes in _lines(text, frame):
            own = np.array(boxes, dtype=np.float32)
            own -= np.array([left, bottom, left, bottom], dtype=np.float32)
            own = turned(own, right - left, top - bottom, page.get_rotation())[0]
            made = line_of(line, own, float(own[0, 3] - own[0, 1]))
            above = _placed(placed, made, above)
    return placed


def _placed(lines: list[Line], line: Line, above: Line | None) -> Line:
    """Insert ``line`` into ``lines``: into its row, else below ``above`` or by its height."""
    row = [
        (index, other)
        for index, other in enumerate(lines)
        if min(other.top, line.top) - max(other.bottom, line.bottom) > _SAME_ROW * line.size
    ]
    before = [entry for entry in row if entry[1].left <= line.left]
    if above is not None:
        at = next(index for index, other in enumerate(lines) if other is above) + 1
        line = replace(line, size=above.size)
    elif row:
        index, beside = max(before, key=lambda entry: entry[1].left) if before else row[0]
        at = index + 1 if before else index
        line = replace(line, size=beside.size, base=beside.base)
    else:
        lower = (index for index, other in enumerate(lines) if other.top < line.bottom + 1)
        at = next(lower, len(lines))
    lines.insert(at, line)
    return line


def attached_files(page: pdfium.PdfPage) -> int:
    """The number of files that hang on ``page`` as paper clips."""
    count = 0
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        count += raw.FPDFAnnot_GetSubtype(annotation) == raw.FPDF_ANNOT_FILEATTACHMENT
        raw.FPDFPage_CloseAnnot(annotation)
    return count


def _fields(page: pdfium.PdfPage) -> Iterator[_Field]:
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST_FIELDS)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        frame = raw.FS_RECTF()
        seen = not raw.FPDFAnnot_GetFlags(annotation) & _UNSEEN
        if seen and raw.FPDFAnnot_GetRect(annotation, frame):
            kind = raw.FPDFAnnot_GetSubtype(annotation)
            text = ""
            if kind == raw.FPDF_ANNOT_FREETEXT:
                text = _string(raw.FPDFAnnot_GetStringValue, annotation, b"Contents")
            elif kind == raw.FPDF_ANNOT_WIDGET and page.formenv:
                text = _value(page.formenv, annotation)
            yield text, (frame.left, frame.bottom, frame.right, frame.top)
        raw.FPDFPage_CloseAnnot(annotation)


def _value(form: object, annotation: object) -> str:
    kind = raw.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind in _MARKS:
        return "☒" if raw.FPDFAnnot_IsChecked(form, annotation) else "☐"
    if kind not in _TEXTS or raw.FPDFAnnot_GetFormFieldFlags(form, annotation) & _PASSWORD:
        return ""
    return _string(raw.FPDFAnnot_GetFormFieldValue, form, annotation)


def _string(function: object, *arguments: object) -> str:
    """A text that PDFium writes into a buffer of ours, in UTF-16."""
    size = min(function(*arguments, None, 0), _MOST_BYTES)  # type: ignore[operator]
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size + 2)
    address = ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR))
    function(*arguments, address, size)  # type: ignore[operator]
    return buffer.raw[:size].decode("utf-16-le", errors="replace").split("\0")[0]


def _lines(
    text: str, frame: tuple[float, float, float, float]
) -> Iterator[tuple[str, list[tuple[float, float, float, float]]]]:
    """The lines of a value as they fit into its frame, from the top, with boxes of characters."""
    left, bottom, right, top = frame
    size = max(1.0, min(_LINE, top - bottom))
    room = max(1, int((right - left) / (size * _WIDTH)))
    paragraphs = text.splitlines()
    if len(paragraphs) == 1 and top - bottom < 2 * _LINE:
        room = max(room, len(text))
        top -= (top - bottom - size) / 2
    for paragraph in paragraphs:
        for line in _wrapped(paragraph, room):
            width = min(size * _WIDTH, (right - left) / len(line))
            yield (
                line,
                [
                    (left + width * index, top - size, left + width * (index + 1), top)
                    for index in range(len(line))
                ],
            )
            top -= size * 1.2


def _wrapped(paragraph: str, room: int) -> Iterator[str]:
    line = ""
    for word in paragraph.split():
        if line and len(line) + 1 + len(word) > room:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    if line:
        yield line
