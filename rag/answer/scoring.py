"""The score of each candidate: a weighted sum of the reranker's logits and signals from words."""

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

import numpy as np

from rag.answer.candidates import Candidate
from rag.answer.related_cases import day, is_dated
from rag.answer.weights import WEIGHTS, AnswerWeights
from rag.models.cross_encoder import Reading, Reranker
from rag.models.reranker_input import reading, reading_in_place
from rag.question.answer_types import gives, things
from rag.question.presupposition import contradicts
from rag.question.weights import WEIGHTS as QUESTION
from rag.text.stemming import folded, stem, stems, words
from rag.types import Document, Question

_READ_OF_ONE = 700
"""Characters of a candidate that the reranker reads, at most."""
_LONG = 600
"""A longer sentence loses score for its length: it is more likely a list than an answer."""
_CLAUSE = 90
"""Characters before and after a thing that count as its clause."""
_THANKS = re.compile(
    r"\b(?:acknowledges|appreciates|wishes to thank|thanks)\b[^.]{0,400}\b"
    r"(?:assistance|cooperation)|^For (?:more|further|additional) information\b",
    re.IGNORECASE,
)
_INTERIM = re.compile(
    r"\b(?:propos(?:e[sd]?|als?|ing)|notice of intent|intend(?:s|ed)? to|provisional(?:ly)?|"
    r"preliminary|drafts?|recommend(?:s|ed|ation|ing)?|interim|initially|originally)\b",
    re.IGNORECASE,
)
_DECIDED = frozenset({"amount", "sentence", "duration"})
"""Kinds of thing that are proposed first and decided later."""
_TITLED = frozenset(
    "Mr Mrs Ms Dr Judge Justice Chairman Commissioner Senator Sen President".split()
)
_NEAR = 3000
"""Length in characters of the blocks that a document is divided into for ``Scored.setting``."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with its signals and its score.

    Attributes
    ----------
    stems, subject
        Stems of the sentence, and of the title of its document.
    relevance, answers, bears
        The reranker's logits (`rag.models.cross_encoder.Reading`). ``relevance`` is at least
        `AnswerWeights.least_relevance`, ``answers`` comes from `likely_answers`. Each is the mean
        of two readings if the reranker read the sentence in its place too. All 0 without a
        reranker.
    coverage
        Share of the question's stems that the sentence contains, weighted by their rarity among
        the candidates; 0 to 1.
    setting
        The same share for the text around the sentence, with the title and the first 600
        characters of the document.
    clause
        The same share for the clause of a thing of a kind asked for; 0 without such a thing.
    named
        Share of the question's names that its document spells out; 1 without names.
    given
        Share of the kinds asked for of which the sentence contains a thing; 1 without kinds.
    contradicts
        Whether the sentence denies something that the question takes for granted.
    score
        The weighted sum of the signals; higher is better.
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


@dataclass(frozen=True, slots=True)
class Unread:
    """Candidates with the signals of `Scored` that choose which of them are read.

    ``rarity`` is the weight of each word asked for; ``stems``, ``coverage``, ``setting`` and
    ``given`` have an item for each candidate.
    """

    found: Sequence[Candidate]
    rarity: Mapping[str, float]
    stems: Sequence[frozenset[str]]
    coverage: Sequence[float]
    setting: Sequence[float]
    given: Sequence[float]


def scored(
    question: Question,
    found: Sequence[Candidate],
    reranker: Reranker | None,
    weights: AnswerWeights = WEIGHTS,
) -> list[Scored]:
    """The most promising candidates with their scores, best first.

    At most ``weights.sentences_read``. Ties stay in the order of their promise.

    Parameters
    ----------
    reranker
        Reads the most promising candidates; None to score them by their words alone.
    """
    return ranked(question, unread(question, found), reranker, weights) if found else []


def unread(question: Question, found: Sequence[Candidate]) -> Unread:
    """The candidates, at least one, with what their words tell; it depends on no weight."""
    held = [stems(candidate.text) for candidate in found]
    rarity = _rarity(question, held)
    around = _settings(found)
    rarity_around = _rarity(question, list(around.values()))
    return Unread(
        found=found,
        rarity=rarity,
        stems=held,
        coverage=[_share(rarity, of_one) for of_one in held],
        setting=[_share(rarity_around, around[_place(candidate)]) for candidate in found],
        given=[_given(question, candidate.text) for candidate in found],
    )


def ranked(
    question: Question, signs: Unread, reranker: Reranker | None, weights: AnswerWeights
) -> list[Scored]:
    """The most promising candidates, read and in the order of their scores."""
    found = signs.found
    promise = [
        weights.promise_coverage * signs.coverage[i]
        + weights.promise_setting * signs.setting[i]
        + weights.promise_given * signs.given[i]
        - weights.promise_rank * (found[i].rank - 1)
        + weights.promise_inside * found[i].inside
        for i in range(len(found))
    ]
    chosen = sorted(range(len(found)), key=lambda i: -promise[i])[: weights.sentences_read]
    spelled = _spelled({found[i].document.doc_id: found[i].document for i in chosen}, question)
    newest = _newest([found[i].document for i in chosen], spelled) if _asks_newest(question) else ""
    read = _read(question, [found[i] for i in chosen], reading, reranker, weights)
    result = [
        _weighed(
            Scored(
                candidate=found[i],
                stems=signs.stems[i],
                subject=stems(found[i].document.title),
                relevance=relevance,
                answers=answers,
                bears=bears,
                coverage=signs.coverage[i],
                setting=signs.setting[i],
                clause=_clause(question, signs.rarity, found[i].text),
                named=spelled[found[i].document.doc_id],
                given=signs.given[i],
                contradicts=contradicts(question, found[i].text),
                score=0.0,
            ),
            question,
            weights,
            newest=bool(newest) and day(found[i].document) == newest,
        )
        for i, (relevance, answers, bears) in zip(chosen, read, strict=True)
    ]
    first = sorted(result, key=lambda item: -item.score)
    return first if reranker is None else _reread(question, first, reranker, weights)


def _asks_newest(question: Question) -> bool:
    return bool(question.preferred("latest"))


def _newest(documents: Sequence[Document], spelled: Mapping[str, float]) -> str:
    """The last day of a document that spells out the names asked for as far as any does."""
    most = max(spelled.values())
    return max(
        (day(one) for one in documents if is_dated(one) and spelled[one.doc_id] == most),
        default="",
    )


def _weighed(item: Scored, question: Question, weights: AnswerWeights, *, newest: bool) -> Scored:
    """The candidate with its score, the weighted sum of its signals."""
    candidate = item.candidate
    score = (
        weights.answers * item.answers
        + weights.relevance * item.relevance
        + weights.coverage * item.coverage
        + weights.setting * item.setting
        + weights.clause * item.clause
        + weights.named * item.named
        + weights.given * item.given
        + weights.rank / candidate.rank
        + weights.inside * candidate.inside
        + weights.contradicts * item.contradicts
        + weights.spoken_by_asked * _spoken_by_asked(question, candidate)
        + weights.newest * item.given * newest
        - weights.interim * _is_interim(question, candidate.text)
        - weights.namesake * (item.named < 1 and _is_namesake(question, candidate))
        - weights.thanks * bool(_THANKS.search(candidate.text))
        - weights.a_hundred_beyond_long * max(0.0, len(candidate.text) - _LONG) / 100
    )
    return replace(item, score=score)


def likely_answers(
    read: Reading, spoken: Sequence[bool], weights: AnswerWeights = WEIGHTS
) -> list[float]:
    """The ``answers`` logit of each text, mixed with ``relevance`` for the text of a named speaker.

    The cross-encoder was fine-tuned on texts of agencies. It knows little about the statements of
    others, so for these the relevance of the original model counts too. It is divided by 3, which
    brings it to the scale of ``answers``.

    Parameters
    ----------
    spoken
        For each text, whether the document names its speaker.
    """
    old = weights.relevance_of_spoken
    both = zip(read.relevance.tolist(), read.answers.tolist(), spoken, strict=True)
    return [
        (1 - old) * answers + old * relevance / 3 if by else answers
        for relevance, answers, by in both
    ]


def _reread(
    question: Question, ranked: Sequence[Scored], reranker: Reranker, weights: AnswerWeights
) -> list[Scored]:
    """The ranking after a second reading of the first sentences that contain no name asked for.

    The reranker reads each with the text before it, which may contain the name. The logits of such
    a sentence become the means of both readings.
    """
    named = {stem(word) for name in question.names for word in words(name) if len(word) > 1}
    within = ranked[: weights.sentences_read_in_place]
    first = [item for item in within if named and not named & item.stems]
    if not first:
        return list(ranked)
    found = [item.candidate for item in first]
    logits = _read(question, found, reading_in_place, reranker, weights)
    result = [item for item in ranked if item not in first]
    for item, (relevance, answers, bears) in zip(first, logits, strict=True):
        relevance = (item.relevance + relevance) / 2
        answers = (item.answers + answers) / 2
        gain = weights.answers * (answers - item.answers) + weights.relevance * (
            relevance - item.relevance
        )
        result.append(
            replace(
                item,
                relevance=relevance,
                answers=answers,
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


def _given(question: Question, sentence: str) -> float:
    if not question.answer_types:
        return 1.0
    return sum(gives(kind, sentence) for kind in question.answer_types) / len(question.answer_types)


def _rarity(question: Question, held: Sequence[frozenset[str]]) -> dict[str, float]:
    """Weight of each stem of the question: more if rare, less if only in an earlier question."""
    count = Counter(word for of_one in held for word in of_one & question.stems)
    earlier = QUESTION.turned_away if question.turns_away else QUESTION.earlier
    return {
        word: math.log(1 + len(held) / (0.5 + count[word]))
        * (1.0 if word in question.own else earlier)
        for word in question.stems
    }


def _clause(question: Question, rarity: Mapping[str, float], text: str) -> float:
    """The highest share of the question's stems in the clause of a thing of a kind asked for."""
    spans = [span for kind in question.answer_types for span in things(kind, text)]
    near = (text[max(0, start - _CLAUSE) : end + _CLAUSE] for start, end in spans[:12])
    return max((_share(rarity, stems(clause)) for clause in near), default=0.0)


