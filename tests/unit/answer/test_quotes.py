"""Quotes: a unit with what it needs, never across a change of speaker or status."""

from dataclasses import replace

import pytest

from rag.answer.quotes import points_back, quotes
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


def test_a_sentence_that_points_back_is_quoted_with_the_one_before() -> None:
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

    assert texts(one, other, of=f"{one}\n\n{other}") == [f"{one}\n\n{other}"]
    assert texts(other, long, of=f"{long}\n\n{other}") == [other, long]


def test_a_sentence_that_is_clear_by_itself_is_quoted_alone() -> None:
    fined = "The court ordered Roe to pay $5,000."

    assert texts(fined, of=f"Roe ran a mill in Ohio. {fined} He paid it in May.") == [fined]


@pytest.mark.parametrize(
    "text",
    [
        "He paid the fine in May.",
        "In May 2021 he was sentenced to three years.",
        "It was ordered to pay $5,000.",
        "Doe must pay this amount within ten days.",
        "Such conduct is forbidden.",
        "These were forged.",
        "The latter was never charged.",
    ],
)
def test_what_cannot_be_understood_alone_points_back(text: str) -> None:
    assert points_back(text)


@pytest.mark.parametrize(
    "text",
    [
        "Doe paid the fine in May.",
        "The complaint alleges that Doe kept his own books.",
        "It is alleged that Doe forged the notes.",
        "The firm sold notes, such as those of Doe, to its clients.",
        "On 3 May Jane Roe said that she had paid.",
    ],
)
def test_what_names_its_subject_does_not_point_back(text: str) -> None:
    assert not points_back(text)


def test_in_an_exchange_the_one_who_answers_speaks() -> None:
    text = "DEPOSITION OF ADA PELL\n\nQ. Did you pay the clerk?\n\nA. I never paid him."
    asked, told = text.index("Q."), text.index("A. I")
    starts = ((asked, "the questioner"), (told, "Ada Pell"))
    case = replace(document(text), speaker_starts=starts)
    unit = text[asked:]
    (quote,) = quotes([scored(case, unit)])

    assert text[quote.start : quote.end] == unit
    assert quote.speaker == "Ada Pell"


def test_an_answer_begins_with_its_best_sentence_unless_the_one_before_is_short() -> None:
    best = "The complaint alleges that Doe kept the money."
    short = "The complaint alleges that Doe sold notes."
    long = f"The complaint alleges that Doe sold {'many ' * 30}notes."

    assert texts(best, short, of=f"{short} {best}") == [f"{short} {best}"]
    assert texts(best, long, of=f"{long} {best}") == [best, long]


def test_the_first_quote_goes_on_with_the_sentence_that_points_back_at_it() -> None:
    told = "The chairman told Roe to burn the ledger."
    other = "The chairman told Doe to sell the mill."
    of = f"{told} He refused to do so.\n\n{other} He did it in May."

    assert texts(told, other, of=of) == [f"{told} He refused to do so.", other]


def test_exchanges_and_rows_are_not_joined() -> None:
    asked = "Q. Did you pay?\n\nA. I did, in May."
    other = "Q. Did you tell your partner of it?\n\nA. I did not."
    rows = "Firm: Alder; Fine: £5,000", "Firm: Birch; Fine: £7,000"

    assert texts(asked, other, of=f"{asked}\n\n{other}") == [asked, other]
    assert texts(*rows, of="\n".join(rows)) == list(rows)
