"""Headings of a PDF."""

import pytest

from rag.load.pdf.headings import heading_of


@pytest.mark.parametrize(
    ("text", "bold", "depth"),
    [
        ("FACTUAL ALLEGATIONS", False, 1),
        ("COUNT II", False, 1),
        ("IV. ENFORCEMENT FACTORS", True, 2),
        ("A. Kalshi Proposes To List Contracts.", True, 3),
        ("2. Late Filed SARs", True, 4),
        ("a) Governance Failures", True, 5),
        ("(3) Funnel Accounts", True, 6),
        ("Standard of Review", True, 7),
    ],
)
def test_the_number_of_a_heading_gives_its_depth(text: str, bold: bool, depth: int) -> None:
    assert heading_of(text, bold=bold) == (depth, text)


@pytest.mark.parametrize(
    ("text", "bold"),
    [
        ("Standard of Review", False),
        ("1. The Commission alleges fraud.", False),
        ("Nothing herein is an admission.", True),
        ("KALSHIEX LLC,", False),
        ("ARGUMENT ... 13", False),
        ("- 4 -", True),
    ],
)
def test_running_text_captions_and_tables_of_contents_are_no_headings(
    text: str, bold: bool
) -> None:
    assert heading_of(text, bold=bold) is None
