"""The table of sums: the documents that are read, the total, and the scope in words."""

from decimal import Decimal
from typing import Any

import pytest

from rag import Amount, Index, SumsTable
from tests.many_documents import index_of_many_documents
from tests.releases import index_of_releases


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return index_of_releases(tmp_path_factory.mktemp("sums"))


def made(index: Index, question: str, **asked: Any) -> SumsTable | None:
    return index.ask(question, **asked).table


def sums(found: SumsTable | None) -> list[str]:
    assert found is not None
    return [str(row.value) for row in found.rows if isinstance(row, Amount)]


def test_only_documents_of_the_named_agency_and_year_are_read(index: Index) -> None:
    found = made(index, "What were the largest OFAC penalties in 2019?")

    assert sums(found) == ["1250000.50", "500000"]
    assert found is not None
    assert found.totals == (("USD", Decimal("1750000.50"), 2),)
    assert (found.looked, found.stated) == (3, 2)
    assert found.scope.startswith("Looked at 3 documents (OFAC, 2019); 2 state a penalty")


def test_every_row_quotes_its_document_at_its_place(index: Index) -> None:
    found = made(index, "list all penalties")

    assert found is not None
    for row in found.rows:
        place = row.citation
        document = index.document(place.document.doc_id)
        assert document.text[place.start : place.end] == place.quote
        assert isinstance(row, Amount)
        assert f"${int(row.value):,}" in place.quote


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


def test_a_number_of_rows_can_be_ignored(index: Index) -> None:
    cut = made(index, "the two smallest penalties")
    whole = made(index, "the two smallest penalties", ignore=["first"])

    assert sums(cut) == ["70000", "80000"]
    assert sums(whole) == ["70000", "80000", "500000", "1250000.50"]


def test_a_question_about_one_case_gets_no_table(index: Index) -> None:
    assert made(index, "What did Alder Bank agree to pay?") is None


def test_the_table_answers_and_is_the_same_in_every_output(index: Index) -> None:
    answer = index.ask("largest OFAC penalties in 2019")

    assert answer.outcome == "answered"
    assert answer.text.startswith(
        "The largest settlement of 2 (OFAC, 2019) is $1,250,000.50 (Birch Shipping, 2 July 2019)."
    )
    table = answer.to_dict()["table"]
    assert [row["value"] for row in table["rows"]] == ["1250000.50", "500000"]
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


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return index_of_many_documents(tmp_path_factory.mktemp("many"))


def test_currencies_are_never_added_together(many: Index) -> None:
    found = made(many, "total fines in 2022")

    assert found is not None
    assert {code: str(total) for code, total, _ in found.totals} == {
        "AUD": "11000000", "CAD": "450000", "EUR": "465000000", "GBP": "37805400",
        "INR": "2500000", "SGD": "58000", "USD": "2862318",
    }  # fmt: skip
    assert "€465,000,000 (2 amounts)" in found.lead
    assert found.lead.endswith("(2022); currencies are not added together.")


def test_a_text_that_the_rules_cannot_read_is_named(many: Index) -> None:
    found = made(many, "What is the largest fine?")

    assert found is not None
    assert found.unread == ("memo-scan",)
    assert "1 document could not be read for sums: memo-scan." in found.scope


def test_documents_are_listed_newest_first_each_with_a_citation(many: Index) -> None:
    answer = many.ask("list all penalty notices")

    assert answer.table is not None
    rows = [row.citation for row in answer.table.rows]
    assert [row.document.doc_id for row in rows] == [
        "ico-solent", "ico-pennine", "ico-harrow",
    ]  # fmt: skip
    assert all(row.document.text[row.start : row.end] == row.quote for row in rows)
    assert answer.text.startswith("3 documents (penalty notice), the newest first.")
    assert (answer.outcome, answer.claims) == ("answered", ())


def test_a_follow_up_changes_only_what_it_says(many: Index) -> None:
    found = many.ask("the smallest?", ["largest penalties of the ICO"]).table

    assert found is not None
    assert (
        found.lead
        == "The smallest penalty of 3 (ICO) is £35,000 (Pennine Care Trust, 22 November 2021)."
    )


def test_documents_without_a_date_are_counted(many: Index) -> None:
    found = made(many, "how many documents are from 2023?")

    assert found is not None
    assert "1 document without a date could not be placed in time." in found.scope


def test_a_count_of_nothing_is_an_answer(many: Index) -> None:
    answer = many.ask("how many penalty notices are from 2024?")

    assert (answer.outcome, answer.claims) == ("reply", ())
    assert answer.text == "0 documents (penalty notice, 2024)."
