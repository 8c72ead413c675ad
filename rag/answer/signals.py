"""What tells an answer from a near miss: numbers from 0 to 1, each with a plain meaning."""

import math
import re
from collections.abc import Sequence
from statistics import fmean

from rag.answer.asked import Asked
from rag.answer.kinds import gives, things
from rag.answer.score import Scored
from rag.answer.words import stem, stems, words

_FIRST = 3
"""Sentences that are looked at: the answer is among the first if it is anywhere."""
_CLAUSE = 90
"""Characters on either side of a thing within which its sentence says what it is."""
_BESIDE = 40
"""Characters between a noun and what it names ("the receiver, Charles D. Axelrod")."""
_TOKEN = re.compile(r"[\w-]+")
_NAMED = re.compile(r"(?<![.?!] )(?<!^)\b[A-Z][A-Za-z]+\b")

NAMES = (
    "relevance",
    "second",
    "coverage",
    "united",
    "setting",
    "relation",
    "relation_near",
    "names",
    "each_name",
    "given",
    "clause",
    "head",
    "head_near",
    "by_head",
    "new_name",
    "asks_thing",
    "asks_name",
    "words",
)
"""The signals, in the order of `signals`."""


def signals(question: Asked, ranked: Sequence[Scored]) -> tuple[float, ...]:
    """The signals of a question with its candidates, best first; in the order of `NAMES`.

    relevance, second
        The cross-encoder's best and second logit, squashed to 0 to 1.
    coverage, united, setting
        Share of the question's words in the best sentence, in the first three together, in the
        document around the best one.
    relation, relation_near
        Share of the words that are no names ("what did he *sell*") in one of the first three
        sentences, and in the document around.
    names, each_name
        Share of the words of its names that occur around one of the first three sentences, over
        all names and for the name that fares worst.
    given
        Share of the kinds of thing asked for that one of the first three contains.
    clause
        Share of the relation's words within the clause of such a thing.
    head, head_near
        Whether the noun asked for ("which *judge*") is in the first three sentences, or around;
        0.5 where no noun is asked for.
    by_head
        Whether a name, an amount, number or date, as asked for, stands beside that noun; 0.5 where
        no noun is asked for.
    new_name
        Whether a name asked for can be there: one that the question does not have itself.
    asks_thing, asks_name, words
        What kind of question it is, and how long.
    """
    if not ranked:
        return (0.0,) * len(NAMES)
    first = ranked[:_FIRST]
    logits = sorted((item.relevance for item in ranked), reverse=True)
    named = {stem(word) for name in question.names for word in words(name)}
    relation = question.stems - named
    best = first[0]
    around = [stems(_around(item)) for item in first]
    together = frozenset().union(*(item.stems for item in first))
    asks_name = bool({"person", "place", "judge", "court"} & set(question.kinds)) or bool(
        question.head and not {"amount", "number", "duration", "date"} & set(question.kinds)
    )
    by_head = max(_by_head(question, named, asks_name, item) for item in first)
    asks_thing = bool({"amount", "number", "duration", "date"} & set(question.kinds))
    return (
        _squash(logits[0]),
        _squash(logits[1]) if len(logits) > 1 else 0.0,
        best.coverage,
        _share(question.stems, together),
        best.setting,
        max(_share(relation, item.stems) for item in first),
        max(_share(relation, words_near) for words_near in around),
        max(fmean(_names_held(question, item)) for item in first),
        max(min(_names_held(question, item)) for item in first),
        max(_given(question, item) for item in first),
        max(_clause(question, relation, item) for item in first),
        _head(question, together),
        _head(question, frozenset().union(*around)),
        by_head,
        float(not asks_name or any(_new_name(named, item) for item in first)),
        float(asks_thing),
        float(asks_name),
        min(1.0, len(question.stems) / 12),
    )


def _squash(logit: float) -> float:
    return 1 / (1 + math.exp(-logit / 3))


def _share(wanted: frozenset[str], held: frozenset[str]) -> float:
    return len(wanted & held) / len(wanted) if wanted else 1.0


def _around(item: Scored) -> str:
    found = item.candidate
    text = found.document.text
    return (
        f"{found.document.title} {text[:400]} {text[max(0, found.start - 800) : found.end + 800]}"
    )


def _names_held(question: Asked, item: Scored) -> list[float]:
    """For each name the share of its words that occur around the sentence."""
    held = {stem(word) for word in words(_around(item))}
    shares = []
    for name in question.names:
        parts = [stem(word) for word in words(name) if len(word) > 1]
        shares.append(sum(part in held for part in parts) / len(parts) if parts else 1.0)
    return shares or [1.0]


def _given(question: Asked, item: Scored) -> float:
    if not question.kinds:
        return 1.0
    return sum(gives(kind, item.candidate.text) for kind in question.kinds) / len(question.kinds)


def _clause(question: Asked, relation: frozenset[str], item: Scored) -> float:
    text = item.candidate.text
    near = [
        _share(relation, stems(text[max(0, start - _CLAUSE) : end + _CLAUSE]))
        for kind in question.kinds
        for start, end in things(kind, text)
    ]
    return max(near, default=0.0 if question.kinds else _share(relation, item.stems))


def _head(question: Asked, held: frozenset[str]) -> float:
    return 0.5 if question.head is None else float(question.head in held)


def _by_head(question: Asked, named: set[str], asks_name: bool, item: Scored) -> float:
    if question.head is None:
        return 0.5
    text = item.candidate.text
    heads = [m.start() for m in _TOKEN.finditer(text) if stem(m.group()) == question.head]
    if asks_name:
        spans = [m.span() for m in _NAMED.finditer(text) if stem(m.group()) not in named]
    else:
        spans = [span for kind in question.kinds for span in things(kind, text)]
    return float(
        any(start - _BESIDE <= head <= end + _BESIDE for head in heads for start, end in spans)
    )


def _new_name(named: set[str], item: Scored) -> bool:
    return any(stem(name) not in named for name in _NAMED.findall(item.candidate.text))
