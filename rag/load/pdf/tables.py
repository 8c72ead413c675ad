"""Tables of a page: each row becomes one line whose cells are separated, empty ones too."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from rag.load.pdf.grids import OUTSIDE, Grid
from rag.load.pdf.lines import SOFT_HYPHEN, Line, by_rows, line_of

SEPARATOR = " | "
"""Between two cells of a row; a box of no size stands for each of its characters."""

# The limits were chosen by looking at schedules of penalties and at financial tables.
_FEWEST_COLUMNS, _FEWEST_ROWS = 3, 3
"""Of a table; two columns are more often a caption or a form."""
_SAME_ROW = 0.3
"""Share of the line height by which the baselines of one row differ at most."""
_PITCH = 4.0
"""Line heights between two rows of one table at most."""
_CELL_PITCH, _ROW_PITCH = 1.1, 1.25
"""Times the least distance of two lines of a table: lines within a row are nearer than the first,
and if any are further apart than the second, these are rows."""
_LONGEST_CELL = 60
"""Characters of a cell on average at most: longer ones are columns of text."""
_LONGEST_ROW = 600
"""Characters of a row: in a longer one the frame holds running text."""
_FULL_ROWS = 0.5
"""Share of the rows of a table that have two cells or more."""


def with_drawn_tables(lines: Sequence[Line], grids: Sequence[Grid]) -> list[Line]:
    """``lines`` with the rows of the tables ``grids`` in place of the lines in their cells.

    A table comes before the first line below its top. The cells of a row that is running text
    follow each other, line by line.
    """
    ordered = [line for line in lines if line.cell == OUTSIDE]
    by_cell: defaultdict[int, list[Line]] = defaultdict(list)
    for line in lines:
        by_cell[line.cell].append(line)
    first = 0
    for grid in grids:
        below = (
            index
            for index, line in enumerate(ordered)
            if line.top < grid.ys[0] and line.left < grid.xs[-1] and line.right > grid.xs[0]
        )
        at = next(below, len(ordered))
        ordered[at:at] = _drawn_rows(grid, first, by_cell)
        first += grid.cell.size
    return ordered


def _drawn_rows(grid: Grid, first: int, by_cell: Mapping[int, Sequence[Line]]) -> Iterator[Line]:
    """The rows of ``grid``, whose cells are numbered from ``first``."""
    numbers = grid.cell + first
    used = [column for column in numbers.T.tolist() if any(cell in by_cell for cell in column)]
    told: set[int] = set()
    for row in zip(*used, strict=True):
        cells: list[list[Line]] = []
        for cell in row:
            cells.append([] if cell in told else by_rows(by_cell.get(cell, ())))
            told.add(cell)
        lines = [replace(line, cell=OUTSIDE) for cell in cells for line in cell]
        if len(used) == 1 or sum(len(line.text) for line in lines) > _LONGEST_ROW:
            yield from lines
        elif lines:
            yield _row(cells)


def with_rows(lines: Sequence[Line]) -> list[Line]:
    """``lines``, in reading order, with the rows of each table joined into one line each.

    A cell that goes on below is joined to its row if the lines of a row are nearer to each other
    than rows are, or if the first cell of the line below is empty, as are most others.
    """
    rows = _rows(lines)
    joined: list[Line] = []
    at = 0
    while at < len(rows):
        end = _end_of_table(rows, at)
        columns = _columns(rows[at:end])
        if columns:
            joined += _joined(rows[at:end], columns)
        else:
            end = at + 1
            joined += rows[at]
        at = end
    return joined


def _rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Consecutive lines on one baseline, each to the right of the one before."""
    rows: list[list[Line]] = []
    for line in lines:
        last = rows[-1][-1] if rows else None
        if (
            last is not None
            and abs(last.base - line.base) < _SAME_ROW * line.size
            and line.left > last.right
        ):
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _end_of_table(rows: Sequence[list[Line]], start: int) -> int:
    """The end of the run of rows from ``start`` that may be one table."""
    if len(rows[start]) < _FEWEST_COLUMNS:
        return start + 1
    left, right = rows[start][0].left, rows[start][-1].right
    end = start + 1
    while end < len(rows):
        above, row = rows[end - 1][0], rows[end]
        down = above.base - row[0].base
        alone = len(row) == 1 and (
            row[0].right - row[0].left > (right - left) / 2 or row[0].left < left + row[0].size
        )
        if not 0 < down < _PITCH * row[0].size or alone:
            break
        left, right = min(left, row[0].left), max(right, row[-1].right)
        end += 1
    return end


def _columns(rows: Sequence[list[Line]]) -> list[tuple[float, float]]:
    """Left and right edge of each column; empty if ``rows`` are no table."""
    full = [row for row in rows if len(row) > 1]
    if len(full) < _FEWEST_ROWS or len(full) < _FULL_ROWS * len(rows):
        return []
    cells = sorted((cell for row in rows for cell in row), key=lambda cell: cell.left)
    if sum(len(cell.text) for cell in cells) > _LONGEST_CELL * len(cells):
        return []
    columns: list[tuple[float, float]] = []
    for cell in cells:
        if columns and cell.left < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], cell.right))
        else:
            columns.append((cell.left, cell.right))
    most = max(map(len, rows))
    aligned = len(columns) == most or (
        len(columns) > most and sum(len(row) > 1 for row in rows) >= 2 * _FEWEST_ROWS
    )
    return columns if aligned and _FEWEST_COLUMNS <= len(columns) <= 2 * most else []


def _joined(rows: Sequence[list[Line]], columns: Sequence[tuple[float, float]]) -> list[Line]:
    table: list[list[list[Line]]] = []
    pitches = [above[0].base - row[0].base for above, row in pairwise(rows)]
    tight = min(pitches)
    wraps = max(pitches) > _ROW_PITCH * tight
    for row, pitch in zip(rows, [0.0, *pitches], strict=True):
        cells: list[list[Line]] = [[] for _ in columns]
        for cell in row:
            middle = (cell.left + cell.right) / 2
            place = next(i for i, (_, right) in enumerate(columns) if middle <= right)
            cells[place].append(cell)
        filled = sum(map(bool, cells))
        below = wraps and pitch < _CELL_PITCH * tight
        if table and (below or (not cells[0] and 2 * filled < len(cells))):
            for own, more in zip(table[-1], cells, strict=True):
                own += more
        else:
            table.append(cells)
    return [_row(cells) for cells in table]


def _row(cells: Sequence[Sequence[Line]]) -> Line:
    """One line of the cells of a row; a cell may have several lines, or none.

    A word that a line end within a cell breaks has a soft hyphen there.
    """
    text: list[str] = []
    boxes = []
    for number, cell in enumerate(cells):
        if number:
            text.append(SEPARATOR if text[-1:] != [SEPARATOR] else SEPARATOR[1:])
            boxes.append(np.zeros((len(text[-1]), 4), dtype=np.float32))
        for index, line in enumerate(cell):
            if index and text[-1][-2:-1].isalpha() and text[-1].endswith(("-", "‐", SOFT_HYPHEN)):
                text[-1] = text[-1][:-1] + SOFT_HYPHEN
            elif index:
                text.append(" ")
                boxes.append(np.zeros((1, 4), dtype=np.float32))
            text.append(line.text)
            boxes.append(line.boxes)
    whole = "".join(text)
    lines = [line for cell in cells for line in cell]
    places = np.vstack(boxes)
    start = len(whole) - len(whole.lstrip())
    end = len(whole.rstrip())
    bold = all(line.bold for line in lines)
    row = line_of(whole[start:end], places[start:end], lines[0].size, bold=bold)
    return replace(row, row=True)
