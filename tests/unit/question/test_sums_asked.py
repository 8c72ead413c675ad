"""Questions that want sums ranked or added up, and those that want one sum."""

import pytest

from rag.question.understanding import understand
from rag.types import SumsAsked


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("What were the largest OFAC penalties in 2019?", {"penalty", "settlement"}),
        ("Which was the biggest fine of 2012?", {"penalty", "settlement"}),
        ("total of all settlements with banks", {"settlement"}),
        ("top ten disgorgements in 2010", {"disgorgement"}),
        ("What penalty did Expedia pay?", set()),
        ("Who is the largest shareholder?", set()),
        ("What was the total penalty that Expedia paid?", set()),
        ("How much did Binance agree to pay?", set()),
    ],
)
def test_a_table_is_made_only_where_sums_are_to_be_ranked_or_added(
    question: str, kinds: set[str]
) -> None:
    asked = understand(question).sums

    assert set(asked.kinds if asked else ()) == kinds


def test_the_dates_and_words_of_the_question_say_which_documents_are_meant() -> None:
    assert understand("largest penalties against banks since 2019").sums == SumsAsked(
        kinds=("penalty", "settlement"), days=(("2019", "~"),), words=("bank",)
    )
    assert understand("all fines between 2018 and 2019").sums == SumsAsked(
        kinds=("penalty", "settlement"), days=(("2018", "2019~"),)
    )


def test_a_preference_that_is_ignored_narrows_nothing() -> None:
    asked = understand("largest penalties in 2019", ignore=["date"]).sums

    assert asked == SumsAsked(kinds=("penalty", "settlement"))
