"""The lead line and the scope in words."""

from dataclasses import replace
from decimal import Decimal

import pytest

from rag.question.filters import parse_filters
from rag.sums.wording import lead, scope
from rag.types import Amount, Citation, Document, SumsAsked, Wanted

DOCUMENT = Document("d", "A title", "A penalty.", "d", "0" * 64, {"date": "2021-03-09"})


def amount(value: int, currency: str, who: str = "Acme") -> Amount:
    return Amount(Decimal(value), currency, "penalty", Citation(DOCUMENT, 0, 10, "A penalty."), who)


AMOUNTS = [amount(50, "GBP", "Birch"), amount(20, "GBP"), amount(90, "EUR", "")]
TOTALS = [("GBP", Decimal(70), 2), ("EUR", Decimal(90), 1)]


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("largest", "The largest penalty in each currency: £50 (Birch, 9 March 2021); "
         "€90 (A title, 9 March 2021)."),
        ("total", "£70 (2 amounts) and €90 (1 amount) in 3 documents; currencies are not added "
         "together."),
        ("count", "3 documents state a penalty: 3 amounts in all."),
        ("list", "3 documents state a penalty, 3 amounts in all: Birch; Acme; A title."),
    ],
)  # fmt: skip
def test_the_lead_says_what_was_asked_for(wanted: Wanted, words: str) -> None:
    assert lead(SumsAsked(("penalty",), wanted), AMOUNTS, TOTALS, documents=3) == words


def test_a_list_of_documents_is_counted() -> None:
    asked = SumsAsked(wanted="list", agencies=("ico",), words=("cookies",))

    assert (
        lead(asked, [], [], documents=41) == "41 documents (ICO, with “cookies”), the newest first."
    )
    assert lead(SumsAsked(wanted="count"), [], [], documents=1) == "1 document."


@pytest.mark.parametrize(
    ("filters", "within"),
    [
        ({"agency": "OFAC", "type": "penalty_notice"}, " (SEC, OFAC, penalty notice)"),
        ({"agency": "SEC", "date_from": "2019", "date_to": "2019"}, " (SEC, 2019)"),
        ({"date_from": "2019-06", "date_to": "2020"}, " (SEC, from June 2019, until 2020)"),
        ({"date_from": "2019-06-02", "document": ["a", "b"]},
         " (SEC, from 2 June 2019, 2 chosen documents)"),
    ],
)  # fmt: skip
def test_the_headline_says_to_what_it_was_narrowed(filters: dict[str, object], within: str) -> None:
    asked = SumsAsked(("penalty",), "smallest", agencies=("sec",))
    words = lead(asked, AMOUNTS[:2], TOTALS[:1], documents=2, filters=parse_filters(filters))

    assert words == f"The smallest penalty of 2{within} is £50 (Birch, 9 March 2021)."
    total = replace(asked, wanted="total")
    words = lead(total, AMOUNTS[:2], TOTALS[:1], documents=2, filters=parse_filters(filters))
    assert words == f"£70 is the sum of 2 amounts in 2 documents{within}."


def test_the_scope_says_what_could_not_be_read() -> None:
    words = scope(
        SumsAsked(("penalty",), days=(("2021", "2021~"),)),
        looked=9, stated=2, rows=2, shown=2, undated=1, unread=["scan.pdf"],
    )  # fmt: skip

    assert words == (
        "Looked at 9 documents (2021); 2 state a penalty that was imposed or agreed. "
        "1 document without a date could not be placed in time. "
        "1 document could not be read for sums: scan.pdf. "
        "A sum counts once a document; a case told in several documents counts in each."
    )
