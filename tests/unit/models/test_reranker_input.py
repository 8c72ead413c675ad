"""What the reranker reads of a document."""

from dataclasses import replace

from rag.models.reranker_input import reading, reading_in_place
from tests.records import document

TEXT = "The SEC sued Jane Cole of Folsom.\n\nShe was ordered to pay $373,885."
SHE = TEXT.index("She")
CASE = replace(document(TEXT), title="SEC v. Cole")


def test_the_words_stand_behind_the_title_and_the_speaker_on_one_line() -> None:
    spoken = replace(CASE, metadata={"speaker": "Acme"})

    assert reading(CASE, 0, SHE) == "SEC v. Cole. The SEC sued Jane Cole of Folsom."
    assert reading(spoken, SHE, len(TEXT)) == "SEC v. Cole. Acme: She was ordered to pay $373,885."


def test_of_a_long_title_the_end_is_read() -> None:
    old = replace(
        CASE, title="LITIGATION RELEASE NO. 15162 / November 14, 1996. " * 4 + "SEC v. Cole"
    )

    read = reading(old, SHE, len(TEXT))

    assert read.endswith("SEC v. Cole. She was ordered to pay $373,885.")
    assert len(read) < 170


def test_a_sentence_in_its_place_is_read_behind_what_names_its_subject() -> None:
    assert reading_in_place(CASE, SHE, len(TEXT)) == (
        "SEC v. Cole. The SEC sued Jane Cole of Folsom. » She was ordered to pay $373,885."
    )


def test_of_what_stands_before_only_the_nearest_is_read() -> None:
    long = replace(CASE, text="Nobody knew of it. " * 40 + TEXT)
    start = long.text.index("She")

    read = reading_in_place(long, start, len(long.text))

    assert "Jane Cole of Folsom. »" in read
    assert len(read) < 300
