"""The text of an HTML tree: paragraphs, headings, lists, tables, quotations."""

import re
from collections.abc import Callable
from typing import Any

from lxml import etree

from rag.load.characters import cleaned, in_small_type
from rag.load.list_numbers import letters, roman, whole
from rag.load.tables import Row, table_rows

_HEADINGS = {f"h{depth}": "#" * depth + " " for depth in range(1, 7)}
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset "
    "figcaption figure footer form header hr li main nav ol p pre section summary table tbody td "
    "tfoot th thead tr ul".split()
) | frozenset(_HEADINGS)
_WIDEST_CELL = 600
"""Characters; a table with a longer cell is a layout."""
_MOST_SPANNED = 1000
"""Columns or rows that a cell may span, as HTML limits it."""
_STYLE_OF_LIST = re.compile(r"\blist-style(?:-type)?\s{0,9}:\s{0,9}([a-z-]{1,30})", re.I)
_NAMED_FORMS = {"lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A", "upper-latin": "A"} | {
    "lower-roman": "i",
    "upper-roman": "I",
}
_FORMS: dict[str, Callable[[int], str]] = {
    "a": letters,
    "A": lambda count: letters(count).upper(),
    "i": roman,
    "I": lambda count: roman(count).upper(),
}
_SPACES = re.compile(r"[^\S\n]+")


def text_of(root: Any, *, quotes: bool = False) -> str:
    """The text below ``root``, blocks parted by blank lines, headings marked with ``#``.

    Parameters
    ----------
    quotes
        Whether the lines of a quotation (``blockquote``) begin with ``>``, as in an e-mail.
    """
    writer = _Writer(quotes=quotes)
    walk = etree.iterwalk(root, events=("start", "end"))
    skipped = None
    for event, element in walk:
        if event == "start":
            if element.tag == "table" and not _is_layout(element):
                writer.table(element)
                skipped = element
                walk.skip_subtree()
            else:
                writer.start(element)
        else:
            if element is skipped:
                writer.block()
            else:
                writer.end(element)
            if element is not root:
                writer.add(element.tail)
    return writer.text()


class _Writer:
    """Collects lines; each knows how deep in quotations it stands."""

    def __init__(self, *, quotes: bool) -> None:
        self._quotes = quotes
        self._lines: list[tuple[int, str]] = []
        self._line: list[str] = []
        self._depth = 0
        # Of each open list, the next number, its step, and how it is written; None for bullets.
        self._lists: list[tuple[int, int, str] | None] = []
        self._raw = 0  # depth of <pre>
        self._small: list[tuple[Any, int]] = []  # open <sup> and <sub>, and where they began
        self._term = False

    def start(self, element: Any) -> None:
        tag = element.tag
        if tag in ("sup", "sub"):
            self._small.append((element, len(self._line)))
        elif tag == "br" and self._shown():
            self._end_line()
        elif tag == "br":  # a second one parts paragraphs
            self.block()
        elif tag in ("ul", "ol"):
            self.block(blank=not self._lists)
            self._lists.append(None if tag == "ul" else _numbering(element))
        elif tag == "li":
            self._end_line()
            self._line.append(self._mark(element))
        elif tag == "dd" and self._term:
            self._term = False
            if not self._shown().endswith((":", "?", ".")):
                self._line.append(":")
            self._line.append(" ")
        elif tag in _HEADINGS:
            self.block()
            self._line.append(_HEADINGS[tag])
        elif tag in _BLOCKS and not self._opens_item(tag):
            self.block()
        if tag == "blockquote":
            self._depth += 1
        elif tag == "pre":
            self._raw += 1
        elif tag == "q":
            self._line.append("“")
        self.add(element.text)

    def end(self, element: Any) -> None:
        tag = element.tag
        if tag in ("sup", "sub"):
            self._end_small(tag)
        elif tag in ("ul", "ol"):
            self._end_line()
            self._lists.pop()
            if not self._lists:
                self.block()
        elif tag == "li":
            self._end_line()
        elif tag == "dt":
            self._term = bool(self._shown())
        elif tag == "q":
            self._line.append("”")
        elif tag in _BLOCKS:
            self.block()
            if tag == "blockquote":
                self._depth -= 1
            elif tag == "pre":
                self._raw -= 1

    def add(self, text: str | None) -> None:
        """Text within a line; white space collapses but in ``<pre>``."""
        if not text:
            return
        if self._raw:
            first, *others = text.split("\n")
            self._line.append(first)
            for line in others:
                self._end_line()
                self._line.append(line)
        elif text.strip():
            if self._term:
                self.block()
            self._line.append(text.replace("\n", " ").replace("\r", " "))
        else:
            self._line.append(" ")

    def block(self, *, blank: bool = True) -> None:
        """End the line; a blank line follows, but not inside of a list."""
        self._term = False
        self._end_line()
        if blank and not self._lists and self._lines and self._lines[-1][1]:
            self._lines.append((self._depth, ""))

    def table(self, element: Any) -> None:
        """Write a table with a line for each row, blank lines between them."""
        self.block()
        caption = element.find("caption")
        if caption is not None:
            self.add(" ".join(text_of(caption).split()))
            self.block()
        rows, headers = _grid(element)
        for line in table_rows(rows, headers=headers):
            self._line.append(line)
            self.block()

    def text(self) -> str:
        """All that was written."""
        self._end_line()
        lines = (
            (">" * depth + " " + line).rstrip() if self._quotes and depth else line
            for depth, line in self._lines
        )
        return cleaned("\n".join(lines)).strip()

    def _shown(self) -> str:
        return "".join(self._line).strip()

    def _end_line(self) -> None:
        line = "".join(self._line)
        self._line.clear()
        self._small.clear()
        shown = line.rstrip() if self._raw else _SPACES.sub(" ", line).strip()
        if shown.strip(" #") and shown not in ("-", "•"):
            self._lines.append((self._depth, shown))
        elif self._raw and self._lines and self._lines[-1][1]:
            self._lines.append((self._depth, ""))

    def _mark(self, item: Any) -> str:
        if not self._lists or (numbering := self._lists[-1]) is None:
            return "- "
        number, step, form = numbering
        number = whole(item.get("value"), number)
        self._lists[-1] = (number + step, step, form)
        return f"{_FORMS.get(form, str)(number)}. "

    def _opens_item(self, tag: str) -> bool:
        """Whether a paragraph begins right after the mark of its list item."""
        return tag in ("p", "div") and re.fullmatch(r"-|\w{1,20}\.", self._shown()) is not None

    def _end_small(self, tag: str) -> None:
        if not self._small:
            return
        _, began = self._small.pop()
        small = "".join(self._line[began:])
        self._line[began:] = [in_small_type(small, raised=tag == "sup")]


