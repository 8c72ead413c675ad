"""Who acts on whom must be as in the quote."""

import pytest

from rag.answer.doubt import Quoted
from rag.answer.roles import doubts


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("Lee sued Vega Capital in 2019.", "Vega Capital sued Lee in 2019."),
        ("The complaint says that Lee bribed a clerk.", "A clerk bribed Lee."),
        ("Lee was hired by Vega Capital.", "Vega Capital was hired by Lee."),
    ],
)
def test_exchanged_roles_are_doubted(quote: str, text: str) -> None:
    assert [doubt.withhold for doubt in doubts(text, [Quoted(quote)])] == [False]


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("Lee sued Vega Capital in 2019.", "Lee sued Vega Capital."),
        ("Lee sued Vega Capital in 2019.", "Vega Capital was sued by Lee in 2019."),
        ("On May 3 the court ordered Lee to pay.", "The court ordered Lee to pay on May 3."),
        ("Lee sued Vega. Vega sued Lee.", "Vega sued Lee."),
    ],
)
def test_the_same_roles_in_another_form_pass(quote: str, text: str) -> None:
    assert not list(doubts(text, [Quoted(quote)]))
