"""Releases on the same case, told by its number at their beginning."""

from rag.answer.related_cases import on_same_case
from rag.types import Document
from tests.records import document


def release(doc_id: str, text: str, date: str) -> Document:
    return document(text, doc_id, date=date)


FILED = release("filed", "SEC v. Doe, Civil Action No. 20-cv-01234 (D. Nev.)", "2020-05-01")
CLOSED = release("closed", "SEC v. Doe, 2:20-cv-1234: a final judgment", "2022-05-01")
OTHER = release("other", "SEC v. Roe, Civil Action No. 20-cv-99 (D. Nev.)", "2023-05-01")


def test_the_number_of_a_case_in_any_spelling_joins_its_releases() -> None:
    assert on_same_case([FILED], [FILED, CLOSED, OTHER]) == [CLOSED]


def test_a_case_that_is_cited_far_down_is_not_the_releases_own() -> None:
    cites = release("cites", "x" * 2000 + " 20-cv-1234", "2024-05-01")

    assert on_same_case([FILED], [cites]) == []


def test_a_release_without_a_day_is_in_no_order() -> None:
    assert on_same_case([FILED], [release("year", CLOSED.text, "2022")]) == []
