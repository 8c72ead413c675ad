"""Requests that are no question to the documents."""

import time

import pytest

from rag.question.requests import points_at_document, request


@pytest.mark.parametrize("text", ["hi", "Hello there!", "good morning", "Thanks a lot.", "OK"])
def test_a_greeting_is_one(text: str) -> None:
    found = request(text)

    assert found is not None
    assert found.kind == "greeting"


@pytest.mark.parametrize(
    "text", ["help", "What can you do?", "how does this work", "Who are you?", "how do I use this?"]
)
def test_a_call_for_help_is_one(text: str) -> None:
    found = request(text)

    assert found is not None
    assert found.kind == "help"


@pytest.mark.parametrize("text", ["?", "…", "!!!", "🙂", "- -"])
def test_a_text_without_letter_or_digit_is_noise(text: str) -> None:
    found = request(text)

    assert found is not None
    assert found.kind == "noise"


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Summarise the order against Acme.", "the order against Acme"),
        ("Can you give me a short summary of the Heron notice?", "the Heron notice"),
        ("What's this document about?", "this document"),
        ("what is the complaint against Egret Ltd about", "the complaint against Egret Ltd"),
        ("TL;DR", ""),
    ],
)
def test_a_summary_is_asked_of_its_subject(text: str, subject: str) -> None:
    found = request(text)

    assert found is not None
    assert (found.kind, found.subject) == ("summary", subject)


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("¿Cuánto pagó Acme según la orden?", "Esta"),
        ("Wie viel musste Acme zahlen?", "Durchsucht"),
        ("Combien la société a payé ?", "La recherche"),
        ("Quanto ha pagato Acme?", "La ricerca"),
        ("Quem pagou a multa?", "A pesquisa"),
        ("Hoeveel moest de bank betalen?", "Er wordt"),
        ("罰金はいくらですか", "The documents"),
    ],
)
def test_a_question_in_another_language_is_met_in_it(text: str, begins: str) -> None:
    found = request(text)

    assert found is not None
    assert found.kind == "language"
    assert found.subject.startswith(begins)


@pytest.mark.parametrize(
    "text",
    [
        "What did HI Ltd do?",
        "Hello Fresh plc fine",
        "Was Acme fined?",
        "SEC v. de la Torre",
        "who is Die Hard Ltd",
        "Who helped Acme?",
        "How can you do insider trading in bonds?",
        "What was the case against Acme about to decide?",
        "Cu",
        "Société Générale fine",
    ],
)
def test_a_question_to_the_documents_is_no_request(text: str) -> None:
    assert request(text) is None


@pytest.mark.parametrize(
    ("subject", "points"),
    [
        ("this order", True),
        ("", True),
        ("the last decision, please", False),
        ("it", True),
        ("the Acme order", False),
    ],
)
def test_a_subject_points_at_a_document_or_names_one(subject: str, *, points: bool) -> None:
    assert points_at_document(subject) is points


def test_no_text_makes_a_pattern_run_long() -> None:
    began = time.perf_counter()
    for piece in ("what is the order ", "summarise it ", "of the ", "hi there ", "a" * 50):
        request(piece * (300 // len(piece)))

    assert time.perf_counter() - began < 1.0
