"""Near-duplicates among passages."""

from rag.text.near_duplicates import near_copies

CHARGE = "The Commission charged Robert Bray with insider trading in the stock of Wainwright Bank."


def test_the_first_two_of_equal_texts_are_not_marked() -> None:
    assert near_copies([CHARGE, CHARGE]) == [False, False]
    assert near_copies([CHARGE, CHARGE, CHARGE, CHARGE]) == [False, False, True, True]


def test_case_signs_and_a_few_other_words_make_no_difference() -> None:
    other = (
        "On May 1, the commission charged Robert Bray with insider trading in the stock, it said."
    )

    assert near_copies([CHARGE, CHARGE, other])[-1]


def test_a_sentence_within_a_longer_passage_is_a_near_duplicate() -> None:
    longer = f"{CHARGE} {'A jury found him guilty after nine days of trial in Boston. ' * 3}"

    assert near_copies([longer, longer, CHARGE])[-1]
    assert near_copies([CHARGE, CHARGE, longer])[-1]


def test_the_same_matter_in_other_words_is_no_near_duplicate() -> None:
    verdict = "A jury found Bray guilty of trading in Wainwright Bank."

    assert not near_copies([CHARGE, CHARGE, verdict])[-1]


def test_texts_of_a_few_words_are_never_near_duplicates() -> None:
    assert near_copies(["", "", "", "So ordered.", "So ordered.", "So ordered."]) == [False] * 6
