"""Errors planted in true sentences: which of them the checks without a model let through.

    python tests/benchmarks/planted.py --documents EXPORT.jsonl.gz [--references QUESTIONS.jsonl]
        [-n 100] [--out FILE]

The sentences are those of the written answers of questions, against their gold quotes. Kinds of
errors:

- number, name: one of the quotes in place of the right one, or one of the document that is neither
  in its title nor in the question, which count as known
- negation: a "not" behind the verb
- standing: "The court found that …", and "paid" for "agreed to pay" and "ordered to pay"
- lie: the sentence alone, from a quote that says "falsely told investors that" it is so
- parties: two names exchanged
- cause: "because", with another sentence of the document

The model that tells support is taken as sure of everything, so that ``checked`` means: the checks
that need no model do not notice the error.
"""

import argparse
import json
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from rag.answer.checks import ruling
from rag.text.sentences import sentences
from rag.types import Claim
from tests.benchmarks.support import claim_of, read_documents, references

_DATA = Path(__file__).with_name("data")
_MARKS = ("quoted", "checked", "unchecked", "withheld")
_FIGURE = re.compile(
    r"(?<![\w$.,-])\$?\d(?:[\d,]*\d)?(?:\.\d+)?(?: (?:m|b)illion)?(?![\w%-]|[.,]\d)"
)
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?: [A-Z][a-z]+)*(?=[ ,.;])")
_VERB = re.compile(r"\b(?:is|are|was|were|has|have|had|will|would|must|may|can|could)\b")
_TO_PAY = re.compile(r"\b(?:agreed|consented|was ordered|were ordered|is|must|will) (?:to )?pay\b")

Planted = tuple[str, str, list[Claim]]
"""The kind of an error, the sentence with it, and its claims."""


def main() -> int:
    """Print a row for each kind of error, and one for the sentences without."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=Path, required=True)
    parser.add_argument("--references", type=Path, default=_DATA / "unseen.jsonl")
    parser.add_argument("-n", type=int, default=100, help="errors of each kind, at most")
    parser.add_argument("--out", type=Path, help="write every sentence as JSON lines")
    options = parser.parse_args()
    found: dict[str, Counter[str]] = defaultdict(Counter)
    kept = []
    dice = random.Random(1)
    rows = references(options.references, read_documents(options.documents))
    dice.shuffle(rows)
    for _, claims, text, question in rows:
        for kind, sentence, cited in (
            ("none", text, claims),
            *_planted(text, claims, question, dice),
        ):
            if kind != "none" and found[kind].total() >= options.n:
                continue
            mark, why = ruling(sentence, cited, question, support=lambda quotes, text: 1.0)
            found[kind][mark or "withheld"] += 1
            kept.append({"kind": kind, "mark": mark, "why": why, "text": sentence, "true": text})
    print(f"{'':28}  n    " + "  ".join(f"{mark:>9}" for mark in _MARKS))
    for kind, marks in found.items():
        shares = "  ".join(f"{marks[mark] / marks.total():9.3f}" for mark in _MARKS)
        print(f"{kind:28}{marks.total():5}    {shares}")
    if options.out:
        options.out.write_text("".join(json.dumps(row) + "\n" for row in kept))
    return 0


def _planted(
    text: str, claims: list[Claim], question: str, dice: random.Random
) -> Iterator[Planted]:
    """The sentence with each kind of error that can be planted in it."""
    document = claims[0].citations[0].document.text
    quotes = " ".join(claim.text for claim in claims)
    title = claims[0].citations[0].document.title
    known = f"{quotes} {title} {question}".casefold()
    for name, pattern in (("number", _FIGURE), ("name", _NAME)):
        right = pattern.search(text)
        if right is None:
            continue
        own = set(pattern.findall(text)) | {right[0]}
        for where, source in (("quotes", quotes), ("document", document)):
            others = sorted(set(pattern.findall(source)) - own)
            others = [o for o in others if where == "quotes" or o.casefold() not in known]
            if others:
                wrong = dice.choice(others)
                planted = f"{text[: right.start()]}{wrong}{text[right.end() :]}"
                yield f"{name} of the {where}", planted, claims
    if verb := _VERB.search(text):
        yield "negation", f"{text[: verb.end()]} not{text[verb.end() :]}", claims
    lower = text if _NAME.match(text[:1]) else text[:1].lower() + text[1:]
    if _VERB.search(text):
        yield "standing: found", f"The court found that {lower}", claims
        lie = claim_of(f"The complaint alleges that he falsely told investors that {lower}")
        yield "lie behind that", text, [lie]
    if _TO_PAY.search(text):
        yield "standing: paid", _TO_PAY.sub("paid", text), claims
    names = list(dict.fromkeys(_NAME.findall(text)))
    if len(names) > 1:
        one, other = names[:2]
        swapped = text.replace(one, "\0").replace(other, one).replace("\0", other)
        yield "parties", swapped, claims
    spans = [document[a:b] for a, b in sentences(document) if 40 < b - a < 160]
    if spans:
        cause = " ".join(dice.choice(spans).split()).rstrip(".")
        yield "cause", f"{text.rstrip('.')} because {cause[:1].lower()}{cause[1:]}.", claims


if __name__ == "__main__":
    sys.exit(main())
