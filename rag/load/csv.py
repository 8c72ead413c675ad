"""CSV exports: one document for each row; the first line names the columns."""

import csv
import hashlib
import io
from collections.abc import Iterator

from rag.errors import LoadError
from rag.load.jsonl import check_columns, from_row
from rag.load.parsed import Job, Parsed
from rag.load.text import decode
from rag.types import Skipped

_LARGEST_FIELD = 50_000_000
"""Characters; the default of the ``csv`` module, 131,072, is less than a long order has."""
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
    try:
        dialect: type[csv.Dialect] | str = csv.Sniffer().sniff(text[:_SNIFFED], delimiters=",;\t|")
    except csv.Error:
        dialect = "excel"
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
            yield from_row(known, job, part, digest)
    except csv.Error as error:
        raise LoadError(f"a damaged CSV file: line {line}: {error}") from error
