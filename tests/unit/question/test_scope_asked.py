"""Which documents and sums a question over many documents means."""

from decimal import Decimal

import pytest

from rag.question.scope_asked import Known, Scope, scope_asked, types_named, written_out
from rag.types import Preference


@pytest.mark.parametrize(
    ("text", "words", "parties"),
    [
        ("largest penalties for insider trading", ("insider trading",), ()),
        ("fines under the Foreign Corrupt Practices Act", ("Foreign Corrupt Practices Act",), ()),
        ("which banks were fined", (), ("banks",)),
        ("all cases against Wells Fargo", (), ("Wells Fargo",)),
        ("all documents about “user assets”", ("User Assets",), ()),
        ("list the documents", (), ()),
    ],
)
def test_words_and_parties_are_told_apart(
    text: str, words: tuple[str, ...], parties: tuple[str, ...]
) -> None:
    assert scope_asked(text, Known()) == Scope(words=words, parties=parties)


def test_limits_and_currencies_are_no_words() -> None:
    assert scope_asked("fines over £1.5 million", Known()) == Scope(above=Decimal(1_500_000))
    assert scope_asked("fines below $500 in euros", Known()) == Scope(
        below=Decimal(500), currencies=("EUR",)
    )


def test_a_type_is_named_in_the_plural() -> None:
    types = ("penalty_notice", "order", "penalty_list")

    assert types_named("all penalty notices and orders", types)[0] == ("order", "penalty_notice")
    assert types_named("order by date", types) == ((), "order by date")


def test_a_decade_and_since_are_ranges_and_from_a_year_is_that_year() -> None:
    def days(text: str, *dates: str) -> tuple[tuple[str, str], ...]:
        known = Known([Preference("date", date, date) for date in dates])
        return scope_asked(text, known).days

    assert days("documents from 2021", "2021") == (("2021", "2021~"),)
    assert days("fines since 2021", "2021") == (("2021", "~"),)
    assert days("fines in the 2010s") == (("2010", "2019~"),)


def test_an_authority_whose_name_is_written_out_is_known_by_its_initials() -> None:
    agencies = ("ico", "sec", "ofac", "uk")

    assert written_out(agencies, "fines of the Information Commissioner's Office") == [
        Preference("agency", "Information Commissioner's Office", "ico")
    ]
    assert written_out(agencies, "it sued eighteen companies") == []
