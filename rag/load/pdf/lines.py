"""Lines of a page: cleaned characters on one baseline, each with its box, in reading order."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from rag.load.pdf.chars import Boxes, PageChars
from rag.load.pdf.grids import OUTSIDE

SOFT_HYPHEN = "\u00ad"
"""Ends a line whose last word may continue on the next line; PDFium marks such hyphens."""

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LIGATURES = dict(zip("ﬀﬁﬂﬃﬄﬅﬆ", ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True))
_LINE_END_HYPHENS = "\x02\ufffe"

# Shares of a line's size unless said otherwise. They were chosen by looking at real filings, orders
# and reports; no typographic rule gives them.
_COLUMN = 3
"""Least number of lines in a column: two are more often a caption or a table."""
_COLUMN_TEXT = 8
"""Characters a line, on average, that a column of text exceeds; cells of a table are shorter."""
_COLUMN_GAP = 0.5
"""Narrowest gutter between two columns."""
_FULL_WIDTH = 0.6
"""A line wider than this share of the text spans both columns: a column has less than half."""
_FORM_ROWS = 0.1
"""Share of the rows with three pieces or more above which two columns are a form."""
_PROSE_ROWS, _PROSE_LENGTH, _PROSE_SHARE = 4, 20, 0.2
"""Of a column of text: rows at least, characters a line, share of lines in lower case."""
_SAME_PITCH = 1.4
"""Times the first distance of two rows that others of these columns differ at most."""
_GUTTER = 2.5
"""A wider gap within a line of PDFium is a gutter; justified spaces are narrower."""
_SAME_ROW = 0.3
"""Baselines nearer than this are one row."""
_OVERLAP = 0.5
"""Share of the lower height that two pieces of one line have in common at least."""
_BACKWARD = 0.3
"""Overlap to the left that is allowed between two pieces: italics and kerning overlap."""
_NEXT_PIECE, _AFTER_NUMBER = 1.5, 5
"""Widest gap to the next piece of a line; the tab after a paragraph's number is wider."""
_NUMBER_LENGTH = 8
"""Characters of the longest paragraph number: ``(viii)``, ``4.92.13.``."""
_RAISED = 0.15
"""A piece or digit whose lower edge rises more is a superscript."""
_RAISED_WHOLE = 0.25
"""The same of a digit in the usual size: some programs raise the numbers of notes without making
them smaller."""
_SPACE, _SPACE_TO_RAISED = 0.1, 0.5
"""A wider gap between two pieces is a space; before a superscript, a gap without space is wider."""
_SMALL_DIGIT = 0.85
"""Superscript digits are smaller than this share of the usual height."""
_FALSE_SPACE = 0.5
"""A space before a superscript is PDFium's addition if the gap is narrower."""

