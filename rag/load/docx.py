"""Word documents: headings, numbered paragraphs, lists, tables row by row, notes, text boxes."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import docx
import docx.document
from docx.opc.exceptions import OpcError
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from rag.errors import LoadError
from rag.load.characters import cleaned
from rag.load.docx_package import ordinary
from rag.load.docx_text import Collected, WordText, items_of, raised
from rag.load.list_numbers import whole
from rag.load.numbering import Numbering
from rag.load.parsed import Job, Parsed
from rag.load.tables import Row, table_rows
from rag.load.xml_parts import refuse_bombs

_HEADING = re.compile(r"(?:heading|überschrift|titre)\s*([1-6])|(title)$", re.IGNORECASE)
_WIDEST_CELL = 600
"""Characters; a table with a longer cell is a layout: its cells are read one after the other."""
_QUOTED = 200
"""Characters of a page head or foot that a warning quotes."""
_MOST_COLUMNS = 1000
"""Columns that a cell may span or a row be moved in; Word has at most 63."""


def read_docx(job: Job) -> Iterator[Parsed]:
    """Read a Word document as it is printed: without tracked deletions, hidden and struck words.

    Headings are marked with ``#`` as in Markdown. A table row is a line, see ``table_rows``. A note
    follows the paragraph that cites it, a text box the paragraph that it is fixed to. Page heads
    and feet and comments are left out; a warning says so.

    Raises
    ------
    LoadError
        If the document is damaged, a ZIP bomb, or without text.
    """
    refuse_bombs(job.data)
    try:
        document = docx.Document(io.BytesIO(ordinary(job.data)))
    except (KeyError, ValueError, OSError, SyntaxError, OpcError) as error:
        raise LoadError(f"a damaged Word document: {error}") from error
    reader = _Reader(document)
    blocks: list[str] = []
    notes: list[tuple[int, int]] = []
    length = 0
    for block in reader.blocks(document.element.body):
        text = cleaned(block.text)
        start = length + 2 * bool(blocks)
        length = start + len(text)
        blocks.append(text)
        if block.is_note:
            notes.append((start, length))
    if not blocks:
        raise LoadError("a Word document without text")
    warnings = [*_left_out(document), *reader.left_out()]
    yield Parsed(
        "\n\n".join(blocks),
        title=cleaned(document.core_properties.title or "").strip(),
        metadata={"warnings": warnings} if warnings else {},
        footnotes=tuple((start, end, 0) for start, end in notes),
    )


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph, a row of a table or a note."""

    text: str
    is_note: bool = False


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell, the columns that it spans, and whether it goes on from the cell above."""

    blocks: list[_Block]
    span: int
    continues: bool
    is_bold: bool

    def text(self) -> str:
        return " ".join(" ".join(block.text.lstrip("# ").split()) for block in self.blocks)


class _Reader:
    """Reads the blocks of one document, in order; counts its lists and notes."""

    def __init__(self, document: docx.document.Document) -> None:
        self._parent = document._body
        self._numbering = Numbering(document)
        self._words = WordText(document)
        self._notes = _notes(document, WordText(document))
        self._counts = {"footnote": 0, "endnote": 0}

    def blocks(self, container: Any) -> Iterator[_Block]:
        """The blocks of the body, of a cell or of a text box."""
        for item in _joined(list(items_of(container, "p", "tbl"))):
            yield from self._table(item) if item.tag == qn("w:tbl") else self._paragraph(item)

    def left_out(self) -> list[str]:
        """What was not read so far, in words."""
        met = self._words.met
        counts = ((met.hidden, "hidden"), (met.struck, "struck-through"))
        return [f"{count} {what} characters were left out" for count, what in counts if count]

    def _paragraph(self, element: Any) -> Iterator[_Block]:
        text = self._words.text(element)
        boxes = self._words.met.boxes[:]
        self._words.met.boxes.clear()
        if text:
            paragraph = Paragraph(element, self._parent)
            label = self._numbering.label(paragraph)
            style = paragraph.style.name if paragraph.style is not None else ""
            heading = _HEADING.match(style or "")
            marks = "#" * int(heading[1] or 1) + " " if heading else ""
            text = " ".join(text.split()) if heading else text
            yield _Block(f"{marks}{label + ' ' if label else ''}{text}")
        yield from self._cited()
        for box in boxes:
            yield from self.blocks(box)

    def _cited(self) -> Iterator[_Block]:
        """The notes that were cited since the last call."""
        cited = self._words.met.cited[:]
        self._words.met.cited.clear()
        for kind, key in cited:
            self._counts[kind] += 1
            note = self._notes.get((kind, key), "")
            if note:
                yield _Block(f"{raised(kind, self._counts[kind])} {note}", is_note=True)

    def _table(self, table: Any) -> Iterator[_Block]:
        rows = [row for row in items_of(table, "tr") if not _is_gone(row.find(qn("w:trPr")))]
        cells = [[self._cell(cell) for cell in items_of(row, "tc")] for row in rows]
        every = [cell for row in cells for cell in row]
        notes = [block for cell in every for block in cell.blocks if block.is_note]
        single = all(sum(bool(cell.blocks) for cell in row) < 2 for row in cells)
        if single or any(len(cell.text()) > _WIDEST_CELL for cell in every):
            yield from (block for cell in every for block in cell.blocks)
            return
        plain = [
            [
                _Cell([b for b in c.blocks if not b.is_note], c.span, c.continues, c.is_bold)
                for c in row
            ]
            for row in cells
        ]
        lines = table_rows(_grid(rows, plain), headers=_headers(rows, plain))
        yield from (_Block(line) for line in lines)
        yield from notes

    def _cell(self, cell: Any) -> _Cell:
        properties = cell.find(qn("w:tcPr"))
        if properties is not None and properties.find(qn("w:cellDel")) is not None:
            return _Cell([], 1, continues=False, is_bold=False)
        merge = None if properties is None else properties.find(qn("w:vMerge"))
        span = None if properties is None else properties.find(qn("w:gridSpan"))
        runs = [run for run in cell.iter(qn("w:r")) if run.find(qn("w:t")) is not None]
        return _Cell(
            list(self.blocks(cell)),
            _number(span, 1),
            continues=merge is not None and merge.get(qn("w:val")) in (None, "continue"),
            is_bold=bool(runs) and all(map(_is_bold, runs)),
        )


def _grid(rows: list[Any], cells: list[list[_Cell]]) -> list[Row]:
    """The texts by column; a cell that is merged with the one above repeats its text."""
    grid: list[Row] = []
    above: dict[int, str] = {}
    for row, found in zip(rows, cells, strict=True):
        properties = row.find(qn("w:trPr"))
        before = None if properties is None else properties.find(qn("w:gridBefore"))
        line: list[str | None] = [""] * _number(before, 0)
        current: dict[int, str] = {}
        for cell in found:
            text = cell.text()
            if cell.continues and not text:
                text = above.get(len(line), "")
            current[len(line)] = text
            line += [text, *([None] * (cell.span - 1))]
        above = current
        grid.append(line)
    return grid


def _headers(rows: list[Any], cells: list[list[_Cell]]) -> int | None:
    """Number of rows that name the columns: marked so, or the first one alone in bold type."""
    marked = 0
    for row in rows:
        header = row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}")
        if header is None or header.get(qn("w:val")) in ("0", "false", "off"):
            break
        marked += 1
    if marked:
        return marked
    bold = [all(cell.is_bold for cell in row if cell.blocks) for row in cells]
    first_column = any(row and row[0].is_bold for row in cells[1:])
    return 1 if bold and bold[0] and not any(bold[1:]) and not first_column else None


def _joined(items: list[Any]) -> list[Any]:
    """Paragraphs and tables; a paragraph whose end was deleted goes on in the next one."""
    kept = []
    for item, following in zip_longest(items, items[1:]):
        mark = item.find(f"{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:del')}")
        if mark is None or following is None or following.tag != qn("w:p"):
            kept.append(item)
            continue
        place = 0 if following.find(qn("w:pPr")) is None else 1
        for child in reversed([child for child in item if child.tag != qn("w:pPr")]):
            following.insert(place, child)
    return kept


def _is_bold(run: Any) -> bool:
    bold = run.find(f"{qn('w:rPr')}/{qn('w:b')}")
    return bold is not None and bold.get(qn("w:val")) not in ("0", "false", "off")


def _is_gone(properties: Any) -> bool:
    """Whether a row was deleted, or is hidden."""
    if properties is None:
        return False
    hidden = properties.find(qn("w:hidden"))
    shown = hidden is None or hidden.get(qn("w:val")) in ("0", "false", "off")
    return properties.find(qn("w:del")) is not None or not shown


def _number(element: Any, default: int) -> int:
    return (
        default if element is None else min(whole(element.get(qn("w:val")), default), _MOST_COLUMNS)
    )


def _notes(document: docx.document.Document, words: WordText) -> dict[tuple[str, str], str]:
    """The text of each footnote and endnote by kind and id."""
    notes: dict[tuple[str, str], str] = {}
    for kind in ("footnote", "endnote"):
        for root in _parts(document, f"/{kind}s"):
            for note in root.findall(qn(f"w:{kind}")):
                if note.get(qn("w:type")) in (None, "normal"):
                    texts = (words.text(paragraph) for paragraph in note.iter(qn("w:p")))
                    notes[kind, note.get(qn("w:id"))] = " ".join(" ".join(texts).split())
    return notes


def _left_out(document: docx.document.Document) -> list[str]:
    """What of the document is not read, in words."""
    words = WordText(document)
    words.met = Collected()
    frames = [
        text
        for kind in ("/header", "/footer")
        for root in _parts(document, kind)
        if (text := " ".join(" ".join(map(words.text, root.iter(qn("w:p")))).split()))
    ]
    comments = sum(len(root.findall(qn("w:comment"))) for root in _parts(document, "/comments"))
    embedded = len(list(document.element.body.iter(qn("w:altChunk"))))
    warnings = []
    if frames:
        shown = cleaned(" / ".join(dict.fromkeys(frames)))
        more = "…" if len(shown) > _QUOTED else ""
        warnings.append(f"page heads and feet were left out: {shown[:_QUOTED]}{more}")
    for count, what in ((comments, "comment"), (embedded, "embedded document")):
        if count:
            warnings.append(f"{count} {what}{'s were' if count > 1 else ' was'} left out")
    return warnings


def _parts(document: docx.document.Document, kind: str) -> Iterator[Any]:
    """The roots of the parts that the document refers to by this type of relationship."""
    for relation in document.part.rels.values():
        if relation.reltype.endswith(kind) and not relation.is_external:
            yield parse_xml(relation.target_part.blob)
