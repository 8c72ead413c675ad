"""Who pays a sum."""

import pytest

from rag.sums.payer import payer, titled
from rag.types import Document


def who(text: str, title: str = "A release", *parties: str) -> str:
    document = Document("d", title, text, "d", "0" * 64, {"parties": list(parties)})
    first = text.index("$")
    return payer(document, 0, first, text.index(" ", first), len(text))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Delta Cargo Inc. (“Delta”), of Miami, Florida, has agreed to pay $5 to settle.",
         "Delta Cargo Inc."),
        ("The judgment orders Lee to pay a civil penalty of $50 within a month.", "Lee"),
        ("OFAC assessed a civil penalty of $70 against Dogwood Bank yesterday.", "Dogwood Bank"),
        ("The court fined Mercer & Vale a penalty of $9 million today.", "Mercer & Vale"),
        ("He must pay a penalty of $50 now.", ""),
    ],
)  # fmt: skip
def test_the_sentence_names_the_payer(text: str, name: str) -> None:
    assert who(text) == name


def test_the_only_party_that_is_no_authority_pays() -> None:
    text = "He must pay a penalty of $50 now."

    assert who(text, "A", "Securities and Exchange Commission", "Ann Roe") == "Ann Roe"
    assert who(text, "A", "Cabinet Office") == "Cabinet Office"


def test_the_title_names_the_payer_if_the_sentence_does_not() -> None:
    assert who("The firm pays a fine of $50 now.", "SEC v. Acme Fund LLC") == "Acme Fund LLC"
    assert who("He pays a fine of $50 now.", "British Arab Bank plc") == "British Arab Bank plc"
    assert who("He pays a fine of $50 now.", "e.l.f. Cosmetics") == "e.l.f. Cosmetics"
    assert titled(Document("d", "Acme Bank Settles Charges", "", "d", "0" * 64)) == "Acme Bank"
