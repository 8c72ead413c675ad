"""Draws sentences for readers to mark, and joins what two readers marked.

python tests/benchmarks/marks.py draw INDEXES DRAWN [--seed N] [--each N]
python tests/benchmarks/marks.py join DRAWN READER_A READER_B OUT

INDEXES is a folder with one index for each collection (``us``, ``world``, ``pdf``, ``releases``).
The documents of a family of authorities take turns, so that a long one does not fill the list, and
a sentence is drawn at random within its document. Sentences of ``statements_dev.jsonl`` and of the
labelled statements of releases are left out. A document is whole in one part: ``look``, which
whoever writes rules may read, or ``held``, which only measures.

A reader writes one line a sentence into ``.tsv`` files of a folder: id, speaker, kind of speaker,
status, other statuses that a careful reader may choose (or ``-``), 1 if it is hard. Where two
readers differ, the first one's mark stands and the second one's is right too (``also_status``,
``also_speaker``); ``agreed`` says that they are of one mind on the status.
"""

import argparse
import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from rag import Index
from rag.text.sentences import sentences
from rag.types import STATUSES, Document

_DATA = Path(__file__).parent / "data"
_DEV = Path("../shared/data/statements_dev.jsonl")
_BEFORE, _AFTER = 300, 160
_LONGEST = 600
_HELD = 0.4
"""Share of the documents of a family that only measure."""

_FAMILIES = {
    "us_securities": r"SEC-LR",
    "us_sanctions": r"OFAC",
    "us_federal": r"epa-|FinCEN|fda-|ftc-|nlrb-|osha-|oshrc-|7512_73757",
    "uk": r"ICO-",
    "eu_ireland": r"DPC-|EDPB|CNIL|AP-Netherlands",
    "competition": r"ACCC-(?!Black)",
    "asia_pacific": r"PDPC|Tribunal-Directions|ACCC-Black",
    "courts": r"DC-Circuit|fanin|opinion_tax|605797|broken-mime|missouri|image-pdf-2",
    "transcripts": r"600795|338083|346583",
    "reports_and_pleas": r"mueller|189898|190597",
    "papers": r"7512_7(?:3930|3959|4364|4368|4437|4442|4514)|Affidavit|Coles-|Heidelberg-s87B"
    r"|Kimberly|LBRY|Metcash",
}
"""The documents of a family, by the beginning of their file name or number."""


_KINDS = {
    "authority",
    "court",
    "jury",
    "accused",
    "other_party",
    "witness",
    "author",
    "third_party",
}


class Mark(NamedTuple):
    """What one reader marked of one sentence."""

    speaker: str
    kind: str
    status: str
    also: tuple[str, ...]
    hard: bool


