"""PDF: transcripts of hearings and depositions, and who speaks in them."""

import re
import time
from itertools import pairwise

import pytest

from rag.load.transcript import transcript_speakers
from tests.unit.load.pages import Text, pdf_of
from tests.unit.load.reading import read_one

HEARING = [
    ("l", "THE COURT: Good morning. You have the right to consult with"),
    ("", "Ms. Pell at any point. Do you understand that the Court is"),
    ("", "not a party to the agreement?"),
    ("l", "THE DEFENDANT: Yes, Your Honor."),
    ("l", "MS. PELL: Your Honor, I told him so, and I said --"),
    ("l", "THE COURT: Thank you."),
    ("l", "MR. O'NEIL: The government has a question."),
    ("l", "THE COURT: Go ahead. The record shows that the letter of"),
]


def hearing(number: int) -> list[Text]:
    page = [
        Text(67, 764, f"Case 1:20-cr-00007-ABC Document 9 Filed 06/07/21 Page {number} of 3"),
        Text(500, 740, str(number)),
        Text(150, 40, "ANA ROE, OFFICIAL COURT REPORTER"),
    ]
    for row in range(24):
        indent, line = HEARING[(row + 3 * (number - 1)) % 8]
        page += [
            Text(70 if row > 8 else 77, 700 - 24 * row, str(row + 1)),
            Text(178 if indent else 106, 700 - 24 * row, line),
        ]
    return page


def test_a_hearing_is_read_without_its_margins_and_each_stretch_has_its_speaker() -> None:
    parsed = read_one(pdf_of(hearing(1), hearing(2), hearing(3)), "a.pdf")

    assert "Do you understand that the Court is not a party to the agreement?" in parsed.text
    assert not re.search(r"\d|REPORTER", parsed.text)
    stretches = [*transcript_speakers(parsed.text), (len(parsed.text), "")]
    said = [(name, parsed.text[a:b].split()[-1]) for (a, name), (b, _) in pairwise(stretches)]
    assert said[:6] == [
        ("the court", "agreement?"),
        ("the defendant", "Honor."),
        ("Ms. Pell", "--"),
        ("the court", "you."),
        ("Mr. O'Neil", "question."),
        ("the court", "agreement?"),
    ]


EXAMINED = """IDA MORROW,
called as a witness by the Division, was sworn.

DIRECT EXAMINATION

BY MR. KEEL:

Q. Did you sign the letter?

A. No.

MS. ROE: Objection.

Q Who told you of it?

A Mr. Doe did. Q. was not said by him.

CROSS-EXAMINATION BY MS. ROE:

Q. Was it in May?

A. It was.

REPORTER'S CERTIFICATE
"""


def test_questions_are_the_attorneys_and_answers_the_witness() -> None:
    assert [name for _, name in transcript_speakers(EXAMINED)] == [
        *("Mr. Keel", "Ida Morrow", "Ms. Roe", "Mr. Keel", "Ida Morrow", "Ms. Roe", "Ida Morrow"),
        "the court reporter",
    ]


def test_a_deposition_without_an_examiner_has_a_questioner() -> None:
    text = "DEPOSITION OF RALPH ODOM, 4 June 2021\n\n" + "\n\n".join(
        ["Q. Were you there?", "A. I was."] * 3
    )

    names = [name for _, name in transcript_speakers(text)]
    assert names == ["the questioner", "Ralph Odom"] * 3


def test_other_texts_have_no_speakers() -> None:
    for text in (
        "A. Background\n\nB. The notes\n\nA. Findings\n\nQ. no",
        "THE COURT: one quoted line.\n\nThe rest is the brief's own.",
        "NOTE: one\n\nTHE FACTS: two\n\n" * 5,
    ):
        assert transcript_speakers(text) == () or "Court" not in str(transcript_speakers(text))


@pytest.mark.parametrize(
    "unit", ["A", "A ", "THE A", "MR. A ", "Q. ", "\n", " ", "I certify ", "'"]
)
def test_no_pattern_takes_long(unit: str) -> None:
    text = unit * (40_000 // len(unit))
    began = time.perf_counter()

    transcript_speakers(text)

    assert time.perf_counter() - began < 1
