"""Tables as text: a row is a line that names its columns."""

import re
from collections.abc import Sequence

Row = Sequence[str | None]
"""The cells of a row by column; None where a cell further left spans the column too."""

_YEAR = re.compile(r"(?:19|20)\d\d")
_DIGIT = re.compile(r"\d")
_LONGEST_NAME = 60
"""Characters of the name of a column; longer cells are content."""
_FEWEST_COLUMNS = 3
"""Of a table whose header is not marked: with two columns it may be a list of names and values."""


def table_rows(rows: Sequence[Row], *, headers: int | None = None) -> list[str]:
    """One line for each row: ``Firm: Acme; Fine: $5``, or ``Acme | $5`` without a header.

    An empty cell stays empty (``Fine:``). A cell that spans the whole row stands alone. Rows
    without any text are left out.

    Parameters
    ----------
    rows
        The cells, without line breaks.
    headers
        Number of rows at the top that name the columns, none of them for 0; None if the table does
        not say. Then the first row names the columns if it looks like names: short, without
        numbers, above a column of numbers.
    """
    rows = [row for row in rows if any(row)]
    lines: list[str] = []
    while rows and len(rows[0]) > 1 and sum(map(bool, rows[0])) == 1 and None in rows[0]:
        lines.append(_plain(rows[0]))  # the title of the table
        rows = rows[1:]
        headers = headers - 1 if headers else headers
    if headers is None:
        headers = 1 if _looks_like_names(rows) else 0
    if headers >= len(rows):
        headers = 0
    names = _names(rows[:headers])
    return [*lines, *(_named(row, names) if headers else _plain(row) for row in rows[headers:])]


def _looks_like_names(rows: Sequence[Row]) -> bool:
    if len(rows) < 2 or len(rows[0]) < _FEWEST_COLUMNS:
        return False
    names = [cell or "" for cell in rows[0]]
    if not all(names[1:]) or len(set(names)) < len(names):
        return False
    if any(len(n) > _LONGEST_NAME or _DIGIT.search(_YEAR.sub("", n)) for n in names):
        return False
    for column in range(len(names)):
        below = [cell for row in rows[1:] if column < len(row) and (cell := row[column])]
        if below and all(map(_DIGIT.search, below)):
            return True
    return False


def _names(rows: Sequence[Row]) -> list[str]:
    """The name of each column: those above each other are joined; a span names all its columns."""
    names: list[list[str]] = [[] for _ in range(max(map(len, rows), default=0))]
    for row in rows:
        last = ""
        for column, cell in enumerate(row):
            last = last if cell is None else cell
            if last and last not in names[column]:
                names[column].append(last)
    return [" ".join(parts).rstrip(": ") for parts in names]


def _named(row: Row, names: Sequence[str]) -> str:
    if sum(cell is not None for cell in row) == 1:
        return _plain(row)
    pieces = []
    for column, cell in enumerate(row):
        name = names[column] if column < len(names) else ""
        if cell is not None and (cell or name):
            pieces.append(f"{name}: {cell}".strip() if name and name != cell else cell)
    return "; ".join(pieces)


def _plain(row: Row) -> str:
    cells = " | ".join(cell for cell in row if cell is not None).strip()
    return cells.replace(": | ", ": ")  # a name and its value, as a form has them
