"""Documents on the same case, and their order in time."""

from rag.answer.related_cases import on_same_case
from rag.text.cases import cases
from rag.types import Document


def release(doc_id: str, date: str, case: str) -> Document:
    return Document(doc_id, doc_id, f"SEC v. Doe, No. {case}", "x", "0" * 64, {"date": date})


def test_releases_on_the_same_case_are_found_the_newest_first() -> None:
    old = release("old", "2023-06-30", "3:23-cv-00959 (D. Or.)")
    new = release("new", "2023-07-20", "3:23-cv-00959 (D. Or.)")
    undated = release("undated", "2023", "3:23-cv-00959 (D. Or.)")
    other = release("other", "2024-01-01", "1:20-cv-03997 (S.D.N.Y.)")

    assert cases(old) == {(23, 959)}
    assert on_same_case([undated], [old, new, undated, other]) == [new, old]
    assert on_same_case([new], [new, undated, other]) == []


def test_a_case_that_is_cited_far_down_is_not_the_releases_own() -> None:
    own = release("own", "2023-06-30", "3:23-cv-00959 (D. Or.)")
    cites = release("cites", "2024-01-01", "1:20-cv-03997" + " x" * 800 + " 3:23-cv-00959")

    assert on_same_case([own], [cites]) == []
