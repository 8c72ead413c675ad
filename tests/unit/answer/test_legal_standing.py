"""A word of a legal standing needs a quote with this standing."""

import pytest

from rag.answer.doubt import Quoted
from rag.answer.legal_standing import doubts
from rag.types import Status


def raised(quote: str, text: str, status: Status | None = None) -> bool:
    return any(doubts(text, [Quoted(quote, status)]))


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("The SEC charged Lee with fraud.", "The court found that Lee committed fraud."),
        ("Lee settled without admitting the findings.", "Lee admitted the findings."),
        ("Lee agreed to pay $5.", "Lee paid $5."),
        ("Lee was ordered to pay $5.", "Lee has paid $5."),
        ("A grand jury indicted Lee.", "Lee was convicted."),
        ("The SEC sued Lee.", "Lee was indicted."),
        ("Lee pleaded not guilty.", "Lee was found guilty."),
        ("The court fined Lee.", "Lee went to prison."),
        ("The SEC sued Lee.", "Lee settled with the SEC."),
        ("The SEC sued Lee.", "Lee is liable."),
        ("The claim is pending.", "The claim was dismissed."),
    ],
)
def test_a_raised_standing_is_doubted(quote: str, text: str) -> None:
    assert raised(quote, text, "alleged")


@pytest.mark.parametrize(
    ("quote", "text", "status"),
    [
        ("The jury's verdict was for the SEC.", "The jury found for the SEC.", "stated"),
        ("Lee violated the rule.", "The court found that Lee violated the rule.", "found"),
        ("Lee pleaded guilty.", "Lee was convicted.", "stated"),
        ("Lee consented to a judgment.", "Lee settled.", "stated"),
        ("Lee settled without admitting it.", "Lee settled and did not admit it.", "stated"),
        ("Lee satisfied the judgment of $5.", "Lee paid $5.", "stated"),
        ("He received bribes.", "Bribes were paid to him.", "alleged"),
    ],
)
def test_a_standing_that_a_quote_bears_out_passes(quote: str, text: str, status: Status) -> None:
    assert not raised(quote, text, status)


def test_a_lesser_standing_of_the_document_alone_is_unchecked() -> None:
    quote, document = Quoted("The SEC sued Lee."), "The SEC sued Lee. Lee settled and paid $5."

    assert [d.withhold for d in doubts("Lee settled.", [quote], [document])] == [False]
    assert [d.withhold for d in doubts("Lee paid $5.", [quote], [document])] == [True]
