"""Each weight and limit of retrieval decides what is found, over small indexes of real sentences.

Where a weight counts nothing, passages are alike and stand in the order of the corpus: the right
document of each case comes later there than a wrong one.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from rag.api import Index
from rag.config import Settings
from rag.ingest import build_index
from rag.models.cross_encoder import Reading, Reranker
from rag.models.embedder import Embedder, load_embedder
from rag.question.filters import Filters
from rag.retrieval.retriever import Retriever
from rag.retrieval.weights import WEIGHTS, RetrievalWeights
from rag.types import Hit
from tests.weights import came_of

BANK = "Example Bank N.A. agreed to remit money to settle apparent violations of the regulations."
PAYS = "Loom Ltd. will pay for the sale of its notes to investors in Reno."
SHIPPED = "Kettle Freight shipped goods to Cuba, as its clerks knew, in nine of its boats.\n\n"
ROWS: list[dict[str, object]] = [
    {"id": "zoo", "title": "Visits", "text": "The zoo in Reno opens at nine on most days."},
    {
        "id": "mill",
        "title": "Mill",
        "text": "The lawyer of a mill announced its appeal on a holiday.",
    },
    {
        "id": "spoofer",
        "title": "Judgment Against Options Spoofer",
        "text": "Jane Cole placed orders in Folsom, California that she meant to cancel. The court "
        "entered its judgment against Cole on Monday.\n\n"
        "The complaint told of nine months in which prices of options moved as the orders came "
        "and went, and of other traders who followed them.\n\n"
        "The defendant neither admitted nor denied it. Her lawyer said that she was glad.\n\n"
        "She returned $373,885. It was what she had earned before costs.\n\n"
        "An appeal is still open to all. Bell Rowe tried the case.",
    },
    {"id": "bank-2014", "title": "Bank", "agency": "SEC", "date": "2014-03-01", "text": BANK},
    {"id": "bank-2019", "title": "Bank", "agency": "OFAC", "date": "2019-03-01", "text": BANK},
    {"id": "loom", "title": "Loom", "text": PAYS},
    {"id": "loom-sum", "title": "Loom", "text": PAYS.replace("pay for", "pay $9,000 for")},
    {"id": "acme-complaint", "title": "Acme", "text": "Acme said that assets of users are safe."},
    {
        "id": "acme-answer",
        "title": "Acme",
        "speaker": "Acme",
        "text": "We answer that all assets of our users are safe.",
    },
    {
        "id": "kettle-1",
        "title": "Kettle Freight",
        "text": SHIPPED * 5,
    },
    {
        "id": "kettle-2",
        "title": "Kettle Freight",
        "text": SHIPPED * 4 + "A clerk who had warned of it left the firm.",
    },
    {
        "id": "ofac-tin",
        "title": "Tin",
        "agency": "OFAC",
        "text": "OFAC fined Tin Works Ltd. for the tin that its mill in Elko bought in Iran.",
    },
    {
        "id": "ofac-elko",
        "title": "Elko",
        "agency": "OFAC",
        "text": "OFAC licensed a mill in Elko to buy tin.",
    },
    {
        "id": "sec-brass",
        "title": "Brass",
        "agency": "SEC",
        "text": "The SEC sued a broker of brass futures.",
    },
]


class Reads:
    """A reranker that likes what holds its words, and nothing else."""

    def __init__(self, *, relevance: str = "\0", answers: str = "\0") -> None:
        self._relevance, self._answers = relevance, answers

    def read(self, question: str, texts: Sequence[str]) -> Reading:
        relevance, answers = (
            np.array([5.0 if wanted in text else -5.0 for text in texts], "f4")
            for wanted in (self._relevance, self._answers)
        )
        return Reading(relevance=relevance, answers=answers, bears=answers)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """Passages of a sentence or two, several of them to some documents."""
    return built(tmp_path_factory.mktemp("weights"), ROWS)


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """Documents of one passage each."""
    return built(
        tmp_path_factory.mktemp("rules"), [row for row in ROWS if len(str(row["text"])) < 120]
    )


def built(folder: Path, rows: Sequence[dict[str, object]]) -> Index:
    export = folder / "export.jsonl"
    export.write_text("\n".join(map(json.dumps, rows)))
    settings = Settings(index=folder / "index", passage_size=150, rerank=False)
    build_index([export], settings=settings)
    return Index.open(folder / "index", settings=settings)


def hits(
    index: Index,
    weights: RetrievalWeights,
    question: str,
    *stages: str,
    k: int = 9,
    embedder: Embedder | None = None,
    reranker: Reranker | None = None,
) -> list[Hit]:
    """What these stages find for a question."""
    retriever = Retriever(index._build, embedder, reranker, weights)
    asked = retriever.understand(question, stages=stages)
    return retriever.retrieve(asked, k=k, filters=Filters(), stages=stages)


def ids(found: Sequence[Hit]) -> list[str]:
    return [hit.passage.document.doc_id for hit in found]


def lexical(index: Index, weights: RetrievalWeights) -> object:
    """The passage with the words comes first."""
    return ids(hits(index, weights, "investors in Reno", "lexical", k=1))


def documents(index: Index, weights: RetrievalWeights) -> object:
    """A document has all the words, each in another passage; it comes before one with some."""
    question = "the lawyer, the appeal, Bell, the costs, the traders"
    return ids(hits(index, weights, question, "documents", "lexical", k=1))


def dense(index: Index, weights: RetrievalWeights) -> object:
    """What means the same in other words comes first."""
    question = "Which vessels carried merchandise to Havana?"
    return ids(
        hits(index, weights, question, "dense", k=1, embedder=load_embedder(Settings().model))
    )


def rerank(index: Index, weights: RetrievalWeights) -> object:
    """What the reranker likes comes before what has the words."""
    reranker = Reads(relevance="$9,000", answers="$9,000")
    question = "What will Loom pay for the sale of notes to investors?"
    return ids(hits(index, weights, question, "lexical", "rerank", k=1, reranker=reranker))


def relevance(index: Index, weights: RetrievalWeights) -> object:
    """What is relevant comes first where nothing answers."""
    reranker = Reads(relevance="$9,000")
    return ids(hits(index, weights, "Loom notes", "lexical", "rerank", k=1, reranker=reranker))


def answers(index: Index, weights: RetrievalWeights) -> object:
    """What answers comes before what is merely relevant."""
    reranker = Reads(answers="$9,000", relevance="pay for")
    return ids(hits(index, weights, "Loom notes", "lexical", "rerank", k=1, reranker=reranker))


def in_date(index: Index, weights: RetrievalWeights) -> object:
    """Of look-alikes the one of the year comes first."""
    return ids(hits(index, weights, "Example Bank in 2019", "lexical", "preferences", k=1))


def of_agency(index: Index, weights: RetrievalWeights) -> object:
    """Of look-alikes the one of the agency comes first."""
    return ids(hits(index, weights, "Example Bank and OFAC", "lexical", "preferences", k=1))


def of_speaker(index: Index, weights: RetrievalWeights) -> object:
    """What somebody says is looked for in their own text."""
    question = "What does Acme say about the assets of users?"
    return ids(hits(index, weights, question, "lexical", "preferences", k=1))


def latest(index: Index, weights: RetrievalWeights) -> object:
    """Of look-alikes the newest comes first where it is asked for."""
    return ids(hits(index, weights, "latest on Example Bank", "lexical", "preferences", k=1))


def in_focus(index: Index, weights: RetrievalWeights) -> object:
    """Of look-alikes the one that the conversation is about comes first."""
    retriever = Retriever(index._build, None, None, weights)
    stages = "history", "focus", "lexical", "preferences"
    history = ["What did Example Bank settle in 2019?"]
    asked = retriever.understand("Which regulations had it violated?", history, stages=stages)
    return ids(retriever.retrieve(asked, k=1, filters=Filters(), stages=stages))


def with_amount(index: Index, weights: RetrievalWeights) -> object:
    """A sum is asked for: the passage that names one comes first."""
    question = "How much will Loom pay for the sale of its notes to investors in Reno?"
    return ids(hits(index, weights, question, "lexical", "preferences", k=1))


def step_back(index: Index, weights: RetrievalWeights) -> object:
    """One document does not fill the list: the other on the case is second."""
    question = "Kettle Freight shipped goods to Cuba"
    return ids(hits(index, weights, question, "lexical", "spread", k=2))


def candidates(index: Index, weights: RetrievalWeights) -> object:
    """What is second by its words is a candidate, and first for its year."""
    weights = replace(weights, documents_opened=0)
    return ids(hits(index, weights, "Example Bank in 2019", "lexical", "preferences", k=1))


def documents_ranked(index: Index, weights: RetrievalWeights) -> object:
    """A document is found by its words, wherever in it they stand."""
    return ids(hits(index, weights, "Cole admitted what she earned", "documents", k=1))


def documents_opened(index: Index, weights: RetrievalWeights) -> object:
    """A passage in other words than the question's comes with its document."""
    question = "How much did Cole of Folsom pay?"
    stages = "documents", "lexical", "preferences"
    (found,) = hits(index, replace(weights, candidates=1), question, *stages, k=1)
    return found.passage.text[:12]


