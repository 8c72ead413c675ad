"""The signals of abstention: numbers from 0 to 1 that separate answers from near misses."""

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
"""The first passages, read whole."""
_FIRST = 3
"""The first sentences. If any sentence answers, one of these usually does."""
_CLAUSE = 90
"""Characters before and after a thing that count as its clause."""
_BESIDE = 40
"""Characters between a noun and its name, at most ("the receiver, Charles D. Axelrod")."""
_TOKEN = re.compile(r"[\w-]+")
_NAME_AFTER = re.compile(r"[\w-]+(?:,| \(|:| named| called| known as)* [A-Z]")
_NAME_BEFORE = re.compile(
    r"[A-Z][\w.’'&-]{0,40}(?:,| is| was| as){1,4} (?:an?|another) (?:[\w'’-]{1,40} ){0,4}$"
)
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
    """The signals of a question and its ranked sentences, in the order of `NAMES`.

    If the question has several parts, each signal but the first is the mean over the parts. A
    *thing* is a figure, name or reason in a sentence that may be the one asked for. Without hits or
    sentences all signals are 0.

    passage
        Sigmoid of the highest ``answers`` logit among the first two passages.
    answers, relevance
        Sigmoid of the highest ``answers`` logit among the sentences; of the highest ``relevance``
        divided by 3.
    names
        Share of the words of the question's names in the best of the first three documents.
    relation
        Share of the question's other words ("what did he *sell*") in the document of the best
        sentence. A synonym counts as the word.
    found
        1 if one of the first three sentences contains a thing, else 0. 0.5 if the question asks
        for no figure, name or reason.
    beside
        1 if a thing stands beside the noun asked for ("which *judge*"), else 0. 0.5 without a
        noun.
    named
        0 if the question asks for a name and this noun occurs only without one ("a judge"), else 1.
    clause
        The highest share of the question's other words in the clause of a thing. If the question
        asks for no figure, name or reason: in a sentence.
    apart
        The highest such share in one of the first three whole sentences, minus ``clause``; at
        least 0. It is high if the subject is mentioned away from every thing.
    asks_name, words
        1 if the question asks for a name; its number of stems divided by 12, at most 1.

    Parameters
    ----------
    rankings
        One ranking of sentences for each part of the question, best first.
    hits
        The retrieved passages, best first.
    reranker
        Reads the first passages. Without one the first three signals are 0.5.
    """
    parts = question.parts or (question,)
    each = [_signals(p, ranked) for p, ranked in zip(parts, rankings, strict=True) if ranked]
    if not each or not hits:
        return (0.0,) * len(NAMES)
    return (_passage(question, hits, reranker), *map(fmean, zip(*each, strict=True)))


def share_of(question: Question, wanted: frozenset[str], held: frozenset[str]) -> float:
    """Share of the wanted stems of a question that a text holds; a synonym counts as the word."""
    return _share(wanted, held, _synonyms_by_stem(question))


def _signals(question: Question, ranked: Sequence[Scored]) -> tuple[float, ...]:
    first = ranked[:_FIRST]
    relation = question.stems - {stem(word) for name in question.names for word in words(name)}
    alternatives = _synonyms_by_stem(question)
    texts = {item.candidate.document.doc_id: item.candidate.document for item in first}
    stems_by_document = {doc_id: _stems_of(document) for doc_id, document in texts.items()}
    documents = [stems_by_document[item.candidate.document.doc_id] for item in first]
    clauses: list[float] = []
    beside = bare = False
    for item in first:
        sentence = " ".join(item.candidate.text.split())
        spans = answering(question, sentence)
        nouns = [m.start() for m in _TOKEN.finditer(sentence) if stem(m.group()) == question.head]
        for start, end in spans:
            near = stems(sentence[max(0, start - _CLAUSE) : end + _CLAUSE])
            clauses.append(_share(relation, near, alternatives))
        for noun in nouns:
            if _BARE.search(sentence[:noun]) and not apposed(sentence, noun):
                bare = True
            elif any(start - _BESIDE <= noun <= end + _BESIDE for start, end in spans):
                beside = True
    asks = asks_thing(question)
    whole = max(_share(relation, item.stems, alternatives) for item in first)
    clause = max(clauses, default=0.0) if asks else whole
    return (
        _squash(max(item.answers for item in ranked)),
        _squash(max(item.relevance for item in ranked) / 3),
        max(_names(question, stems_of_one) for stems_of_one in documents),
        _share(relation, documents[0], alternatives),
        float(bool(clauses)) if asks else 0.5,
        0.5 if question.head is None else float(beside),
        float(beside or not bare or not asks_name(question)),
        clause,
        max(0.0, whole - clause),
        float(asks_name(question)),
        min(1.0, len(question.stems) / 12),
    )


def apposed(sentence: str, noun: int) -> bool:
    """Whether a name follows the noun ("a receiver, Charles Axelrod") or comes right before it."""
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


def _synonyms_by_stem(question: Question) -> Mapping[str, frozenset[str]]:
    """For each stem of the question the stems of its synonyms."""
    return {stem(word): _synonym_stems(word.lower()) for word in words(question.context)}


@lru_cache(maxsize=4096)
def _synonym_stems(word: str) -> frozenset[str]:
    return frozenset().union(*(stems(term) for term in synonyms(word)))


def _share(
    wanted: frozenset[str], held: frozenset[str], alternatives: Mapping[str, frozenset[str]]
) -> float:
    """Share of the wanted stems that occur: exactly, with the same first 5 letters, as synonym."""
    if not wanted:
        return 1.0
    alike = {word[:5] for word in held if len(word) >= 5}
    return fmean(
        word in held
        or (len(word) >= 6 and word[:5] in alike)
        or not held.isdisjoint(alternatives.get(word, ()))
        for word in wanted
    )


def _stems_of(document: Document) -> frozenset[str]:
    speaker = " ".join(document.texts("speaker"))
    return stems(f"{document.title} {document.doc_id} {speaker} {document.text}")


def _names(question: Question, held: frozenset[str]) -> float:
    """Mean over the names of the share of their words that occur; 1 without names."""
    shares = []
    for name in question.names:
        parts = [stem(word) for word in words(name) if len(word) > 1]
        if parts:
            shares.append(fmean(part in held for part in parts))
    return fmean(shares) if shares else 1.0
