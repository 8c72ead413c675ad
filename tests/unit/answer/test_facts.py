"""Numbers, dates and names of a text that its quotes do not contain are found."""

import pytest

from rag.answer.facts import Missing, is_fuller, missing_figures, missing_names

QUOTE = (
    "On May 3, 2019, the Commission ordered John A. Smith and Mary Doe of Acme Corp. to pay "
    "$4,316,126.50 and a penalty of $5 million, 12 percent of its revenue, within thirty days "
    "under Rule 10b-5; three former officers, about half of the board, were barred."
)


def unfounded(text: str, quotes: list[str]) -> tuple[str, ...]:
    found = (*missing_figures(text, quotes), *missing_names(text, quotes))
    return tuple(one.written for one in found)


@pytest.mark.parametrize(
    "text",
    [
        "The Commission ordered them to pay $4,316,126.50.",
        "The penalty was $5,000,000.",
        "It paid 5 million dollars, or 12% of revenue, in 30 days.",
        "In May 2019, 3 officers were barred under Rule 10b-5.",
        "The order is of 3 May 2019.",
        "On 2019-05-03 half of the board left.",
        "John Smith and Mary Doe were ordered to pay.",
        "Officers of Acme Corp. were barred.",
        "Acme's officers paid in 2019.",
    ],
)
def test_facts_of_the_quote_are_accepted(text: str) -> None:
    assert unfounded(text, [QUOTE]) == ()


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("It paid $5.1 million.", "$5.1 million"),
        ("It paid €5 million.", "€5 million"),
        ("It paid 5 percent.", "5 percent"),
        ("It paid $4.3 million.", "$4.3 million"),
        ("It paid ５００ dollars.", "500 dollars"),
        ("It paid $5 mil\u200blion and $6 mil\u200blion.", "$6 million"),
        ("The order is of May 5, 2019.", "May 5, 2019"),
        ("The order is of 2018.", "2018"),
        ("The order is of May 3, 2018.", "May 3, 2018"),
        ("John Doe was barred.", "John Doe"),
        ("Peter Smith was barred.", "Peter Smith"),
        ("Officers of Apex were barred.", "Apex"),
        ("Apex was barred.", "Apex"),
        ("Four officers were barred.", "Four"),
        ("Twenty-five officers were barred.", "Twenty-five"),
        ("A third of the board left.", "third"),
        ("It broke Rule 12b-5.", "12b"),
    ],
)
def test_facts_that_the_quote_lacks_are_named(text: str, missing: str) -> None:
    assert unfounded(text, [QUOTE]) == (missing,)


def test_a_date_must_be_in_one_quote() -> None:
    quotes = ["It was settled in May 2018.", "It was filed on June 3, 2019."]

    assert unfounded("It was settled in June 2019.", quotes) == ()
    assert unfounded("It was settled on May 3, 2019.", quotes) == ("May 3, 2019",)


def test_amounts_with_stray_spaces_of_a_pdf_are_read() -> None:
    assert unfounded("The penalty was $8 million.", ["a penalty of $8 m illion"]) == ()


def test_a_name_may_be_written_as_its_alias_or_with_a_lost_apostrophe() -> None:
    aliases = [("cftc", "commodity futures trading commission")]

    assert missing_names("The CFTC filed it.", ["the Commodity Futures Trading Commission"]) != ()
    assert (
        missing_names("The CFTC filed it.", ["the Commodity Futures Trading Commission"], aliases)
        == ()
    )
    assert missing_names("The SEC filed it.", ["According to the SECs complaint"]) == ()


def test_a_count_in_words_and_an_opening_word_are_not_certain() -> None:
    quotes = ["The court barred Smith and Doe."]

    assert missing_figures("It barred two officers and 3 firms.", quotes) == (
        Missing("3", certain=True),
        Missing("two", certain=False),
    )
    assert missing_names("Prosecutors barred them. It barred Roe.", quotes) == (
        Missing("Prosecutors", certain=False),
        Missing("Roe", certain=True),
    )


def test_a_figure_called_rounded_may_round_one_of_the_quotes() -> None:
    quotes = ["It paid $4,316,126 to 30 investors."]

    assert missing_figures("It paid about $4.3 million.", quotes) == ()
    assert missing_figures("It paid over $4 million.", quotes) == ()
    for text in ("about $4.6 million", "about €4.3 million", "about 29 investors", "$4.3 million"):
        assert len(missing_figures(f"It paid {text}.", quotes)) == 1


def test_a_fuller_name_of_the_document_is_that_of_the_surname_in_the_quote() -> None:
    document = "Thomas A. Goldman ran it with Mary Lee and Ann Lee. Goldman and Lee were sued."

    assert is_fuller("Thomas Goldman", "In 2019 Goldman paid $9.", document)
    assert not is_fuller("Thomas Goldman", "In 2019 Mary Goldman paid $9.", document)
    assert not is_fuller("Peter Goldman", "In 2019 Goldman paid $9.", document)
    assert not is_fuller("Goldman", "In 2019 Goldman paid $9.", document)
    assert not is_fuller("Mary Lee", "In 2019 Lee paid $9.", document)
