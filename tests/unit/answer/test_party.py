"""Answers to plain questions about one party."""

from rag.answer import answer
from rag.answer.party import about, party_quotes
from rag.models.cross_encoder import load_reranker
from rag.question.party import party_question
from rag.question.understanding import understand
from rag.types import Document, Hit, Searched
from tests.records import hit

TEXT = (
    "The regulator opened its inquiry in May after a complaint by two customers of the firm. "
    "It found that Acme Bank failed to screen 120 payments and breached the sanctions rules. "
    "The offices of Acme Bank are open from nine to five on every working day of the week."
)


def order(title: str = "Acme Bank", text: str = TEXT, **metadata: object) -> Document:
    return Document(title, title, text, title, "0" * 64, metadata)


def hits(*documents: Document) -> list[Hit]:
    return [hit(one, 0, len(one.text), rank=rank) for rank, one in enumerate(documents, start=1)]


def test_the_finding_against_the_party_is_quoted() -> None:
    asked = party_question("Why was Acme Bank fined?")
    assert asked is not None

    quotes = party_quotes(asked, [order()], hits(order()), load_reranker())

    assert [TEXT[quote.start : quote.end] for quote in quotes] == [
        "It found that Acme Bank failed to screen 120 payments and breached the sanctions rules."
    ]


def test_a_document_whose_title_only_mentions_the_party_comes_after_its_own() -> None:
    asked = party_question("Why was Acme Bank fined?")
    assert asked is not None
    other = order(f"Order against {'Roe and others ' * 8}of Acme Bank")

    assert about(asked, hits(other, order())) == [order()]
    assert about(asked, hits(other)) == [other]
    assert about(asked, hits(order("Egret Ltd"))) == []


def test_the_parties_of_the_record_are_named() -> None:
    words = "The regulator has brought this case against Acme Bank and its director Jane Roe."
    document = order(text=words, parties=["Acme Bank", "Jane Roe"])
    text = "Who are the parties in the Acme Bank case?"

    found = answer(
        understand(text),
        hits(document),
        searched=Searched(1, 1, (text,), {}, "b"),
        reranker=load_reranker(),
    )

    assert found.verdict == "The parties, by the record of the document: Acme Bank; Jane Roe."
