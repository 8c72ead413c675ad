"""Every way to ask gives the same quotes and places, alone and among many clients."""

from pathlib import Path

import pytest

from tests.benchmarks import many_clients, same_answers

_PARTIES = ("Binance", "the SEC", "Binance.US", "Changpeng Zhao", "Acme Bank", "OFAC")
_ASKED = (
    "what does {} say about user asset safety?",
    "how much did {} agree to pay?",
    "did {} cooperate with the investigation?",
    "what did {} say about regulation in the United States?",
    "who denies the allegations against {}?",
    "which court decided the case of {}?",
)
QUESTIONS = [
    *(asked.format(party) for asked in _ASKED for party in _PARTIES),
    *("hello", "summarise this document", "largest penalties in 2023", "List all documents."),
]


@pytest.mark.slow
def test_every_way_to_ask_gives_the_same_quotes_and_places(seed_index: Path) -> None:
    answered, problems = same_answers.differences(seed_index, QUESTIONS)

    assert problems == []
    assert sum(answered.values()) == 40
    assert answered["not_found"] >= 5
    assert answered["answered"] >= 5


@pytest.mark.slow
def test_clients_at_the_same_time_each_get_their_own_answer(seed_index: Path) -> None:
    expected = many_clients.answers(seed_index, QUESTIONS[:12])

    with many_clients.serving(seed_index) as address:
        load = many_clients.run(address, expected, clients=12, seconds=3)

    assert (load.errors, load.differences) == ([], [])
    assert len(load.seconds) >= 12
