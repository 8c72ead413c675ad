"""How well each sentence fits a question: the cross-encoder's view joined with plain signs."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from rag.answer.asked import Asked
from rag.answer.candidates import Candidate
from rag.answer.kinds import gives, things
from rag.answer.premise import contradicts
from rag.answer.words import folded, stems
from rag.reading import reading
from rag.rerank import load_reranker
from rag.types import Document

READ = 16
"""Candidates that the cross-encoder reads for each part of a question; further ones never won."""
_REREAD = 4
"""So many of them, the first by then, are read again in their places: "He" is named before."""
_READ_OF_ONE = 700
"""Characters of a candidate that it reads."""
_BEFORE = 220
"""Characters in front of a sentence with which it is read again."""
_LIKELY = 0.3
"""What a logit counts for."""
_UNLIKELY = -4.0
"""Logit below which all sentences are equally unlikely: one that goes on from another and names
nobody ("The judgment orders him to pay …") gets -10 where it answers and where it does not."""
_EARLIER, _TURNED_AWAY = 0.4, 0.15
"""What a word of an earlier question counts for, and where the question turns away from it."""
_LONG = 600
"""Characters beyond which a sentence is more likely a list than an answer."""
_CLAUSE = 90
"""Characters on either side of a thing within which its sentence says what it is."""
_SAYS = re.compile(
    r"\b(?:says?|said|states?|stated|claims?|according to|describes?|view|think|response|explain|"
    r"den(?:y|ies|ied)|argues?)\b",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"\b(?:acknowledges|appreciates|wishes to thank|thanks)\b[^.]*\b(?:assistance|cooperation)|"
    r"^For (?:more|further|additional) information\b",
    re.IGNORECASE,
)
_NEAR = 3000
"""Characters around a sentence that tell what it is about."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with what is known of its fitness.

    Attributes
    ----------
    stems, subject
        Stems of the sentence, and of its document's title.
    relevance
        The cross-encoder's logit for question and sentence; the mean of two where it read the
        sentence in its place, too.
    coverage
        Share of the question's words that the sentence holds, each weighted by its rarity among
        the candidates; 0 to 1.
    setting
        The same for the document around the sentence, its title and beginning included.
    clause
        The same for the clause of a thing of the kind asked for; 0 where none is.
    named
        Share of the question's names that its document spells out; 1 where it has none.
    given
        Share of the kinds asked for of which the sentence contains a thing; 1 where none is.
    contradicts
        Whether it denies what the question takes for granted.
    score
        The order of selection, higher is better.
    """

    candidate: Candidate
    stems: frozenset[str]
    subject: frozenset[str]
    relevance: float
    coverage: float
    setting: float
    clause: float
    named: float
    given: float
    contradicts: bool
    score: float


def scored(question: Asked, found: Sequence[Candidate]) -> list[Scored]:
    """The `READ` most promising candidates, best first."""
    if not found:
        return []
    held = [stems(candidate.text) for candidate in found]
    weights = _weights(question, held)
    coverage = [_share(weights, of_one) for of_one in held]
    around = _settings(found)
    setting_weights = _weights(question, list(around.values()))
    setting = [_share(setting_weights, around[_place(candidate)]) for candidate in found]
    given = [_given(question, candidate.text) for candidate in found]
    promise = [
        coverage[i] + setting[i] + 0.25 * given[i] + 0.3 / found[i].rank + 0.1 * found[i].inside
        for i in range(len(found))
    ]
    chosen = sorted(range(len(found)), key=lambda i: -promise[i])[:READ]
    logits = load_reranker().score(question.context, [_read(found[i]) for i in chosen])
    spelled = _spelled({found[i].document.doc_id: found[i].document for i in chosen}, question)
    result = []
    for i, relevance in zip(chosen, logits.tolist(), strict=True):
        denied = contradicts(question.text, found[i].text)
        clause = _clause(question, weights, found[i].text)
        named = spelled[found[i].document.doc_id]
        result.append(
            Scored(
                candidate=found[i],
                stems=held[i],
                subject=stems(found[i].document.title),
                relevance=relevance,
                coverage=coverage[i],
                setting=setting[i],
                clause=clause,
                named=named,
                given=given[i],
                contradicts=denied,
                score=(
                    _LIKELY * max(relevance, _UNLIKELY)
                    + 3.5 * coverage[i]
                    + 2.0 * setting[i]
                    + 0.5 * clause
                    + 1.5 * named
                    + 3.2 * given[i]
                    + 1.0 / found[i].rank
                    + 1.0 * found[i].inside
                    + 2.5 * denied
                    + 1.5 * _spoken_by_asked(question, found[i])
                    - 2.0 * bool(_THANKS.search(found[i].text))
                    - max(0.0, len(found[i].text) - _LONG) / 300
                ),
            )
        )
    return _reread(question, sorted(result, key=lambda s: -s.score))


def _reread(question: Asked, ranked: Sequence[Scored]) -> list[Scored]:
    """The ranking after its first were read in their places too."""
    first = ranked[:_REREAD]
    in_place = load_reranker().score(question.context, [_read(s.candidate, _BEFORE) for s in first])
    result = list(ranked[_REREAD:])
    for item, logit in zip(first, in_place.tolist(), strict=True):
        gain = max(logit, _UNLIKELY) - max(item.relevance, _UNLIKELY)
        relevance = (item.relevance + logit) / 2
        result.append(replace(item, relevance=relevance, score=item.score + _LIKELY * gain / 2))
    return sorted(result, key=lambda s: -s.score)


def merged(rankings: Sequence[Sequence[Scored]]) -> list[Scored]:
    """Several rankings as one, best first, each sentence once."""
    best: dict[tuple[str, int], Scored] = {}
    for item in (item for ranked in rankings for item in ranked):
        place = item.candidate.document.doc_id, item.candidate.start
        if place not in best or item.score > best[place].score:
            best[place] = item
    return sorted(best.values(), key=lambda item: -item.score)


def _given(question: Asked, sentence: str) -> float:
    if not question.kinds:
        return 1.0
    return sum(gives(kind, sentence) for kind in question.kinds) / len(question.kinds)


def _weights(question: Asked, held: Sequence[frozenset[str]]) -> dict[str, float]:
    """Weight of each word asked for: words in few of the texts tell more, earlier ones less."""
    count = Counter(word for of_one in held for word in of_one & question.stems)
    earlier = _TURNED_AWAY if question.turned else _EARLIER
    return {
        word: math.log(1 + len(held) / (0.5 + count[word]))
        * (1.0 if word in question.own else earlier)
        for word in question.stems
    }


def _clause(question: Asked, weights: Mapping[str, float], text: str) -> float:
    """Share of the question's words in the clause of a thing asked for."""
    spans = [span for kind in question.kinds for span in things(kind, text)]
    near = (text[max(0, start - _CLAUSE) : end + _CLAUSE] for start, end in spans[:12])
    return max((_share(weights, stems(clause)) for clause in near), default=0.0)


