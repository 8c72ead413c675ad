"""Selection: the best sentence of each part, then other relevant ones without repetition."""

from rag.answer.selection import select
from tests.records import document, scored

CASE = document(
    "Doe sold unregistered notes to forty investors in Reno. "
    "The judgment orders Doe to pay a civil penalty of $5,000. "
    "The judgment orders Doe to pay a civil penalty of $5,000 now. "
    "Notes",
    "case",
)
SOLD = "Doe sold unregistered notes to forty investors in Reno."
PAYS = "The judgment orders Doe to pay a civil penalty of $5,000."
AGAIN = "The judgment orders Doe to pay a civil penalty of $5,000 now."
OTHER = document("Roe ran an office in Tampa for another firm at that time.", "other")
UNLIKE = {"coverage": 0.1, "named": 0.0, "given": 0.0, "answers": -4.0, "bears": -4.0}


def test_the_best_sentence_comes_first_then_relevant_ones() -> None:
    best, beside = scored(CASE, PAYS, score=9.0), scored(CASE, SOLD, score=8.0)

    assert select([[best, beside]]) == [best, beside]


def test_irrelevant_sentences_are_left_out_and_the_best_stays() -> None:
    best = scored(CASE, PAYS, score=9.0, **UNLIKE)
    far = scored(OTHER, OTHER.text, score=2.0, **UNLIKE)

    assert select([[best, far]]) == [best]


def test_a_repetition_is_left_out() -> None:
    best, again = scored(CASE, PAYS, score=9.0), scored(CASE, AGAIN, score=8.9)

    assert select([[best, again]]) == [best]


def test_the_caption_of_a_case_is_left_out() -> None:
    caption = (
        "Securities and Exchange Commission v. Doe, Case No. 1:20-cv-10832 (D. Nev. filed May 2)"
    )
    case = document(f"{PAYS} {caption}", "case")
    best, beside = scored(case, PAYS, score=9.0), scored(case, caption, score=8.0)

    assert select([[best, beside]]) == [best]
    assert select([[beside, best]]) == [beside, best]


def test_a_few_words_support_nothing() -> None:
    case = document(f"{PAYS} He paid it back.", "case")
    best, beside = scored(case, PAYS, score=9.0), scored(case, "He paid it back.", score=8.0)

    assert select([[best, beside]]) == [best]


def test_each_part_of_a_question_has_its_best_sentence() -> None:
    sold, pays = scored(CASE, SOLD, score=9.0), scored(CASE, PAYS, score=9.0)
    weak = {"score": 1.0, **UNLIKE}

    chosen = select(
        [[sold, scored(CASE, PAYS, **weak)], [pays, scored(CASE, SOLD, **weak)]], things=2
    )

    assert chosen == [sold, pays]


def test_no_candidates_give_no_sentences() -> None:
    assert select([[]]) == []


def test_the_row_of_another_party_is_not_quoted_beside_the_row_asked_for() -> None:
    rows = [f"Firm: {firm}; Fine: £5,000,000; Reason: late filings" for firm in ("Alder", "Birch")]
    case = document("\n\n".join(rows), "table")
    best, beside = (scored(case, row, score=9.0 - n) for n, row in enumerate(rows))

    assert select([[best, beside]], ["Alder"]) == [best]
    assert select([[best, beside]], ["Fines"]) == [best, beside]
