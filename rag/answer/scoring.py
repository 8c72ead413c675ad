"""How well each sentence fits a question: the cross-encoder's view joined with plain signs."""

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

import numpy as np

from rag.answer.candidates import Candidate
from rag.models.cross_encoder import Reading, load_reranker
from rag.models.reranker_input import reading, reading_in_place
from rag.question.analysis import Asked
from rag.question.answer_types import gives, things
from rag.question.presupposition import contradicts
from rag.text.stemming import folded, stem, stems, words
from rag.types import Document

READ = 13
"""Candidates that the cross-encoder reads for each part of a question; further ones seldom win."""
_REREAD = 3
"""Of so many, the first by then, those that name nobody asked about are read again in their places:
"He" is named before."""
_READ_OF_ONE = 700
"""Characters of a candidate that it reads."""
_ANSWERS, _RELEVANT = 1.5, 0.3
"""What the cross-encoder's logits count for: of whether a sentence answers, of its relevance."""
_UNLIKELY = -4.0
"""Relevance below which all sentences are equally unlikely: one that goes on from another and names
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
    relevance, answers, bears
        The cross-encoder's logits, as in `rag.models.cross_encoder.Reading`, the first no less
        than `_UNLIKELY`, the second as in `likely_answers`; means of two where it read the
        sentence in its place too.
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
    answers: float
    bears: float
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
    spelled = _spelled({found[i].document.doc_id: found[i].document for i in chosen}, question)
    result = []
    logits = _read(question, [found[i] for i in chosen], reading)
    for i, (relevance, answers, bears) in zip(chosen, logits, strict=True):
        denied = contradicts(question.text, found[i].text)
        clause = _clause(question, weights, found[i].text)
        named = spelled[found[i].document.doc_id]
        result.append(
            Scored(
                candidate=found[i],
                stems=held[i],
                subject=stems(found[i].document.title),
                relevance=relevance,
                answers=answers,
                bears=bears,
                coverage=coverage[i],
                setting=setting[i],
                clause=clause,
                named=named,
                given=given[i],
                contradicts=denied,
                score=(
                    _ANSWERS * answers
                    + _RELEVANT * relevance
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
    return _reread(question, sorted(result, key=lambda item: -item.score))


def likely_answers(read: Reading, spoken: Sequence[bool]) -> list[float]:
    """The logits of whether texts answer; of those that a speaker's name stands before, with care.

    The cross-encoder was taught on what agencies write and knows little of what others say for
    themselves: there its relevance from before, in the measure of the other, counts as much.
    """
    both = zip(read.relevance.tolist(), read.answers.tolist(), spoken, strict=True)
    return [(answers + relevance / 3) / 2 if by else answers for relevance, answers, by in both]


def _reread(question: Asked, ranked: Sequence[Scored]) -> list[Scored]:
    """The ranking after those of its first that name nobody asked about were read in their places.

    Their logits are the means of both readings.
    """
    named = {stem(word) for name in question.names for word in words(name) if len(word) > 1}
    first = [item for item in ranked[:_REREAD] if named and not named & item.stems]
    if not first:
        return list(ranked)
    logits = _read(question, [item.candidate for item in first], reading_in_place)
    result = [item for item in ranked if item not in first]
    for item, (relevance, answers, bears) in zip(first, logits, strict=True):
        relevance = (item.relevance + relevance) / 2
        gain = _ANSWERS * (answers - item.answers) / 2 + _RELEVANT * (relevance - item.relevance)
        result.append(
            replace(
                item,
                relevance=relevance,
                answers=(item.answers + answers) / 2,
                bears=(item.bears + bears) / 2,
                score=item.score + gain,
            )
        )
    return sorted(result, key=lambda item: -item.score)


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


def _read(
    question: Asked, found: Sequence[Candidate], text_of: Callable[[Document, int, int], str]
) -> list[tuple[float, float, float]]:
    """Relevance, answers and bears of each candidate, as in `Scored`, read by ``text_of``."""
    ends = [min(one.end, one.start + _READ_OF_ONE) for one in found]
    texts = [text_of(one.document, one.start, end) for one, end in zip(found, ends, strict=True)]
    read = load_reranker().read(question.context, texts)
    spoken = [one.document.speaker_at(one.start) is not None for one in found]
    relevance = np.maximum(read.relevance, _UNLIKELY).tolist()
    return list(zip(relevance, likely_answers(read, spoken), read.bears.tolist(), strict=True))
