"""Short documents of many authorities in ten currencies, with their sums marked by hand."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from rag import Index, build_index, load_settings

DATA = Path(__file__).parent / "benchmarks" / "data" / "many_documents.jsonl"


@cache
def marked() -> tuple[dict[str, Any], ...]:
    """The documents with ``sums``: those that were imposed or agreed, marked by hand."""
    return tuple(json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines())


def index_of_many_documents(folder: Path) -> Index:
    """The index of the documents, built in ``folder``."""
    source = folder / "documents" / "documents.jsonl"
    source.parent.mkdir(parents=True)
    rows = [{key: value for key, value in row.items() if key != "sums"} for row in marked()]
    source.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    settings = load_settings(index=folder / "index", seeds=source.parent)
    build_index(settings=settings)
    return Index.open(settings=settings)
