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


def texts(text: str, **metadata: object) -> list[str]:
    case = document(text, "case", **metadata)
    return [one.text for one in candidates([hit(case, 0, len(text))])]


def test_a_sentence_in_capitals_is_a_candidate_and_a_caption_is_none() -> None:
    fined = "ALDER MILLS IS ORDERED TO PAY A PENALTY OF $5,000."

    assert texts(f"IN THE MATTER OF ALDER MILLS CO.\n\nORDER OF THE BOARD\n\n{fined}") == [fined]


def test_a_line_of_a_table_of_contents_and_a_heading_are_no_candidates() -> None:
    found = "The board finds that the firm lied."

    assert texts(f"The findings of the board ... 24\n\n# The findings\n\n{found}") == [found]


def test_the_lines_above_a_message_are_no_candidates() -> None:
    said = "The board paid it back."
    opening = (
        "From: Bo Rusk <bo@rusk.test>\n\nSent: Sunday, March 3, 2024 9:00 AM\n\nTo: Ada Pell\n\n"
        "*From:* Bo Rusk\n*Sent:* Sunday, March 3, 2024\n*Subject:* The fee was never due.\n\n"
        "On Sat, Mar 2, 2024 Cy Dorn\n<cy@dorn.test> wrote:\n\n"
        "Am 04.03.24 um 10:00 schrieb Ada Pell:\n\n"
    )
    kept = ["From: 2019; To: 2021; Fee: five dollars", "From: June the board paid no fee."]

    assert texts(opening + "\n\n".join([*kept, said])) == [*kept, said]


def test_a_row_is_a_candidate_though_it_has_more_figures_than_letters() -> None:
    row = "Firm | Fine | Day\nAlder | £5,000,000 | 12/01/2023"

    assert texts(row) == [row]


def test_a_list_is_one_candidate() -> None:
    listed = "The firm must:\n\n(a) repay $5,000; and\n\n(b) close its shop in Reno."

    assert texts(listed) == [listed]


def test_passages_of_one_document_near_each_other_give_each_sentence_once() -> None:
    found = candidates([hit(CASE, 0, 10, rank=1), hit(CASE, 30, 40, rank=2)])

    assert len(found) == len({one.start for one in found}) == 4
