"""OpenDocument texts: headings, lists, tables row by row, notes, text boxes.

The parts are parsed here: odfpy had its last release in January 2020, and odfdo does not limit what
it unpacks.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rag.errors import LoadError
from rag.load.characters import cleaned, in_small_type
from rag.load.docx_text import raised
from rag.load.list_numbers import letters, roman, whole
from rag.load.parsed import Job, Parsed
from rag.load.tables import Row, table_rows
from rag.load.xml_parts import parsed_part, refuse_bombs

_NAMES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "manifest": "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
}
_MOST_SPACES, _MOST_REPEATED = 100, 100
"""Spaces and empty columns that one element may stand for."""
_QUOTED = 200
"""Characters of a page head or foot that a warning quotes."""
_DEEPEST_STYLE = 20
_WIDEST_CELL = 600
"""Characters; a table with a longer cell is a layout: its cells are read one after the other."""


def read_odt(job: Job) -> Iterator[Parsed]:
    """Read an OpenDocument text as it is printed: without deletions, hidden and struck words.

    Headings are marked with ``#``; a table row is a line, see ``table_rows``; a note follows the
    paragraph that cites it. Page heads and feet and comments are left out; a warning says so.

    Raises
    ------
    LoadError
        If it is encrypted, damaged, a ZIP bomb, or without text.
    """
    refuse_bombs(job.data)
    with zipfile.ZipFile(io.BytesIO(job.data)) as archive:
        manifest = parsed_part(archive, "META-INF/manifest.xml")
        if (
            manifest is not None
            and manifest.find(f".//{_q('manifest:encryption-data')}") is not None
        ):
            raise LoadError("an encrypted OpenDocument text; save it without a password")
        content = parsed_part(archive, "content.xml")
        styles = parsed_part(archive, "styles.xml")
        meta = parsed_part(archive, "meta.xml")
    body = None if content is None else content.find(f".//{_q('office:text')}")
    if body is None:
        raise LoadError("an OpenDocument file without a text; save it as .docx or .pdf")
    reader = _Reader([root for root in (content, styles) if root is not None])
    blocks: list[str] = []
    notes: list[tuple[int, int, int]] = []
    length = 0
    for block in reader.blocks(body):
        text = cleaned(block.text)
        start = length + 2 * bool(blocks)
        length = start + len(text)
        blocks.append(text)
        if block.is_note:
            notes.append((start, length, 0))
    if not blocks:
        raise LoadError("an OpenDocument text without text")
    title = None if meta is None else meta.find(f".//{_q('dc:title')}")
    warnings = [*_frames(styles), *reader.left_out()]
    yield Parsed(
        "\n\n".join(blocks),
        title=cleaned((title.text or "").strip()) if title is not None else "",
        metadata={"warnings": warnings} if warnings else {},
        footnotes=tuple(notes),
    )


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph, a row of a table or a note."""

    text: str
    is_note: bool = False


