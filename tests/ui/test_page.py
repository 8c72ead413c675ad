"""The page script without a browser: with an index, without one, and after a stopped build."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from rag import Index
from tests.ui.conftest import CHECKOUT
from ui import building
from ui.examples import Examples
from ui.state import _indexes


def page() -> AppTest:
    return AppTest.from_file(str(CHECKOUT / "ui" / "page.py"), default_timeout=120)


def shown(run: AppTest) -> str:
    """All HTML that the script put on the page with ``st.html``."""
    return "".join(element.proto.body for element in run.get("html"))


def ask(run: AppTest, *questions: str) -> None:
    """Ask the questions in order, each after the answer to the one before."""
    for question in questions:
        run.session_state["ask"] = question
        run.run()


@pytest.fixture
def run(seed_index: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The page over an index of the seeds, before its first run."""
    monkeypatch.setenv("RAG_INDEX", str(seed_index))
    _indexes.clear()
    return page()


def test_without_an_index_the_page_offers_to_build_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAG_INDEX", str(tmp_path / "index"))

    run = page().run()

    assert "There is no index yet" in shown(run)
    assert [button.label for button in run.button] == ["Build the index"]


def test_a_stopped_build_is_reported_and_can_be_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(*args: Any, on_progress: Callable[[str, int, int], None], **kwargs: Any) -> None:
        while True:
            on_progress("load", 1, 2)
            time.sleep(0.01)

    monkeypatch.setenv("RAG_INDEX", str(tmp_path / "index"))
    monkeypatch.setattr(building, "build_index", endless)
    run = page().run()
    run.button(key="build").click().run()
    assert [button.label for button in run.button] == ["Stop"]

    run.button(key="stop-build").click().run()
    begun = building.current()
    assert begun is not None
    begun.wait(10)
    run.run()
    assert "Stopped. The index is as it was." in shown(run.run())
    assert [button.label for button in run.button] == ["Build the index"]


def test_an_invalid_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_PASSAGE_SIZE", "3")

    assert "passage_size" in shown(page().run())


def test_a_question_is_answered_and_stored_and_its_source_opens(
    run: AppTest, seed_index: Path
) -> None:
    ask(run, "what does Binance say about user asset safety?")

    conversation = run.session_state["conversation"]
    assert conversation.turns[0].answer["outcome"] == "answered"
    assert list((seed_index / "conversations").glob(f"*/{conversation.id}.json"))

    run.button(key="turn-0-cite-0").click().run()
    assert '<mark id="cited"' in shown(run)
    run.button(key="source-close").click().run()
    assert "<mark" not in shown(run)


def test_a_question_during_a_build_says_which_files_are_being_read(
    run: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "being_read", lambda: ("corvid.pdf",))
    ask(run, "What penalty did Corvid pay?")

    assert "corvid.pdf is being read and was not searched" in shown(run)


def test_a_blank_question_is_not_asked(run: AppTest) -> None:
    run.run()
    run.chat_input[0].set_value("   ").run()

    assert run.session_state["conversation"].turns == ()


def test_a_question_asked_again_after_a_stop_replaces_the_stopped_turn(run: AppTest) -> None:
    from ui.conversations import Conversation
    from ui.turns import Turn

    run.session_state["conversation"] = Conversation(
        "0" * 16, "2026", "", (Turn("What does Coinbase say about staking?", "2026", id="a"),)
    )
    run.run()
    assert "Stopped before the answer was there" in shown(run)

    run.button(key="turn-0-again").click().run()

    turns = run.session_state["conversation"].turns
    assert [turn.answer["outcome"] for turn in turns if turn.answer] == ["not_found"]
    assert len(turns) == 1


def test_a_repeated_question_replaces_its_turn_and_is_not_in_its_own_history(run: AppTest) -> None:
    ask(
        run,
        "what does Binance say about user asset safety?",
        "and about customers in the United States?",
        "What does Binance say about user asset safety?",
        "what does Binance say about user asset safety?",
    )

    turns = run.session_state["conversation"].turns
    assert len(turns) == 3
    assert turns[1].history == ("what does Binance say about user asset safety?",)
    assert turns[2].history == ("and about customers in the United States?",)


def test_a_follow_up_asked_on_its_own_replaces_its_turn(run: AppTest) -> None:
    ask(run, "what does Binance say about user asset safety?", "and what of the SEC?")
    assert "A follow-up, searched for: “what does Binance say" in shown(run)

    run.button(key="turn-1-interpretation-alone").click().run()

    turns = run.session_state["conversation"].turns
    assert len(turns) == 2
    assert turns[1].alone
    assert turns[1].history == ()
    assert turns[1].answer["searched"]["queries"] == ["and what of the SEC?"]


def test_a_corrected_follow_up_is_asked_without_the_earlier_questions(
    run: AppTest,
) -> None:
    ask(run, "what does Binance say about user asset safety?", "and what of the SEC?")

    run.button(key="turn-1-interpretation-correct").click().run()
    assert run.button(key="not-alone").label == "Asked without the earlier questions"
    run.chat_input[0].set_value("What does Binance say of the SEC?").run()

    assert run.session_state["conversation"].turns[2].history == ()


def test_the_chip_of_a_preference_switches_it_off_and_on(run: AppTest) -> None:
    ask(run, "What does Binance say about user assets in June 2023?")
    assert run.button(key="turn-0-prefer-date").label == "June 2023"

    run.button(key="turn-0-prefer-date").click().run()
    (turn,) = run.session_state["conversation"].turns
    kinds = [one["kind"] for one in turn.answer["searched"]["preferences"]]
    assert turn.ignored == ("date",)
    assert "date" not in kinds
    assert run.button(key="turn-0-prefer-date").label == "any date"

    run.button(key="turn-0-prefer-date").click().run()
    assert run.session_state["conversation"].turns[0].ignored == ()


def test_examples_are_found_once_and_stored_for_the_next_start(seed_index: Path) -> None:
    index = Index.open(seed_index)
    first = Examples(index, seed_index / "examples.json")
    first.wait()
    assert first.questions
    (seed_index / "examples.json").write_text(
        json.dumps({"build": index.build, "questions": ["Stored?"]})
    )

    second = Examples(index, seed_index / "examples.json")
    second.wait()

    assert second.questions == ["Stored?"]
