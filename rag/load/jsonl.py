"""Exports as JSON lines: one document a row."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from rag.load.parsed import Job, Parsed
from rag.load.sidecar import COLUMN_KEYS
from rag.types import Skipped

# Columns as they are often called, tried in this order unless the sidecar names one.
_COLUMNS: dict[str, tuple[str, ...]] = {key: (key,) for key in COLUMN_KEYS}
_COLUMNS |= {
    "id": ("id", "doc_id"),
    "type": ("type", "doc_type"),
    "text": ("text", "body", "content"),
}


def read_jsonl(job: Job) -> Iterator[Parsed | Skipped]:
    """Read one document from each line; a bad line is skipped by its number, from 1."""
    for number, line in enumerate(job.data.split(b"\n"), start=1):
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


def from_row(row: Mapping[str, Any], job: Job, part: str, sha256: str) -> Parsed | Skipped:
    """Make a document of one row; columns that mean nothing here are left out."""
    values: dict[str, Any] = {}
    for key, columns in _COLUMNS.items():
        named = job.sidecar.columns.get(key)
        for column in (named,) if named else columns:
            if row.get(column) not in (None, "", []):
                values[key] = row[column]
                break
    text = values.pop("text", None)
    if not isinstance(text, str) or not text.strip():
        column = job.sidecar.columns.get("text", "text")
        return Skipped(part, f"no text in its column {column!r}; it has {', '.join(row)[:200]}")
    known = {key: _plain(key, value) for key, value in values.items()}
    title = str(known.pop("title", ""))
    return Parsed(text, title=title, metadata=known, part=part, sha256=sha256, is_row=True)


def _plain(key: str, value: Any) -> Any:
    if key == "parties":
        return [str(item) for item in value] if isinstance(value, list) else [str(value)]
    return value if isinstance(value, str) else str(value)
