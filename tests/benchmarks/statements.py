"""Compares speaker and status by the rules with marked sentences, by family, and with questions.

python tests/benchmarks/statements.py [--indexes DIR] [--show PART] [QUESTIONS.jsonl --index DIR]

- ``data/statements.jsonl.gz``: sentences of releases, labelled by one person, on which the rules
  for releases were written.
- ``data/marks.jsonl.gz``: sentences of eleven families, marked by two readers. Whoever writes rules
  may look at the part ``look``; the part ``held`` only measures, and ``--show`` never prints it.
- ``data/misleading.jsonl``: sentences invented by somebody who did not know the rules, 20 for each
  family, of which two thirds look decided and are not. They were looked at.
- ``../shared/data/statements_dev.jsonl``, where it exists; it needs the documents. ``--indexes`` is
  a folder with one index for each collection. With it, marks are judged in their documents too.

Where a second label is right too, it is in ``also_speaker`` and ``also_status``. The columns:
status right by the first label, by any label, speaker right, and the share of graver readings: what
nobody has decided, shown as found, ordered, admitted or convicted. A question counts as right if
one sentence of its gold spans has the labelled speaker, or status.
"""

import argparse
import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag import Index
from rag.attribution.engine import Attribution, attribute
from rag.errors import UsageError
from rag.evaluate import read_questions
from rag.evaluate.places import place
from rag.evaluate.questions import Span
from rag.text.sentences import sentences
from rag.types import Document

_DATA = Path(__file__).parent / "data"
STATEMENTS = _DATA / "statements.jsonl.gz"
MARKS = _DATA / "marks.jsonl.gz"
MISLEADING = _DATA / "misleading.jsonl"
DEV = Path(__file__).parents[3] / "shared" / "data" / "statements_dev.jsonl"
DECIDED = frozenset({"found", "ordered", "admitted", "convicted"})
_AROUND = 1500


@dataclass(frozen=True, slots=True)
class Judged:
    """A marked sentence, what the rules gave, and whether that is right."""

    group: str
    row: Mapping[str, Any]
    found: Attribution
    status: bool
    any_status: bool
    speaker: bool

    @property
    def graver(self) -> bool:
        """Whether what nobody has decided is shown as decided."""
        labels = {self.row["status"], *self.row.get("also_status", ())}
        return self.found.status in DECIDED and labels.isdisjoint(DECIDED)


