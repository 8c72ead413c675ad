"""The README cannot drift: its commands run, its Python runs, its settings are the settings."""

import doctest
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import rag
import rag.question.filters
from rag import api, cli
from rag.config import Settings
from rag.load.sidecar import read_sidecar

CHECKOUT = Path(__file__).resolve().parents[2]
README = (CHECKOUT / "README.md").read_text()


def _blocks(language: str) -> Iterator[str]:
    for match in re.finditer(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL):
        yield match[1]


COMMANDS = [
    line.removeprefix("$ ")
    for block in _blocks("console")
    for line in block.splitlines()
    if line.startswith("$ rag ")
]


@pytest.fixture(autouse=True)
def default_index(seed_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The default index is a copy, so that the checkout's own stays as it is."""
    monkeypatch.setenv("RAG_INDEX", str(seed_index))
    monkeypatch.setattr(api, "_opened", None)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_runs(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", shlex.split(command, comments=True))

    with pytest.raises(SystemExit) as caught:
        cli.main()

    assert caught.value.code in (0, None)
    assert capsys.readouterr().out


def test_there_are_commands_to_run() -> None:
    assert len(COMMANDS) >= 5


def test_the_python_of_the_readme_runs(capsys: pytest.CaptureFixture[str]) -> None:
    for block in _blocks("python"):
        exec(compile(block, "README.md", "exec"), {})

    assert "Binance stated None All user assets" in capsys.readouterr().out


@pytest.mark.parametrize("module", [rag, rag.api, rag.question.filters], ids=lambda m: m.__name__)
def test_the_examples_in_docstrings_run(module: ModuleType) -> None:
    result = doctest.testmod(module)

    assert (result.failed, result.attempted > 0) == (0, True)


def test_the_settings_of_the_readme_are_the_settings() -> None:
    rows = [
        f"| `{name}` | `RAG_{name.upper()}` | {_default(name)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]

    assert [line for line in README.splitlines() if "`RAG_" in line and line[0] == "|"] == rows


def test_the_sidecar_of_the_readme_is_one() -> None:
    (block,) = _blocks("toml")

    sidecar = read_sidecar(block.encode())

    assert sidecar.doc_id == "acme-order"
    assert sidecar.speakers == (("We are disappointed that", "Acme Corp."),)


def test_the_exit_codes_of_the_readme_are_those_of_the_help() -> None:
    codes = cli.app.info.epilog.removeprefix("Exit codes: ").replace(" ", "")

    assert codes in README.replace("`", "").replace("\n", "").replace(" ", "")


def _default(name: str) -> str:
    value = Settings().model_dump()[name]
    if isinstance(value, Path):
        # The folders stand in the checkout; the index one is redirected here.
        return f"`{name}/`"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"
