"""CSV exports: one document for each row; the first line names the columns."""

import csv
import hashlib
import io
from collections.abc import Iterator

from rag.errors import LoadError
from rag.load.dates import Order, order_of
from rag.load.jsonl import check_columns, column_of, from_row
from rag.load.parsed import Job, Parsed
from rag.load.text import decode
from rag.types import Skipped

_LARGEST_FIELD = 50_000_000
"""Characters; the default of the ``csv`` module, 131,072, is less than a long order has."""
_DELIMITERS = ",;\t|"
_SNIFFED = 20_000
"""Characters in which the delimiter is detected: enough for the header and some rows."""


def read_csv(job: Job) -> Iterator[Parsed | Skipped]:
    """Read one document from each row, in order; its ``part`` is ``:`` and its first line, from 1.

    Raises
    ------
    LoadError
        If there is no line of column names, a row is damaged, or as in ``check_columns``.
    """
    csv.field_size_limit(_LARGEST_FIELD)
    text = decode(job.data)
    dialect = _dialect(text[:_SNIFFED])
    order = _order(job, text, dialect)
    rows = csv.DictReader(io.StringIO(text, newline=""), dialect=dialect)
    if not rows.fieldnames:
        raise LoadError("a CSV file without a line of column names")
    check_columns(job, [rows.fieldnames])
    line = rows.line_num + 1
    try:
        for row in rows:
            part = f":{line}"
            line = rows.line_num + 1
            known = {key: value for key, value in row.items() if isinstance(key, str)}
            digest = hashlib.sha256(repr(sorted(known.items())).encode()).hexdigest()
            yield from_row(known, job, part, digest, order)
    except csv.Error as error:
        raise LoadError(f"a damaged CSV file: line {line}: {error}") from error


def _dialect(sample: str) -> type[csv.Dialect]:
    """The delimiter that parts the line of column names into most names."""
    names = sample.lstrip("\r\n").split("\n", 1)[0]
    counts = {mark: len(next(csv.reader([names], delimiter=mark), [])) for mark in _DELIMITERS}
    best = max(counts, key=lambda mark: counts[mark])
    if counts[best] < 2:
        try:
            return csv.Sniffer().sniff(sample, delimiters=_DELIMITERS)
        except csv.Error:
            return csv.excel

    class Found(csv.excel):
        delimiter = best
        skipinitialspace = f'{best} "' in sample

    return Found


def _order(job: Job, text: str, dialect: type[csv.Dialect]) -> Order | None:
    """Whether the day or the month comes first in the column of dates, if there is one."""
    rows = csv.reader(io.StringIO(text, newline=""), dialect=dialect)
    names = [name.casefold() for name in next(rows, [])]
    column = column_of("date", job)
    if column not in names:
        return None
    at = names.index(column)
    try:
        return order_of(row[at] for row in rows if len(row) > at)
    except csv.Error:
        return None  # the rows are read again, and the fault is reported with its line