def passages_a_document(rules: Index, weights: RetrievalWeights) -> object:
    """Where most documents are one passage, documents are not ranked beside passages."""
    found = hits(rules, weights, "Loom notes", "lexical", "documents", k=1)
    return list(found[0].ranks)


def agency_fits(index: Index, weights: RetrievalWeights) -> object:
    """An agency with nothing on the matter gets no turn."""
    question = "Did OFAC or the SEC license the mill of Tin Works in Elko to buy tin?"
    return sorted(ids(hits(index, weights, question, "lexical", "agencies", k=2)))


def passages_read(index: Index, weights: RetrievalWeights) -> object:
    """The reranker finds the answer in a passage far down."""
    reranker = Reads(answers="$9,000")
    question = "Will Loom pay, whose boats shipped goods to Cuba, as Kettle Freight did?"
    return ids(hits(index, weights, question, "lexical", "rerank", k=1, reranker=reranker))


def passages_read_by_sentence(index: Index, weights: RetrievalWeights) -> object:
    """A sentence that answers is found although its passage as a whole does not."""
    reranker = Reads(answers="Spoofer. Her lawyer")
    question = "the defendant, the complaint, Jane Cole"
    found = hits(index, weights, question, "lexical", "rerank", "sentences", k=1, reranker=reranker)
    return found[0].passage.text[:13]


