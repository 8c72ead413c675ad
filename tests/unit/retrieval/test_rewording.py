"""A language model words a follow-up anew. It sees questions alone and adds no word of its own."""

import json
from collections.abc import Iterator

import pytest

from rag.models.generator import Served
from rag.question.understanding import understand
from rag.retrieval.rewording import may_help, reworded, widened
from tests.language_model import LanguageModel, streamed
from tests.records import document, hit

EARLIER = ["What did Mary Lee of Orion tell investors?"]
QUESTION = understand("And what penalty did she pay?", EARLIER)


@pytest.fixture
def model() -> Iterator[LanguageModel]:
    with LanguageModel() as model:
        yield model


def queries(model: LanguageModel, reply: object) -> tuple[str, ...]:
    model.reply = streamed(reply if isinstance(reply, str) else json.dumps(reply))
    return reworded(QUESTION, Served(model.url, "tiny", seconds=5))


def test_a_follow_up_and_a_question_without_a_name_may_be_helped() -> None:
    assert may_help(QUESTION)
    assert may_help(understand("who was fined for bribes?"))
    assert not may_help(understand("What penalty did Mary Lee of Orion pay?"))


def test_queries_have_typed_words_only(model: LanguageModel) -> None:
    found = queries(
        model,
        {
            "standalone": "What penalty did Mary Lee pay?",
            "keywords": ["Mary Lee penalty", "Mary Lee Vega Capital", "Lee $5 million", 7],
        },
    )

    assert found == ("What penalty did Mary Lee pay?", "Mary Lee penalty")


def test_questions_alone_are_sent(model: LanguageModel) -> None:
    queries(model, "{}")

    given = json.loads(model.requests[0]["messages"][1]["content"])
    assert given == {"earlier": EARLIER, "last": QUESTION.text}


@pytest.mark.parametrize(
    "reply", ["", "What penalty did Mary Lee pay?", "[]", '{"standalone": ', '{"keywords": 3}']
)
def test_a_reply_of_another_form_gives_no_query(model: LanguageModel, reply: str) -> None:
    assert queries(model, reply) == ()


def test_a_server_that_fails_or_is_slow_gives_no_query(model: LanguageModel) -> None:
    model.status = 500
    assert queries(model, "{}") == ()
    model.status, model.pause = 200, 0.3
    assert queries(model, {"standalone": "What penalty did Mary Lee pay?"}) == ()


def test_the_hits_of_two_queries_take_turns() -> None:
    text = "One. Two. Three."
    one, two, three = (hit(document(text, "d"), a, b) for a, b in ((0, 4), (5, 9), (10, 16)))

    found = widened([[one, two], [three, one]], k=3)

    assert [item.passage.text for item in found] == ["One.", "Three.", "Two."]
    assert [item.rank for item in found] == [1, 2, 3]
    assert found[0].score >= found[1].score >= found[2].score
