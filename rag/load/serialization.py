"""Documents and sources as JSON, for the pipes to the worker processes and for the cache."""

import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from rag.load.source import Source
from rag.types import Document, Skipped

OUT_OF_MEMORY = 86
"""Exit status of a worker process that ran out of memory."""

_TUPLES = {field.name for field in fields(Document) if str(field.type).startswith("tuple")}


def item_to_json(item: Document | Skipped) -> str:
    """``item`` as one line of JSON; a ``Skipped`` is recognised by its key ``reason``."""
    if isinstance(item, Skipped):
        return json.dumps(item.to_dict())
    return json.dumps({field.name: getattr(item, field.name) for field in fields(item)})


def item_from_json(values: dict[str, Any]) -> Document | Skipped:
    """The item of a decoded line of ``item_to_json``."""
    if "reason" in values:
        return Skipped(**values)
    for name in _TUPLES:
        values[name] = tuple(
            tuple(item) if isinstance(item, list) else item for item in values[name]
        )
    return Document(**values)


def document_from_json(line: str) -> Document:
    """The document of a line of ``item_to_json``."""
    item = item_from_json(json.loads(line))
    assert isinstance(item, Document)
    return item


def source_to_dict(source: Source) -> dict[str, str]:
    """JSON-ready."""
    return asdict(source) | {"path": str(source.path)}


def source_from_dict(values: dict[str, str]) -> Source:
    """The source of a result of ``source_to_dict``."""
    return Source(**{**values, "path": Path(values["path"])})  # type: ignore[arg-type]