def main() -> None:
    """Draw, or join."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    steps = parser.add_subparsers(required=True)
    draw = steps.add_parser("draw", help="draw the sentences")
    draw.add_argument("indexes", type=Path)
    draw.add_argument("out", type=Path)
    draw.add_argument("--seed", type=int, default=9)
    draw.add_argument("--each", type=int, default=150)
    draw.set_defaults(step=_draw)
    join = steps.add_parser("join", help="join the marks of two readers, print their agreement")
    join.add_argument("drawn", type=Path)
    join.add_argument("readers", type=Path, nargs=2)
    join.add_argument("out", type=Path)
    join.set_defaults(step=_join)
    options = parser.parse_args()
    options.step(options)


def _draw(options: argparse.Namespace) -> None:
    """Write the drawn sentences to OUT, one JSON object a line."""
    chance = random.Random(options.seed)
    known = set(map(_letters, _known()))
    documents = {
        document.doc_id: document
        for folder in sorted(options.indexes.iterdir())
        for document in Index.open(folder).documents()
    }
    rows: list[dict[str, Any]] = []
    for family, pattern in _FAMILIES.items():
        members = [one for name, one in sorted(documents.items()) if re.search(pattern, name)]
        chance.shuffle(members)
        members = members[: options.each]
        held = {document.doc_id for document in members[: max(1, round(_HELD * len(members)))]}
        drawn = list(_drawn(members, chance, known, options.each))
        for document, start, end in drawn:
            part = "held" if document.doc_id in held else "look"
            rows.append({"id": f"{family}-{len(rows):04}", "family": family, "part": part})
            rows[-1] |= _row(document, start, end)
        print(f"{family}: {len(drawn)} sentences of {len(members)} documents, {len(held)} held")
    _write(options.out, rows)


def _join(options: argparse.Namespace) -> None:
    """Write the rows that both readers marked to OUT; print their agreement by family."""
    rows = [json.loads(line) for line in options.drawn.read_text().splitlines()]
    first, second = map(_marks, options.readers)
    joined = [
        _joined(row, first[row["id"]], second[row["id"]])
        for row in rows
        if row["id"] in first and row["id"] in second
    ]
    print(
        f"{'family':20}{'n':>5} {'status':>7} {'kappa':>6} {'either':>7} {'speaker':>8} {'kind':>6}"
    )
    for family in (*_FAMILIES, "all"):
        of_family = [row for row in joined if family in ("all", row["family"])]
        if of_family:
            print(f"{family:20}{len(of_family):>5} " + _agreement(of_family, first, second))
    _write(options.out, joined)


def _marks(folder: Path) -> dict[str, Mark]:
    """The marks of one reader, by the id of the sentence; an error names a bad line."""
    marks = {}
    for path in sorted(folder.glob("*.tsv")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if not line.strip():
                continue
            name, speaker, kind, status, also, hard = (line.split("\t") + [""] * 6)[:6]
            others = tuple(one.strip() for one in also.split(",") if one.strip() not in ("", "-"))
            wrong = [one for one in (status, *others) if one not in STATUSES]
            if wrong or kind not in _KINDS:
                raise SystemExit(f"{path}:{number}: no status or kind of speaker: {wrong or kind}")
            marks[name] = Mark(speaker.strip(), kind, status, others, hard.strip() == "1")
    return marks


def _joined(row: dict[str, Any], first: Mark, second: Mark) -> dict[str, Any]:
    """The drawn row with the first reader's mark, and the second one's beside it."""
    also = {*first.also, second.status, *second.also} - {first.status}
    kept = {key: value for key, value in row.items() if key != "after"}
    return kept | {
        "speaker": first.speaker,
        "also_speaker": [second.speaker] if second.speaker != first.speaker else [],
        "speaker_kind": first.kind,
        "status": first.status,
        "also_status": sorted(also),
        "agreed": first.status == second.status,
        "hard": first.hard or second.hard,
    }


def _agreement(rows: list[dict[str, Any]], first: dict[str, Mark], second: dict[str, Mark]) -> str:
    """Shares of the rows on which the readers agree, and Cohen's kappa of the status."""
    pairs = [(first[row["id"]], second[row["id"]]) for row in rows]
    same = sum(one.status == other.status for one, other in pairs) / len(pairs)
    counts = [Counter(pair[reader].status for pair in pairs) for reader in (0, 1)]
    chance = sum(counts[0][status] * counts[1][status] for status in STATUSES) / len(pairs) ** 2
    kappa = (same - chance) / (1 - chance) if chance < 1 else 1.0
    either = sum(
        not {one.status, *one.also}.isdisjoint({other.status, *other.also}) for one, other in pairs
    )
    speaker = sum(_letters(one.speaker) == _letters(other.speaker) for one, other in pairs)
    kind = sum(one.kind == other.kind for one, other in pairs)
    shares = (count / len(pairs) for count in (either, speaker, kind))
    return f"{same:>7.3f} {kappa:>6.3f} " + " ".join(
        f"{share:>{width}.3f}" for share, width in zip(shares, (7, 8, 6), strict=True)
    )


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def _known() -> Iterator[str]:
    for row in gzip.decompress((_DATA / "statements.jsonl.gz").read_bytes()).splitlines():
        yield json.loads(row)["sentence"]
    if _DEV.exists():
        for line in _DEV.read_text().splitlines():
            yield json.loads(line)["sentence"]


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _drawn(
    members: list[Document], chance: random.Random, known: set[str], most: int
) -> Iterator[tuple[Document, int, int]]:
    """Sentences of the members in turn until there are ``most``, or none are left."""
    piles = []
    for document in members:
        spans = [
            span
            for span in sentences(document.text, 0, len(document.text))
            if _whole(document, span, known)
        ]
        chance.shuffle(spans)
        piles.append((document, spans))
    count = 0
    while count < most and any(spans for _, spans in piles):
        for document, spans in piles:
            if spans and count < most:
                count += 1
                yield document, *spans.pop()


def _whole(document: Document, span: tuple[int, int], known: set[str]) -> bool:
    """Whether the span is a sentence that can be marked: no heading, no row of figures."""
    text = document.text[slice(*span)]
    words = re.findall(r"[^\W\d_]{2,}", text)
    return (
        len(words) >= 7
        and len(text) <= _LONGEST
        and any(word.islower() for word in words[1:])
        and _letters(text) not in known
    )


def _row(document: Document, start: int, end: int) -> dict[str, Any]:
    return {
        "doc_id": document.doc_id,
        "title": document.title,
        "agency": list(document.texts("agency")),
        "type": list(document.texts("type")),
        "voice": document.speaker_at(start),
        "section": document.section_at(start),
        "headings": [title for first, last, _, title in document.sections if first <= start < last],
        "start": start,
        "end": end,
        "before": document.text[max(0, start - _BEFORE) : start],
        "sentence": document.text[start:end],
        "after": document.text[end : end + _AFTER],
    }


if __name__ == "__main__":
    main()
