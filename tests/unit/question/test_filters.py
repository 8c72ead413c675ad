"""Filters: what is accepted, what is refused, and what a date without a day means."""

import pytest

from rag.errors import UsageError
from rag.question.filters import Filters, day_range, keys_of, parse_filters
from tests.records import document


def test_a_text_and_a_list_of_texts_are_both_accepted() -> None:
    assert parse_filters({"agency": "SEC", "type": ["order", "Complaint"]}) == Filters(
        agency=("sec",), type=("order", "complaint")
    )


def test_a_year_means_its_first_day_from_and_its_last_day_to() -> None:
    filters = parse_filters({"date_from": "2019", "date_to": "2019-06"})

    assert (filters.date_from, filters.date_to) == (20190101, 20190631)


def test_absent_values_ask_for_nothing() -> None:
    assert not parse_filters({"agency": None, "type": "", "document": []})
    assert not parse_filters(None)


def test_an_unknown_filter_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="unknown filter 'agencies'. Known: agency"):
        parse_filters({"agencies": "SEC"})


@pytest.mark.parametrize("date", ["soon", "2019-13", "19", "2019-06-32", "2019/06/01"])
def test_an_invalid_date_is_refused(date: str) -> None:
    with pytest.raises(UsageError, match="is not a date"):
        parse_filters({"date_from": date})


def test_a_filter_value_that_is_not_a_text_is_refused() -> None:
    with pytest.raises(UsageError, match="give a text"):
        parse_filters({"agency": [7]})


def test_a_document_known_by_its_year_covers_the_year() -> None:
    keys = keys_of(document("text", date="2007", agency="SEC"))

    assert (keys["first_day"], keys["last_day"], keys["agency"]) == (20070101, 20071231, ("sec",))


def test_a_document_without_a_date_has_day_zero() -> None:
    keys = keys_of(document("text", date="unknown"))

    assert (keys["first_day"], keys["last_day"]) == (0, 0)
    assert day_range("") is None