def compared_for_copies(index: Index, weights: RetrievalWeights) -> object:
    """The third copy of a passage goes behind what is not one."""
    question = "Kettle Freight shipped goods to Cuba for investors in Reno"
    return ids(hits(index, weights, question, "lexical", "copies"))[2]


def neighbours_after(index: Index, weights: RetrievalWeights) -> object:
    """The passage after the first one follows the fifth, though its words are others."""
    question = "Bell Rowe tried the case, an appeal open to all: bank, zoo, notes, Reno, tin, Acme"
    found = hits(index, weights, question, "lexical", "neighbours")
    return [hit.passage.text[:13] for hit in found[5:6]]


def passages_of_long(index: Index, weights: RetrievalWeights) -> object:
    """An index of short documents is read by the reranker that knows only these."""
    manifest = index.manifest
    return weights.is_of_long(manifest.passages, manifest.documents)


WITNESSES: dict[str, tuple[Callable[[Index, RetrievalWeights], object], object]] = {
    "lexical": (lexical, ["loom"]),
    "documents": (documents, ["spoofer"]),
    "dense": (dense, ["kettle-1"]),
    "rerank": (rerank, ["loom-sum"]),
    "in_date": (in_date, ["bank-2019"]),
    "of_agency": (of_agency, ["bank-2019"]),
    "of_speaker": (of_speaker, ["acme-answer"]),
    "latest": (latest, ["bank-2019"]),
    "in_focus": (in_focus, ["bank-2019"]),
    "with_amount": (with_amount, ["loom-sum"]),
    "step_back": (step_back, ["kettle-1", "kettle-2"]),
    "relevance": (relevance, ["loom-sum"]),
    "answers": (answers, ["loom-sum"]),
    "candidates": (candidates, ["bank-2019"]),
    "documents_ranked": (documents_ranked, ["spoofer"]),
    "documents_opened": (documents_opened, "The defendan"),
    "passages_of_opened": (documents_opened, "The defendan"),
    "passages_a_document": (passages_a_document, ["lexical"]),
    "agency_fits": (agency_fits, ["ofac-elko", "ofac-tin"]),
    "passages_read": (passages_read, ["loom-sum"]),
    "passages_read_at_most": (passages_read, ["loom-sum"]),
    "passages_of_long": (passages_of_long, False),
    "passages_read_by_sentence": (passages_read_by_sentence, "The defendant"),
    "neighbours_after": (neighbours_after, ["The defendant"]),
    "compared_for_copies": (compared_for_copies, "loom"),
}


@pytest.mark.parametrize("name", [field.name for field in fields(RetrievalWeights)])
def test_each_weight_decides(index: Index, rules: Index, name: str) -> None:
    witness, expected = WITNESSES[name]
    searched = rules if witness is passages_a_document else index

    def found(weights: RetrievalWeights) -> object:
        return witness(searched, weights)

    assert came_of(found, WEIGHTS) == expected
    assert came_of(found, WEIGHTS, **{name: 0}) != expected


@pytest.mark.parametrize(
    ("passages", "documents", "read"),
    [(9_000, 1_000, 30), (2_400, 40, 60), (7_500, 25, 90), (0, 0, 30)],
)
def test_longer_documents_are_read_further_down(passages: int, documents: int, read: int) -> None:
    weights = replace(WEIGHTS, passages_read=30, passages_read_at_most=90)

    assert weights.passages_read_of(passages, documents) == read


@pytest.mark.parametrize(
    ("passages", "documents", "long"),
    [
        (9_000, 1_000, False),
        (2_360, 40, False),
        (2_400, 40, True),
        (7_500, 25, True),
        (0, 0, False),
    ],
)
def test_an_index_is_of_long_documents_by_its_average(
    passages: int, documents: int, long: bool
) -> None:
    assert replace(WEIGHTS, passages_of_long=60).is_of_long(passages, documents) is long
