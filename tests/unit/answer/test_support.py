"""A shortened quote is supported. A sentence with another meaning is not."""

import pytest

from rag.answer.support import supports

COURT = "On May 3, 2019, the court ordered the company to pay $5 million in fines."
JURY = "The jury found Smith liable and acquitted Doe."


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        (COURT, "The court ordered the company to pay $5 million."),
        (COURT, "The court ordered the company to pay $5 million on May 3, 2019."),
        (COURT, "The court ordered the company to pay fines."),
        ("The complaint alleges that Smith lied to investors.", "Smith lied to investors."),
        (
            "Smith was ordered to pay $9 in disgorgement, and a civil penalty of $5.",
            "Smith was ordered to pay a civil penalty of $5.",
        ),
    ],
)
def test_a_quote_supports_a_shorter_form_of_itself(quote: str, text: str) -> None:
    assert supports(["Another quote.", quote], text)


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        (JURY, "Smith acquitted Doe."),
        ("The SEC charged Smith; Doe pleaded guilty.", "Smith pleaded guilty."),
        ("The SEC charged Smith with aiding Doe.", "The SEC charged Doe."),
        ("Smith's partner paid $5 million.", "Smith paid $5 million."),
        ("A company owned by Smith defrauded investors.", "Smith defrauded investors."),
        ("The broker aided a lawyer, who stole funds.", "The broker stole funds."),
        ("Smith was found liable, but the judge reversed.", "Smith was found liable."),
        ("Smith denied that he stole funds.", "He stole funds."),
        ("Smith did not steal funds.", "Smith did steal funds."),
        ("Smith failed to pay.", "Smith did pay."),
        ("Smith sued Doe.", "Smith was sued by Doe."),
        ("It was paid by the broker to the agency.", "It was paid by the agency."),
        ("He got 3 years of probation and 5 years of prison.", "He got 5 years of probation."),
        ("Smith was charged in 2018 and convicted in 2020.", "Smith was convicted in 2018."),
        ("Smith was charged.", "Smith was convicted."),
        ("The funds are safe and Smith will pay.", "The funds are safe or Smith will pay."),
        (COURT, ""),
    ],
)
def test_a_quote_does_not_support_another_meaning(quote: str, text: str) -> None:
    assert not supports([quote], text)
