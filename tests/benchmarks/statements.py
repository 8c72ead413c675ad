"""Compares speaker and status by the rules with labelled sentences and labelled questions.

python tests/benchmarks/statements.py --index DIR [QUESTIONS.jsonl ...] [--show]

A person labelled the sentences of ``data/statements.jsonl.gz``. Where a second label is right too,
it is in ``also_speaker`` and ``also_status``. Each row has the text before its sentence and the
metadata that the rules read, so that only questions need an index. A question counts as right if
one sentence of its gold spans has the labelled speaker, or status.
"""

import argparse
import gzip
import json
from collections.abc import Iterator
from pathlib import Path

from rag import Index
from rag.attribution.engine import Attribution, attribute
from rag.errors import UsageError
from rag.evaluate import read_questions
from rag.evaluate.places import place
from rag.evaluate.questions import Span
from rag.text.sentences import sentences
from rag.types import Document

STATEMENTS = Path(__file__).parent / "data" / "statements.jsonl.gz"
_AROUND = 1500


def main() -> None:
    """Attribute every labelled sentence and print the shares of right labels."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("questions", nargs="*", type=Path)
    parser.add_argument("--index", type=Path, default=None)
    parser.add_argument("--show", action="store_true", help="print the errors")
    options = parser.parse_args()
    groups = {"sentences": of_statements()}
    if options.questions:
        index = Index.open(options.index)
        groups |= {path.name: _of_questions(index, path) for path in options.questions}
    print(f"{'':32}{'n':>5} {'speaker':>8} {'status':>8}")
    for name, results in groups.items():
        judged = list(results)
        if options.show:
            for text, speaker, status, found in judged:
                if not (speaker and status):
                    print(f"{found}\n    {text}")
        count = len(judged)
        shares = [sum(one[i] for one in judged) / count for i in (1, 2)]
        print(f"{name:32}{count:>5} {shares[0]:>8.3f} {shares[1]:>8.3f}")


Judged = tuple[str, bool, bool, str]
"""A sentence or question, whether its speaker and its status are right, and what was found."""


def of_statements() -> Iterator[Judged]:
    """The labelled sentences, each judged in its document as far as the rules read it."""
    for row in map(json.loads, gzip.decompress(STATEMENTS.read_bytes()).splitlines()):
        metadata = {"agency": row["agency"], "type": row["type"]}
        text = row["before"] + row["sentence"]
        document = Document(row["doc_id"], row["doc_id"], text, row["doc_id"], "", metadata)
        found = attribute(document, len(row["before"]), len(text))
        yield (
            row["sentence"],
            any(_same(found.speaker, one) for one in (row["speaker"], *row["also_speaker"])),
            found.status in (row["status"], *row["also_status"]),
            f"{found} for {row['speaker']} {row['status']}",
        )


def _of_questions(index: Index, path: Path) -> Iterator[Judged]:
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
            question.text,
            any(_same(one.speaker, wanted) for one in found for wanted in speakers),
            any(one.status == question.modality for one in found),
            f"{found[:2]} for {question.speaker} {question.modality}",
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
    a, b = ((name or "").casefold().removeprefix("the ") for name in (one, other))
    return bool(a and b) and (a in b or b in a)


if __name__ == "__main__":
    main()
