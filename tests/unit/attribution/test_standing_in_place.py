"""Standings that the place gives, and subjects that are nobody who speaks."""

import pytest

from rag.attribution.engine import attribute
from rag.types import Document


def at(text: str, sentence: str, **metadata: object) -> tuple[str | None, str]:
    start = text.index(sentence)
    document = Document("d", "D", text, "d.txt", "0" * 64, metadata)
    found = attribute(document, start, start + len(sentence))
    return found.speaker, found.status


ORDER = """CONSENT ORDER

I. JURISDICTION

Orvane Bank is a bank in Delaware.

II. STATEMENT OF FACTS

The queue was closed each evening at six, whatever stood in it.

III. ORDER

The clerk keeps the original.
"""


def test_facts_that_an_authority_sets_out_under_their_heading_are_found() -> None:
    told = {"agency": "FinCEN", "type": "consent_order"}

    assert at(ORDER, "The queue was closed each evening at six", **told) == ("FinCEN", "found")
    assert at(ORDER, "The clerk keeps the original.", **told) == ("FinCEN", "stated")


def test_what_a_tribunal_directs_by_consent_is_settled() -> None:
    text = "THE TRIBUNAL DIRECTS BY CONSENT THAT:\n\n1. Access remains with the parties.\n"

    _, status = at(text, "1. Access remains", speaker="Trade Tribunal", type="order")

    assert status == "settled"


@pytest.mark.parametrize(
    ("sentence", "agency", "kind", "speaker", "status"),
    [
        (
            "Information received by the ACCC indicates that trucks wait an hour.",
            "ACCC",
            "determination",
            "ACCC",
            "stated",
        ),
        (
            "Finally, having found that the form was old, the Commission determined that it fell.",
            "ACCC",
            "determination",
            "ACCC",
            "found",
        ),
        (
            "Brill gave an update in May stating that its servers were up.",
            "ICO",
            "penalty_notice",
            "ICO",
            "stated",
        ),
        (
            "Brill provided an update in May stating that its servers were up.",
            "ICO",
            "penalty_notice",
            "Brill",
            "stated",
        ),
        (
            "The Commissioner makes clear that he accepts the point.",
            "ICO",
            "penalty_notice",
            "ICO",
            "found",
        ),
        (
            "Roe was arrested in Miami, where he sits after the court held him in contempt.",
            "SEC",
            "litigation_release",
            "SEC",
            "stated",
        ),
        (
            "Both withoutadmitting or denying it, Roe and Poe eachconsented to a Final Judgment "
            "permanentlyenjoining them and ordering them to pay $5.",
            "SEC",
            "litigation_release",
            "court",
            "settled",
        ),
        (
            "Your Zelta capsules are also adulterated under section 402.",
            "FDA",
            "warning_letter",
            "FDA",
            "alleged",
        ),
        (
            "Its controls were deficient and the lapse was willful.",
            "FinCEN",
            "consent_order",
            "FinCEN",
            "found",
        ),
    ],
)
def test_who_speaks_and_with_what_standing(
    sentence: str, agency: str, kind: str, speaker: str, status: str
) -> None:
    said, standing = at(sentence, sentence, agency=agency, type=kind)

    assert standing == status
    assert speaker in (said or "")


def test_a_year_is_no_part_of_a_name() -> None:
    sentence = "In 2009 Marlow said that the fund was safe."

    said, _ = at(sentence, sentence, agency="ICO", type="penalty_notice")

    assert said == "Marlow"


def test_a_paper_of_an_unknown_author_concedes_against_its_author() -> None:
    sentence = "We do accept that one statement was wrong."

    assert at(sentence, sentence)[1] == "admitted"


@pytest.mark.parametrize(("between", "own"), [("", False), ("Appendix D\n\n", True)])
def test_a_new_part_ends_the_account_of_a_party(between: str, own: bool) -> None:
    heading = "RESPONSES OF ADA PELL\n\n"
    last = "The other matter was sent to the county."
    text = heading + "I do not recall the call.\n\n" + between + last
    sections = ((0, len(text), "other_side", "RESPONSES OF ADA PELL"),)
    metadata = {"speaker": "Special Counsel Ida Moss", "type": "report"}
    document = Document("d", "D", text, "d.txt", "0" * 64, metadata, sections=sections)

    said = attribute(document, text.index(last), len(text)).speaker

    assert (said == "Special Counsel Ida Moss") is own
