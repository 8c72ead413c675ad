"""Candidates: whole sentences of the passages found and of the text around them."""

from rag.answer.candidates import candidates
from tests.records import document, hit

TEXT = (
    "Doe sold the notes in Reno. He kept the money of the investors. "
    "The court ordered him to pay it back.\n\nPAGE 2 OF 3\n\nHe has appealed since."
)
CASE = document(TEXT, "case")


def test_neighbours_of_a_passage_are_candidates_and_say_so() -> None:
    start = TEXT.index("He kept")

    found = candidates([hit(CASE, start, start + 20)])

    assert [(one.text, one.inside) for one in found] == [
        ("Doe sold the notes in Reno.", False),
        ("He kept the money of the investors.", True),
        ("The court ordered him to pay it back.", False),
        ("He has appealed since.", False),
    ]


def test_a_sentence_near_two_passages_has_the_rank_of_the_one_that_holds_it() -> None:
    start = TEXT.index("The court")

    found = candidates([hit(CASE, 0, 10, rank=1), hit(CASE, start, start + 20, rank=2)])

    assert {one.text: one.rank for one in found}["The court ordered him to pay it back."] == 2


def test_what_lies_far_from_a_passage_is_no_candidate() -> None:
    far = document("Doe sold notes. " + "Nothing of note was said on that day. " * 80 + "He won.")

    texts = [one.text for one in candidates([hit(far, 0, 15)])]

    assert "Doe sold notes." in texts
    assert "He won." not in texts
