"""Splitting: exact offsets, no text lost, context that is searched and never quoted."""

from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from rag.text.split import embedded_texts, searched_text, split
from tests.records import document

TEXT = (
    "The SEC charged Smith & Co. on May 1, 2020. It sold notes.\n\n"
    "The complaint alleges fraud. Smith denied it.\n"
)


def test_a_short_paragraph_stays_whole_and_ends_are_trimmed() -> None:
    passages = list(split(document("\n\n" + TEXT), size=60))

    assert [passage.text for passage in passages] == [
        "The SEC charged Smith & Co. on May 1, 2020. It sold notes.",
        "The complaint alleges fraud. Smith denied it.",
    ]
    assert (passages[0].start, passages[0].end) == (2, 60)


def test_a_sentence_is_not_split_for_a_few_characters() -> None:
    listed = "The terms bar candidates; paid staff; paid employees; members; and their families."
    text = f"The firm sells contracts. {listed} It denies harm."

    passages = list(split(document(text), size=70))

    assert len(listed) == 82
    assert [passage.text for passage in passages] == [
        "The firm sells contracts.",
        listed,
        "It denies harm.",
    ]


def test_a_sentence_at_a_split_goes_to_the_passage_with_room() -> None:
    text = "One is here. The U.S. Congress met, and the firm sued. Two is there."

    passages = list(split(document(text), size=45))

    assert [passage.text for passage in passages] == [
        "One is here.",
        "The U.S. Congress met, and the firm sued.",
        "Two is there.",
    ]


def test_headings_above_a_passage_are_its_path() -> None:
    text = "# Order\n\nIntro words here.\n\n## Findings\n\nThe firm lied.\n\n# Annex\n\nA list."

    passages = list(split(document(text), size=30))

    assert {passage.text.split("\n")[-1]: passage.heading for passage in passages} == {
        "Intro words here.": ("Order",),
        "The firm lied.": ("Order", "Findings"),
        "A list.": ("Annex",),
    }


def test_headings_that_a_document_lists_are_used_where_its_text_does_not_mark_them() -> None:
    text = "FACTS\n\nThe firm lied.\n\nA. Notes\n\nIt sold them."
    listed = replace(document(text), headings=((0, 1, "FACTS"), (23, 3, "A. Notes")))

    passages = list(split(listed, size=20))

    assert [passage.heading for passage in passages] == [
        ("FACTS",),
        ("FACTS",),
        ("FACTS", "A. Notes"),
        ("FACTS", "A. Notes"),
    ]


def test_title_and_first_lines_are_searched_with_a_passage_but_are_not_its_text() -> None:
    last = list(split(document(TEXT, "smith.txt"), size=60))[-1]

    assert searched_text(last).startswith("smith.txt\nThe SEC charged Smith & Co.")
    assert "charged" not in last.text


def test_page_banners_are_not_searched() -> None:
    ruled = document("=====================START OF PAGE 1======\n\nThe Commission sued.")

    last = list(split(ruled, size=45))[-1]

    assert searched_text(last) == "a.txt\nThe Commission sued.\nThe Commission sued."


def test_the_first_passage_does_not_have_its_own_words_twice() -> None:
    first, last = split(document("\n" + TEXT), size=60)

    assert searched_text(first) == f"a.txt\n{first.text}"
    assert searched_text(last).startswith("a.txt\nThe SEC charged")


def test_the_first_lines_are_embedded_once_for_all_passages_of_a_document() -> None:
    first, last = split(document(TEXT), size=60)

    assert embedded_texts([first, last]) == [
        (first.text, f"a.txt\n{' '.join(TEXT.split())}"),
        (last.text, f"a.txt\n{' '.join(TEXT.split())}"),
    ]


def test_a_lone_passage_is_embedded_once() -> None:
    (lone,) = split(document("The SEC sued."), size=60)

    assert embedded_texts([lone]) == [("a.txt\nThe SEC sued.", "a.txt\nThe SEC sued.")]


def test_white_space_has_no_passage() -> None:
    assert list(split(document(" \n\n\t "), size=100)) == []


@example(" \u2028aaaa", 5)
@given(
    st.text(alphabet=st.sampled_from("ab .\n\t—“”é\u2028\u200b#𝔸$"), max_size=400),
    st.integers(min_value=5, max_value=80),
)
def test_offsets_hold_and_no_visible_character_is_lost(text: str, size: int) -> None:
    passages = list(split(document(text), size=size))

    covered = set()
    for passage in passages:
        assert passage.text == text[passage.start : passage.end]
        assert 0 < len(passage.text) <= 1.2 * size
        covered.update(range(passage.start, passage.end))
    assert [c for i, c in enumerate(text) if i not in covered and not c.isspace()] == []
