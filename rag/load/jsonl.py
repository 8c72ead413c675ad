"""JSON lines exports: one document for each row."""

import difflib
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import PurePosixPath
from typing import Any

from rag.errors import LoadError
from rag.load.parsed import Job, Parsed
from rag.load.sidecar import COLUMN_KEYS, LIST_KEYS
from rag.load.source import SIDECAR_SUFFIX
from rag.load.text import as_utf8
from rag.types import Skipped

# Characters of a list of columns in a message.
_LISTED = 200
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
        yield from_row(row, job, part, hashlib.sha256(line).hexdigest())


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


def from_row(row: Mapping[str, Any], job: Job, part: str, sha256: str) -> Parsed | Skipped:
    """Make a document of one row; unknown columns are ignored.

    Parameters
    ----------
    row
        Cells by column; names of columns are compared without case.
    part
        As in ``Parsed``.
    sha256
        Hex digest of the row.

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
    if not isinstance(text, str) or not text.strip():
        return Skipped(part, f"no text; its columns are {', '.join(row)[:_LISTED]}")
    metadata = {key: _value(key, cell) for key, cell in values.items()}
    known = {key: value for key, value in metadata.items() if value}
    return Parsed(text, metadata=known, part=part, sha256=sha256, is_row=True)


def _rows(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    for line in lines:
        with suppress(ValueError, RecursionError):
            row = json.loads(line)
            if isinstance(row, dict):
                yield row


def _value(key: str, cell: Any) -> str | list[str]:
    """The cell as a text, or as a list of texts where the key takes one; empty items are dropped.

    ``parties`` is always a list. For ``agency``, ``type`` and ``speaker`` a list of two or more
    stays a list. For the other keys the items are joined by commas.
    """
    items = cell if isinstance(cell, list) else [cell]
    texts = [str(item) for item in items if item not in (None, "")]
    if key == "parties" or (key in LIST_KEYS and len(texts) > 1):
        return texts
    return ", ".join(texts)
