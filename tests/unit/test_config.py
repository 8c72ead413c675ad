"""Settings: order of the sources, and errors that name the nearest key."""

from pathlib import Path

import pytest

from rag import config
from rag.config import load_settings
from rag.errors import UsageError


@pytest.fixture(autouse=True)
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of the test's own, without settings."""
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.setattr(config, "_CHECKOUT", tmp_path)
    return tmp_path


def test_default_folders_do_not_depend_on_the_current_folder(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")

    assert load_settings().index == checkout / "index"


def test_a_flag_beats_the_environment_beats_the_file_beats_the_default(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load_settings().keep == 3
    (checkout / "rag.toml").write_text("keep = 4\n")
    assert load_settings().keep == 4
    monkeypatch.setenv("RAG_KEEP", "5")
    assert load_settings().keep == 5
    assert load_settings(keep=6).keep == 6
    assert load_settings(keep=None).keep == 5


def test_an_unknown_key_in_the_file_names_the_nearest(checkout: Path) -> None:
    (checkout / "rag.toml").write_text("passage_sise = 400\n")

    with pytest.raises(UsageError, match="unknown setting 'passage_sise'.*Nearest: passage_size"):
        load_settings()


def test_an_unknown_key_in_the_environment_names_the_nearest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RAG_SEED", "/documents")

    with pytest.raises(UsageError, match="RAG_SEED in the environment. Nearest: seeds"):
        load_settings()


def test_a_value_out_of_range_names_the_setting() -> None:
    with pytest.raises(UsageError, match="setting passage_size = 5"):
        load_settings(passage_size=5)


def test_a_settings_file_that_is_not_toml_is_named(checkout: Path) -> None:
    (checkout / "rag.toml").write_text("keep 4\n")

    with pytest.raises(UsageError, match="rag.toml"):
        load_settings()


def test_a_key_that_is_no_text_is_not_shown(checkout: Path) -> None:
    (checkout / "rag.toml").write_text("generator_key = 90210\n")

    with pytest.raises(UsageError, match="setting generator_key: ") as caught:
        load_settings()

    assert "90210" not in str(caught.value)
