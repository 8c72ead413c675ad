"""Sums that were imposed or agreed, and sums that only look like it."""

from decimal import Decimal

import pytest

from rag.sums.amounts import amounts
from rag.types import Document


def found(text: str) -> list[tuple[int, str]]:
    document = Document("d", "A release", text, "d.txt", "0" * 64)
    sums = amounts(document)
    for one in sums:
        citation = one.citation
        assert document.text[citation.start : citation.end] == citation.quote
        assert "$" in citation.quote
    return [(int(one.dollars), one.kind) for one in sums]


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

    assert amounts(document)[0].dollars == Decimal("120170.13")
