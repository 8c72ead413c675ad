"""Abbreviations that documents define in parentheses."""

import pytest

from rag.text.abbreviations import aliases


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("its CEO Changpeng Zhao (CZ), and others", ("cz", "changpeng zhao")),
        (
            'the Financial Industry Regulatory Authority ("FINRA")',
            ("finra", "financial industry regulatory authority"),
        ),
        (
            "American Mobile Systems, Inc. (the “AMS”)",
            ("ams", "american mobile systems inc"),
        ),
        (
            "the Securities and\nExchange Commission (SEC)",
            ("sec", "securities and exchange commission"),
        ),
    ],
)
def test_a_short_form_is_found_with_its_name(text: str, pair: tuple[str, str]) -> None:
    assert list(aliases(text)) == [pair]


@pytest.mark.parametrize(
    "text",
    [
        "Civil Action No. 1:96CV00013 (NHJ)",
        "in the Southern District of New York (D.D.C.)",
        "Acme Holdings (Acme)",
        "the United States Securities Commission (the Commission)",
        "he paid (USD) later",
        "",
    ],
)
def test_a_short_form_without_a_name_before_it_is_not_found(text: str) -> None:
    assert list(aliases(text)) == []
