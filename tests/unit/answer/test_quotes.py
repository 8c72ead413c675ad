"""Quotes: a sentence with its neighbours, never across a change of speaker or status."""

from rag.answer.quotes import quotes
from tests.records import document, scored

TEXT = (
    "The Commission filed a complaint against Doe.\n\n"
    "The complaint alleges that Doe sold notes. The complaint alleges that he kept the money. "
    "The court ordered Doe to pay $5,000.\n\n"
    "The complaint alleges that Roe helped."
)
CASE = document(TEXT, "case", agency="SEC", type="litigation_release")


def texts(*chosen: str, of: str = TEXT) -> list[str]:
    case = document(of, "case", agency="SEC", type="litigation_release")
    return [
        quote.document.text[quote.start : quote.end]
        for quote in quotes([scored(case, sentence) for sentence in chosen])
    ]


def test_a_sentence_is_quoted_with_neighbours_of_its_paragraph_and_status() -> None:
    (quote,) = quotes([scored(CASE, "The complaint alleges that he kept the money.")])

    assert TEXT[quote.start : quote.end] == (
        "The complaint alleges that Doe sold notes. The complaint alleges that he kept the money."
    )
    assert (quote.speaker, quote.status) == ("SEC", "alleged")


def test_a_quoted_sentence_is_not_quoted_again() -> None:
    assert texts(
        "The complaint alleges that he kept the money.",
        "The court ordered Doe to pay $5,000.",
        "The complaint alleges that Doe sold notes.",
    ) == [
        "The complaint alleges that Doe sold notes. The complaint alleges that he kept the money.",
        "The court ordered Doe to pay $5,000.",
    ]


def test_a_paragraph_ends_a_quote() -> None:
    assert texts("The complaint alleges that Roe helped.") == [
        "The complaint alleges that Roe helped."
    ]


def test_neighbours_are_added_only_while_the_quote_is_short() -> None:
    long = f"The complaint alleges that Doe sold {'many ' * 100}notes."
    first = "The complaint alleges that Doe met the investors at a hotel in Reno."

    assert (len(long), len(first)) == (542, 68)  # 611 with the space between
    assert texts(long, of=f"{first} {long}") == [long]
    assert texts(first, of=f"{first} {long}") == [first]


def test_adjacent_quotes_are_joined_while_the_result_is_short() -> None:
    one = f"The complaint alleges that Doe sold {'many ' * 60}notes."
    other = f"The complaint alleges that Doe kept {'much ' * 60}money."
    long = f"The complaint alleges that Doe spent {'much ' * 100}money."

    assert texts(other, one, of=f"{one}\n\n{other}") == [f"{one}\n\n{other}"]
    assert texts(other, long, of=f"{long}\n\n{other}") == [other, long]
