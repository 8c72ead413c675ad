"""What overtakes a quote is quoted with it, from the same document or a later one."""

from rag.answer.overtaken import with_what_overtakes
from rag.answer.quotes import quotes
from rag.types import Document
from tests.records import document, hit, scored


def shown(case: Document, sentence: str, *others: Document) -> list[str]:
    hits = [hit(of, 0, len(of.text), rank=rank) for rank, of in enumerate([case, *others], 1)]
    found = with_what_overtakes(quotes([scored(case, sentence)]), hits)
    return [one.document.text[one.start : one.end] for one in found]


FINED = "In May 2019 a court fined Acme Mills $7 million."


def test_a_reversal_in_the_same_document_stands_after_the_quote() -> None:
    reversal = "The appeals court later vacated that fine."
    case = document(f"{FINED} {reversal} Acme makes flour.", "case")

    assert shown(case, FINED) == [FINED, reversal]


def test_passive_words_are_understood_too() -> None:
    lifted = "The ban was lifted on 3 June 2021."
    banned = "Doe was banned from trading for ten years."

    assert shown(document(f"{banned} {lifted}", "case"), banned) == [banned, lifted]


def test_an_amended_order_stands_after_the_one_before_it() -> None:
    amended = "On 2 June 2020 the court issued an amended final judgment."

    assert shown(document(f"{FINED} {amended}", "case"), FINED) == [FINED, amended]


def test_what_stands_or_concerns_another_case_overtakes_nothing() -> None:
    for after in (
        "The appeals court affirmed that fine.",
        "Acme asked the court to vacate that fine.",
        "Acme broke the Securities Act, as amended.",
        "The amended complaint seeks a final judgment.",
        "In Roe v. Doe the court reversed that order.",
    ):
        assert len(shown(document(f"{FINED} {after}", "case"), FINED)) == 1


OLD = "The Board fined Acme Mills $7,000 for late filings."
OLDER = document(OLD, "old", date="2023-02-05")
NEW = "This order replaces the order of 5 February 2023 on Acme Mills. The fine is $5,000."


def test_a_later_document_that_replaces_the_quoted_one_stands_before_it() -> None:
    new = document(f"{NEW}\n\nNothing else changes.", "new", date="2023-04-01")

    assert shown(OLDER, OLD, new) == [NEW, OLD]


def test_a_document_of_another_firm_or_an_earlier_day_overtakes_nothing() -> None:
    other = document(NEW.replace("Acme Mills", "Zed Foods"), "other", date="2023-04-01")
    earlier = document(NEW, "earlier", date="2023-01-01")

    assert shown(OLDER, OLD, other, earlier) == [OLD]


def test_nothing_is_quoted_twice() -> None:
    reversal = "The appeals court later vacated that fine."
    case = document(f"{FINED} {reversal}", "case")
    found = with_what_overtakes(quotes([scored(case, FINED), scored(case, reversal)]), [])

    assert len(found) == len({(one.start, one.end) for one in found})
