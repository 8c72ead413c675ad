"""Tables whose cells are framed by drawn lines."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rag.load.pdf.chars import Boxes

OUTSIDE = -1
"""The cell of a character that is in no table."""

_THICK = 3.0
"""Points: a drawn line is at most so thick."""
_SHORTEST = 4.0
"""Points: shorter strokes are no part of a frame."""
_JOINT = 3.0
"""Points by which two lines of one frame miss each other at most."""
_FEWEST_EDGES = 3
"""Lines across, and lines down, of a table: two rows and two columns have three each."""
_MOST_RULES = 3000
"""Lines of a page: a page with more is a drawing."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One table: ``xs`` and ``ys`` are the edges of its columns and rows, from left and top.

    ``cell`` has the number of the cell for each row and column, shape (rows, columns). Where no
    line is drawn between two places of the table, they are one cell and have one number.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cell: npt.NDArray[np.int64]


def grids_of(frames: Boxes) -> list[Grid]:
    """The tables that are drawn on a page, from the top.

    Parameters
    ----------
    frames
        Shape (n, 4), as ``PageChars.boxes``: the lines drawn on the page. Those that are thick in
        both directions count for nothing.
    """
    if not 2 * _FEWEST_EDGES <= len(frames) <= _MOST_RULES:
        return []
    width, height = frames[:, 2] - frames[:, 0], frames[:, 3] - frames[:, 1]
    across = _merged(frames[(height <= _THICK) & (width >= _SHORTEST)], axis=0)
    down = _merged(frames[(width <= _THICK) & (height >= _SHORTEST)], axis=1)
    if min(len(across), len(down)) < _FEWEST_EDGES:
        return []
    grids = [
        grid
        for rows, columns in _frames(across, down)
        if (grid := _grid(across[rows], down[columns])) is not None
    ]
    return sorted(grids, key=lambda grid: -grid.ys[0])


def cells_of(boxes: Boxes, grids: Sequence[Grid]) -> npt.NDArray[np.int64]:
    """The cell of each character, shape (n,): unique over all ``grids``, else ``OUTSIDE``."""
    found = np.full(len(boxes), OUTSIDE, dtype=np.int64)
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    first = 0
    for grid in grids:
        row = np.searchsorted(-np.array(grid.ys), -y) - 1
        column = np.searchsorted(np.array(grid.xs), x) - 1
        inside = (row >= 0) & (row < grid.cell.shape[0])
        inside &= (column >= 0) & (column < grid.cell.shape[1])
        found[inside] = first + grid.cell[row[inside], column[inside]]
        first += grid.cell.size
    return found


def _merged(rules: Boxes, *, axis: int) -> npt.NDArray[np.float64]:
    """Lines in one direction as (place, start, end), shape (n, 3); pieces of one are joined."""
    other = 1 - axis
    lines = np.stack(
        [(rules[:, other] + rules[:, other + 2]) / 2, rules[:, axis], rules[:, axis + 2]], axis=1
    ).astype(np.float64)
    merged: list[list[float]] = []
    places = _clustered(lines[:, 0])
    for place in sorted(set(places.tolist())):
        own = lines[places == place]
        for _, start, end in own[np.argsort(own[:, 1])].tolist():
            if merged and merged[-1][0] == place and start <= merged[-1][2] + _JOINT:
                merged[-1][2] = max(merged[-1][2], end)
            else:
                merged.append([place, start, end])
    return np.array(merged, dtype=np.float64).reshape(-1, 3)


def _clustered(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """``values``, those that are nearer than a joint replaced by the first of them."""
    order = np.argsort(values)
    clustered = values.copy()
    for before, index in itertools.pairwise(order):
        if values[index] - clustered[before] < _JOINT:
            clustered[index] = clustered[before]
    return clustered


def _frames(
    across: npt.NDArray[np.float64], down: npt.NDArray[np.float64]
) -> list[tuple[list[int], list[int]]]:
    """The lines across and down that touch each other, directly or by others."""
    y, left, right = across.T[:, :, None]
    x, low, high = down.T[:, None, :]
    touch = (
        (left - _JOINT <= x) & (x <= right + _JOINT) & (low - _JOINT <= y) & (y <= high + _JOINT)
    )
    waiting = set(range(len(across)))
    found = []
    while waiting:
        rows, columns = {waiting.pop()}, set[int]()
        grown = True
        while grown:
            more = set(np.flatnonzero(touch[sorted(rows)].any(axis=0)).tolist())
            rows_now = set(np.flatnonzero(touch[:, sorted(more)].any(axis=1)).tolist()) | rows
            grown = more != columns or rows_now != rows
            rows, columns = rows_now, more
        waiting -= rows
        if min(len(rows), len(columns)) >= _FEWEST_EDGES:
            found.append((sorted(rows), sorted(columns)))
    return found


def _grid(across: npt.NDArray[np.float64], down: npt.NDArray[np.float64]) -> Grid | None:
    ys = sorted({y for y, _, _ in across.tolist()}, reverse=True)
    xs = sorted({x for x, _, _ in down.tolist()})
    if min(len(xs), len(ys)) < _FEWEST_EDGES:
        return None
    rows, columns = len(ys) - 1, len(xs) - 1
    cell = np.arange(rows * columns).reshape(rows, columns)
    middles = [(low + high) / 2 for high, low in itertools.pairwise(ys)]
    centres = [(left + right) / 2 for left, right in itertools.pairwise(xs)]
    for row in range(rows):
        for column in range(columns):
            if column and not _drawn(down, xs[column], middles[row]):
                cell[cell == cell[row, column]] = cell[row, column - 1]
            if row and not _drawn(across, ys[row], centres[column]):
                cell[cell == cell[row, column]] = cell[row - 1, column]
    shared = sum(len(set(line)) > 1 for line in cell.tolist())
    return Grid(tuple(xs), tuple(ys), cell) if shared > 1 else None


def _drawn(lines: npt.NDArray[np.float64], place: float, along: float) -> bool:
    """Whether one of ``lines`` at ``place`` covers the point ``along`` it."""
    return bool(((lines[:, 0] == place) & (lines[:, 1] <= along) & (along <= lines[:, 2])).any())
