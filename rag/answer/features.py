"""What tells an answer from a near miss: numbers from 0 to 1, each with a plain meaning."""

import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from statistics import fmean

from rag.answer.scoring import Scored, likely_answers
from rag.models.cross_encoder import Reranker
from rag.models.reranker_input import reading
from rag.question.answer_spans import answering, asks_name, asks_thing
from rag.question.synonyms import synonyms
from rag.text.stemming import stem, stems, words
from rag.types import Document, Hit, Question

_PASSAGES = 2
"""Passages that are read whole."""
_FIRST = 3
"""Sentences that are looked at: the answer is among the first if it is anywhere."""
_CLAUSE = 90
"""Characters on either side of a thing within which its sentence says what it is."""
_BESIDE = 40
"""Characters between a noun and what it names ("the receiver, Charles D. Axelrod")."""
_TOKEN = re.compile(r"[\w-]+")
_NAME_AFTER = re.compile(r"[\w-]+(?:,| \(|:| named| called| known as)* [A-Z]")
_NAME_BEFORE = re.compile(r"[A-Z][\w.’'&-]*(?:,| is| was| as)+ (?:an?|another) (?:[\w'’-]+ ){0,4}$")
_BARE = re.compile(
    r"\b(?:an?|another|other|several|certain|two|three|four|five|six|various|unnamed|some|its|his|"
    r"her|their|multiple|unidentified)\s+(?:[\w'’-]+\s+){0,4}$",
    re.IGNORECASE,
)

NAMES = (
    "passage",
    "answers",
    "relevance",
    "names",
    "relation",
    "found",
    "beside",
    "named",
    "clause",
    "apart",
    "asks_name",
    "words",
)
"""The signals, in the order of `signals`."""


def signals(
    question: Question,
    rankings: Sequence[Sequence[Scored]],
    hits: Sequence[Hit],
    reranker: Reranker | None,
) -> tuple[float, ...]:
    """The signals of a question with its candidates, in the order of `NAMES`.

    Of a question in parts, each signal is the mean over the parts.

    passage
        The cross-encoder's best logit of whether one of the first two passages found answers,
        squashed to 0 to 1.
    answers, relevance
        The same for a sentence; and the best logit of a sentence's relevance.
    names
        Share of the words of its names in one of the first three documents.
    relation
        Share of the words that are no names ("what did he *sell*") in the document of the best
        sentence. A word that the documents may write instead counts as the word.
    found
        Whether one of the first three sentences holds a thing that may be what is asked for; 0.5
        where no figure, name or reason is asked for.
    beside
        Whether such a thing stands beside the noun asked for ("which *judge*"); 0.5 without one.
    named
        0 where that noun occurs only without a name ("a judge").
    clause
        Share of the words that are no names in the clause of such a thing; in the sentence where
        no figure, name or reason is asked for.
    apart
        How much higher that share is in one of the first three sentences as a whole: what is asked
        about is there, away from any such thing.
    asks_name, words
        Whether a name is asked for, and how long the question is.

    Parameters
    ----------
    rankings
        One for each part of the question, or the one of the whole; best first.
    hits
        The passages found, best first.
    reranker
        What reads the first of them; without one the first three signals are 0.5.
    """
    parts = question.parts or (question,)
    each = [_signals(p, ranked) for p, ranked in zip(parts, rankings, strict=True) if ranked]
    if not each or not hits:
        return (0.0,) * len(NAMES)
    return (_passage(question, hits, reranker), *map(fmean, zip(*each, strict=True)))


def _signals(question: Question, ranked: Sequence[Scored]) -> tuple[float, ...]:
    first = ranked[:_FIRST]
    relation = question.stems - {stem(word) for name in question.names for word in words(name)}
    written = _written(question)
    texts = {item.candidate.document.doc_id: item.candidate.document for item in first}
    held_by = {doc_id: _stems_of(document) for doc_id, document in texts.items()}
    documents = [held_by[item.candidate.document.doc_id] for item in first]
    clauses: list[float] = []
    beside = bare = False
    for item in first:
        sentence = " ".join(item.candidate.text.split())
        spans = answering(question, sentence)
        nouns = [m.start() for m in _TOKEN.finditer(sentence) if stem(m.group()) == question.head]
        for start, end in spans:
            near = stems(sentence[max(0, start - _CLAUSE) : end + _CLAUSE])
            clauses.append(_share(relation, near, written))
        for noun in nouns:
            if _BARE.search(sentence[:noun]) and not _apposed(sentence, noun):
                bare = True
            elif any(start - _BESIDE <= noun <= end + _BESIDE for start, end in spans):
                beside = True
    asks = asks_thing(question)
    held = max(_share(relation, item.stems, written) for item in first)
    clause = max(clauses, default=0.0) if asks else held
    return (
        _squash(max(item.answers for item in ranked)),
        _squash(max(item.relevance for item in ranked) / 3),
        max(_names(question, stems_of_one) for stems_of_one in documents),
        _share(relation, documents[0], written),
        float(bool(clauses)) if asks else 0.5,
        0.5 if question.head is None else float(beside),
        float(beside or not bare or not asks_name(question)),
        clause,
        max(0.0, held - clause),
        float(asks_name(question)),
        min(1.0, len(question.stems) / 12),
    )


def _apposed(sentence: str, noun: int) -> bool:
    """Whether a name follows the noun there ("a receiver, Charles Axelrod") or leads up to it."""
    return bool(_NAME_AFTER.match(sentence, noun) or _NAME_BEFORE.search(sentence[:noun]))


def _passage(question: Question, hits: Sequence[Hit], reranker: Reranker | None) -> float:
    if reranker is None:
        return _squash(0.0)
    passages = [hit.passage for hit in hits[:_PASSAGES]]
    texts = [reading(p.document, p.start, p.end) for p in passages]
    spoken = [p.document.speaker_at(p.start) is not None for p in passages]
    return _squash(max(likely_answers(reranker.read(question.context, texts), spoken)))


def _squash(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


def _written(question: Question) -> Mapping[str, frozenset[str]]:
    """For each word of the question the words that documents may write instead."""
    return {stem(word): _instead(word.lower()) for word in words(question.context)}


@lru_cache(maxsize=4096)
def _instead(word: str) -> frozenset[str]:
    return frozenset().union(*(stems(term) for term in synonyms(word)))


def _share(
    wanted: frozenset[str], held: frozenset[str], written: Mapping[str, frozenset[str]]
) -> float:
    """Share of the wanted words that are held, as they are, as a word alike, or put otherwise."""
    if not wanted:
        return 1.0
    alike = {word[:5] for word in held if len(word) >= 5}
    return fmean(
        word in held
        or (len(word) >= 6 and word[:5] in alike)
        or not held.isdisjoint(written.get(word, ()))
        for word in wanted
    )


def _stems_of(document: Document) -> frozenset[str]:
    speaker = " ".join(document.texts("speaker"))
    return stems(f"{document.title} {document.doc_id} {speaker} {document.text}")


def _names(question: Question, held: frozenset[str]) -> float:
    """Share of the words of its names that are held, each name counting the same."""
    shares = []
    for name in question.names:
        parts = [stem(word) for word in words(name) if len(word) > 1]
        if parts:
            shares.append(fmean(part in held for part in parts))
    return fmean(shares) if shares else 1.0
