"""Documents and sources as JSON, for the pipe between a build and its readers."""

import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from rag.load.source import Source
from rag.types import Document, Skipped

OUT_OF_MEMORY = 86
"""Exit status of a worker that was refused memory."""

_TUPLES = {field.name for field in fields(Document) if str(field.type).startswith("tuple")}


def item_to_json(item: Document | Skipped) -> str:
    """One line; ``Document`` and ``Skipped`` are told apart by their keys."""
    if isinstance(item, Skipped):
        return json.dumps(item.to_dict())
    return json.dumps({field.name: getattr(item, field.name) for field in fields(item)})


def item_from_json(values: dict[str, Any]) -> Document | Skipped:
    """What ``item_to_json`` wrote, decoded."""
    if "reason" in values:
        return Skipped(**values)
    for name in _TUPLES:
        values[name] = tuple(
            tuple(item) if isinstance(item, list) else item for item in values[name]
        )
    return Document(**values)


def source_to_dict(source: Source) -> dict[str, str]:
    """JSON-ready."""
    return asdict(source) | {"path": str(source.path)}


def source_from_dict(values: dict[str, str]) -> Source:
    """What ``source_to_dict`` made."""
    return Source(**{**values, "path": Path(values["path"])})  # type: ignore[arg-type]
