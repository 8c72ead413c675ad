"""Each weight and limit of scoring and selection decides which sentences answer.

Of the candidates of a case the right one comes later: where a weight counts nothing, a wrong one
stays before it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace

import numpy as np
import pytest

from rag.answer.candidates import Candidate
from rag.answer.scoring import scored
from rag.answer.selection import select
from rag.answer.weights import WEIGHTS, AnswerWeights
from rag.models.cross_encoder import Reading
from rag.question.understanding import understand
from rag.types import Document
from tests import records
from tests.records import document
from tests.weights import came_of


class Reads:
    """A reranker whose logits are told for what a text holds; 0 for any other text."""

    def __init__(
        self,
        *,
        relevance: Mapping[str, float] | None = None,
        answers: Mapping[str, float] | None = None,
    ) -> None:
        self._relevance = relevance or {}
        self._answers = answers or {}

    def read(self, question: str, texts: Sequence[str]) -> Reading:
        relevance, answers = (
            np.array(
                [
                    next((value for held, value in told.items() if held in text), 0)
                    for text in texts
                ],
                "f4",
            )
            for told in (self._relevance, self._answers)
        )
        return Reading(relevance=relevance, answers=answers, bears=answers)


def candidate(of: Document, sentence: str = "", *, rank: int = 1, inside: bool = True) -> Candidate:
    """A sentence of a document; the whole of it where none is named."""
    sentence = sentence or of.text
    start = of.text.index(sentence)
    return Candidate(of, start, start + len(sentence), rank=rank, inside=inside, score=1.0)


def first(
    weights: AnswerWeights, question: str, *found: Candidate, reads: Reads | None = None
) -> str:
    """The best candidate; without ``reads`` it goes by its words."""
    return scored(understand(question), found, reads, weights)[0].candidate.text


def read_first(weights: AnswerWeights, question: str, *found: Candidate) -> str:
    """The one candidate that is read."""
    return first(replace(weights, sentences_read=1), question, *found, reads=Reads())


CASE = document(
    "Doe lived in Ohio. Doe sold notes to forty investors in Reno. "
    "He was fined at last. The fine is $5,000.",
    "case",
)
LIVED, SOLD = "Doe lived in Ohio.", "Doe sold notes to forty investors in Reno."
FINED, SUM = "He was fined at last.", "The fine is $5,000."
"""Sentences of `CASE`."""


def sentences_read(weights: AnswerWeights) -> object:
    """What answers is among the sentences read."""
    return first(weights, "Which notes were sold?", candidate(CASE, LIVED), candidate(CASE, SOLD))


def sentences_read_in_place(weights: AnswerWeights) -> object:
    """ "He was fined" is found for Doe, who is named before it."""
    reads = Reads(answers={"» He was fined": 8.0})
    return first(
        weights, "Was Doe punished?", candidate(CASE, LIVED), candidate(CASE, FINED), reads=reads
    )


def promise_coverage(weights: AnswerWeights) -> object:
    """The sentence with the words asked for is read."""
    found = candidate(CASE, LIVED), candidate(CASE, SOLD)
    return read_first(weights, "Which investors in Reno bought?", *found)


def promise_setting(weights: AnswerWeights) -> object:
    """Of equal sentences, that of the document on the matter is read."""
    said = "The judge agreed with the staff."
    others = document(f"{said} Roe ran a mill in Ohio.", "mill")
    about = document(f"{said} It had charged Doe over notes sold in Reno.", "notes")
    asked = "What of the notes of Doe in Reno?"
    return scored(
        understand(asked),
        [candidate(others, said), candidate(about, said)],
        Reads(),
        replace(weights, sentences_read=1),
    )[0].candidate.document.doc_id


def promise_given(weights: AnswerWeights) -> object:
    """A sum is asked for: a sentence with one is read."""
    return read_first(
        weights, "How much did it cost them?", candidate(CASE, FINED), candidate(CASE, SUM)
    )


def promise_rank(weights: AnswerWeights) -> object:
    """The sentence of the better passage is read."""
    found = candidate(CASE, LIVED, rank=9), candidate(CASE, FINED, rank=1)
    return read_first(weights, "What happened?", *found)


def promise_inside(weights: AnswerWeights) -> object:
    """A sentence of a passage is read before its neighbour."""
    found = candidate(CASE, LIVED, inside=False), candidate(CASE, FINED)
    return read_first(weights, "What happened?", *found)


def answers(weights: AnswerWeights) -> object:
    """The sentence that the reranker takes for the answer comes first."""
    reads = Reads(answers={LIVED: -2.0, FINED: 2.0})
    found = candidate(CASE, LIVED), candidate(CASE, FINED)
    return first(weights, "What happened?", *found, reads=reads)


def relevance(weights: AnswerWeights) -> object:
    """Where neither answers, the more relevant sentence comes first."""
    reads = Reads(relevance={LIVED: 2.0, FINED: 6.0})
    found = candidate(CASE, LIVED), candidate(CASE, FINED)
    return first(weights, "What happened?", *found, reads=reads)


def least_relevance(weights: AnswerWeights) -> object:
    """Of two that are hardly relevant, the less irrelevant comes first."""
    reads = Reads(relevance={LIVED: -3.5, FINED: -0.5})
    found = candidate(CASE, LIVED), candidate(CASE, FINED)
    return first(weights, "What happened?", *found, reads=reads)


def relevance_of_spoken(weights: AnswerWeights) -> object:
    """What the accused say for themselves counts by its relevance too."""
    agency = document("The SEC says that the firm lied.", "release")
    firm = document("We have always told the truth.", "statement", speaker="Acme")
    reads = Reads(relevance={"lied": 6.0, "truth": 6.0}, answers={"lied": -0.5, "truth": -1.0})
    return first(weights, "What happened?", candidate(agency), candidate(firm), reads=reads)


def coverage(weights: AnswerWeights) -> object:
    """The sentence with the words asked for comes first."""
    found = candidate(CASE, LIVED), candidate(CASE, SOLD)
    weights = replace(weights, promise_coverage=0)
    return first(weights, "Which investors in Reno bought?", *found)


def setting(weights: AnswerWeights) -> object:
    """Of equal sentences, that of the document on the matter comes first."""
    said = "The judge agreed with the staff."
    others = document(f"{said} Roe ran a mill in Ohio.", "mill")
    about = document(f"{said} It had charged Doe over notes sold in Reno.", "notes")
    found = [candidate(others, said), candidate(about, said)]
    weights = replace(weights, promise_setting=0)
    ranked = scored(understand("What of the notes that were sold?"), found, None, weights)
    return ranked[0].candidate.document.doc_id


def clause(weights: AnswerWeights) -> object:
    """A sum beside what is asked for comes before one in another clause."""
    filler = "as was told at length by a witness who had kept the books of the firm for years"
    apart = f"The penalty of Doe, {filler}, {filler}, was less than the $9,000 of his partner."
    beside = f"The firm of Doe, {filler}, {filler}, was left to others for a penalty of $5,000."
    case = document(f"{apart} {beside}", "case")
    found = candidate(case, apart), candidate(case, beside)
    return first(weights, "How much is the penalty?", *found) == beside


def named(weights: AnswerWeights) -> object:
    """A document that spells a name out comes before one with its words apart."""
    apart = document("United with Foods, Hudson sold notes to a Bank.", "apart")
    whole = document("Notes were sold by Hudson United Bank, not Foods.", "whole")
    asked = "What did Hudson United Bank sell, notes or foods?"
    return first(weights, asked, candidate(apart), candidate(whole))


def given(weights: AnswerWeights) -> object:
    """A sum is asked for: a sentence with one comes first."""
    found = candidate(CASE, FINED), candidate(CASE, SUM)
    return first(replace(weights, promise_given=0), "How much did it cost them?", *found)


def rank(weights: AnswerWeights) -> object:
    """The sentence of the better passage comes first."""
    found = candidate(CASE, LIVED, rank=9), candidate(CASE, FINED, rank=1)
    return first(replace(weights, promise_rank=0), "What happened?", *found)


def inside(weights: AnswerWeights) -> object:
    """A sentence of a passage comes before its neighbour."""
    found = candidate(CASE, LIVED, inside=False), candidate(CASE, FINED)
    return first(replace(weights, promise_inside=0), "What happened?", *found)


def contradicts(weights: AnswerWeights) -> object:
    """What denies that anything was admitted comes before what has the same words."""
    admits = "On Monday Doe, as was told, admitted the charges in part."
    denies = "Doe settled the charges without admitting them on a Monday."
    case = document(f"{admits} {denies}", "case")
    found = candidate(case, admits), candidate(case, denies)
    return first(weights, "Why did Doe admit the charges?", *found)


def spoken_by_asked(weights: AnswerWeights) -> object:
    """What somebody says is answered in their own words."""
    release = document("Acme says that assets are safe.", "release")
    own = document(
        "We say at Acme that all assets are safe.", "own", speaker="Acme", parties="Acme"
    )
    asked = "What does Acme say about assets?"
    return first(replace(weights, coverage=0), asked, candidate(release), candidate(own))


def newest(weights: AnswerWeights) -> object:
    """The fine of the last order is the current one."""
    old = document("The Board fined Doe $9,000 for the late notes.", "old", date="2022-06-09")
    new = document("The fine of Doe is $5,000.", "new", date="2024-03-01")
    asked = "What is the current fine of Doe for the late notes?"
    return first(weights, asked, candidate(old), candidate(new))


def interim(weights: AnswerWeights) -> object:
    """What was decided comes before what was proposed."""
    proposed = "The Board proposed a fine for Doe of $9,000 for the notes."
    decided = "The Board set the fine at $5,000 in the end."
    case = document(f"{proposed} {decided}", "case")
    found = candidate(case, proposed), candidate(case, decided)
    return first(replace(weights, coverage=1), "How much is the fine of the Board?", *found)


def namesake(weights: AnswerWeights) -> object:
    """What is told of Ann Loom is no answer on Carl Loom."""
    ann = document("Ann Loom, a broker, sold notes in Reno.", "ann")
    carl = document("Carl Loom was a dentist. Once he sold old coins.", "carl")
    found = candidate(ann), candidate(carl, "Once he sold old coins.")
    asked = "Which notes in Reno did Carl Loom sell?"
    return first(replace(weights, named=0, setting=0), asked, *found)


def thanks(weights: AnswerWeights) -> object:
    """A sentence of thanks to those who helped is no answer to who helped."""
    thanked = "The SEC appreciates the assistance of the FBI."
    helped = "Agents of the FBI helped the SEC."
    case = document(f"{thanked} {helped}", "case")
    found = candidate(case, thanked), candidate(case, helped)
    return first(weights, "What did the FBI do for the SEC?", *found)


def a_hundred_beyond_long(weights: AnswerWeights) -> object:
    """A list of all charges comes behind the sentence on the one asked about."""
    charges = "; ".join(f"Section {number} of the Securities Act of 1933" for number in range(30))
    listed = f"Doe violated {charges}."
    short = "Doe violated Section 5 of the Act."
    case = document(f"{listed} {short}", "case")
    return (
        first(
            weights, "Did Doe violate Section 5?", candidate(case, listed), candidate(case, short)
        )
        == short
    )


BEST = "The judgment orders Doe to pay a civil penalty of $5,000."
BESIDE = "Doe sold unregistered notes to forty investors in Reno."
THIRD = "Doe's partner kept the money of the investors in a safe at home."
NEAR = "A bridge in the county was closed for repairs at that time."
JUDGED = document(f"{BEST} {BESIDE} {THIRD} {NEAR}", "judged")
ELSEWHERE = document(f"{NEAR} {BESIDE}", "elsewhere")
LIKELY = {"answers": 4.0, "bears": 5.0, "relevance": 8.0}
UNLIKE = {
    "answers": -6.0, "bears": -7.0, "relevance": -4.0,
    "coverage": 0.0, "setting": 0.0, "named": 0.0, "given": 0.0,
}  # fmt: skip


def chosen(weights: AnswerWeights, *items: tuple[Document, str, dict[str, float]]) -> list[str]:
    """Of these candidates, best first, those that are quoted."""
    ranked = [
        records.scored(of, sentence, score=9.0 - place, **signals)
        for place, (of, sentence, signals) in enumerate(items)
    ]
    return [item.candidate.text for item in select([ranked], weights=weights)]


def quoted(weights: AnswerWeights) -> object:
    """Beside the best sentence stands another that bears on the question."""
    return chosen(weights, (JUDGED, BEST, LIKELY), (JUDGED, BESIDE, LIKELY))


def quoted_in_parts(weights: AnswerWeights) -> object:
    """Two things are asked for at once: more than the best sentence of each is quoted."""
    best, beside, third = (
        records.scored(JUDGED, sentence, score=score, **LIKELY)
        for sentence, score in ((BEST, 9.0), (BESIDE, 9.0), (THIRD, 8.0))
    )
    found = select([[best, third], [beside, third]], things=2, weights=weights)
    return [item.candidate.text for item in found]


def likely(weights: AnswerWeights) -> object:
    """Of further sentences the likely one comes before one with a slightly better score."""
    ranked = [
        records.scored(JUDGED, BEST, score=9.0, **LIKELY),
        records.scored(JUDGED, THIRD, score=8.9, **(LIKELY | {"answers": -1.0, "bears": -1.0})),
        records.scored(JUDGED, BESIDE, score=8.8, **LIKELY),
    ]
    return [item.candidate.text for item in select([ranked], weights=weights)]


def bears(weights: AnswerWeights) -> object:
    """What hardly bears on the question is not quoted beside what does."""
    return chosen(weights, (JUDGED, BEST, LIKELY), (JUDGED, BESIDE, LIKELY), (JUDGED, NEAR, UNLIKE))


def bears_alone(weights: AnswerWeights) -> object:
    """What hardly bears on the question is not quoted beside the best sentence either."""
    return chosen(weights, (JUDGED, BEST, LIKELY), (JUDGED, NEAR, UNLIKE))


def bears_elsewhere(weights: AnswerWeights) -> object:
    """Nor is what another document tells of something else."""
    return chosen(weights, (JUDGED, BEST, LIKELY), (ELSEWHERE, NEAR, UNLIKE))


WITNESSES: dict[Callable[[AnswerWeights], object], object] = {
    sentences_read: SOLD,
    sentences_read_in_place: FINED,
    promise_coverage: SOLD,
    promise_setting: "notes",
    promise_given: SUM,
    promise_rank: FINED,
    promise_inside: FINED,
    answers: FINED,
    relevance: FINED,
    least_relevance: FINED,
    relevance_of_spoken: "We have always told the truth.",
    coverage: SOLD,
    setting: "notes",
    clause: True,
    named: "Notes were sold by Hudson United Bank, not Foods.",
    given: SUM,
    rank: FINED,
    inside: FINED,
    contradicts: "Doe settled the charges without admitting them on a Monday.",
    spoken_by_asked: "We say at Acme that all assets are safe.",
    newest: "The fine of Doe is $5,000.",
    interim: "The Board set the fine at $5,000 in the end.",
    namesake: "Once he sold old coins.",
    thanks: "Agents of the FBI helped the SEC.",
    a_hundred_beyond_long: True,
    quoted: [BEST, BESIDE],
    quoted_in_parts: [BEST, BESIDE, THIRD],
    likely: [BEST, BESIDE, THIRD],
    bears: [BEST, BESIDE],
    bears_alone: [BEST],
    bears_elsewhere: [BEST],
}
"""What comes of each with the weights in use."""


@pytest.mark.parametrize("name", [field.name for field in fields(AnswerWeights)])
def test_each_weight_decides(name: str) -> None:
    witnesses = {witness.__name__: witness for witness in WITNESSES}
    witness = witnesses[name]

    assert came_of(witness, WEIGHTS) == WITNESSES[witness]
    assert came_of(witness, WEIGHTS, **{name: 0}) != WITNESSES[witness]