def _spoken_by_asked(question: Question, candidate: Candidate) -> bool:
    """Whether the question asks what somebody says ("what does X say") who speaks here."""
    speaker = candidate.document.speaker_at(candidate.start)
    return bool(speaker and question.asks_saying and speaker in question.names)


def _is_interim(question: Question, text: str) -> bool:
    """Whether the sentence gives what was proposed, and the question asks what was decided."""
    return (
        not _DECIDED.isdisjoint(question.answer_types)
        and _INTERIM.search(text) is not None
        and _INTERIM.search(question.context) is None
    )


def _is_namesake(question: Question, candidate: Candidate) -> bool:
    """Whether the sentence, or the title, gives a surname asked for another first name.

    The document spells the name asked for out nowhere.
    """
    document = candidate.document
    text = f"{document.title}\n{candidate.text}"
    for name in question.names:
        first, *_, last = name.split() if " " in name else ("", "")
        if not (first.isalpha() and last.isalpha()) or folded(name) in folded(document.text):
            continue
        others = re.findall(rf"\b([A-Z][a-z]+) (?:[A-Z]\. )?{re.escape(last)}\b", text)
        if any(other not in _TITLED and other.casefold() != first.casefold() for other in others):
            return True
    return False


def _share(rarity: Mapping[str, float], held: frozenset[str]) -> float:
    total = sum(rarity.values())
    return sum(rarity[word] for word in rarity.keys() & held) / total if total else 0.0


