"""What the checks let through of distorted sentences, and what they withhold of true ones.

    python tests/benchmarks/support.py [--distortions FILE] [--documents EXPORT.jsonl.gz]
        [--references QUESTIONS.jsonl]

- Pairs of a quote and a sentence (``data/support.jsonl``), true and untrue.
- Distortions: rows with ``quote``, ``claim`` and ``kind``, none of them true.
- References: the written answer of each question against its gold quotes, in sentences. With the
  export of the documents, names and figures are looked up in them too.

A sentence is ``quoted``, ``checked``, ``unchecked`` or ``withheld``. The model that tells support
is taken as sure of everything: ``checked`` means that no check without a model doubts it.
Exits with 1 if a distortion is ``checked``.
"""

import argparse
import gzip
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from rag.answer.checks import ruling
from rag.answer.verify import cite
from rag.text.sentences import sentences
from rag.types import Claim, Document, Status

_DATA = Path(__file__).with_name("data")
_MARKS = ("quoted", "checked", "unchecked", "withheld")
_NOT_STATED = "ot stated"
"""References of questions without an answer are left out."""


def main() -> int:
    """Print a row for each set and kind of sentences."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--distortions", type=Path)
    parser.add_argument("--references", type=Path, default=_DATA / "unseen.jsonl")
    parser.add_argument("--documents", type=Path)
    parser.add_argument("--out", type=Path, help="write every sentence as JSON lines")
    options = parser.parse_args()
    rows = [*_pairs(_DATA / "support.jsonl")]
    if options.distortions:
        rows += _distortions(options.distortions)
    rows += references(options.references, read_documents(options.documents))
    found: dict[str, Counter[str]] = {}
    why: Counter[str] = Counter()
    kept = []
    for name, claims, text, question in rows:
        mark, reason = ruling(text, claims, question, support=lambda quotes, text: 1.0)
        found.setdefault(name, Counter())[mark or "withheld"] += 1
        if name == "references" and reason:
            why[reason.split("“")[0]] += 1
        quotes = [claim.text for claim in claims]
        kept.append({"set": name, "mark": mark, "why": reason, "text": text, "quotes": quotes})
    print(f"{'':44}  n    " + "  ".join(f"{mark:>9}" for mark in _MARKS))
    for name, marks in found.items():
        total = marks.total()
        shares = "  ".join(f"{marks[mark] / total:9.3f}" for mark in _MARKS)
        print(f"{name:44}{total:5}    {shares}")
    print("\n".join(f"{count:5}  {reason}" for reason, count in why.most_common(12)))
    if options.out:
        options.out.write_text("".join(json.dumps(row) + "\n" for row in kept))
    return int(any(n["checked"] for name, n in found.items() if name.startswith("distortions")))


def _pairs(path: Path) -> list[Any]:
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [
        (
            f"pairs, {'true' if row['supported'] else 'untrue'}: {row['kind']}",
            [claim_of(row["quote"], "alleged")],
            row["claim"],
            "",
        )
        for row in rows
    ]


def _distortions(path: Path) -> list[Any]:
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [
        (f"distortions: {row['kind']}", [claim_of(row["quote"], "ordered")], row["claim"], "")
        for row in rows
    ]


def references(path: Path, documents: dict[str, Document]) -> list[Any]:
    """The sentences of the written answers, each with its gold quotes and its question."""
    rows = []
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        reference = row.get("reference") or ""
        if not row["gold"] or _NOT_STATED in reference:
            continue
        claims = [_gold(gold, documents) for gold in row["gold"]]
        question = " ".join((*row["history"], row["question"]))
        rows += [
            ("references", claims, reference[start:end], question)
            for start, end in sentences(reference)
        ]
    return rows


def _gold(gold: dict[str, Any], documents: dict[str, Document]) -> Claim:
    document = documents.get(gold["doc_id"])
    if document is None:
        return claim_of(gold["quote"], "alleged")
    quote = cite(document, gold["start"], gold["end"])
    return Claim(quote.quote, (quote,), None, "alleged")


def claim_of(quote: str, status: Status = "alleged") -> Claim:
    """A claim whose document is its quote."""
    document = Document("d", "d", quote, "d", "0" * 64)
    return Claim(quote, (cite(document, 0, len(quote)),), None, status)


def read_documents(path: Path | None) -> dict[str, Document]:
    """The documents of an export by id; none without one."""
    if path is None:
        return {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = map(json.loads, lines)
        return {
            row["id"]: Document(
                row["id"], row["title"], row["text"], "", "", {"agency": row["agency"]}
            )
            for row in rows
        }


if __name__ == "__main__":
    sys.exit(main())
