"""The line above the quotes."""

from dataclasses import replace

import pytest

from rag.answer.thing import thing
from rag.answer.verdict import verdict
from rag.question.understanding import understand
from rag.types import Citation, Claim, Status
from tests.records import document


def claim(text: str, status: Status = "alleged", speaker: str | None = "SEC") -> Claim:
    citation = Citation(document(text, "SEC v. Acme"), 0, len(text), text)
    return Claim(text, (citation,), speaker, status)


def test_without_claims_the_documents_do_not_say() -> None:
    assert verdict(understand("Who sued Acme?"), []) == "The documents do not say."


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("ordered", "$5,000, ordered by SEC."),
        ("alleged", "$5,000, as SEC alleges."),
        ("settled", "$5,000, agreed, as SEC reports."),
    ],
)
def test_a_sum_comes_with_its_standing(status: Status, expected: str) -> None:
    asked = understand("What penalty did Acme pay?")
    claims = [claim("Acme paid a penalty of $5,000.", status)]

    assert verdict(asked, claims, thing=thing(asked, claims)) == expected


def test_a_proposed_sum_is_never_told_as_imposed() -> None:
    asked = understand("What penalty did the ICO impose on Acme?")
    claims = [
        claim("The ICO issued Acme a notice of intent with a proposed penalty of £1,500,000.")
    ]

    line = verdict(asked, [replace(claims[0], status="ordered")], thing=thing(asked, claims))

    assert line == "£1,500,000, proposed, as SEC says."


def test_two_documents_that_give_different_sums_disagree() -> None:
    asked = understand("What penalty did Acme pay?")
    first = claim("Acme paid a penalty of $5,000.", "ordered")
    text = "Acme paid a penalty of $7,000."
    citation = Citation(document(text, "Order against Acme"), 0, len(text), text)
    second = Claim(text, (citation,), "SEC", "ordered")
    claims = [first, second]

    assert verdict(asked, claims, thing=thing(asked, claims)) == (
        "Two documents differ: $5,000 in quote 1, $7,000 in quote 2."
    )
    assert verdict(
        asked, [first, replace(second, status="alleged")], thing=thing(asked, claims)
    ) == ("$5,000, ordered by SEC.")


def test_an_unsure_sum_is_told_as_a_maybe() -> None:
    asked = understand("What penalty did Acme pay?")
    claims = [claim("Acme paid a penalty of $5,000.", "ordered")]

    assert verdict(asked, claims, thing=thing(asked, claims), sure=False) == (
        "Perhaps $5,000, ordered by SEC: the quotes may not answer the question."
    )


def test_what_lacks_stands_in_the_line() -> None:
    asked = understand("When did Acme settle?")

    assert verdict(asked, [claim("Acme settled.")], missing=("nothing says when",)) == (
        "Partly: nothing says when."
    )


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ([claim("Acme lied.")], "Only alleged, by SEC: no decision is quoted."),
        (
            [claim("Acme lied."), claim("Acme denies it.", "denied", "Acme")],
            "Alleged by SEC, denied by Acme: no decision is quoted.",
        ),
        (
            [claim("Acme denies it.", "denied", "Acme")],
            "Denied by Acme: no decision is quoted.",
        ),
        (
            [claim("Acme lied."), claim("Acme lied, it held.", "found", "the ICO")],
            "Found by the ICO: read quote 2.",
        ),
        (
            [claim("Acme did not lie, it held.", "found", "the ICO")],
            "Decided, with a “not”, as the ICO says: read quote 1.",
        ),
        (
            [claim("The case against Acme remains pending.")],
            "Not decided in these documents.",
        ),
    ],
)
def test_the_deciding_claim_answers_yes_or_no(claims: list[Claim], expected: str) -> None:
    assert verdict(understand("Did Acme lie?"), claims) == expected


def test_a_settlement_without_admission_answers_who_admitted() -> None:
    quoted = [claim("Without admitting or denying it, Acme agreed to pay.", "settled")]

    assert verdict(understand("Did Acme admit the fraud?"), quoted, sure=False) == (
        "Settled without admitting or denying it: read quote 1."
    )


def test_a_false_premise_is_told_with_the_sentence_and_its_speaker() -> None:
    asked = understand("Why were the violations by Acme egregious?")
    quoted = [
        claim("Roe paid."),
        claim("The violations by Acme are a non-egregious case.", "found"),
    ]

    assert verdict(asked, quoted) == (
        "The documents say otherwise: “The violations by Acme are a non-egregious case.” (SEC)"
    )


def test_the_denial_of_one_side_is_its_word() -> None:
    asked = understand("When did Acme settle the lawsuit?")
    quoted = [claim("Acme has not settled the lawsuit.", "denied", "Acme")]

    assert verdict(asked, quoted) == (
        "Acme denies what the question takes for granted: “Acme has not settled the lawsuit.”"
    )


def test_doubt_is_told() -> None:
    asked = understand("What did Acme sell?")

    assert verdict(asked, [claim("Acme sold.")]) == "Answered by this quote."
    assert verdict(asked, [claim("Acme sold."), claim("So did Roe.")]) == (
        "Answered by the first quote."
    )
    assert verdict(asked, [claim("Acme sold.")], sure=False).startswith("Not sure: ")


def test_a_doubt_about_one_part_names_it() -> None:
    asked = understand("What did Acme sell and why was Roe dismissed?")

    assert verdict(asked, [claim("Acme sold.")], sure=False, doubted=["why was Roe dismissed"]) == (
        "Not sure: the nearest quotes follow, and they may not answer “why was Roe dismissed?”."
    )
