"""The numbers of the court cases that a document is about."""

import pytest

from rag.text.cases import cases
from rag.types import Document


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("No. 3:23-cv-00959 (D. Or.)", {(23, 959)}),
        ("05 Civ. 1234 (S.D.N.Y.)", {(5, 1234)}),
        ("Civil Action No.05-12268-RCL (D. Mass)", {(5, 12268)}),
        ("Criminal Action No. 06-10004-RGS", {(6, 10004)}),
        ("Litigation Release No. 20677", set()),
    ],
)
def test_the_numbers_of_a_case_are_its_year_and_its_number(
    said: str, found: set[tuple[int, int]]
) -> None:
    assert cases(Document("a", "A", said, "a.txt", "0" * 64)) == found


def test_a_case_that_is_cited_far_down_is_not_the_documents_own() -> None:
    cited = "1:20-cv-03997" + " x" * 800 + " 3:23-cv-00959"

    assert cases(Document("a", "A", cited, "a.txt", "0" * 64)) == {(20, 3997)}
