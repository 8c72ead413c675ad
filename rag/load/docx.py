"""Word documents: headings, numbered paragraphs, lists, tables row by row, footnotes."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
import docx.document
from docx.opc.exceptions import OpcError
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from rag.errors import LoadError
from rag.load.numbering import Numbering
from rag.load.parsed import Job, Parsed

_LARGEST_PART = 50_000_000
"""Bytes of XML in one part; parsing more takes minutes."""
_HEADING = re.compile(r"(?:heading|überschrift|titre)\s*([1-6])|(title)$", re.IGNORECASE)
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_BOXES = {True: "☒", False: "☐"}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = {qn("w:del"), qn("w:moveFrom"), qn("w:instrText"), qn("w:delText"), _FALLBACK}


def read_docx(job: Job) -> Iterator[Parsed]:
    """Read a Word document as it is printed: without tracked deletions.

    Headings are marked with ``#`` as in Markdown. The cells of a table row are separated by ``|``.
    A footnote follows the paragraph that cites it.

    Raises
    ------
    LoadError
        If the document is damaged, a ZIP bomb, or without text.
    """
    _refuse_bombs(job)
    try:
        document = docx.Document(io.BytesIO(job.data))
    except (KeyError, ValueError, OSError, SyntaxError, OpcError) as error:
        raise LoadError(f"a damaged Word document: {error}") from error
    blocks: list[str] = []
    notes: list[tuple[int, int]] = []
    length = 0
    for text, is_note in _blocks(document):
        start = length + 2 * bool(blocks)
        length = start + len(text)
        blocks.append(text)
        if is_note:
            notes.append((start, length))
    if not blocks:
        raise LoadError("a Word document without text")
    properties = document.core_properties
    yield Parsed(
        "\n\n".join(blocks),
        title=(properties.title or "").strip(),
        footnotes=tuple((start, end, 0) for start, end in notes),
    )


def _refuse_bombs(job: Job) -> None:
    """Refuse parts that would unpack to huge XML, and a DOCTYPE, which may refer to other files."""
    with zipfile.ZipFile(io.BytesIO(job.data)) as archive:
        for info in archive.infolist():
            if not info.filename.endswith((".xml", ".rels")):
                continue
            if info.file_size > _LARGEST_PART:
                raise LoadError(
                    f"its part {info.filename} unpacks to {info.file_size:,} bytes, "
                    f"more than {_LARGEST_PART:,}"
                )
            with archive.open(info) as part:
                if b"<!DOCTYPE" in part.read(1024):
                    raise LoadError(
                        f"its part {info.filename} has a DOCTYPE, which Word never writes"
                    )


def _blocks(document: docx.document.Document) -> Iterator[tuple[str, bool]]:
    """Paragraphs, tables and footnotes in order; the flag is true for a footnote."""
    footnotes = _footnotes(document)
    numbering = Numbering(document)
    number = 0
    for item in document.iter_inner_content():
        if isinstance(item, Table):
            text, cited = _table(item), list[str]()
        else:
            text, cited = _paragraph(item, numbering, number)
        number += len(cited)
        if text:
            yield text, False
        for order, key in enumerate(cited, start=number - len(cited) + 1):
            note = footnotes.get(key, "")
            if note:
                yield f"{_raised(order)} {note}", True


def _paragraph(paragraph: Paragraph, numbering: Numbering, notes: int) -> tuple[str, list[str]]:
    """The text of a paragraph and the ids of its footnotes; ``notes`` counts earlier ones."""
    cited: list[str] = []
    text = _text(paragraph._p, cited, notes)
    if not text:
        return "", cited
    label = numbering.label(paragraph)
    style = paragraph.style.name if paragraph.style is not None else ""
    heading = _HEADING.match(style or "")
    marks = "#" * int(heading[1] or 1) + " " if heading else ""
    text = " ".join(text.split()) if heading else text
    return f"{marks}{label + ' ' if label else ''}{text}", cited


def _text(element: Any, cited: list[str], notes: int) -> str:
    pieces: list[str] = []
    _collect(element, pieces, cited, notes)
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return "\n".join(lines).strip()


def _collect(element: Any, pieces: list[str], cited: list[str], notes: int) -> None:
    for child in element:
        tag = child.tag
        if tag in _SKIPPED:
            continue
        if tag == qn("w:t"):
            pieces.append(child.text or "")
        elif tag == qn("w:tab"):
            pieces.append("\t")
        elif tag in (qn("w:br"), qn("w:cr")):
            pieces.append("\n")
        elif tag == qn("w:noBreakHyphen"):
            pieces.append("-")
        elif tag == qn("w:ddList"):
            pieces.append(_chosen(child))
        elif tag == qn("w:checkBox"):
            pieces.append(_BOXES[_is_checked(child)])
        elif tag == qn("w:footnoteReference"):
            cited.append(child.get(qn("w:id")) or "")
            pieces.append(_raised(notes + len(cited)))
        elif tag != qn("w:pPr"):
            _collect(child, pieces, cited, notes)


def _chosen(dropdown: Any) -> str:
    """The entry that a dropdown of a form shows; it is not among the texts of the paragraph."""
    entries = [entry.get(qn("w:val")) or "" for entry in dropdown.findall(qn("w:listEntry"))]
    shown = dropdown.find(qn("w:result"))
    index = 0 if shown is None else int(shown.get(qn("w:val")) or 0)
    return entries[index] if index < len(entries) else ""


def _is_checked(box: Any) -> bool:
    checked = box.find(qn("w:checked"))
    if checked is None:
        checked = box.find(qn("w:default"))
    return checked is not None and checked.get(qn("w:val")) not in ("0", "false")


def _table(table: Table) -> str:
    rows = []
    for row in table.rows:
        cells: list[str] = []
        seen: set[int] = set()
        for cell in row.cells:  # a merged cell is listed once for each column it spans
            if id(cell._tc) not in seen:
                seen.add(id(cell._tc))
                cells.append(" ".join(cell.text.split()))
        if any(cells):
            rows.append(" | ".join(cells))
    return "\n".join(rows)


def _footnotes(document: docx.document.Document) -> dict[str, str]:
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/footnotes") and not relation.is_external:
            root = parse_xml(relation.target_part.blob)
            return {
                note.get(qn("w:id")): " ".join(_text(note, [], 0).split())
                for note in root.findall(qn("w:footnote"))
                if note.get(qn("w:type")) in (None, "normal")
            }
    return {}


def _raised(number: int) -> str:
    return str(number).translate(_SUPERSCRIPTS)
