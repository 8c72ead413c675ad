"""Sums that were imposed or agreed, and sums that only look like it."""

from decimal import Decimal
from typing import Any

import pytest

from rag.sums.amounts import amounts
from rag.types import Document
from tests.many_documents import marked


def found(text: str) -> list[tuple[int, str]]:
    document = Document("d", "A release", text, "d.txt", "0" * 64)
    sums = amounts(document)
    for one in sums:
        citation = one.citation
        assert document.text[citation.start : citation.end] == citation.quote
        assert any(sign in citation.quote for sign in ("$", "£", "€", "CHF", "Rs", "euros"))
    return [(int(one.value), one.kind) for one in sums]


@pytest.mark.parametrize(
    ("text", "sums"),
    [
        (
            "Expedia Group has agreed to pay $325,406 to settle its potential civil liability "
            "for 2,221 apparent violations.",
            [(325406, "settlement")],
        ),
        (
            "The bank agreed to settle with OFAC the apparent violations for $ 963,619 ,900, with "
            "the obligation deemed satisfied by payment of an equal amount to the state.",
            [(963619900, "settlement")],
        ),
        (
            "OFAC assessed a civil monetary penalty of $5,512,564 against AppliChem GmbH.",
            [(5512564, "penalty")],
        ),
        (
            "Lovesac agreed to a final judgment ordering it to pay a $1.5 million penalty.",
            [(1500000, "penalty")],
        ),
        (
            "The judgment orders Lee to pay disgorgement of $312,693, prejudgment interest of "
            "$11,403 and a civil penalty of $50,000.",
            [(312693, "disgorgement"), (50000, "penalty")],
        ),
        (
            "The Court ordered Ray to pay a fine of $7,500 and restitution in the amount of "
            "$607,516.",
            [(7500, "penalty")],
        ),
    ],
)
def test_a_sum_is_found_with_its_kind(text: str, sums: list[tuple[int, str]]) -> None:
    assert found(text) == sums


@pytest.mark.parametrize(
    "text",
    [
        "The statutory maximum civil monetary penalty applicable in this matter is $1,044,781.",
        "The base penalty for the apparent violations was $208,000.",
        "The complaint seeks a civil penalty of $40,000 that Roe has not agreed to pay.",
        "He was ordered to pay disgorgement of $86,000, but payment of all of it was waived, and "
        "could have paid a fine of up to $100,000.",
        "She paid $90,000 for shares.",
        "The judgment orders him to pay $120,459 in civil penalties, disgorgement, and interest.",
        "He was ordered to pay disgorgement, prejudgment interest and a penalty totaling $238,692.",
        "Other cases: Acme Bank settles with OFAC for $720,258 for apparent violations "
        "(Sept. 26, 2022).",
        "The judgment orders Stack to pay a $333,110 million civil penalty.",
        "The SEC previously charged AIG, which settled by paying a penalty of $100 million.",
        "It follows charges announced in 2013 against three firms that agreed to pay $9 million.",
        "She was charged for trading ahead of the $2.8 billion merger, and agreed to settle.",
        "The Bureau, which settled with Acme for $624,013, took part.",
    ],
)
def test_possible_sought_waived_and_mixed_sums_are_left_out(text: str) -> None:
    assert [sum_ for sum_ in found(text) if sum_[0] != 86000] == []


def test_a_sum_is_given_once_and_its_rounded_form_not_at_all() -> None:
    text = (
        "OFAC imposes a $1.1 million penalty on an individual.\n\n"
        "OFAC imposed a $1,104,408 penalty on a natural person.\n\n"
        "The person must pay a penalty of $1,104,408 within a month."
    )

    assert found(text) == [(1104408, "penalty")]


def test_parts_that_add_up_to_another_sum_are_left_out() -> None:
    text = (
        "BAT agreed to pay $508,612,492 to settle its liability.\n\n"
        "Of this it agreed to pay $503,263,807 to settle the first case.\n\n"
        "It agreed to pay $5,348,685 to settle the second case."
    )

    assert found(text) == [(508612492, "settlement")]


def test_cents_are_kept() -> None:
    document = Document(
        "d", "A", "Kim was ordered to pay a civil penalty of $120,170.13.", "d", "0" * 64
    )

    assert amounts(document)[0].value == Decimal("120170.13")


@pytest.mark.parametrize("row", marked(), ids=lambda row: str(row["id"]))
def test_sums_are_found_in_every_currency_with_their_payer(row: dict[str, Any]) -> None:
    metadata = {key: row[key] for key in ("agency", "type", "date", "parties") if key in row}
    document = Document(row["id"], row["title"], row["text"], "d", "0" * 64, metadata)

    found = [(str(one.value), one.currency, one.kind, one.who) for one in amounts(document)]

    assert sorted(found) == sorted(
        (one["value"], one["currency"], one["kind"], one["who"]) for one in row["sums"]
    )


@pytest.mark.parametrize(
    "text",
    [
        "OSHA has assessed the employer $16,131 in proposed penalties.",
        "A violation carries a maximum sentence of five years; a fine of $250,000; and costs.",
        "The order adds a penalty of €100,000 per day of delay.",
        "The authority imposed a fine of between £20,000 and £40,000 in the draft.",
        "The rival, which was fined €18 million, has appealed.",
        "A fine of £5,000 was imposed on it in the first breach.",
    ],
)
def test_proposed_daily_and_earlier_sums_are_no_penalties(text: str) -> None:
    assert found(text) == []


def test_a_penalty_as_high_as_the_disgorgement_is_a_sum_of_its_own() -> None:
    text = "The court ordered Roe to pay disgorgement of $4,100 and a civil penalty of $4,100."

    assert found(text) == [(4100, "disgorgement"), (4100, "penalty")]


def test_what_another_authority_imposed_is_not_in_this_case() -> None:
    document = Document(
        "d", "D", "In 2019 the CNIL imposed a fine of €50 million on Acme.", "d", "0" * 64,
        {"agency": "DPC"},
    )  # fmt: skip

    assert amounts(document) == ()


def test_what_a_party_denies_is_left_out() -> None:
    text = "We deny the claim that we were ordered to pay a penalty of $5,000."
    document = Document("d", "D", text, "d", "0" * 64, {"speaker": "Acme"})

    assert amounts(document) == ()
