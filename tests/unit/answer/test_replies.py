"""Replies to requests, and summaries of documents."""

from pathlib import Path

import pytest

from rag import Index
from rag.answer.summary import summary, what_it_is
from rag.config import Settings
from rag.ingest import build_index
from rag.types import Document

_NOTICE = """Final Notice

To: Heron Bank plc
Date: 4 March 2024

1. For the reasons given in this notice, the Authority imposes on Heron Bank plc a financial
penalty of £4,200,000 for breaches of Principle 3.

2. Article 5 provides that a firm must take care to organise its affairs responsibly and
effectively.

3. Between January 2019 and May 2021 Heron Bank plc failed to monitor 41,000 payment accounts for
signs of fraud.

4. The Authority hereby requires the penalty to be paid in full by Heron Bank plc by 18 March 2024.
"""


@pytest.fixture
def two(tmp_path: Path) -> Index:
    """An index of the notice and of a letter about another matter."""
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "heron.txt").write_text(_NOTICE, encoding="utf-8")
    (folder / "egret.txt").write_text(
        "Letter of Egret Ltd\n\nWe regret the delay in our report of April. Egret Ltd will hire "
        "two further auditors before the summer.\n",
        encoding="utf-8",
    )
    build_index([folder], settings=Settings(index=tmp_path / "index"))
    return Index.open(tmp_path / "index")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hi", "Hello"),
        ("what can you do?", "answers questions over 2 documents"),
        ("?", "no word to search for"),
        ("Wie viel musste Heron zahlen?", "Stellen Sie die Frage auf Englisch"),
        ("summarise this document", "Of which document?"),
    ],
)
def test_a_request_is_met_with_a_fixed_reply(two: Index, text: str, words: str) -> None:
    answer = two.ask(text)

    assert answer.outcome == "reply"
    assert words in answer.verdict
    assert answer.verdict in answer.text
    assert not answer.claims
    assert not answer.hits


def test_a_named_document_is_summarised_in_quotes(two: Index) -> None:
    answer = two.ask("Summarise the Heron Bank notice")

    assert answer.outcome == "answered"
    assert "Heron Bank" in answer.verdict
    assert "2024-03-04" in answer.verdict
    said = " ".join(" ".join(claim.text.split()) for claim in answer.claims)
    assert "£4,200,000" in said
    assert "failed to monitor" in said
    assert "Article 5" not in said
    assert all(claim.citations[0].document.doc_id == "heron.txt" for claim in answer.claims)


def test_this_document_is_the_one_that_passes_the_filters_or_was_asked_about(two: Index) -> None:
    filtered = two.ask("What is this document about?", filters={"document": "egret.txt"})
    followed = two.ask("Summarise it", history=["How much was Heron Bank fined?"])

    assert {c.citations[0].document.doc_id for c in filtered.claims} == {"egret.txt"}
    assert {c.citations[0].document.doc_id for c in followed.claims} == {"heron.txt"}


def test_a_summary_of_what_is_not_there_is_left_to_the_search(two: Index) -> None:
    answer = two.ask("Summarise the order against Ibis Capital")

    assert answer.outcome == "not_found"


def test_what_is_unknown_of_a_document_is_left_out() -> None:
    plain = Document("a", "Note", "Nothing.", "a.txt", "0" * 64)
    known = Document(
        "b",
        "Note",
        "No.",
        "b.txt",
        "0" * 64,
        metadata={"type": "consent_order", "agency": ["FINRA", "SEC"], "date": "2023-01"},
    )

    assert what_it_is(plain) == "Note"
    assert what_it_is(known) == "Note (consent order of FINRA, SEC, 2023-01)"
    assert summary(plain, None) == ()
