"""JSON lines exports: one document for each row."""

import ast
import difflib
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import PurePosixPath
from typing import Any

from rag.errors import LoadError
from rag.load.characters import cleaned
from rag.load.dates import Order, is_ambiguous, iso_date, order_of
from rag.load.parsed import Job, Parsed
from rag.load.sidecar import COLUMN_KEYS, LIST_KEYS
from rag.load.source import SIDECAR_SUFFIX
from rag.load.text import as_utf8
from rag.types import Skipped

# Characters of a list of columns in a message.
_LISTED = 200
# Characters of a list in a cell that is parsed; longer ones are no lists of names.
_LONGEST_LIST = 10_000
_SEPARATORS = re.compile(r"[;|\n]")
# What programs write into an empty cell of a date.
_EMPTY = frozenset(("", "-", "none", "null", "nan", "nat", "n/a", "unknown"))
# Common names of the columns, tried in this order unless the sidecar names one.
_COLUMNS: dict[str, tuple[str, ...]] = {key: (key,) for key in COLUMN_KEYS}
_COLUMNS |= {
    "id": ("id", "doc_id"),
    "type": ("type", "doc_type"),
    "text": ("text", "body", "content"),
}


def read_jsonl(job: Job) -> Iterator[Parsed | Skipped]:
    """Read one document from each line, in order; its ``part`` is ``:`` and the line, from 1.

    A faulty line is skipped alone.

    Raises
    ------
    LoadError
        As in ``check_columns``.
    """
    lines = as_utf8(job.data).split(b"\n")
    check_columns(job, (row.keys() for row in _rows(lines)))
    order = _order(job, lines)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        part = f":{number}"
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield Skipped(part, f"not JSON: {error}")
            continue
        if not isinstance(row, dict):
            yield Skipped(part, f"a row must be a JSON object, this one is {type(row).__name__}")
            continue
        yield from_row(row, job, part, hashlib.sha256(line).hexdigest(), order)


def check_columns(job: Job, rows: Iterable[Iterable[str]]) -> None:
    """Refuse an export without a column of text, or without a column that its sidecar names.

    Parameters
    ----------
    job
        The export, with its sidecar.
    rows
        The columns of each row; read until every column is found. An export without rows passes.

    Raises
    ------
    LoadError
        The message names the nearest column, or lists the columns.
    """
    present: dict[str, str] = {}
    fault = ""
    for row in rows:
        present |= {column.casefold(): column for column in row}
        fault = _fault(job, present)
        if not fault:
            return
    if fault:
        raise LoadError(fault)


def _fault(job: Job, present: Mapping[str, str]) -> str:
    for key, column in job.sidecar.columns.items():
        if column.casefold() not in present:
            near = difflib.get_close_matches(column.casefold(), present, n=1, cutoff=0.5)
            hint = f"nearest is {present[near[0]]!r}" if near else f"columns are {_listed(present)}"
            return f"its sidecar has columns.{key} = {column!r}, but no row has it; {hint}"
    if "text" in job.sidecar.columns or not present.keys().isdisjoint(_COLUMNS["text"]):
        return ""
    sidecar = PurePosixPath(job.name).name + SIDECAR_SUFFIX
    return (
        f"no column of text among {_listed(present)}; "
        f'name it in {sidecar}: columns = {{ text = "…" }}'
    )


def _listed(present: Mapping[str, str]) -> str:
    return ", ".join(present.values())[:_LISTED]


def column_of(key: str, job: Job) -> str:
    """The column of ``key`` in lower case: as the sidecar names it, else the commonest name."""
    return job.sidecar.columns.get(key, _COLUMNS[key][0]).casefold()


