"""The script without a browser: what it shows before, without and with an index."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.conftest import CHECKOUT
from ui.state import _open


def page() -> AppTest:
    return AppTest.from_file(str(CHECKOUT / "ui" / "page.py"), default_timeout=120)


def shown(run: AppTest) -> str:
    """Everything that went through ``st.html``."""
    return "".join(element.proto.body for element in run.get("html"))


def test_without_an_index_the_page_offers_to_build_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAG_INDEX", str(tmp_path / "index"))

    run = page().run()

    assert "There is no index yet" in shown(run)
    assert [button.label for button in run.button] == ["Build the index"]


def test_a_setting_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_PASSAGE_SIZE", "3")

    assert "passage_size" in shown(page().run())


def test_a_question_is_answered_kept_and_its_source_opened(
    seed_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAG_INDEX", str(seed_index))
    _open.clear()
    run = page().run()
    run.session_state["ask"] = "what does Binance say about user asset safety?"
    run.run()

    conversation = run.session_state["conversation"]
    assert conversation.turns[0].answer["outcome"] == "answered"
    assert (seed_index / "conversations" / f"{conversation.id}.json").is_file()

    run.button(key="turn-0-cite-0").click().run()
    assert '<mark id="cited"' in shown(run)
    run.button(key="source-close").click().run()
    assert "<mark" not in shown(run)


def test_a_question_asked_again_after_a_stop_replaces_the_stopped_one(
    seed_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui.conversations import Conversation
    from ui.turns import Turn

    monkeypatch.setenv("RAG_INDEX", str(seed_index))
    _open.clear()
    run = page()
    run.session_state["conversation"] = Conversation(
        "0" * 16, "2026", "", (Turn("What does Coinbase say about staking?", "2026"),)
    )
    run.run()
    assert "Stopped before the answer was there" in shown(run)

    run.button(key="turn-0-again").click().run()

    turns = run.session_state["conversation"].turns
    assert [turn.answer["outcome"] for turn in turns if turn.answer] == ["not_found"]
    assert len(turns) == 1
