"""Example questions come from the documents and are only shown when they are answered."""

from pathlib import Path

from rag.api import Index
from rag.retrieval.suggestions import examples, next_questions, questions_about
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


def test_a_defined_term_is_no_party() -> None:
    order = document(
        "Bad Data was reported. The Bad Data came from the Pre-VREQ Period. In it, as the "
        "Pre-VREQ Period shows, Larch Markets reported trades late. The CFTC fined Larch Markets.",
        agency="CFTC",
    )

    assert list(questions_about(order)) == ["What does the CFTC say about Larch Markets?"]


def test_a_decision_is_asked_for_its_sum_and_its_outcome() -> None:
    notice = document(
        "The Information Commissioner imposes a penalty of £98,000 on Larch Solicitors LLP.",
        agency="ICO",
        type="decision",
        parties=["Larch Solicitors LLP", "Information Commission"],
    )

    assert list(questions_about(notice)) == [
        "What penalty does Larch Solicitors LLP have to pay?",
        "What did the ICO find about Larch Solicitors LLP?",
        "What does the ICO say about Larch Solicitors LLP?",
    ]


def test_next_questions_are_new_and_about_the_cited_documents_in_turn() -> None:
    asked = ["what penalty does Golden Ridge Partners have to pay"]

    found = list(next_questions([RELEASE, STATEMENT], asked, lambda _: True, n=3, tried=8))

    assert found == [
        "What does Binance say about user assets?",
        "What does the SEC say about Golden Ridge Partners?",
    ]


def test_no_more_questions_are_tried_than_allowed() -> None:
    tried: list[str] = []

    def refuse(question: str) -> bool:
        tried.append(question)
        return False

    assert list(next_questions([RELEASE, STATEMENT], (), refuse, n=3, tried=2)) == []
    assert len(tried) == 2


def test_the_next_questions_of_an_answer_have_answers_with_other_quotes(seed_index: Path) -> None:
    index = Index.open(seed_index)
    answer = index.ask("What does Binance say about user asset safety?")
    quotes = {one.quote for claim in answer.claims for one in claim.citations}

    for question in index.next_questions(answer):
        found = index.ask(question)
        assert found.outcome == "answered"
        assert {one.quote for claim in found.claims for one in claim.citations} - quotes
