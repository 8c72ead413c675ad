"""The table of sums: the documents that are read, the total, and the scope in words."""

from typing import Any

import pytest

from rag import Index, SumsTable
from tests.releases import index_of_releases


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return index_of_releases(tmp_path_factory.mktemp("sums"))


def made(index: Index, question: str, **asked: Any) -> SumsTable | None:
    return index.ask(question, **asked).table


def sums(found: SumsTable | None) -> list[str]:
    assert found is not None
    return [str(row.dollars) for row in found.rows]


def test_only_documents_of_the_named_agency_and_year_are_read(index: Index) -> None:
    found = made(index, "What were the largest OFAC penalties in 2019?")

    assert sums(found) == ["1250000.50", "500000"]
    assert found is not None
    assert str(found.total) == "1750000.50"
    assert (found.looked, found.stated) == (3, 2)
    assert found.scope.startswith("Looked at 3 documents (OFAC, 2019); 2 state a penalty")


def test_every_row_quotes_its_document_at_its_place(index: Index) -> None:
    found = made(index, "list all penalties")

    assert found is not None
    for row in found.rows:
        place = row.citation
        document = index.document(place.document.doc_id)
        assert document.text[place.start : place.end] == place.quote
        assert f"${int(row.dollars):,}" in place.quote


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("largest penalties against banks", ["500000", "80000", "70000"]),
        ("largest penalties since 2019", ["1250000.50", "500000", "80000"]),
        ("total penalties before 2019", ["70000"]),
        ("sum of all penalties between 2018 and 2019", ["1250000.50", "500000", "80000", "70000"]),
        ("biggest settlements", ["1250000.50", "500000"]),
        ("highest disgorgements", []),
    ],
)
def test_words_dates_and_kinds_narrow_the_table(
    index: Index, question: str, expected: list[str]
) -> None:
    assert sums(made(index, question)) == expected


def test_the_filters_in_force_narrow_the_table(index: Index) -> None:
    found = made(index, "largest penalties", filters={"agency": ["SEC"]})

    assert sums(found) == ["80000"]


def test_an_ignored_preference_does_not_narrow_the_table(index: Index) -> None:
    found = made(index, "largest OFAC penalties in 2019", ignore=["date"])

    assert sums(found) == ["1250000.50", "500000", "70000"]


def test_a_question_about_one_case_gets_no_table(index: Index) -> None:
    assert made(index, "What did Alder Bank agree to pay?") is None


def test_the_table_answers_and_is_the_same_in_every_output(index: Index) -> None:
    answer = index.ask("largest OFAC penalties in 2019")

    assert answer.outcome == "answered"
    assert answer.text.startswith("$1,750,000.50 is the sum of 2 amounts in 2 documents.")
    table = answer.to_dict()["table"]
    assert [row["dollars"] for row in table["rows"]] == ["1250000.50", "500000"]
    assert (table["lead"], table["scope"]) == (answer.table.lead, answer.table.scope)  # type: ignore[union-attr]


def test_a_document_is_read_once_for_several_questions(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = made(index, "largest penalties")
    monkeypatch.setattr("rag.sums.table.amounts", lambda document: pytest.fail(document.doc_id))

    assert made(index, "largest penalties") == before


@pytest.mark.parametrize(
    ("question", "expected", "within"),
    [
        ("largest penalties after 2018", ["1250000.50", "500000", "80000"], "after 2018"),
        ("largest penalties until 2018", ["70000"], "until 2018"),
        ("largest penalties before 2019-07-02", ["500000", "70000"], "before 2 July 2019"),
        ("the smallest penalties in 2019", ["80000", "500000", "1250000.50"], "2019"),
        ("could you list all penalties that banks paid?", ["500000", "80000", "70000"], "bank"),
    ],
)
def test_dates_and_orders_mean_what_they_say(
    index: Index, question: str, expected: list[str], within: str
) -> None:
    found = made(index, question)

    assert sums(found) == expected
    assert found is not None
    assert within in found.scope
