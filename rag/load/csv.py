"""Exports as CSV: one document a row, the columns named in its first line."""

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


def read_csv(job: Job) -> Iterator[Parsed | Skipped]:
    """Read one document from each row; the number in its name is that of its line, from 1."""
    csv.field_size_limit(_LARGEST_FIELD)
    text = decode(job.data)
    try:
        dialect: type[csv.Dialect] | str = csv.Sniffer().sniff(text[:20_000], delimiters=",;\t|")
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