def _spoken_by_asked(question: Asked, candidate: Candidate) -> bool:
    """Whether a speaker whose words are asked for ("what does X say") speaks here."""
    speaker = candidate.document.speaker_at(candidate.start)
    return bool(speaker and _SAYS.search(question.text) and speaker in question.names)


def _share(weights: Mapping[str, float], held: frozenset[str]) -> float:
    total = sum(weights.values())
    return sum(weights[word] for word in weights.keys() & held) / total if total else 0.0


def _place(candidate: Candidate) -> tuple[str, int]:
    return candidate.document.doc_id, candidate.start // _NEAR


def _settings(found: Sequence[Candidate]) -> dict[tuple[str, int], frozenset[str]]:
    """The words around each candidate; neighbours share them."""
    around: dict[tuple[str, int], frozenset[str]] = {}
    for candidate in found:
        place = _place(candidate)
        if place not in around:
            text = candidate.document.text
            block = place[1] * _NEAR
            near = text[max(0, block - _NEAR // 2) : block + _NEAR + _NEAR // 2]
            around[place] = stems(f"{candidate.document.title} {text[:600]} {near}")
    return around


def _spelled(documents: Mapping[str, Document], question: Asked) -> dict[str, float]:
    """For each document the share of the question's names that its title and text spell out."""
    if not question.names:
        return dict.fromkeys(documents, 1.0)
    # "Doe of Acme" may be spelled out apart.
    names = [folded(name).split(" of ") for name in question.names]
    texts = {key: folded(f"{one.title} {one.text}") for key, one in documents.items()}
    return {
        key: fmean(all(part in text for part in name) for name in names)
        for key, text in texts.items()
    }


def _read(candidate: Candidate, before: int = 0) -> str:
    """What the cross-encoder reads of a candidate, with so much of what stands before it."""
    end = min(candidate.end, candidate.start + _READ_OF_ONE)
    return reading(candidate.document, max(0, candidate.start - before), end)