class _Reader:
    """Reads the blocks of one document, in order; counts its lists and notes."""

    def __init__(self, roots: list[Any]) -> None:
        self._styles = {
            (style.get(_q("style:family")), style.get(_q("style:name"))): style
            for root in roots
            for style in root.iter(_q("style:style"))
        }
        self._lists = {
            style.get(_q("style:name")): style
            for root in roots
            for style in root.iter(_q("text:list-style"))
        }
        self._last: dict[tuple[str | None, int], int] = {}  # by style and level of lists
        self._notes: list[_Block] = []
        self._boxes: list[Any] = []
        self._counts = {"footnote": 0, "endnote": 0}
        self._hidden = self._struck = self._comments = 0

    def blocks(self, container: Any) -> Iterator[_Block]:
        """The blocks of the body, of a cell, a section, a note or a text box."""
        for child in container:
            tag = child.tag
            if tag in (_q("text:p"), _q("text:h")):
                yield from self._paragraph(child, "")
            elif tag == _q("text:list"):
                yield from self._list(child, child.get(_q("text:style-name")), 1)
            elif tag == _q("table:table"):
                yield from self._table(child)
            elif tag == _q("text:section") and child.get(_q("text:display")) == "none":
                self._hidden += _length(child)
            elif tag in _CONTAINERS:
                yield from self.blocks(child)
            elif tag == _q("draw:frame"):
                for box in child.iter(_q("draw:text-box")):
                    yield from self.blocks(box)

    def left_out(self) -> list[str]:
        """What was not read so far, in words."""
        counts = ((self._hidden, "hidden"), (self._struck, "struck-through"))
        told = [f"{count} {what} characters were left out" for count, what in counts if count]
        if self._comments:
            plural = "s were" if self._comments > 1 else " was"
            told.insert(0, f"{self._comments} comment{plural} left out")
        return told

    def _paragraph(self, element: Any, label: str) -> Iterator[_Block]:
        pieces: list[str] = []
        style = element.get(_q("text:style-name"))
        if self._has(style, "paragraph", "text:display", "none"):
            self._hidden += _length(element)
        else:
            self._collect(element, pieces)
        lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
        text = "\n".join(lines).strip()
        if text and element.tag == _q("text:h"):
            depth = min(max(whole(element.get(_q("text:outline-level")), 1), 1), 6)
            text = f"{'#' * depth} {' '.join(text.split())}"
        notes, self._notes = self._notes, []
        boxes, self._boxes = self._boxes, []
        if text:
            yield _Block(f"{label} {text}" if label else text)
        yield from notes
        for box in boxes:
            yield from self.blocks(box)

    def _collect(self, element: Any, pieces: list[str]) -> None:
        pieces.append(element.text or "")
        for child in element:
            self._inline(child, pieces)
            pieces.append(child.tail or "")

    def _inline(self, child: Any, pieces: list[str]) -> None:
        tag = child.tag
        if tag == _q("text:s"):
            pieces.append(" " * _number(child, "text:c", _MOST_SPACES))
        elif tag == _q("text:tab"):
            pieces.append("\t")
        elif tag == _q("text:line-break"):
            pieces.append("\n")
        elif tag == _q("text:note"):
            pieces.append(self._note(child))
        elif tag == _q("office:annotation"):
            self._comments += 1
        elif tag in (_q("text:hidden-text"), _q("text:hidden-paragraph")):
            self._hidden += _length(child)
        elif tag == _q("draw:frame"):
            self._boxes += child.findall(_q("draw:text-box"))
        elif tag == _q("text:span"):
            style = child.get(_q("text:style-name"))
            if self._has(style, "text", "text:display", "none"):
                self._hidden += _length(child)
            elif self._is_struck(style):
                self._struck += _length(child)
            else:
                place = self._property(style, "text", "style:text-position") or ""
                own: list[str] = []
                self._collect(child, own)
                if place.startswith(("super", "sub")):
                    own = [in_small_type("".join(own), raised=place.startswith("super"))]
                pieces += own
        elif isinstance(tag, str) and tag not in _NOT_TEXT:
            self._collect(child, pieces)

    def _note(self, note: Any) -> str:
        kind = "endnote" if note.get(_q("text:note-class")) == "endnote" else "footnote"
        self._counts[kind] += 1
        mark = raised(kind, self._counts[kind])
        body = note.find(_q("text:note-body"))
        outer, self._notes = self._notes, []
        texts = [block.text for block in self.blocks(body)] if body is not None else []
        self._notes = outer
        if texts:
            self._notes.append(_Block(f"{mark} {' '.join(' '.join(texts).split())}", is_note=True))
        return mark

    def _list(
        self, element: Any, style: str | None, level: int, above: tuple[int, ...] = ()
    ) -> Iterator[_Block]:
        goes_on = element.get(_q("text:continue-numbering")) == "true" or element.get(
            _q("text:continue-list")
        )
        number = self._last.get((style, level), 0) if goes_on else 0
        for item in element:
            if item.tag not in (_q("text:list-item"), _q("text:list-header")):
                continue
            label = ""
            if item.tag == _q("text:list-item"):
                number = whole(item.get(_q("text:start-value")), number + 1)
                self._last[style, level] = number
                label = self._label(style, (*above, number))
            for child in item:
                if child.tag == _q("text:list"):
                    own = child.get(_q("text:style-name")) or style
                    yield from self._list(child, own, level + 1, (*above, number))
                elif child.tag in (_q("text:p"), _q("text:h")):
                    yield from self._paragraph(child, label)
                    label = ""

    def _label(self, style: str | None, numbers: tuple[int, ...]) -> str:
        """The mark of an item: its number behind those of the items above, as the style says."""
        form = self._form(style, len(numbers))
        if form is None or form.tag != _q("text:list-level-style-number"):
            return "•"
        before = form.get(_q("style:num-prefix")) or ""
        after = form.get(_q("style:num-suffix")) or ""
        shown = min(_number(form, "text:display-levels"), len(numbers))
        counts = []
        for level in range(len(numbers) - shown + 1, len(numbers) + 1):
            own = self._form(style, level)
            if own is not None:
                first = whole(own.get(_q("text:start-value")), 1)
                form_of_level = own.get(_q("style:num-format")) or ""
                counts.append(_written(numbers[level - 1] + first - 1, form_of_level))
        return f"{before}{'.'.join(filter(None, counts))}{after}".strip()

    def _form(self, style: str | None, level: int) -> Any:
        """How a style marks the items of a level; None where it does not say."""
        levels = self._lists.get(style)
        found = () if levels is None else levels
        return next((form for form in found if form.get(_q("text:level")) == str(level)), None)

    def _table(self, table: Any) -> Iterator[_Block]:
        rows = list(table.iter(_q("table:table-row")))
        rows = [row for row in rows if _table_of(row) is table]
        grid: list[Row] = []
        notes: list[_Block] = []
        every: list[list[_Block]] = []
        above: dict[int, tuple[int, str | None]] = {}
        for row in rows:
            line: list[str | None] = []
            for cell in row:
                columns = min(_number(cell, "table:number-columns-repeated"), _MOST_REPEATED)
                if cell.tag == _q("table:covered-table-cell"):
                    for _ in range(columns):
                        left, text = above.get(len(line), (0, None))
                        above[len(line)] = (left - 1, text)
                        line.append(text if left > 0 else None)
                elif cell.tag == _q("table:table-cell"):
                    found = list(self.blocks(cell))
                    every.append(found)
                    notes += [block for block in found if block.is_note]
                    words = (block.text.lstrip("# ") for block in found if not block.is_note)
                    said = " ".join(" ".join(words).split())
                    down = _number(cell, "table:number-rows-spanned")
                    above[len(line)] = (down - 1, said)
                    line += [said] * columns
            grid.append(line)
        width = max((1 + at for line in grid for at, text in enumerate(line) if text), default=0)
        if width < 2 or any(len(cell or "") > _WIDEST_CELL for line in grid for cell in line):
            yield from (block for found in every for block in found)
            return
        head = [row for row in rows if row.getparent().tag == _q("table:table-header-rows")]
        yield from map(
            _Block, table_rows([line[:width] for line in grid], headers=len(head) or None)
        )
        yield from notes

    def _is_struck(self, style: str | None) -> bool:
        value = self._property(style, "text", "style:text-line-through-style")
        return value not in (None, "none")

    def _has(self, style: str | None, family: str, name: str, value: str) -> bool:
        return self._property(style, family, name) == value

    def _property(self, name: str | None, family: str, key: str) -> str | None:
        """A property of text of a style, or of one that it builds on."""
        for _ in range(_DEEPEST_STYLE):
            style = self._styles.get((family, name))
            if style is None:
                return None
            properties = style.find(_q("style:text-properties"))
            value = None if properties is None else properties.get(_q(key))
            if value is not None:
                return str(value)
            name = style.get(_q("style:parent-style-name"))
        return None


