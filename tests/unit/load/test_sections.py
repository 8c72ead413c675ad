"""Sections by their headings: the other side's account, facts, findings, sanctions."""

from dataclasses import replace

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
