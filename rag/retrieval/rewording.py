"""A language model words a question anew for the search, in words that were typed."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Any

from rag.errors import GeneratorError
from rag.models.generator import Generator
from rag.question.references import referred_to
from rag.text.stemming import stems
from rag.types import Hit, Question

_INSTRUCTION = """\
You are given JSON: the earlier questions of a conversation, oldest first, and the last question.
Reply with one JSON object and nothing else: {"standalone": "...", "keywords": ["...", "..."]}
"standalone" is the last question, written so that it can be understood alone: put in the names that
it leaves out. "keywords" are up to three short queries for a search engine. Use only words that the
questions have. Do not answer."""
_THOUGHT = re.compile(r"</think\w{0,5}>")
_SECONDS = 2.0
_MOST_KEYWORDS = 3
_LONGEST = 300
"""Characters of a query, at most."""


def may_help(question: Question) -> bool:
    """Whether a question refers to earlier ones, or names nobody."""
    return bool(referred_to(question.text, question.history)) or not question.names


def reworded(
    question: Question, generator: Generator, *, waiting: Callable[[], None] = lambda: None
) -> tuple[str, ...]:
    """Up to four queries: the question as it stands alone, and keywords. Empty if none is usable.

    Only questions are sent: no text of a document, and no answer. A query with a word, a name or a
    number that nobody typed is left out, and so is one that says the same as the question. The
    model has two seconds.
    """
    material = json.dumps(
        {"earlier": list(question.history), "last": question.text}, ensure_ascii=False
    )
    try:
        reply = "".join(generator.stream(_INSTRUCTION, material, seconds=_SECONDS, waiting=waiting))
    except GeneratorError:
        return ()
    typed = stems(" ".join((*question.history, question.text)))
    kept: dict[frozenset[str], str] = {}
    for query in _queries(reply):
        words = stems(query)
        if words and words <= typed and words != question.own and len(query) <= _LONGEST:
            kept.setdefault(words, query)
    return tuple(kept.values())


def widened(rankings: Sequence[Sequence[Hit]], *, k: int) -> list[Hit]:
    """The hits of several queries as one list: the first of each, then the second of each.

    A passage counts once. Scores are lowered to descend: those of two queries do not compare.
    """
    found: dict[tuple[str, int, int], Hit] = {}
    for turn in zip_longest(*rankings):
        for hit in filter(None, turn):
            passage = hit.passage
            found.setdefault((passage.document.doc_id, passage.start, passage.end), hit)
    hits: list[Hit] = []
    for rank, hit in enumerate(list(found.values())[:k], start=1):
        score = min(hit.score, hits[-1].score) if hits else hit.score
        hits.append(replace(hit, rank=rank, score=score))
    return hits


def _queries(reply: str) -> Iterator[str]:
    """The texts of the JSON object in a reply, on one line each."""
    reply = _THOUGHT.split(reply)[-1]  # what it thinks comes first
    begin, end = reply.find("{"), reply.rfind("}")
    try:
        given: Any = json.loads(reply[begin : end + 1]) if begin >= 0 else None
    except (ValueError, RecursionError):
        return
    if not isinstance(given, dict):
        return
    keywords = given.get("keywords")
    listed = keywords[:_MOST_KEYWORDS] if isinstance(keywords, list) else []
    for text in (given.get("standalone"), *listed):
        if isinstance(text, str):
            yield " ".join("".join(c if c.isprintable() else " " for c in text).split())