def _frames(styles: Any) -> list[str]:
    """A warning that quotes the page heads and feet, if there are any."""
    if styles is None:
        return []
    frames = []
    for name in ("header", "header-left", "header-first", "footer", "footer-left", "footer-first"):
        for frame in styles.iter(_q(f"style:{name}")):
            frames.append(" ".join(" ".join(frame.itertext()).split()))
    shown = cleaned(" / ".join(dict.fromkeys(filter(None, frames))))
    more = "…" if len(shown) > _QUOTED else ""
    return [f"page heads and feet were left out: {shown[:_QUOTED]}{more}"] if shown else []


def _q(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{_NAMES[prefix]}}}{local}"


def _length(element: Any) -> int:
    return len("".join(element.itertext()).strip())


def _number(element: Any, name: str, most: int = 10_000) -> int:
    return min(whole(element.get(_q(name)), 1), most)


def _table_of(row: Any) -> Any:
    return next(row.iterancestors(_q("table:table")), None)


def _written(count: int, form: str) -> str:
    if form in ("a", "A"):
        return letters(count) if form == "a" else letters(count).upper()
    if form in ("i", "I"):
        return roman(count) if form == "i" else roman(count).upper()
    return str(count) if form else ""


_CONTAINERS = frozenset(
    _q(name)
    for name in (
        *("text:section", "text:index-body", "text:table-of-content", "text:index-title"),
        *("text:illustration-index", "text:table-index", "text:alphabetical-index"),
        *("text:bibliography", "text:user-index", "text:numbered-paragraph"),
    )
)
_NOT_TEXT = frozenset(
    _q(name)
    for name in (
        *("office:annotation-end", "text:tracked-changes", "text:bookmark", "text:ruby-text"),
        "text:note-citation",
    )
)