def _place(candidate: Candidate) -> tuple[str, int]:
    return candidate.document.doc_id, candidate.start // _NEAR


def _settings(found: Sequence[Candidate]) -> dict[tuple[str, int], frozenset[str]]:
    """Stems of the text around each candidate, one set for each block of a document."""
    around: dict[tuple[str, int], frozenset[str]] = {}
    for candidate in found:
        place = _place(candidate)
        if place not in around:
            text = candidate.document.text
            block = place[1] * _NEAR
            near = text[max(0, block - _NEAR // 2) : block + _NEAR + _NEAR // 2]
            around[place] = stems(f"{candidate.document.title} {text[:600]} {near}")
    return around


def _spelled(documents: Mapping[str, Document], question: Question) -> dict[str, float]:
    """For each document the share of the question's names that its title or text spells out."""
    if not question.names:
        return dict.fromkeys(documents, 1.0)
    # The parts of "Doe of Acme" may occur in different places.
    names = [folded(name).split(" of ") for name in question.names]
    texts = {key: folded(f"{one.title} {one.text}") for key, one in documents.items()}
    return {
        key: fmean(all(part in text for part in name) for name in names)
        for key, text in texts.items()
    }


def _read(
    question: Question,
    found: Sequence[Candidate],
    text_of: Callable[[Document, int, int], str],
    reranker: Reranker | None,
    weights: AnswerWeights,
) -> list[tuple[float, float, float]]:
    """``relevance``, ``answers`` and ``bears`` of each candidate, as in `Scored`.

    ``text_of`` makes the text that the reranker reads.
    """
    if reranker is None:
        return [(0.0, 0.0, 0.0)] * len(found)
    ends = [min(one.end, one.start + _READ_OF_ONE) for one in found]
    texts = [text_of(one.document, one.start, end) for one, end in zip(found, ends, strict=True)]
    read = reranker.read(question.context, texts)
    spoken = [one.document.speaker_at(one.start) is not None for one in found]
    relevance = np.maximum(read.relevance, weights.least_relevance).tolist()
    answers = likely_answers(read, spoken, weights)
    return list(zip(relevance, answers, read.bears.tolist(), strict=True))