_NUMBER_OF_HEADING = re.compile(r"(?:\d{1,3}\.){1,3}(?=[^\W\d_])")
_PRINTS = re.compile(rf"[{_LINE_END_HYPHENS}]|[^\s\x00-\x1f\x7f-\x9f]")
_PIECE = re.compile(rf"[^\r\n{_LINE_END_HYPHENS}]*[^\r\n]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page.

    Attributes
    ----------
    text
        Single spaces, none at the ends; raised digits as superscripts. A hyphen at the end is
        U+00AD if PDFium marks it as a word break.
    boxes
        Shape (len(text), 4), as ``PageChars.boxes``.
    size
        The most frequent height of its characters, in points: grows with the font size.
    base
        Median lower edge of its characters, in points.
    left, bottom, right, top
        Bounding box in points.
    bold
        Whether every character is bold.
    row
        Whether it is a row of a table.
    cell
        The cell of the drawn table that it is in, ``OUTSIDE`` for none.
    """

    text: str
    boxes: Boxes
    size: float
    base: float
    left: float
    bottom: float
    right: float
    top: float
    bold: bool = False
    row: bool = False
    cell: int = OUTSIDE

    def part(self, start: int, end: int) -> "Line":
        """Characters ``start`` to ``end``, half-open, as a line, without outer spaces."""
        while start < end and self.text[start] == " ":
            start += 1
        while end > start and self.text[end - 1] == " ":
            end -= 1
        return line_of(self.text[start:end], self.boxes[start:end], self.size, bold=self.bold)


def line_of(text: str, boxes: Boxes, size: float, *, bold: bool = False) -> Line:
    """Make a line of characters and their boxes; empty boxes do not count for its frame."""
    shown = boxes[boxes[:, 2] > boxes[:, 0]]
    shown = shown if len(shown) else boxes
    base = float(np.partition(shown[:, 1], len(shown) // 2)[len(shown) // 2])
    return Line(text, boxes, size, base, *_frame(shown), bold)


def lines_of(page: PageChars, cells: npt.NDArray[np.int64] | None = None) -> list[Line]:
    """The lines of ``page`` in reading order, without empty ones.

    ``cells`` has the cell of each character, from ``cells_of``: no line goes beyond its cell. The
    lines in cells follow the others, in the order of the file.
    """
    text = page.text.translate(_replacements(page.text))
    inked = page.boxes[:, 2] > page.boxes[:, 0]
    inked &= np.fromiter((character != " " for character in text), bool, len(text))
    runs: list[_Run] = []
    for match in _PIECE.finditer(page.text):
        for run in _runs(page.boxes, match.start(), match.end(), inked, cells):
            if runs and runs[-1].continues_with(run):
                runs[-1] = runs[-1].with_run(run)
            else:
                runs.append(run)
    boxes = np.vstack([page.boxes, np.zeros((1, 4), dtype=np.float32)])
    heights = np.round(boxes[:, 3] - boxes[:, 1], 1)
    lines = [_cleaned(run, text + " ", boxes, heights, page.bold) for run in runs]
    outside = in_reading_order([line for line in lines if line.cell == OUTSIDE])
    return [*outside, *(line for line in lines if line.cell != OUTSIDE)]


def in_reading_order(lines: Sequence[Line]) -> list[Line]:
    """Sort ``lines`` for reading.

    The order of the file is kept if it runs down the page, but for labels whose values follow as a
    second column. Otherwise position decides: a line
    across most of the page separates the lines above it from those below. Between two such lines,
    columns are read one after the other, and lines outside columns row by row.
    """
    if all(_follows(lines, index) for index in range(1, len(lines))) and not _has_labels(lines):
        return _without_rows_of_columns(lines)
    left = min(line.left for line in lines)
    width = max(line.right for line in lines) - left
    ordered: list[Line] = []
    band: list[Line] = []
    for line in sorted(lines, key=lambda line: -line.base):
        if line.right - line.left > _FULL_WIDTH * width:
            ordered.extend(_columns(band))
            band = []
            ordered.append(line)
        else:
            band.append(line)
    ordered.extend(_columns(band))
    return ordered


def _has_labels(lines: Sequence[Line]) -> bool:
    """Whether labels ("File number:") come one after the other, and their values on the same rows
    only then."""
    places = [
        index
        for index, line in enumerate(lines[:-1])
        if line.text.endswith(":")
        and not _in_row(line, lines[index + 1])
        and any(_in_row(line, other) for other in lines[index + 2 :])
    ]
    return len(places) >= _COLUMN and 2 * len(places) > places[-1] - places[0]


def _without_rows_of_columns(lines: Sequence[Line]) -> list[Line]:
    """``lines`` with each stretch of two columns that was drawn row by row column by column.

    The two are columns of text, not of a table: long lines at one distance whose sentences run on.
    """
    ordered: list[Line] = []
    at = 0
    while at < len(lines):
        left, right, end = _rows_of_columns(lines, at)
        if min(len(left), len(right)) >= _PROSE_ROWS and _is_prose(left) and _is_prose(right):
            ordered += [*left, *right]
        else:
            end = max(end, at + 1)
            ordered += lines[at:end]
        at = end
    return ordered


def _rows_of_columns(lines: Sequence[Line], start: int) -> tuple[list[Line], list[Line], int]:
    """The lines of a left and a right column that alternate from ``start``, and their end."""
    left: list[Line] = []
    right: list[Line] = []
    gutter = (0.0, float("inf"))
    pitch = 0.0
    at = start
    while at < len(lines):
        row = [lines[at]]
        if at + 1 < len(lines) and _in_row(lines[at], lines[at + 1]):
            row.append(lines[at + 1])
        if not left and len(row) == 1:
            break
        side = 1 if len(row) == 1 and row[0].left >= right[0].left - row[0].size else 0
        if len(row) == 2:
            inner, outer = max(gutter[0], row[0].right), min(gutter[1], row[1].left)
        elif side:
            inner, outer = gutter[0], min(gutter[1], row[0].left)
        else:
            inner, outer = max(gutter[0], row[0].right), gutter[1]
        down = min(left[-1].base, right[-1].base) - row[0].base if left else 0.0
        if inner >= outer or (pitch and not 0 < down < _SAME_PITCH * pitch):
            break
        pitch = pitch or down
        gutter = (inner, outer)
        if len(row) == 2:
            left.append(row[0])
            right.append(row[1])
        else:
            (right if side else left).append(row[0])
        at += len(row)
    return left, right, at


def _in_row(line: Line, following: Line) -> bool:
    same = abs(line.base - following.base) < _SAME_ROW * line.size
    return same and following.left > line.right


def _is_prose(lines: Sequence[Line]) -> bool:
    """Whether ``lines`` are a column of running text: long ones, some of which run on."""
    letters = sum(len(line.text) for line in lines)
    on = sum(line.text[:1].islower() for line in lines)
    return letters > _PROSE_LENGTH * len(lines) and on > _PROSE_SHARE * len(lines)


def _follows(lines: Sequence[Line], index: int) -> bool:
    """Whether line ``index`` is below the line before, or begins a column to the right."""
    line, above = lines[index], lines[index - 1]
    if line.base <= above.base + _SAME_ROW * line.size:
        return True
    return all(
        other.right <= line.left + 1
        for other in lines[:index]
        if other.base <= line.base + line.size
    )


def _columns(lines: Sequence[Line]) -> list[Line]:
    """Sort ``lines`` row by row, but the longest run in two columns column by column."""
    down = by_rows(lines)
    starts = [0]
    for index, number in enumerate(_row_numbers(down)):
        if number == len(starts):
            starts.append(index)
    starts.append(len(down))
    for start, end in _stretches(starts):
        columns = _two_columns(down[start:end])
        if columns:
            left, right = columns
            return [
                *_columns(down[:start]),
                *_columns(left),
                *_columns(right),
                *_columns(down[end:]),
            ]
    return down


def _stretches(starts: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Runs of whole rows that may be columns, the one with the most rows first.

    ``starts`` has the index of the first line of each row, and the end of the last row.
    """
    for length in range(len(starts) - 1, 0, -1):
        for first in range(len(starts) - length):
            start, end = starts[first], starts[first + length]
            if end - start >= 2 * _COLUMN:
                yield start, end


def _two_columns(lines: Sequence[Line]) -> tuple[list[Line], list[Line]] | None:
    """Left and right column; None without a gutter between three lines or more on each side.

    A form has a gutter too, but many of its rows have three pieces or more, or its left lines are
    labels. Lines of columns stand beside each other.
    """
    rows = Counter(_row_numbers(lines))
    if sum(pieces > 2 for pieces in rows.values()) > _FORM_ROWS * len(rows):
        return None
    by_left = sorted(lines, key=lambda line: line.left)
    reach = -1.0
    for index, line in enumerate(by_left):
        left, right = by_left[:index], by_left[index:]
        if min(len(left), len(right)) >= _COLUMN and line.left - reach > _COLUMN_GAP * line.size:
            long = all(
                sum(len(line.text) for line in side) > _COLUMN_TEXT * len(side)
                for side in (left, right)
            )
            labels = sum(line.text.endswith(":") for line in left)
            return (
                (left, right) if long and 2 * labels < len(left) and _beside(left, right) else None
            )
        reach = max(reach, line.right)
    return None


def by_rows(lines: Sequence[Line]) -> list[Line]:
    """Sort ``lines`` from the top down, and those of one row from the left."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: -line.base):
        if rows and rows[-1][0].base - line.base < _SAME_ROW * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: line.left)]


def _beside(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether half of the lines of the shorter column have one of the other beside them."""
    few, many = sorted((left, right), key=len)
    beside = sum(any(abs(line.base - other.base) < line.size for other in many) for line in few)
    return 2 * beside >= len(few)


def _row_numbers(lines: Sequence[Line]) -> Iterator[int]:
    """The number of the row of each line; ``lines`` are sorted row by row."""
    number = 0
    for index, line in enumerate(lines):
        number += bool(index) and lines[index - 1].base - line.base >= _SAME_ROW * line.size
        yield number


def _replacements(text: str) -> dict[int, str]:
    """Replacements, one for one, for the control characters and word breaks in ``text``."""
    return {
        ord(character): SOFT_HYPHEN if character in _LINE_END_HYPHENS else " "
        for character in set(text)
        if character in _LINE_END_HYPHENS or not _PRINTS.match(character)
    }


def _runs(
    boxes: Boxes,
    start: int,
    end: int,
    inked: npt.NDArray[np.bool_],
    cells: npt.NDArray[np.int64] | None,
) -> Iterator["_Run"]:
    """One line of PDFium, split at every gap as wide as a gutter, and between cells."""
    shown = np.flatnonzero(inked[start:end]) + start
    if not len(shown):
        return
    own = boxes[shown]
    height = float((own[:, 3] - own[:, 1]).max())
    apart = own[1:, 0] - own[:-1, 2] > _GUTTER * height
    if cells is not None:
        apart |= np.diff(cells[shown]) != 0
    gaps = np.flatnonzero(apart).tolist()
    firsts = [0, *(gap + 1 for gap in gaps)]
    for first, last in zip(firsts, [*firsts[1:], len(shown)], strict=True):
        begin = start if first == 0 else int(shown[first])
        finish = end if last == len(shown) else int(shown[last])
        cell = OUTSIDE if cells is None else int(cells[shown[first]])
        yield _Run(list(range(begin, finish)), *_frame(own[first:last]), cell)


@dataclass(frozen=True, slots=True)
class _Run:
    """Characters on one line, by their index on the page; -1 stands for an added space."""

    origins: list[int]
    left: float
    bottom: float
    right: float
    top: float
    cell: int = OUTSIDE

    def continues_with(self, following: "_Run") -> bool:
        """Whether ``following`` is on the same line: PDFium breaks a line at a raised number."""
        height = min(self.top - self.bottom, following.top - following.bottom)
        shared = min(self.top, following.top) - max(self.bottom, following.bottom)
        gap = following.left - self.right
        widest = _AFTER_NUMBER if len(self.origins) <= _NUMBER_LENGTH else _NEXT_PIECE
        if self.cell != following.cell:
            return False
        return shared > _OVERLAP * height and -_BACKWARD * height < gap < widest * height

    def with_run(self, following: "_Run") -> "_Run":
        """Join this run and ``following``, with a space between where the gap is wide enough."""
        height = min(self.top - self.bottom, following.top - following.bottom)
        raised = following.bottom - self.bottom > _RAISED * (self.top - self.bottom)
        widest = _SPACE_TO_RAISED if raised else _SPACE
        space = [-1] if following.left - self.right > widest * height else []
        return _Run(
            [*self.origins, *space, *following.origins],
            min(self.left, following.left),
            min(self.bottom, following.bottom),
            max(self.right, following.right),
            max(self.top, following.top),
            self.cell,
        )


def _cleaned(
    run: _Run,
    text: str,
    all_boxes: Boxes,
    all_heights: npt.NDArray[np.float32],
    all_bold: npt.NDArray[np.bool_],
) -> Line:
    """The line of ``run``: single spaces, raised digits as superscripts, ligatures as letters."""
    heights = all_heights[run.origins].tolist()
    raw = [text[index] for index in run.origins]
    inked = [i for i, height in enumerate(heights) if height > 0 and raw[i] != " "]
    size = Counter([heights[i] for i in inked]).most_common(1)[0][0]
    floor = sorted([float(all_boxes[run.origins[i], 1]) for i in inked])[len(inked) // 2]
    characters: list[str] = []
    origins: list[int] = []
    figure = after_figure = False  # a small number after a figure is that of a note
    for character, height, index in zip(raw, heights, run.origins, strict=True):
        if character == " ":
            if characters and characters[-1] != " ":
                characters.append(" ")
                origins.append(index)
            continue
        rise = all_boxes[index, 1] - floor
        small = 0 < height < _SMALL_DIGIT * size
        after_figure = small and (after_figure or figure)
        figure = character.isdigit() and not small
        if character.isdigit() and (small or (height > 0 and rise > _RAISED_WHOLE * size)):
            if rise > _RAISED * size or (rise >= 0 and after_figure):
                character = character.translate(_SUPERSCRIPTS)
                if _is_false_space(characters, origins, index, all_boxes, size):
                    characters.pop()
                    origins.pop()
        elif character in _LIGATURES:
            letters = _LIGATURES[character]
            characters.extend(letters[:-1])
            origins.extend([index] * (len(letters) - 1))
            character = letters[-1]
        characters.append(character)
        origins.append(index)
    if characters[-1] == " ":
        characters.pop()
        origins.pop()
    number = _NUMBER_OF_HEADING.match("".join(characters[: _NUMBER_LENGTH + 1]))
    if number:
        before, after = origins[number.end() - 1], origins[number.end()]
        if all_boxes[after, 0] - all_boxes[before, 2] > _SPACE * size:
            characters.insert(number.end(), " ")
            origins.insert(number.end(), -1)
    bold = bool(all_bold[[run.origins[i] for i in inked]].all())
    line = line_of("".join(characters), all_boxes[origins], size, bold=bold)
    return line if run.cell == OUTSIDE else replace(line, cell=run.cell)


def _is_false_space(
    characters: Sequence[str], origins: Sequence[int], index: int, boxes: Boxes, size: float
) -> bool:
    """Whether the last of ``characters`` is a space that PDFium adds before a raised digit.

    ``index`` is that of the digit. PDFium takes the step up to it for a gap between words.
    """
    if characters[-1:] != [" "] or len(origins) < 2:
        return False
    gap = boxes[index, 0] - boxes[origins[-2], 2]
    return bool(abs(gap) < _FALSE_SPACE * size)


def _frame(boxes: Boxes) -> tuple[float, float, float, float]:
    left, bottom = boxes[:, :2].min(axis=0).tolist()
    right, top = boxes[:, 2:].max(axis=0).tolist()
    return left, bottom, right, top