def from_row(
    row: Mapping[str, Any], job: Job, part: str, sha256: str, order: Order | None = None
) -> Parsed | Skipped:
    """Make a document of one row; unknown columns are ignored.

    Parameters
    ----------
    row
        Cells by column; names of columns are compared without case.
    part
        As in ``Parsed``.
    sha256
        Hex digest of the row.
    order
        Whether the day or the month comes first in dates such as 3/5/2024; None where no date of
        the column tells. Then the month does, and the document has a warning.

    Returns
    -------
    Parsed | Skipped
        Skipped if the row has no text.
    """
    cells = {column.casefold(): cell for column, cell in row.items()}
    values: dict[str, Any] = {}
    for key, columns in _COLUMNS.items():
        named = job.sidecar.columns.get(key)
        for column in (named.casefold(),) if named else columns:
            if cells.get(column) not in (None, "", []):
                values[key] = cells[column]
                break
    text = values.pop("text", None)
    if isinstance(text, list) and all(isinstance(item, str) for item in text):
        text = "\n\n".join(text)
    if not isinstance(text, str) or not text.strip():
        return Skipped(part, f"no text; its columns are {', '.join(row)[:_LISTED]}")
    metadata = {key: _value(key, cell) for key, cell in values.items() if key != "date"}
    known = {key: value for key, value in metadata.items() if value}
    known |= _dated(values.get("date"), order)
    return Parsed(cleaned(text), metadata=known, part=part, sha256=sha256, is_row=True)


def _dated(cell: Any, order: Order | None) -> dict[str, Any]:
    """The date of a row, and a warning where it is none or was read in one of two ways."""
    written = " ".join(str(cell).split()) if cell is not None else ""
    if written.casefold() in _EMPTY:
        return {}
    date = iso_date(written, order or "month first")
    if not date:
        return {"warnings": [f"its date {written[:_LISTED]!r} is no date; it was left out"]}
    if not is_ambiguous(written):
        return {"date": date}
    why = "as in other rows" if order else "no other row tells which comes first"
    how = f"its date {written!r} was read with the {order or 'month first'} ({why})"
    return {"date": date, "warnings": [how]}


def _order(job: Job, lines: Sequence[bytes]) -> Order | None:
    column = column_of("date", job)
    first = next(_rows(lines), {})
    spelled = next((name for name in first if name.casefold() == column), None)
    name = re.escape(spelled or column).encode()
    flags = 0 if spelled else re.IGNORECASE  # slow
    pattern = re.compile(rb'"%s"\s{0,9}:\s{0,9}"\d{1,2}[/-]\d' % name, flags)
    if not any(map(pattern.search, lines)):
        return None  # the usual case: no second pass over the rows
    return order_of(
        cell
        for row in _rows(lines)
        for name, cell in row.items()
        if name.casefold() == column and isinstance(cell, str)
    )


def _rows(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    for line in lines:
        with suppress(ValueError, RecursionError):
            row = json.loads(line)
            if isinstance(row, dict):
                yield row


def _value(key: str, cell: Any) -> str | list[str]:
    """The cell as a text, or as a list of texts where the key takes one; empty items are dropped.

    ``parties`` is always a list. For ``agency``, ``type`` and ``speaker`` a list of two or more
    stays a list. For the other keys the items are joined by commas. Where a list is possible, a
    text is one too if it is written as one: ``SEC; CFTC``, ``SEC | CFTC``, ``["SEC", "CFTC"]``.
    """
    takes_list = key == "parties" or key in LIST_KEYS
    if takes_list and isinstance(cell, str):
        cell = _listed_in(cell)
    items = cell if isinstance(cell, list) else [cell]
    texts = [cleaned(str(item)).strip() for item in items if item not in (None, "")]
    texts = [text for text in texts if text]
    if key == "parties" or (takes_list and len(texts) > 1):
        return texts
    return ", ".join(texts)


def _listed_in(cell: str) -> list[Any]:
    """The items of a list that is written in a cell, as JSON, as Python, or with separators."""
    written = cell.strip()
    if written.startswith("[") and written.endswith("]") and len(written) < _LONGEST_LIST:
        for read in (json.loads, ast.literal_eval):
            with suppress(ValueError, SyntaxError, RecursionError, MemoryError):
                items = read(written)
                if isinstance(items, list):
                    return items
    return _SEPARATORS.split(written)
