"""Abstention: whether the documents answer, by a calibrated model, and the reason for silence."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rag.answer.features import signals
from rag.answer.lacks import lacking_names, plain_name
from rag.answer.logistic import Calibration
from rag.answer.scoring import Scored
from rag.models.cross_encoder import Reranker
from rag.question.answer_spans import asks_name
from rag.question.presupposition import asks_whether
from rag.text.stemming import stem, words
from rag.types import Document, Hit, Question

CALIBRATION = Path(__file__).with_name("calibration.json")
"""The calibration with a reranker; `tests/benchmarks/calibrate_answers.py` writes it."""
WITHOUT_RERANKER = Path(__file__).with_name("calibration_without_reranker.json")
"""The calibration without a reranker."""
_NUMBER = re.compile(r"(?:[A-Z]{2,20}-)?(?!(?:19|20)\d\d\b)\d{3,}(?:-\d+)*")
"""The number of a release or a docket: at least three digits and no year."""
_FIRST = 3
"""The first sentences of a part. If any sentence answers it, one of these usually does."""
_LONGEST = 160
"""Characters of a question that is repeated in words, at most."""
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
    """Whether the documents answer the question, and whether that is sure.

    ``doubted`` are the parts of a question of several parts that may be open.
    """

    answers: bool
    sure: bool
    doubted: tuple[str, ...] = ()


def judge(
    question: Question,
    rankings: Sequence[Sequence[Scored]],
    hits: Sequence[Hit],
    reranker: Reranker | None,
) -> Judgement:
    """Whether some of the ranked sentences answer the question, by the calibrated model.

    Two rules come before the model. The documents do not answer if none of them contains a name
    of the question, or if the question asks for an amount and no sentence gives a thing asked for.
    One rule comes after it: if the question gives the number of a release or docket and the best
    document has that number, it answers whatever its words are. The answer to several parts is
    sure only if each part has a sentence that probably answers it.

    Parameters
    ----------
    rankings
        One ranking of sentences for each part of the question, best first.
    hits
        The retrieved passages, best first.
    reranker
        The reranker that has read the sentences; None without one.
    """
    ranked = [item for ranking in rankings for item in ranking]
    if not ranked or all_names_unknown(question, ranked) or _lacks_amount(question, ranked):
        return Judgement(answers=False, sure=False)
    calibrated = calibration(CALIBRATION if reranker else WITHOUT_RERANKER)
    probability = calibrated.model.probability(signals(question, rankings, hits, reranker))
    doubted = _doubted(question, rankings) if reranker else ()
    return Judgement(
        answers=probability >= calibrated.threshold
        or _identified(question, ranked[0].candidate.document),
        sure=probability >= calibrated.sure and not doubted,
        doubted=doubted,
    )


def why_none(
    question: Question,
    ranked: Sequence[Scored],
    known: Callable[[str], bool] | None = None,
) -> tuple[str, ...]:
    """The reason for ``not_found``, in words.

    Parameters
    ----------
    known
        Whether a document of the search contains a name. None if that is not known.
    """
    if not ranked:
        return ()
    names = lacking_names(question, _documents(ranked))
    if names:
        return tuple(
            f"“{name}” is not in the documents."
            if known is not None and not known(plain_name(name))
            else f"None of the nearest documents mentions “{name}”."
            for name in names
        )
    return (f"No sentence of the nearest documents plainly {_requested(question)}.",)


def all_names_unknown(question: Question, ranked: Sequence[Scored]) -> bool:
    """True if the question has names and no document of the sentences contains any of them.

    Only the names in the question itself count. If it has none, those of its context count.
    """
    named = [name for name in question.names if name in question.text] or question.names
    return bool(named) and set(named) <= set(unknown_names(question, ranked))


def unknown_names(question: Question, ranked: Sequence[Scored]) -> tuple[str, ...]:
    """Names in the question of which no document of the sentences contains a single word."""
    known = {
        stem(word)
        for document in _documents(ranked)
        for word in words(f"{document.title} {document.doc_id} {document.text}")
    }
    return tuple(
        name
        for name in question.names
        if not any(stem(word) in known or not word.isalpha() for word in words(name))
    )


def _doubted(question: Question, rankings: Sequence[Sequence[Scored]]) -> tuple[str, ...]:
    """The parts of a question that none of their first sentences probably answers.

    The model of `judge` takes means over the parts: one answered well would hide an open one.
    """
    return tuple(
        part.text
        for part, ranked in zip(question.parts, rankings, strict=False)
        if max((item.answers for item in ranked[:_FIRST]), default=0.0) < 0
    )


def _lacks_amount(question: Question, ranked: Sequence[Scored]) -> bool:
    """Whether the question asks for an amount and no sentence gives any thing asked for."""
    return "amount" in question.answer_types and not any(item.given for item in ranked)


def _identified(question: Question, document: Document) -> bool:
    """Whether the question gives identifying numbers and the document contains all of them."""
    numbers = [name for name in question.names if _NUMBER.fullmatch(name)]
    text = f"{document.title} {document.doc_id} {document.text}"
    return bool(numbers) and all(re.search(rf"\b{re.escape(n)}\b", text) for n in numbers)


def _documents(ranked: Sequence[Scored]) -> list[Document]:
    """The documents of the sentences, each once."""
    return list({i.candidate.document.doc_id: i.candidate.document for i in ranked}.values())


@cache
def calibration(path: Path) -> Calibration:
    """The calibration in a file; each file is read once."""
    return Calibration.read(path)


def _requested(question: Question) -> str:
    """The thing asked for, as the end of "a sentence that …": "says how many shares"."""
    noun = next((word for word in words(question.text) if stem(word) == question.head), None)
    if question.parts or asks_whether(question.text):
        pass
    elif noun and "number" in question.answer_types:
        return f"says how many {noun}"
    elif noun and asks_name(question):
        return f"says which {noun}"
    else:
        for kind, asked in _ASKED.items():
            if kind in question.answer_types:
                return f"says {asked}"
    if len(question.text) > _LONGEST:
        return "answers the question"
    return f"answers “{question.text.rstrip(' ?')}?”"
