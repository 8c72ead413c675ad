"""Denials, falsehoods, plans and bans that a sentence adds to its quotes or leaves out."""

import pytest

from rag.answer.doubt import Quoted
from rag.answer.polarity import doubts
from rag.types import Status


def withheld(quote: str, text: str, status: Status | None = None, question: str = "") -> bool:
    return any(doubt.withhold for doubt in doubts(text, [Quoted(quote, status)], question))


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        # a statement within a statement
        ("Lee falsely told clients that the notes were guaranteed.", "The notes were guaranteed."),
        ("Lee lied when he said that the bank held the gold.", "The bank held the gold."),
        ("Lee misrepresented that Orion had paid a dividend.", "Orion had paid a dividend."),
        ("They were wrongly and falsely assured the loan was repaid.", "The loan was repaid."),
        ("Lee pretended to own a refinery.", "Lee owned a refinery."),
        ("The so-called audit covered three years.", "The audit covered three years."),
        ("Lee falsely said that a bank backed the bogus bond.", "A bank backed the bogus bond."),
        ("Lee wrongly stated that the fund was audited.", "The fund was audited."),
        # done and not done
        ("Orion never registered the offering.", "Orion registered the offering."),
        ("Orion failed to file two reports.", "Orion filed two reports."),
        ("Orion stopped paying its vendors.", "Orion was paying its vendors."),
        ("Lee declined to produce the ledger.", "Lee produced the ledger."),
        ("The bank rarely reviewed the alerts.", "The bank reviewed the alerts."),
        ("Lee denied that he took the money.", "Lee took the money."),
        # planned, promised, possible
        ("Lee promised to return the deposits.", "Lee returned the deposits."),
        ("Orion planned to merge with Vega.", "Orion merged with Vega."),
        ("Lee attempted to sell the shares.", "Lee sold the shares."),
        ("The staff is investigating whether Orion inflated sales.", "Orion inflated sales."),
        # forbidden, undone
        ("The order prohibits Lee from soliciting clients.", "Lee is soliciting clients."),
        ("The panel vacated the penalty against Lee.", "The penalty against Lee was imposed."),
        # somebody's word, if its standing is not shown
        ("Orion insists the transfers were legal.", "The transfers were legal."),
        ("The firm was reportedly insolvent.", "The firm was insolvent."),
        # added by the sentence
        ("Lee disclosed the fee.", "Lee did not disclose the fee."),
        ("Lee told clients about the fee.", "Lee falsely told clients about the fee."),
        ("The court fined Lee.", "The court barred Lee."),
        ("Lee did not register. The court fined Lee.", "The court did not fine Lee."),
        # a part of a sentence
        ("The judge jailed the trader who had hidden the losses.", "Had hidden the losses."),
        ("It named the firm that he ran from Reno.", "He ran from Reno."),
    ],
)
def test_a_sentence_that_turns_its_quote_is_withheld(quote: str, text: str) -> None:
    assert withheld(quote, text)


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("Lee falsely told clients that the notes were safe.", "Lee lied about the notes."),
        ("Orion failed to file two reports.", "Orion did not file two reports."),
        ("Lee promised to return the deposits.", "Lee was to return the deposits."),
        ("Lee, who denied the charges, ran the fund from Reno.", "Lee ran the fund from Reno."),
        ("Lee did not register, and the court fined Lee $5.", "The court fined Lee $5."),
        ("The court enjoined Lee from trading and ordered a $5 fine.", "The fine ordered is $5."),
        ("The judge jailed Lee, who had hidden the losses.", "Lee had hidden the losses."),
        ("Lee may appeal. The court fined Orion $5.", "The court fined Orion $5."),
    ],
)
def test_a_sentence_that_keeps_the_turn_or_stands_outside_of_it_passes(
    quote: str, text: str
) -> None:
    assert not withheld(quote, text)


def test_what_is_alleged_may_be_said_where_its_standing_is_shown() -> None:
    quote, text = "The complaint alleges that Lee took $5.", "Lee took $5."

    assert withheld(quote, text)
    assert not withheld(quote, text, "alleged")
    assert withheld(f"The SEC alleges that Lee falsely said that {text}", text, "alleged")


def test_what_a_question_calls_false_is_unchecked_but_shown() -> None:
    quote = "Lee falsely told clients that the notes were guaranteed."
    question = "What did Lee falsely tell his clients?"

    (doubt,) = doubts("The notes would be guaranteed by a bank.", [Quoted(quote)], question)

    assert not doubt.withhold


def test_words_without_a_verb_state_nothing() -> None:
    assert not withheld("Lee promised a return of 5 percent.", "A return of 5 percent.")


def test_a_ban_without_its_limit_is_unchecked() -> None:
    quote = Quoted("The panel barred Lee for life from trading in commodity futures.")

    assert [doubt.withhold for doubt in doubts("The panel barred Lee.", [quote])] == [False]
    assert not list(doubts("The panel barred Lee from trading futures.", [quote]))
