"""What documents of many authorities, courts and parties say of themselves."""

import json
from pathlib import Path
from typing import Any

import pytest

from rag.load.metadata import infer

KINDS = json.loads((Path(__file__).parent / "document_kinds.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", KINDS)
def test_a_document_of_its_kind_is_told_by_its_own_words(name: str) -> None:
    kind: dict[str, Any] = KINDS[name]

    found = infer(kind["text"] + kind.get("filler", "") * 300 + kind.get("end", ""), "", {})

    told = {key: found.get(key, "") for key in kind["said"]}
    assert told == kind["said"]


def test_the_authority_is_found_in_the_definitions_and_the_signature_far_from_the_top() -> None:
    kind = KINDS["a final notice"]
    filler = kind["filler"] * 300

    assert infer(kind["text"] + filler, "", {}).get("agency", "") == ""
    assert infer(kind["text"] + filler + kind["end"], "", {})["agency"] == "FCA"


def test_a_company_that_answers_an_authority_speaks_itself() -> None:
    text = (
        "Statement from Larkspur Ltd on the FCA's final notice\n\n12 April 2024\n\n"
        "We are disappointed by the decision of the Financial Conduct Authority."
    )

    found = infer(text, "", {})

    assert found["speaker"] == "Larkspur Ltd"
    assert "agency" not in found


def test_a_year_is_no_release_number() -> None:
    assert "release" not in infer("FINAL NOTICE 2025\n\nTo: Acme Bank plc\n", "", {})


def test_a_user_adds_an_authority() -> None:
    text = "STOCK EXCHANGE OF MALTA\n\nDECISION NOTICE\n\nTo: Brookline Securities\n"
    own = '["SEM"]\nnames = ["Stock Exchange of Malta"]\ncountry = "MT"\n'

    assert "agency" not in infer(text, "", {})
    assert infer(text, "", {}, authorities=own)["agency"] == "SEM"


def test_the_sheet_that_a_registry_puts_in_front_says_nothing_of_the_document() -> None:
    text = (
        "NOTICE OF LODGMENT\n\nAUSTRALIAN COMPETITION TRIBUNAL\n\nDocument Lodged: Affidavit\n\n"
        "File Number: ACT 3 of 2025\n\nDated: 4/09/2025 5:21 PM\n\nIt must be included in the "
        "document served on each of those parties.\n\nAFFIDAVIT\n\nAffidavit of: Una Lark\n\n"
        "I, Una Lark, of 1 Main Road, affirm:"
    )

    found = infer(text, "NOTICE OF LODGMENT", {})

    assert (found["type"], found["speaker"]) == ("affidavit", "Una Lark")
    assert found["court"] == "Australian Competition Tribunal"
    assert (found["docket"], found["date"]) == ("ACT 3 of 2025", "2025-09-04")
    assert found["title"] == "Affidavit of Una Lark"


@pytest.mark.parametrize(
    ("head", "speaker"),
    [
        (
            "Tern Holdings plc\nNewsroom\n\nOur response to the FCA's final notice",
            "Tern Holdings plc",
        ),
        (
            "Larkspur Networks, Inc.\nCompany Blog\n\nOUR ANSWER TO THE COMPLAINT",
            "Larkspur Networks, Inc",
        ),
        ("Newsroom\n\nOur response to the FCA's final notice", ""),
    ],
)
def test_a_company_heads_its_own_answer_with_its_name(head: str, speaker: str) -> None:
    found = infer(f"{head}\n\nWe disagree with it. We found no harm to any customer.", "", {})

    assert found["type"] == "statement"
    assert found.get("speaker", "") == speaker