def main() -> None:
    """Attribute every marked sentence and print the shares of right labels."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("questions", nargs="*", type=Path)
    parser.add_argument("--index", type=Path, default=None)
    parser.add_argument("--indexes", type=Path, default=None)
    parser.add_argument("--show", default=None, help="print the errors of groups with this name")
    options = parser.parse_args()
    documents = dict(documents_of(options.indexes)) if options.indexes else {}
    judged = [*of_statements(), *of_misleading(), *of_marks(documents)]
    if documents and DEV.exists():
        judged += of_dev(documents)
    print(f"{'':32}{'n':>5} {'status':>7} {'or also':>8} {'speaker':>8} {'graver':>7}")
    for name, group in _groups(judged).items():
        print(f"{name:32}{len(group):>5} " + _shares(group))
    for one in judged:
        shown = options.show and options.show in one.group and one.row.get("part") != "held"
        if shown and not (one.any_status and one.speaker):
            wanted = "/".join((one.row["status"], *one.row.get("also_status", ())))
            print(f"{one.found}\n  {one.row['speaker']} {wanted}\n    {one.row['sentence']}")
    if options.questions:
        index = Index.open(options.index)
        for path in options.questions:
            results = list(_of_questions(index, path))
            shares = [sum(one[i] for one in results) / len(results) for i in (0, 1)]
            print(f"{path.name:32}{len(results):>5} speaker {shares[0]:.3f} status {shares[1]:.3f}")


def documents_of(folder: Path) -> Iterator[tuple[str, Document]]:
    for one in sorted(folder.iterdir()):
        for document in Index.open(one).documents():
            yield document.doc_id, document


def _groups(judged: Iterable[Judged]) -> dict[str, list[Judged]]:
    groups: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        groups[one.group].append(one)
    for part in ("look", "held"):
        groups[f"marks, all, {part}"] = [
            one for one in judged if one.group.startswith("marks") and one.row["part"] == part
        ]
    return groups


def _shares(group: list[Judged]) -> str:
    sums = (
        sum(one.status for one in group),
        sum(one.any_status for one in group),
        sum(one.speaker for one in group),
        sum(one.graver for one in group),
    )
    return " ".join(
        f"{value / max(1, len(group)):>{width}.3f}"
        for value, width in zip(sums, (7, 8, 8, 7), strict=True)
    )


def of_statements() -> list[Judged]:
    """The labelled sentences of releases, each judged in its document as far as rules read it."""
    judged = []
    for row in map(json.loads, gzip.decompress(STATEMENTS.read_bytes()).splitlines()):
        metadata = {"agency": row["agency"], "type": row["type"]}
        text = row["before"] + row["sentence"] + row.get("after", "")
        document = Document(row["doc_id"], row["doc_id"], text, row["doc_id"], "", metadata)
        start = len(row["before"])
        judged.append(
            _judged("releases", row, attribute(document, start, start + len(row["sentence"])))
        )
    return judged


def of_marks(documents: Mapping[str, Document] | None = None) -> list[Judged]:
    """The sentences that two readers marked; those before it are quoted in its row."""
    judged = []
    for row in map(json.loads, gzip.decompress(MARKS.read_bytes()).splitlines()):
        known = (documents or {}).get(row["doc_id"])
        start, end = row["start"], row["end"]
        if known is None or known.text[start:end] != row["sentence"]:
            known, start, end = _quoted(row)
        judged.append(
            _judged(f"marks, {row['family']}, {row['part']}", row, attribute(known, start, end))
        )
    return judged


def of_misleading() -> list[Judged]:
    """The invented sentences, each behind its heading and the sentences before it."""
    judged = []
    for row in map(json.loads, MISLEADING.read_text(encoding="utf-8").splitlines()):
        text = "\n\n".join(filter(None, (row["heading"], f"{row['before']} {row['sentence']}")))
        start = len(text) - len(row["sentence"])
        in_turns = row["type"] == "transcript" and row["voice"]
        of = {"type": [row["type"]], "agency": [row["agency"]], "speaker": [row["voice"]]}
        if in_turns:
            del of["speaker"]
        document = Document(
            "d",
            "D",
            text,
            "d",
            "",
            {key: value for key, value in of.items() if value != [None]},
            speaker_starts=((start, row["voice"]),) if in_turns else (),
        )
        judged.append(_judged("misleading", row, attribute(document, start, len(text))))
    return judged


def _quoted(row: Mapping[str, Any]) -> tuple[Document, int, int]:
    text = row["before"] + row["sentence"]
    start = len(row["before"])
    metadata = {"agency": row["agency"], "type": row["type"]}
    in_turns = row["type"] == ["transcript"] and row["voice"]
    heading = row["headings"][-1] if row["headings"] else ""
    document = Document(
        row["doc_id"],
        row["title"],
        text,
        row["doc_id"],
        "",
        metadata | ({} if in_turns or not row["voice"] else {"speaker": row["voice"]}),
        speaker_starts=((start, row["voice"]),) if in_turns else (),
        sections=((0, len(text), row["section"], heading),) if row["section"] else (),
    )
    return document, start, len(text)


def of_dev(documents: Mapping[str, Document]) -> list[Judged]:
    """The sentences of ``statements_dev.jsonl`` whose documents are there."""
    judged = []
    for row in map(json.loads, DEV.read_text(encoding="utf-8").splitlines()):
        document = documents.get(row["doc_id"])
        found = (
            place(Span(row["doc_id"], quote=row["before"][-60:] + row["sentence"]), document)
            if document
            else None
        )
        if document is None or found is None:
            continue
        last = sentences(
            document.text, max(0, found[1] - _AROUND), min(len(document.text), found[2] + 2)
        )
        exact = place(Span(row["doc_id"], quote=row["sentence"]), document)
        start = max([a for a, b in last if b >= found[2] - 3 and a < found[2]][:1] or [found[1]])
        if exact is not None and exact[2] == found[2]:
            start = exact[1]
        judged.append(_judged("statements_dev", row, attribute(document, start, found[2])))
    return judged


def _judged(group: str, row: Mapping[str, Any], found: Attribution) -> Judged:
    return Judged(
        group,
        row,
        found,
        found.status == row["status"],
        found.status in (row["status"], *row.get("also_status", ())),
        any(_same(found.speaker, one) for one in (row["speaker"], *row.get("also_speaker", ()))),
    )


def _of_questions(index: Index, path: Path) -> Iterator[tuple[bool, bool]]:
    for question in read_questions([path]):
        found = [
            attribution
            for span in question.gold + question.alternatives
            for attribution in _of_span(index, span)
        ]
        if not found or not question.modality:
            continue
        speakers = (question.speaker or "").split(" / ")
        yield (
            any(_same(one.speaker, wanted) for one in found for wanted in speakers),
            any(one.status == question.modality for one in found),
        )


def _of_span(index: Index, span: Span) -> list[Attribution]:
    try:
        document = index.document(span.doc_id)
        _, start, end = place(span, document)
    except UsageError:
        return []
    spans = sentences(document.text, max(0, start - _AROUND), end + _AROUND)
    return [attribute(document, a, b) for a, b in spans if a < end and b > start]


def _same(one: str | None, other: str | None) -> bool:
    a, b = (
        re.sub(r"\W+", " ", (name or "").casefold().removeprefix("the ")).strip()
        for name in (one, other)
    )
    return bool(a and b) and (a in b or b in a or _within(a, b) or _within(b, a))


def _within(short: str, long: str) -> bool:
    """Whether the words of a title and surname stand in the full name, in their order."""
    words = iter(long.split())
    return len(short.split()) > 1 and all(word in words for word in short.split())


if __name__ == "__main__":
    main()
