"""Whether the documents say, by calibrated signals, and what of the question stays open."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rag.answer.features import signals
from rag.answer.logistic import Calibration
from rag.answer.scoring import Scored
from rag.models.cross_encoder import Reranker
from rag.question.answer_spans import asks_name
from rag.question.answer_types import gives
from rag.text.stemming import folded, stem, words
from rag.types import Document, Hit, Question

CALIBRATION = Path(__file__).with_name("calibration.json")
"""The calibration in use; `tests/benchmarks/calibrate_answers.py` makes it anew."""
WITHOUT_RERANKER = Path(__file__).with_name("calibration_without_reranker.json")
"""The same where no reranker reads."""
_NUMBER = re.compile(r"(?:[A-Z]{2,}-)?(?!(?:19|20)\d\d\b)\d{3,}(?:-\d+)*")
"""A number that names a document; neither a year nor a sum."""
_PLAIN = ("amount", "number", "duration", "date", "sentence", "judge")
"""Kinds of thing that are plainly there or not."""
_ASKED = {
    "judge": "who",
    "person": "who",
    "place": "where",
    "court": "which court",
    "amount": "how much",
    "duration": "how long",
    "sentence": "what sentence",
    "date": "when",
    "reason": "why",
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether the documents say what is asked, and if they do, whether that is sure."""

    says: bool
    sure: bool


def judge(
    question: Question,
    rankings: Sequence[Sequence[Scored]],
    hits: Sequence[Hit],
    reranker: Reranker | None,
) -> Judgement:
    """Whether some of the ranked sentences answer the question, by the calibration.

    They do not where the names asked for are unheard of, or a sum is asked for and none is named.
    The number of a release or docket that the best one has is never met with silence: it is the
    document asked about, whatever the words.

    Parameters
    ----------
    rankings
        One for each part of the question, or the one of the whole.
    hits
        The passages found, best first.
    reranker
        What has read the sentences; None where nothing has.
    """
    ranked = [item for ranking in rankings for item in ranking]
    if not ranked or unheard(question, ranked) or _names_no_sum(question, ranked):
        return Judgement(says=False, sure=False)
    calibrated = calibration(CALIBRATION if reranker else WITHOUT_RERANKER)
    probability = calibrated.model.probability(signals(question, rankings, hits, reranker))
    return Judgement(
        says=probability >= calibrated.threshold
        or _identified(question, ranked[0].candidate.document),
        sure=probability >= calibrated.sure,
    )


def missing(
    question: Question, chosen: Sequence[Scored], ranked: Sequence[Scored], *, sure: bool
) -> tuple[str, ...]:
    """What was asked for that the chosen sentences do not give, or do not surely give."""
    names = unknown_names(question, ranked)
    parts = tuple(part.text for part in question.parts if not _given(part.answer_types, chosen))
    denied = any(item.contradicts for item in chosen)
    if sure or names or parts or denied:
        return (*names, *parts)
    return (f"a sentence that plainly {_sought(question)}",)


def why_none(question: Question, ranked: Sequence[Scored]) -> tuple[str, ...]:
    """Why the nearest sentences are no answer, in words."""
    texts = [
        folded(f"{document.title} {document.doc_id} {document.text}")
        for document in _documents(ranked)
    ]
    names = [
        name
        for name in question.names
        if not any(all(word.casefold() in text for word in words(name)) for text in texts)
    ]
    if names:
        return tuple(f"None of the nearest documents mentions “{name}”." for name in names)
    return (f"No sentence of the nearest documents plainly {_sought(question)}.",) if ranked else ()


def unheard(question: Question, ranked: Sequence[Scored]) -> bool:
    """Whether no document of the sentences mentions any name in the question itself.

    Where it has none, those in what it refers back to count.
    """
    named = [name for name in question.names if name in question.text] or question.names
    return bool(named) and set(named) <= set(unknown_names(question, ranked))


def unknown_names(question: Question, ranked: Sequence[Scored]) -> tuple[str, ...]:
    """Names in the question of which no document that the sentences are from holds a word."""
    held = {
        stem(word)
        for document in _documents(ranked)
        for word in words(f"{document.title} {document.doc_id} {document.text}")
    }
    return tuple(
        name
        for name in question.names
        if not any(stem(word) in held or not word.isalpha() for word in words(name))
    )


def _names_no_sum(question: Question, ranked: Sequence[Scored]) -> bool:
    """Whether a sum of money is asked for and no sentence has anything of what is asked for."""
    return "amount" in question.answer_types and not any(item.given for item in ranked)


def _identified(question: Question, document: Document) -> bool:
    """Whether the question gives identifying numbers, and the document has them all."""
    numbers = [name for name in question.names if _NUMBER.fullmatch(name)]
    text = f"{document.title} {document.doc_id} {document.text}"
    return bool(numbers) and all(re.search(rf"\b{re.escape(n)}\b", text) for n in numbers)


def _documents(ranked: Sequence[Scored]) -> list[Document]:
    """The documents that the sentences are from, each once."""
    return list({i.candidate.document.doc_id: i.candidate.document for i in ranked}.values())


@cache
def calibration(path: Path) -> Calibration:
    """The calibration in a file, read once."""
    return Calibration.read(path)


def _sought(question: Question) -> str:
    """What a sentence would do that answers: "says how many shares"."""
    noun = next((word for word in words(question.text) if stem(word) == question.head), None)
    if question.parts:
        pass
    elif noun and "number" in question.answer_types:
        return f"says how many {noun}"
    elif noun and asks_name(question):
        return f"says which {noun}"
    else:
        for kind, asked in _ASKED.items():
            if kind in question.answer_types:
                return f"says {asked}"
    return f"answers “{question.text.rstrip(' ?')}?”"


def _given(kinds: Sequence[str], sentences: Sequence[Scored]) -> bool:
    plain = [kind for kind in kinds if kind in _PLAIN]
    return not plain or any(
        gives(kind, item.candidate.text) for kind in plain for item in sentences
    )
