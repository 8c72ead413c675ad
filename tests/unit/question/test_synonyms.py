"""The documents' own words for what people ask about."""

from rag.question.synonyms import synonyms


def test_what_people_say_is_put_in_the_documents_words() -> None:
    assert synonyms("who got off?") == ["acquitted", "not guilty", "dismissed"]


def test_a_word_the_question_has_already_is_not_repeated() -> None:
    assert synonyms("Was he acquitted and the case dismissed?") == ["not guilty"]


def test_parts_of_words_are_not_taken_for_the_words() -> None:
    assert synonyms("a finely barbed coop") == []