def _numbering(element: Any) -> tuple[int, int, str]:
    """The first number of a list, the step to the next, and how numbers are written."""
    backwards = element.get("reversed") is not None
    first = len(element.findall("li")) if backwards else 1
    form = _STYLE_OF_LIST.search(element.get("style") or "")
    named = _NAMED_FORMS.get(form[1].casefold(), "1") if form else element.get("type") or "1"
    return whole(element.get("start"), first), -1 if backwards else 1, named


def _is_layout(table: Any) -> bool:
    """Whether a table only places parts of the page."""
    if table.get("role") in ("presentation", "none"):
        return True
    if next(table.iter("h1", "h2", "h3", "h4", "ul", "ol", "blockquote"), None) is not None:
        return next(table.iter("th"), None) is None
    if any(inner is not table for inner in table.iter("table")):
        return True
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    if max(map(len, rows), default=0) < 2:
        return True
    return any(len("".join(cell.itertext())) > _WIDEST_CELL for row in rows for cell in row)


def _grid(table: Any) -> tuple[list[Row], int | None]:
    """The rows of a table by column, and the number of rows that name the columns."""
    rows: list[Row] = []
    below: dict[int, tuple[int, str | None]] = {}  # by column, rows left of a cell that spans some
    led: list[int] = []  # rows that begin with a name of their own
    headers, in_head, says = 0, True, False
    for row in table.iter("tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        line, below = _line(cells, below)
        rows.append(line)
        named = [cell.tag == "th" for cell in cells]
        says = says or any(named) or row.getparent().tag == "thead"
        if len(named) > 1 and named[0] and not any(named[1:]):
            led.append(len(rows) - 1)
        is_header = bool(cells) and (row.getparent().tag == "thead" or all(named))
        in_head = in_head and is_header
        headers += in_head
    if says and headers == 0:  # names and values, as in a form
        for index in led:
            name, *values = rows[index]
            rows[index] = [f"{(name or '').rstrip(': ')}:", *values]
    return rows, headers if says else _bold_headers(table)


def _bold_headers(table: Any) -> int | None:
    """1 if the first row alone is in bold type; None if the table does not say."""
    bold = [
        [_is_bold(cell) for cell in row if cell.tag == "td" and "".join(cell.itertext()).strip()]
        for row in table.iter("tr")
    ]
    others = [row for row in bold[1:] if row]
    return 1 if others and bold[0] and all(bold[0]) and not any(row[0] for row in others) else None


def _is_bold(cell: Any) -> bool:
    """Whether all text of a cell is in bold type."""
    bold = sum(len(text.strip()) for b in cell.iter("b", "strong") for text in b.itertext())
    return bold >= sum(len(text.strip()) for text in cell.itertext())


def _line(
    cells: list[Any], below: dict[int, tuple[int, str | None]]
) -> tuple[list[str | None], dict[int, tuple[int, str | None]]]:
    line: list[str | None] = []
    left: dict[int, tuple[int, str | None]] = {}

    def take_from_above() -> None:
        while len(line) in below:
            count, text = below[len(line)]
            if count > 1:
                left[len(line)] = (count - 1, text)
            line.append(text)

    for cell in cells:
        take_from_above()
        text = " ".join(text_of(cell).split())
        down = _span(cell.get("rowspan"))
        for number in range(_span(cell.get("colspan"))):
            if down > 1:
                left[len(line)] = (down - 1, None if number else text)
            line.append(None if number else text)
        if len(line) > _MOST_SPANNED:
            break
    take_from_above()
    return line, left


def _span(written: str | None) -> int:
    return min(max(whole(written, 1), 1), _MOST_SPANNED)
