"""Nothing passes that is not, character for character, in its document."""

from dataclasses import replace

import pytest

from rag.answer.verify import cite, stands, verified
from rag.types import Claim, Document

DOCUMENT = Document("d", "D", "Acme paid $5. It fled.", "d.txt", "0" * 64)


def test_a_citation_holds_the_characters_at_its_place() -> None:
    assert cite(DOCUMENT, 0, 13).quote == "Acme paid $5."
    assert stands(cite(DOCUMENT, 0, 13))


def test_a_quote_that_differs_in_one_character_does_not_stand() -> None:
    assert not stands(replace(cite(DOCUMENT, 0, 13), quote="Acme paid $6."))
    assert not stands(replace(cite(DOCUMENT, 0, 13), start=1))


@pytest.mark.parametrize(("start", "end"), [(5, 5), (-1, 3), (0, 23)])
def test_a_span_outside_the_text_cannot_be_cited(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="no characters"):
        cite(DOCUMENT, start, end)


def test_a_claim_whose_words_are_not_its_quote_is_dropped() -> None:
    citation = cite(DOCUMENT, 0, 13)
    good = Claim("Acme paid $5.", (citation,), "SEC", "alleged")

    assert verified([good, replace(good, text="Acme paid $6."), replace(good, citations=())]) == (
        good,
    )
