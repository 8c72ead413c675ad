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


COURT = Document(
    "LR-1",
    "SEC v. Smith",
    "On May 3, 2019, the court ordered John Smith to pay a civil penalty of $5 million. "
    "The complaint alleges that Smith did not tell investors about the fees.",
    "lr.txt",
    "0" * 64,
)
ORDER = Claim(COURT.text[:82], (cite(COURT, 0, 82),), "the court", "ordered", "judgment or order")


def test_a_quote_passes_as_it_is_and_once() -> None:
    assert verified([ORDER, ORDER]) == (ORDER,)


def test_a_claim_in_other_words_or_with_a_wrong_quote_is_dropped() -> None:
    shorter = replace(ORDER, text="The court ordered John Smith to pay $5 million.")
    nowhere = replace(ORDER, citations=(replace(ORDER.citations[0], start=1),))

    assert verified([shorter, nowhere, replace(ORDER, citations=()), ORDER]) == (ORDER,)
