"""Units: an exchange, a list with the words before it, a table, a sentence that lines cut."""

import pytest

from rag.answer.units import answered_at, is_ended, is_row, units


def texts(text: str) -> list[str]:
    return [text[start:end] for start, end in units(text)]


def test_a_question_of_a_testimony_stands_with_its_answer() -> None:
    first = "Q. Did you see the ledger of March?\n\nA. I did not."
    second = "Q. Let me show you a page. Is that your hand?\n\nA. It is. I wrote it in May."

    found = texts(f"{first}\n\n{second}\n\nThe witness was excused.")

    assert found == [first, second, "The witness was excused."]


def test_a_question_of_the_court_stands_with_the_answer_of_the_accused() -> None:
    read = "THE COURT: Good morning. Have you read the plea agreement?\n\nTHE DEFENDANT: Yes."

    assert texts(f"{read}\n\nTHE COURT: I shall now turn to the facts of this case.") == [
        read,
        "THE COURT: I shall now turn to the facts of this case.",
    ]


def test_after_a_long_speech_only_its_last_question_stands_with_the_answer() -> None:
    speech = "MR. ROE: " + "I have here a list of transfers. " * 12
    found = texts(f"{speech}Who sent them?\n\nTHE WITNESS: My partner did that.")

    assert found[-1] == "Who sent them?\n\nTHE WITNESS: My partner did that."


def test_the_answer_of_an_exchange_begins_behind_the_question() -> None:
    text = "Q. Who paid?\n\nA. Mr. Roe."

    assert text[answered_at(text, 0, len(text)) :] == "A. Mr. Roe."
    assert answered_at("Who paid? Nobody.", 0, 17) == 0


def test_a_list_stands_with_the_words_before_it() -> None:
    listed = "The firm must:\n\n(a) repay $5,000;\n\n(b) close its shop in Reno; and\n\n(c) report."

    assert texts(f"It was heard in May.\n\n{listed}\n\nThe firm agreed.") == [
        "It was heard in May.",
        listed,
        "The firm agreed.",
    ]


def test_of_a_long_list_the_first_items_stand_with_the_words_before_it() -> None:
    items = [f"({letter}) repay {'all of ' * 35}it;" for letter in "abcd"]

    found = texts("The firm must:\n\n" + "\n\n".join(items))

    assert found == ["The firm must:\n\n" + "\n\n".join(items[:2]), *items[2:]]


def test_a_small_table_is_one_unit_with_its_column_names() -> None:
    table = "Firm | Fine | Interest\nAlder | $5,000 | $10\nBirch | $7,000 |"

    assert texts(f"They shall pay these amounts:\n\n{table}\n\nThe order is final.") == [
        f"They shall pay these amounts:\n\n{table}",
        "The order is final.",
    ]


def test_each_row_of_a_long_table_is_a_unit() -> None:
    rows = [f"Firm of number {n} in the town of Reno | ${n},000 | paid" for n in range(10, 40)]

    assert texts("\n".join(rows)) == rows


@pytest.mark.parametrize(
    "text", ["Firm | Fine", "Firm: Alder; Fine: £5,000", "Alder Ltd | | £5,000"]
)
def test_rows_are_known_by_their_signs(text: str) -> None:
    assert is_row(text)
    assert not is_row("The firm said: pay us; we wait.")


def test_a_sentence_that_blank_lines_cut_is_whole_again() -> None:
    cut = "The Commissioner finds that the firm\n\n      kept no record of the\n\n      Reno sales."

    assert texts(f"{cut}\n\nIt was fined.") == [cut, "It was fined."]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The firm kept no record", "(a) of its sales."),
        ("Findings of the board", "The firm kept no record."),
        ("The firm kept no record.", "or so it said."),
        ("The fine is $5,000.²", "it was paid."),
        ("The firm was", "THE COURT: Please go on."),
    ],
)
def test_what_begins_anew_is_not_joined(before: str, after: str) -> None:
    assert texts(f"{before}\n\n{after}") == [before, after]


def test_a_footnote_sign_does_not_hide_the_end_of_a_sentence() -> None:
    assert is_ended("The fine is $5,000.²⁶")
    assert is_ended("He said “no”")
    assert not is_ended("The fine is")


def test_a_footnote_is_not_joined_to_the_sentence_above_it() -> None:
    assert texts("The firm was the\n\n²⁶ See the order of May.") == [
        "The firm was the",
        "²⁶ See the order of May.",
    ]
