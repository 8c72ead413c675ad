"""Records: places in a document, and answers in words."""

import json

from rag.types import Answer, Citation, Claim, Document, Passage, Searched

PAGED = Document(
    doc_id="order.pdf",
    title="Order",
    text="First page. Second page. Third.",
    source="order.pdf",
    sha256="0" * 64,
    metadata={"speaker": "SEC"},
    page_starts=(0, 12, 25),
)
SEARCHED = Searched(1, 3, ("who?",), {}, "b1")


def test_the_page_of_a_character_is_counted_from_one() -> None:
    assert [PAGED.page_at(offset) for offset in (0, 11, 12, 24, 25, 30)] == [1, 1, 2, 2, 3, 3]


def test_a_passage_over_a_page_break_has_two_pages() -> None:
    assert Passage(PAGED, 6, 18).pages == (1, 2)


def test_a_text_without_pages_has_no_page() -> None:
    plain = Document("a", "a", "text", "a", "0" * 64)

    assert plain.page_at(2) is None
    assert Passage(plain, 0, 4).pages is None


def test_the_speaker_changes_inside_a_document() -> None:
    statement = Document(
        "s", "s", "Intro. We deny it.", "s", "0" * 64, {}, (), ((0, "Odaily"), (7, "Binance"))
    )

    assert [statement.speaker_at(offset) for offset in (0, 6, 7, 17)] == [
        "Odaily",
        "Odaily",
        "Binance",
        "Binance",
    ]


def test_the_metadata_names_the_speaker_of_the_whole() -> None:
    assert PAGED.speaker_at(20) == "SEC"


def test_an_answer_says_who_says_it_and_where() -> None:
    citation = Citation(PAGED, 0, 11, "First page.")
    claim = Claim("First page.", (citation,), "SEC", "alleged")

    answer = Answer("who?", "answered", (claim,), (), SEARCHED)

    assert answer.text == "SEC alleges: “First page.” [1]"
    assert citation.page == 1


def test_a_sentence_over_several_lines_is_shown_on_one_and_begins_with_a_capital() -> None:
    wrapped = Document("w", "w", "He was ordered\nto  pay $5.", "w", "0" * 64)
    citation = Citation(wrapped, 0, 26, wrapped.text)
    claim = Claim(wrapped.text, (citation,), "the court", "ordered")

    answer = Answer("who?", "answered", (claim,), (), SEARCHED)

    assert answer.text == "The court ordered: “He was ordered to pay $5.” [1]"


def test_not_found_names_the_scope_of_the_search() -> None:
    answer = Answer("who?", "not_found", (), (), SEARCHED)

    assert answer.text == "The documents do not say. Searched 1 document (3 passages)."


def test_every_record_becomes_json() -> None:
    citation = Citation(PAGED, 0, 11, "First page.")
    claim = Claim("First page.", (citation,), "SEC", "alleged")
    answer = Answer("who?", "answered", (claim,), (), SEARCHED, missing=("a date",))

    record = json.loads(json.dumps(answer.to_dict()))

    assert record["claims"][0]["citations"][0]["document"]["doc_id"] == "order.pdf"
    assert "text" not in record["claims"][0]["citations"][0]["document"]
