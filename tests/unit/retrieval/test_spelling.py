"""Names of a question spelled as in the index."""

import json
from pathlib import Path

import pytest

from rag.api import Index
from rag.config import Settings
from rag.ingest import build_index
from rag.retrieval.spelling import distance

ROWS = [
    {"id": "bank", "title": "Order on Standard Chartered", "text": "Standard Chartered was fined."},
    {"id": "exchange", "title": "Order on Binance", "text": "Binance was fined in May."},
    {"id": "america", "title": "Bank of America, N.A.", "text": "Bank of America paid in June."},
    {"id": "trudel", "title": "Traden", "text": "Traden was heard."},
    {"id": "market", "title": "Markets", "text": "The exchange of a market is a place to trade."},
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder: Path = tmp_path_factory.mktemp("spelling")
    export = folder / "export.jsonl"
    export.write_text("\n".join(map(json.dumps, ROWS)))
    settings = Settings(index=folder / "index", rerank=False)
    build_index([export], settings=settings)
    return Index.open(folder / "index", settings=settings)


@pytest.mark.parametrize(
    ("typed", "document", "corrected"),
    [
        ("What did Binnance do?", "exchange", {"Binnance": "Binance"}),
        ("fine of standrad chartered", "bank", {"standrad": "Standard"}),
        ("What did StanChart do?", "bank", {"StanChart": "Standard Chartered"}),
        ("When did BofA pay?", "america", {"BofA": "Bank of America"}),
        ("BINNANCE FINE", "exchange", {"binnance": "Binance"}),
        ("What did Binance do?", "exchange", {}),
        ("Where are merkets?", "market", {}),
        ("Who are the traders?", "market", {}),
    ],
)
def test_a_name_that_no_document_has_is_searched_as_the_index_spells_it(
    index: Index, typed: str, document: str, corrected: dict[str, str]
) -> None:
    asked = index.understand(typed)

    assert dict(asked.corrected) == corrected
    assert index.retrieve(typed, 1)[0].passage.document.doc_id == document


def test_the_answer_says_what_was_searched(index: Index) -> None:
    answer = index.ask("What did Binnance do?")

    assert answer.question == "What did Binnance do?"
    assert "Searched for “Binance” instead of “Binnance”." in answer.notes
    assert answer.searched.queries == ("What did Binance do?",)


@pytest.mark.parametrize(
    ("one", "other", "steps"),
    [("", "", 0), ("a", "", 1), ("ab", "ba", 1), ("kitten", "sitting", 3), ("abc", "abc", 0)],
)
def test_letters_are_added_dropped_changed_and_swapped(one: str, other: str, steps: int) -> None:
    assert distance(one, other) == distance(other, one) == steps
