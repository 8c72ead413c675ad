"""Questions that want sums ranked or added up, and those that want one sum."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

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
        kinds=("penalty", "settlement"), days=(("2019", "~"),), parties=("banks",)
    )
    assert understand("all fines between 2018 and 2019").sums == SumsAsked(
        kinds=("penalty", "settlement"), wanted="list", days=(("2018", "2019~"),)
    )


def test_a_preference_that_is_ignored_narrows_nothing() -> None:
    asked = understand("largest penalties in 2019", ignore=["date"]).sums

    assert asked == SumsAsked(kinds=("penalty", "settlement"))


class Names:
    """The names that an index knows."""

    def aliases(self, terms: Iterable[str]) -> list[str]:
        return []

    def values(self, key: str) -> Sequence[str]:
        agencies = ("sec", "ofac", "ico", "dpc", "cnil")
        types = (
            "penalty_notice",
            "litigation_release",
            "enforcement_release",
            "opinion",
            "decision",
        )
        return {"agency": agencies, "type": types}.get(key, ())


def asked(question: str, *history: str) -> SumsAsked | None:
    return understand(question, history, vocabulary=Names()).sums


@pytest.mark.parametrize(
    "question",
    [
        "What were the largest OFAC penalties in 2019?",
        "Which was the biggest fine of 2012?",
        "total of all settlements with banks",
        "top ten disgorgements in 2010",
        "largest penalties against banks since 2019",
        "all fines between 2018 and 2019",
        "What is the total penalty imposed by OFAC in 2019?",
        "which company paid the largest fine?",
        "which banks were fined in 2019?",
        "Which companies were fined by the ICO?",
        "which banks in 2019",
        "how many documents are there?",
        "how many documents mention Coles?",
        "how many cases did OFAC bring in 2019?",
        "list the documents",
        "list all documents",
        "all documents about Marriott",
        "which documents mention Kenneth Lay?",
        "list all penalty notices",
        "show me all ICO penalty notices from 2021",
        "how many decisions did the DPC issue?",
        "how many penalty notices are there?",
        "What is the smallest penalty the ICO imposed?",
        "what was the lowest fine in 2021?",
        "how much did banks pay in total in 2019?",
        "how much in fines did the ICO impose in 2021?",
        "list all penalties against Wells Fargo",
        "who paid the most in 2019?",
        "five largest penalties for insider trading",
        "fines over £100,000",
        "list all fines over £100,000",
        "which companies paid more than $1 million in 2019?",
        "which companies violated the Iran sanctions?",
        "largest fines in euros",
        "What are the largest penalties under the Foreign Corrupt Practices Act?",
        "SEC releases about insider trading in 2003",
        "how many releases are from 2003?",
        "who was fined by the ICO in 2021?",
        "how many companies were fined in 2019?",
        "what documents do you have?",
        "documents from 2021",
        "how many OFAC enforcement releases mention Iran?",
        "List the opinions",
        "total disgorgement in 2010",
        "which cases involve Ponzi schemes?",
        "all cases against Coles",
        "sum of all penalties",
        "List every settlement above $100 million",
        "How many fines did the ICO impose?",
        "which documents are from the DPC?",
    ],
)
def test_lists_counts_and_totals_over_many_documents_want_a_table(question: str) -> None:
    assert asked(question) is not None


@pytest.mark.parametrize(
    "question",
    [
        "What penalty did Expedia pay?",
        "Who is the largest shareholder?",
        "What was the total penalty that Expedia paid?",
        "How much did Binance agree to pay?",
        "What penalty did Expedia pay in total?",
        "What total penalties did Expedia pay?",
        "what total penalties did expedia pay?",
        "what is the total fine in the WhatsApp case?",
        "what was the largest fine in the Marriott decision?",
        "How many documents did Levandowski download?",
        "how many documents were stolen?",
        "Which documents did he destroy?",
        "how many documents did the FBI review?",
        "Which companies did Manafort own?",
        "Which banks held the accounts used in the scheme?",
        "which companies were fined for the scheme?",
        "What was the total penalty against TD Bank?",
        "total fine on Uber",
        "What is the maximum penalty for a violation?",
        "What is the highest possible fine?",
        "how many cases of salmonella were there?",
        "How many fines did TikTok get?",
        "What was the largest transaction Roh made?",
        "Which defendants paid disgorgement?",
        "List the factors that OFAC considered",
        "what did the SEC allege in all counts?",
        "Which company was fined for leaking passenger data?",
        "What is the total number of violations Expedia committed?",
        "How many files were exposed?",
        "which documents were attached to the plea agreement?",
        "What fines did the DPC impose on WhatsApp?",
        "how many people were affected by the breach?",
        "Which penalties did the court order in SEC v. Lee?",
        "List all exhibits in the complaint",
        "What did all the documents he signed say?",
        "which cases did the court cite?",
        "What were the biggest risks to consumers?",
        "How much did the bank pay in fines to the OCC?",
        "What is the total amount of the settlement?",
        "who was fined?",
        "which individuals were charged with Manafort?",
        "what is the largest bank in Tennessee?",
        "How many actions did the respondent take to fix the breach?",
        "which orders did Judge Snyder issue?",
        "Emex Corporation fraud: compare the civil penalties of Iannazzo and Stanson.",
        "State Street subprime case: total compensation, counting private settlements?",
    ],
)
def test_a_question_about_one_case_or_about_facts_wants_none(question: str) -> None:
    assert asked(question) is None


def test_what_is_asked_for_and_of_which_documents() -> None:
    assert asked("five lowest ICO fines over £1,000 in euros for insider trading") == SumsAsked(
        kinds=("penalty", "settlement"),
        wanted="smallest",
        agencies=("ico",),
        words=("insider trading",),
        currencies=("EUR",),
        above=Decimal(1000),
        first=5,
    )
    assert asked("how many OFAC enforcement releases mention Iran since 2020?") == SumsAsked(
        wanted="count",
        agencies=("ofac",),
        types=("enforcement_release",),
        days=(("2020", "~"),),
        words=("Iran",),
    )
    assert asked("which banks were fined by the Information Commissioner's Office?") == SumsAsked(
        kinds=("penalty", "settlement"), wanted="list", agencies=("ico",), parties=("banks",)
    )
    assert asked("list all penalties against Wells Fargo") == SumsAsked(
        kinds=("penalty", "settlement"), wanted="list", parties=("Wells Fargo",)
    )


OFAC_2019 = SumsAsked(
    kinds=("penalty", "settlement"), agencies=("ofac",), days=(("2019", "2019~"),)
)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("and in 2023?", replace(OFAC_2019, days=(("2023", "2023~"),))),
        ("the smallest?", replace(OFAC_2019, wanted="smallest")),
        ("and the total?", replace(OFAC_2019, wanted="total")),
        ("how many?", replace(OFAC_2019, wanted="count")),
        ("and for banks?", replace(OFAC_2019, parties=("banks",))),
        ("only those in euros", replace(OFAC_2019, currencies=("EUR",))),
        ("only SEC", replace(OFAC_2019, agencies=("sec",))),
        ("which companies?", replace(OFAC_2019, wanted="list")),
        ("and Expedia?", None),
        ("What did Binance pay?", None),
        ("why was that?", None),
    ],
)
def test_a_follow_up_changes_the_earlier_question(
    question: str, expected: SumsAsked | None
) -> None:
    assert asked(question, "largest OFAC penalties in 2019") == expected


def test_a_follow_up_of_an_ordinary_question_wants_no_table() -> None:
    assert asked("and in 2023?", "What did Expedia pay?") is None
    assert asked("and the total?", "largest OFAC penalties in 2019", "and in 2023?") == replace(
        OFAC_2019, wanted="total", days=(("2023", "2023~"),)
    )
