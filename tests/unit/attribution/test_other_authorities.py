"""Invented sentences in the forms of authorities without documents here, marked by the guideline.

The marks were written before the rules were tried on them: 43 sentences first, 20 after the rules
had been mended.
"""

import csv
from pathlib import Path

import pytest

from rag.attribution.engine import attribute
from rag.types import Document

TABLE = Path(__file__).with_name("other_authorities.tsv").read_text(encoding="utf-8")
CASES = list(csv.DictReader(TABLE.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
PARTIES = {"FCA": ["Pellham Bank plc"], "SRA": ["Bede Harrow"], "CMA": ["Drayton Homes Ltd"]}
HEADINGS = {"other_side": "Pellham's representations"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["sentence"][:40])
def test_a_sentence_of_another_authority(case: dict[str, str]) -> None:
    text, agency, section = case["sentence"], case["agency"], case["section"]
    metadata = {"type": case["type"], "parties": PARTIES.get(agency, [])}
    metadata |= {"agency": agency} if agency else {"speaker": "High Court"}
    sections = ((0, len(text), section, HEADINGS.get(section, "")),) if section else ()
    document = Document("d", "D", text, "d.txt", "0" * 64, metadata, sections=sections)

    found = attribute(document, 0, len(text))

    assert found.status == case["status"], found.rule
    speaker = (found.speaker or "").casefold()
    assert case["speaker"].casefold().removeprefix("the ") in speaker, found.rule
