"""Sections by their headings: the other side's account, facts, findings, sanctions."""

from dataclasses import replace

import pytest

from rag.load.metadata import sections_of
from rag.load.metadata.sections import kind_of_section
from rag.types import Document

NOTICE = """FINAL NOTICE

4. FACTS AND MATTERS

4.1. Thornbury had no system.

5. REPRESENTATIONS

5.1. Thornbury submitted that it had one.

6. SANCTION

6.1. The Authority imposes a penalty.
"""


def test_a_section_reaches_to_the_next_heading() -> None:
    sections = sections_of(NOTICE, ())

    assert [(kind, heading) for _, _, kind, heading in sections] == [
        ("facts", "4. FACTS AND MATTERS"),
        ("other_side", "5. REPRESENTATIONS"),
        ("sanction", "6. SANCTION"),
    ]
    start, end, _, _ = sections[1]
    assert NOTICE[start:end].strip().endswith("Thornbury submitted that it had one.")


def test_a_document_tells_the_section_of_a_place() -> None:
    document = Document("a", "A", NOTICE, "a.txt", "")
    document = replace(document, sections=sections_of(NOTICE, ()))

    assert document.section_at(NOTICE.index("submitted")) == "other_side"
    assert document.section_at(0) is None


def test_the_headings_of_the_format_are_used_where_it_gives_them() -> None:
    text = "Submissions of the parties\nWe disagree.\nAssessment\nThe Commission finds so.\n"
    at = text.index("Assessment")

    sections = sections_of(text, ((0, 1, "Submissions of the parties"), (at, 1, "Assessment")))

    assert [(start, end, kind) for start, end, kind, _ in sections] == [
        (0, at, "other_side"),
        (at, len(text), "findings"),
    ]


def test_headings_of_the_other_side() -> None:
    for heading in (
        "Annex B: Summary of Representations",
        "The parties’ submissions",
        "Respondent's position",
        "Coles Supermarkets' submissions",
        "C. RESPONSES OF PRESIDENT JOHN R. DOE",
        "Acme’s response to the Notice of Intent",
    ):
        assert kind_of_section(heading) == "other_side", heading


def test_a_heading_of_the_authority_or_of_both_and_a_sentence_are_none_of_the_other_side() -> None:
    for heading in (
        "The Commissioner's position",
        "WhatsApp’s Response and Assessment of Decision-Maker",
        "Position of authorised signatory",
        "6.11. Having considered Marriott’s Second Representations",
        "representations made by Tuckers as to its financial position. He is",
        "4.2 Acme’s submissions ........ 17",
    ):
        assert kind_of_section(heading) != "other_side", heading


def test_a_paragraph_that_was_wrapped_at_a_fixed_width_ends_no_section() -> None:
    text = (
        "FACTS\n\n2.1. Thornbury opened an account for the Elder Fund and\nTrust Company of Leeds "
        "in March.\n\n2.2. The fund moved money abroad.\n\nFAILINGS\n\n3.1. It had no system.\n"
    )

    (start, end, kind, _), failings = sections_of(text, ())

    assert (kind, failings[2]) == ("facts", "findings")
    assert text[start:end].strip().endswith("The fund moved money abroad.")


def test_headings_in_markdown_are_also_underlined_or_bold() -> None:
    text = (
        "Representations\n---------------\n\nElder Bank denied it.\n\n"
        "**The Board's findings**\n\nIt knew.\n\nAnnexes\n-------\n\nA list.\n"
    )

    sections = [(text[start:end], kind) for start, end, kind, _ in sections_of(text, ())]

    assert [kind for _, kind in sections] == ["other_side", "findings"]
    assert sections[0][0].strip().endswith("Elder Bank denied it.")
    assert sections[1][0].strip().endswith("It knew.")


def test_the_heading_of_the_document_is_no_section() -> None:
    text = "IN THE SUPREME COURT\n\nORDER OF SUSPENSION\n\nWe hold so.\n\nFACTS\n\nHe lied.\n"

    assert [kind for _, _, kind, _ in sections_of(text, ())] == ["facts"]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Elder Bank's case", "other_side"),
        ("The claimant’s case on penalty", "other_side"),
        ("The CMA's assessment", "findings"),
        ("The CMA's response", ""),
        ("THE DEPARTMENT'S FINDINGS FOLLOWING INVESTIGATION", "findings"),
        ("OAG FINDINGS", "findings"),
        ("PART V - TERMS OF SETTLEMENT", "sanction"),
        ("Administrative fine", "sanction"),
    ],
)
def test_the_owner_of_an_account_tells_the_kind(heading: str, kind: str) -> None:
    assert kind_of_section(heading) == kind
