"""Nothing passes that is not, character for character, in its document."""

from dataclasses import replace

import pytest

from rag.answer.verify import Verified, cite, fault, stands, verified
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
    {"agency": "SEC", "type": "litigation_release"},
)
ORDER = Claim(COURT.text[:82], (cite(COURT, 0, 82),), "the court", "ordered", "judgment or order")


def test_a_quote_passes_as_it_is() -> None:
    assert verified([ORDER]) == Verified((ORDER,), 0, 0)
    assert ORDER.verbatim


@pytest.mark.parametrize(
    "text",
    [
        "The court ordered John Smith to pay a civil penalty of $5 million.",
        "The court ordered John Smith to pay $5 million on May 3, 2019.",
        "The court ordered John Smith to pay a penalty of $5 million.",
    ],
)
def test_a_shortened_quote_passes(text: str) -> None:
    claim = replace(ORDER, text=text)

    assert verified([claim]) == Verified((claim,), 0, 0)
    assert not claim.verbatim


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("The court ordered John Smith to pay $6 million.", "do not contain $6 million"),
        ("The court ordered Mary Smith to pay $5 million.", "do not contain Mary Smith"),
        ("On May 4, 2019, the court ordered it.", "do not contain May 4, 2019"),
        ("The court ordered John Smith not to pay a civil penalty.", "do not support"),
        ("John Smith was convicted.", "do not support"),
        ("John Smith ordered the court to pay.", "do not support"),
    ],
)
def test_an_unsupported_sentence_is_replaced_by_its_quote(text: str, wrong: str) -> None:
    claim = replace(ORDER, text=text)

    assert wrong in str(fault(claim))
    assert verified([claim]) == Verified((ORDER,), 1, 0)


def test_a_missing_not_and_another_status_are_faults() -> None:
    denied = cite(COURT, 83, len(COURT.text))
    said = Claim("Smith did tell investors about the fees.", (denied,), "SEC", "alleged")
    shorter = replace(said, text="Smith did not tell investors.")

    assert fault(said) == "its quotes do not support it"
    assert fault(shorter) is None
    assert fault(replace(shorter, status="found")) == "its quotes have another speaker or status"


def test_a_claim_with_a_wrong_quote_is_dropped_and_a_quote_is_shown_once() -> None:
    wrong = replace(ORDER, text="John Smith fled.")
    nowhere = replace(ORDER, citations=(replace(ORDER.citations[0], start=1),))

    assert verified([wrong, replace(ORDER, citations=()), nowhere, ORDER, wrong]) == Verified(
        (ORDER,), 2, 2
    )
