"""The words of documents for everyday words of questions."""

from rag.question.synonyms import synonyms


def test_everyday_words_give_the_words_of_documents() -> None:
    assert synonyms("who got off?") == ["acquitted", "not guilty", "dismissed"]


def test_a_word_the_question_has_already_is_not_repeated() -> None:
    assert synonyms("Was he acquitted and the case dismissed?") == ["not guilty"]


def test_parts_of_words_are_not_taken_for_the_words() -> None:
    assert synonyms("a finely barbed coop") == []
