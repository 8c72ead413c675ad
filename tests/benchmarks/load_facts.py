"""What documents say of themselves, against a table of right values that was written by looking.

    python tests/benchmarks/load_facts.py FOLDER [FOLDER ...] [--index DIR] [--all]

``data/document_facts.jsonl`` holds a row for each file. Its values are lists of what is accepted;
``null`` among them means that the field may be left out. A title is right if it contains all words
of one of its lists. The speaker of a document without one is its agency. With ``--index`` the texts
come from a built index, and their metadata is inferred anew: seconds instead of minutes of OCR.
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag import Index
from rag.config import load_settings
from rag.load import read
from rag.load.metadata import infer
from rag.types import Document

FACTS = Path(__file__).parent / "data" / "document_facts.jsonl"
FIELDS = ("agency", "type", "speaker", "title", "date", "court", "docket")


@dataclass(frozen=True)
class Judged:
    """One value against the table; ``said`` unless the table lets it be left out."""

    file: str
    field: str
    value: str
    accepted: list[Any]
    said: bool
    right: bool


def main() -> None:
    """Print what is wrong (with ``--all`` everything), and the shares for each field."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--index", type=Path, action="append", default=[])
    parser.add_argument("--facts", type=Path, default=FACTS)
    parser.add_argument("--all", action="store_true", help="print right values too")
    options = parser.parse_args()
    facts = {row["file"]: row for row in map(json.loads, options.facts.read_text().splitlines())}
    judged: list[Judged] = []
    for document in _documents(options.folders, options.index):
        values = _values(document)
        row = facts.get(Path(document.doc_id).name)
        if row is not None:
            judged += [_judge(row, field, values[field]) for field in FIELDS]
    _print(judged, everything=options.all)


def _documents(folders: list[Path], indexes: list[Path]) -> Iterator[Document]:
    for item in read(folders, settings=load_settings()) if folders else ():
        if isinstance(item, Document):
            yield item
    for path in indexes:
        yield from Index.open(path).documents()


def _values(document: Document) -> dict[str, str]:
    inferred = set(document.metadata.get("inferred", ()))
    given = {key: value for key, value in document.metadata.items() if key not in inferred}
    title = "" if "title" in inferred else document.title
    found = {**given, **infer(document.text, title, given)}
    found.setdefault("title", document.title)
    found.setdefault("speaker", "" if document.speaker_starts else found.get("agency", ""))
    return {field: _text(found.get(field, "")) for field in FIELDS}


def _text(value: Any) -> str:
    return " and ".join(map(str, value)) if isinstance(value, list) else str(value)


def _judge(row: dict[str, Any], field: str, value: str) -> Judged:
    accepted = row[field]
    if field == "title":
        plain = _plain(value)
        right = accepted is None or any(all(w in plain for w in words) for words in accepted)
        return Judged(row["file"], field, value, accepted, accepted is not None, right)
    wanted = [one for one in accepted if one is not None]
    right = any(_same(field, value, one) for one in wanted) or (not value and None in accepted)
    return Judged(row["file"], field, value, accepted, None not in accepted, right)


def _same(field: str, value: str, wanted: str) -> bool:
    value, wanted = _plain(value), _plain(wanted)
    if field in ("date", "docket"):
        return value.startswith(wanted)
    return value == wanted or (field == "speaker" and value.removeprefix("the ") == wanted)


def _plain(text: str) -> str:
    text = text.replace("’", "'").replace("–", "-").casefold()
    return re.sub(r"\s+", " ", text).strip(" .,")


def _print(judged: list[Judged], *, everything: bool) -> None:
    for one in judged:
        if everything or not one.right:
            mark = "right" if one.right else "WRONG" if one.value else "left out"
            print(f"{one.file}  {one.field}: {one.value!r} {mark}", end="")
            print("" if one.right else f", accepted {one.accepted}")
    print("\n| field | right where given | given where said | right of said |\n|---|---|---|---|")
    for field in FIELDS:
        counts: Counter[str] = Counter()
        for one in judged:
            if one.field == field:
                counts["given"] += bool(one.value)
                counts["given right"] += bool(one.value) and one.right
                counts["said"] += one.said
                counts["said given"] += one.said and bool(one.value)
                counts["said right"] += one.said and one.right
        cells = [
            _share(counts["given right"], counts["given"]),
            _share(counts["said given"], counts["said"]),
            _share(counts["said right"], counts["said"]),
        ]
        print(f"| {field} | {' | '.join(cells)} |")


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2f} ({part} of {whole})" if whole else "– (0)"


if __name__ == "__main__":
    main()
