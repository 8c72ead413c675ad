"""Example questions come from the documents and are only shown when they are answered."""

from pathlib import Path

from rag.api import Index
from rag.retrieval.suggestions import examples
from tests.records import document

RELEASE = document(
    "The SEC charged Golden Ridge Partners in the Southern District of New York. "
    "Golden Ridge Partners agreed to a civil penalty of $5,000.",
    agency="SEC",
)
STATEMENT = document("We keep user assets safe. All user assets are safe.", speaker="Binance")


def test_a_release_is_asked_about_its_party_and_a_statement_about_its_subject() -> None:
    assert examples([RELEASE, STATEMENT], lambda _: True, n=4) == [
        "What penalty does Golden Ridge Partners have to pay?",
        "What does Binance say about user assets?",
    ]


def test_a_question_without_an_answer_is_replaced_by_the_next() -> None:
    asked = examples([RELEASE], lambda question: "penalty" not in question, n=4)

    assert asked == ["What does the SEC say about Golden Ridge Partners?"]


def test_at_most_n_questions_are_given() -> None:
    assert len(examples([RELEASE, STATEMENT], lambda _: True, n=1)) == 1


def test_the_examples_of_an_index_are_answered_by_it(seed_index: Path) -> None:
    index = Index.open(seed_index)

    asked = index.examples()

    assert asked
    assert all(index.ask(question).outcome == "answered" for question in asked)


def test_the_name_of_a_state_gets_its_article() -> None:
    release = document(
        "OFAC took measures against the Russian Federation. Persons in the Russian Federation may "
        "not be served.",
        agency="OFAC",
    )

    assert examples([release], lambda _: True, n=1) == [
        "What does OFAC say about the Russian Federation?"
    ]
