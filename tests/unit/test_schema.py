"""The description of an answer for programs is that of the records themselves."""

from decimal import Decimal
from typing import get_args

from rag.question.query import PREFERENCES
from rag.schema import AnswerRecord
from rag.serve.requests import Preference as Kind
from rag.types import (
    Amount,
    Answer,
    Citation,
    Claim,
    Listed,
    Mention,
    Preference,
    Searched,
    Summary,
    SummarySentence,
    SumsAsked,
    SumsTable,
    Thing,
    WayOn,
    WithheldSentence,
)
from tests.records import document, hit


def test_an_answer_with_everything_in_it_is_as_described() -> None:
    of = document("He paid $5.", date="2020", agency=["SEC"])
    citation = Citation(of, 0, 11, of.text)
    claim = Claim(of.text, (citation,), "SEC", "found", "a rule")
    answer = Answer(
        "q",
        "partial",
        (claim,),
        (hit(of, 0, 11),),
        Searched(1, 1, ("q",), {"agency": ["SEC"]}, "b", (Preference("date", "2020", "2020"),)),
        missing=("the date",),
        notes=("A note.",),
        table=SumsTable(
            SumsAsked(("penalty",), days=(("2020", "2021"),)),
            1, 1, 1, (("USD", Decimal(5), 1),),
            (Amount(Decimal(5), "USD", "penalty", citation, "he"), Listed(citation, "he")),
            "lead", "scope",
        ),
        thing=Thing("amount", "$5", 1, 8, 10),
        way_on=WayOn(("Acme",), (Mention("Acme", "a", "A"),)),
        summary=Summary(
            "shown", "m", "h", "0", 1.0, "",
            (SummarySentence("s", (1,), "quoted"),), (WithheldSentence("t", (1,), "why"),),
            (claim,), (1,),
        ),
    )  # fmt: skip

    AnswerRecord.model_validate(answer.to_dict(), strict=True)


def test_the_preferences_that_a_client_may_ignore_are_all_there_are() -> None:
    assert get_args(Kind) == PREFERENCES
