"""Plain questions about one party."""

import pytest

from rag.question.party import party_question


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("Why was Acme fined?", "why", "Acme"),
        ("why did Acme Bank get fined by the SEC in 2019", "why", "Acme Bank"),
        ("What was Jane Roe fined for?", "why", "Jane Roe"),
        ("What did Acme do wrong?", "done", "Acme"),
        ("Who are the defendants in the Acme case?", "parties", "Acme"),
        ("who were the respondents?", "parties", ""),
    ],
)
def test_kind_and_name_are_read(text: str, kind: str, name: str) -> None:
    found = party_question(text)

    assert found is not None
    assert (found.kind, found.name) == (kind, name)


@pytest.mark.parametrize(
    "text",
    [
        "Why was it fined?",
        "What was Jane Roe convicted of?",
        "Why was the broker fined?",
        "What did Acme do with the money?",
        "How much was Acme fined?",
        "Who are the lawyers of Acme?",
    ],
)
def test_other_questions_are_left_to_the_search(text: str) -> None:
    assert party_question(text) is None
