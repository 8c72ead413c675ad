"""What a question asks for and no quote gives."""

import pytest

from rag.answer.lacks import holds, lacks
from rag.question.understanding import understand
from rag.types import Citation, Claim
from tests.records import document


def claim(text: str, title: str = "SEC v. Acme") -> Claim:
    citation = Citation(document(text, title), 0, len(text), text)
    return Claim(text, (citation,), "SEC", "alleged")


@pytest.mark.parametrize(
    ("text", "name", "held"),
    [
        ("The SEC sued Robert Clifford Cowan.", "Robert Cowan", True),
        ("The SEC sued ACME corp.", "Acme Corp", True),
        ("A fine for Société Générale.", "Societe Generale", True),
        ("A fine for Binance.", "Binanse", True),
        ("A fine for Binance.", "Kraken", False),
        ("The rule applies to all.", "Apple", False),
        ("Data went to American firms.", "America", True),
        ("Honorable William B. Shubb sat.", "Judge Shubb", True),
        ("The SEC sued John Doe, of Ohio.", "Jane Doe", False),
        ("The SEC sued Jane Roe, of Wall Road.", "Jane Street", False),
        ("Before that, Goldman told buyers so.", "Goldman Sachs", True),
        ("The bank told buyers so. Barclays Bank agreed.", "Deutsche Bank", False),
        ("The Commodity Futures Trading Commission voted.", "CFTC", True),
        ("Data went to the United States.", "America", True),
        ("Acme of Ohio hired Jane Roe.", "Jane Roe of Acme", True),
        ("Casey Abe and his wife sold.", "Abes", True),
    ],
)
def test_a_name_is_held_without_case_accents_or_one_letter(
    text: str, name: str, held: bool
) -> None:
    assert holds(text, name) is held


def test_a_name_in_no_quoted_document_is_named() -> None:
    asked = understand("What did Acme and Egret pay?")

    assert lacks(asked, [claim("Acme paid $5.")]) == ("“Egret” is not in the quoted documents",)
    assert lacks(asked, [claim("Acme paid $5.")], known=lambda name: False) == (
        "“Egret” is not in the documents",
    )
    assert lacks(asked, [claim("Acme paid $5."), claim("So did Egret: $6.")]) == ()


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("When did Acme settle?", "Acme settled.", ("nothing says when",)),
        ("When did Acme settle?", "Acme settled on June 3, 2021.", ()),
        ("How long was Roe barred?", "Roe was barred.", ("nothing says how long",)),
        ("How long was Roe barred?", "Roe was barred for 90 minutes.", ()),
        ("How long was Roe barred?", "Roe was barred permanently.", ()),
        ("How many shares did Roe sell?", "Roe sold shares.", ("nothing says how many shares",)),
        ("How many shares did Roe sell?", "Roe sold 5,000 shares.", ()),
        ("Which bank lent to Roe?", "Roe went to another bank.", ("nothing says which bank",)),
        ("Which bank lent to Roe?", "Roe went to a bank, Egret Trust.", ()),
        ("Which brother was sued?", "Two brothers were sued: Tom Roe.", ()),
        ("Did Roe settle when he was sued?", "Roe was sued.", ()),
        ("Why was Roe barred?", "Roe was barred.", ()),
    ],
)
def test_a_thing_lacks_only_if_the_quotes_hold_none_of_its_kind(
    question: str, text: str, expected: tuple[str, ...]
) -> None:
    assert lacks(understand(question), [claim(text)]) == expected


def test_a_part_is_told_in_words_that_a_person_would_use() -> None:
    asked = understand("When was Acme held liable and how much did it pay?")
    sentenced = understand("What did Roe admit and when was he sentenced?")

    assert lacks(asked, [claim("Acme was held liable on July 6, 2022.")]) == (
        "nothing says how much: “how much did it pay?”",
    )
    assert lacks(sentenced, [claim("Roe admitted fraud.")]) == (
        "nothing says when he was sentenced",
    )


def test_a_long_part_is_not_repeated() -> None:
    asked = understand(f"Did Roe pay; when did {'the firm and ' * 20}Roe settle?")

    assert lacks(asked, [claim("Roe settled.")]) == ("nothing says when",)
