"""Which documents and sums a question means."""

import pytest

from rag.sums.matching import has_terms, in_scope, of_parties
from rag.types import Document, SumsAsked


def document(text: str, **metadata: object) -> Document:
    return Document("d", "A title", text, "d", "0" * 64, metadata)


@pytest.mark.parametrize(
    ("term", "text", "has"),
    [
        ("banks", "the bank's banking", True),
        ("banks", "the bankruptcy", False),
        ("cookies", "a cookie", True),
        ("cookies", "well cooked", False),
        ("securities", "a security", True),
        ("Coles", "Coles’ stores", True),
        ("Coles", "Coleman", False),
        ("insider trading", "trading by an insider", True),
        ("insider trading", "an insider. They later did some honest trading", False),
    ],
)
def test_a_term_means_its_forms_and_words_that_stand_together(
    term: str, text: str, has: bool
) -> None:
    assert has_terms((term,), text) is has


def test_agency_type_date_and_words_narrow_the_documents() -> None:
    found = document("A Ponzi scheme.", agency="SEC", type="order", date="2021-05-01")

    assert in_scope(SumsAsked(agencies=("sec",), types=("order",), words=("Ponzi",)), found)
    assert in_scope(SumsAsked(days=(("2021", "2021~"),)), found)
    assert not in_scope(SumsAsked(agencies=("ofac",)), found)
    assert not in_scope(SumsAsked(types=("opinion",)), found)
    assert not in_scope(SumsAsked(days=(("2022", "~"),)), found)


def test_a_party_is_looked_for_where_parties_stand() -> None:
    asked = SumsAsked(parties=("banks",))

    assert of_parties(asked, document("x" * 900), "Acme Bank", "")
    assert not of_parties(asked, document("x" * 900 + " the bank"), "Roe", "")
