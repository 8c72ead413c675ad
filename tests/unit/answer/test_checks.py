"""The checks before a sentence of a language model is shown, and the mark that it gets."""

import pytest

from rag.answer.checks import is_quotation, ruling
from rag.answer.verify import cite
from rag.types import Claim, Document, Status

TEXT = (
    "On May 3, 2019, the court ordered John Smith to pay a civil penalty of $5 million. "
    "Smith ran Vega Capital Partners (VCP) with Mary Doe from 2011. "
    "The complaint alleges that Smith falsely told investors that VCP was insured."
)
RELEASE = Document("LR-1", "SEC v. John Smith", TEXT, "lr.txt", "0" * 64, {"agency": "SEC"})
QUESTION = "What was Smith of Reno ordered to pay?"


def claim(start: str, status: Status) -> Claim:
    at = TEXT.index(start)
    end = TEXT.index(". ", at) + 1 if ". " in TEXT[at:] else len(TEXT)
    return Claim(TEXT[at:end], (cite(RELEASE, at, end),), "the court", status)


ORDER = claim("On May", "ordered")
RAN = claim("Smith ran", "stated")
LIE = claim("The complaint", "alleged")


def sure(quotes: object, text: str) -> float:
    return 0.9


@pytest.mark.parametrize(
    ("text", "claims", "mark", "why"),
    [
        ("The court fined Smith.", [], None, "cites no quote"),
        ("See www.leak.test for more.", [ORDER], None, "link"),
        ("Smith was ordered to pay $5 million; call 800-555-0199.", [ORDER], None, "link"),
        ("![x](http://leak.test/b) Smith was ordered to pay.", [ORDER], None, "link"),
        ("Smith was ordered to pay $6 million.", [ORDER], None, "“$6 million”"),
        ("Smith was ordered to pay on May 4, 2019.", [ORDER], None, "“May 4, 2019”"),
        ("Peter Jones was ordered to pay.", [ORDER], None, "“Peter Jones”"),
        ("Smith was not ordered to pay.", [ORDER], None, "deny"),
        ("Smith paid $5 million.", [ORDER], None, "“paid”"),
        ("VCP was insured.", [LIE], None, "middle"),
        ("Vega was covered, because it was insured.", [LIE], None, "false statement"),
    ],
)
def test_a_sentence_is_withheld_with_its_reason(
    text: str, claims: list[Claim], mark: None, why: str
) -> None:
    found = ruling(text, claims, QUESTION, support=sure)

    assert found.mark is mark
    assert why in found.why


def test_a_figure_or_name_of_the_document_alone_leaves_a_sentence_unchecked() -> None:
    assert ruling("In 2011 Smith was ordered to pay.", [ORDER], QUESTION, support=sure) == (
        "unchecked",
        "no quote that it cites says “2011”",
    )
    assert ruling("Mary Doe was ordered to pay.", [ORDER], QUESTION, support=sure).mark == (
        "unchecked"
    )


def test_names_of_the_title_the_question_and_their_aliases_are_known() -> None:
    for text in (
        "Smith of Reno was ordered to pay $5 million.",
        "The SEC had Smith ordered to pay $5 million.",
    ):
        assert ruling(text, [ORDER], QUESTION, support=sure).mark == "checked"
    assert ruling("VCP was run by Smith.", [RAN], QUESTION, support=sure).mark == "checked"
    vega = Claim(RAN.text, RAN.citations, None, "stated")
    assert ruling("Vega Capital Partners was run.", [vega], "", support=sure).mark == "checked"


def test_the_support_of_the_quotes_decides_at_last() -> None:
    text = "Smith was ordered to pay $5 million."

    for probability, mark in ((0.9, "checked"), (0.3, "unchecked"), (0.01, None)):
        support = {text: probability}
        found = ruling(text, [ORDER], QUESTION, support=lambda _, said: support[said])  # noqa: B023
        assert found.mark == mark


def test_nothing_but_a_quotation_is_sure_while_no_model_tells_support() -> None:
    assert ruling("Smith was ordered to pay $5 million.", [ORDER], QUESTION).mark == "unchecked"
    assert ruling(ORDER.text, [ORDER], QUESTION).mark == "quoted"


def test_several_quotes_are_read_as_one() -> None:
    text = "Smith, who ran it with Mary Doe, was ordered to pay $5 million."

    assert ruling(text, [ORDER, RAN], QUESTION, support=sure).mark == "checked"


def test_what_the_quotes_do_not_say_may_be_said_unchecked() -> None:
    found = ruling("The quotes do not say why Smith was fined.", [ORDER], QUESTION, support=sure)

    assert found.mark == "unchecked"


@pytest.mark.parametrize(
    "text",
    [
        "“The self-made  trader’s fund lost $5.”",
        "The self\u2010made trader's fund lost $5.",
        "The self-\nmade trader's fund lost $5",
    ],
)
def test_a_quotation_may_have_other_signs_and_white_space(text: str) -> None:
    assert is_quotation(text, ["He ran it. The self-made trader’s fund lost $5. It closed."])


@pytest.mark.parametrize("text", ["fund lost $5.", "It closed. He ran it.", "", "He ran"])
def test_a_part_of_a_sentence_is_no_quotation(text: str) -> None:
    assert not is_quotation(text, ["He ran it. The self-made trader’s fund lost $5. It closed."])
