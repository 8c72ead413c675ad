"""The documentation matches the code: its commands and its Python run, its settings exist."""

import doctest
import re
import runpy
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
import typer.main

import rag
import rag.question.filters
from rag import api, cli
from rag.access import parse_access
from rag.attribution.rules import packaged
from rag.config import Settings
from rag.load.metadata import check_authorities
from rag.load.sidecar import read_sidecar
from tests.integration.pages import CHECKOUT, Block, blocks
from tests.served_http import serving_http

SETTINGS = (CHECKOUT / "docs" / "settings.md").read_text()

CONSOLE = blocks("console")
SHELL = [
    (f"{block.name}: {line}", shlex.split(line, comments=True))
    for block in blocks("sh")
    for line in block.text.splitlines()
    if line.strip()
]
FIELDS = Settings.model_fields
CURL = [words for _, words in SHELL if words[0] == "curl"]
SCRIPTS = {
    words[1]: [w for _, w in SHELL if w[:2] == words[:2]]
    for _, words in SHELL
    if words[0] == "python" and words[1] != "-m"
}


@pytest.fixture(autouse=True)
def default_index(seed_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Use a copy as the default index; the index of the checkout is not changed."""
    monkeypatch.setenv("RAG_INDEX", str(seed_index))
    monkeypatch.setattr(api, "_opened", None)
    monkeypatch.chdir(tmp_path)


def test_every_block_has_a_language_that_is_tested() -> None:
    known = {"console", "sh", "python", "toml", "text"}

    assert [block.name for block in blocks() if block.language not in known] == []


def test_a_text_block_contains_no_command() -> None:
    command = re.compile(r"^\s*(\$|rag|make|pip|python3?|\.venv/bin/\S+) ", re.MULTILINE)

    assert [block.name for block in blocks("text") if command.search(block.text)] == []


@pytest.mark.parametrize("block", CONSOLE, ids=lambda block: block.name)
def test_the_commands_of_a_console_block_run(
    block: Block, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = block.text.splitlines()
    assert [line for line in lines if not line.startswith("$ rag ")] == []

    for line in lines:
        monkeypatch.setattr(sys, "argv", shlex.split(line.removeprefix("$ "), comments=True))
        with pytest.raises(SystemExit) as caught:
            cli.main()
        assert (line, caught.value.code or 0) == (line, 0)
        assert capsys.readouterr().out


def test_the_pages_have_console_commands() -> None:
    assert sum(block.text.count("$ rag ") for block in CONSOLE) >= 5


@pytest.mark.parametrize(("line", "words"), SHELL, ids=[line for line, _ in SHELL])
def test_the_files_and_targets_of_a_shell_line_exist(line: str, words: list[str]) -> None:
    match words:
        case ["make", target]:
            assert re.search(rf"^{target}:.*##", (CHECKOUT / "Makefile").read_text(), re.MULTILINE)
        case ["export", setting]:
            assert setting.partition("=")[0] in {f"RAG_{name.upper()}" for name in FIELDS}
        case ["rag", name, *rest]:
            command = typer.main.get_command(cli.app).commands[name]
            known = {option for parameter in command.params for option in parameter.opts}
            assert [word for word in rest if word.startswith("-") and word not in known] == []
        case ["pip", "install", extra]:
            (name,) = re.fullmatch(r"enforcement-rag\[([\w-]+)\]", extra).groups()
            project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
            assert name in project["optional-dependencies"]
        case ["python", "-m", module, *_]:
            assert (CHECKOUT / f"{module.replace('.', '/')}.py").is_file()
        case [".venv/bin/pytest", *rest]:
            assert [w for w in rest if w.endswith(".py") and not (CHECKOUT / w).is_file()] == []
        case ["curl", *_]:
            assert CURL  # run below
        case ["python", script, *rest]:
            assert script in SCRIPTS  # run with --help below
            given = [word for word in rest if word.startswith("tests/")]
            assert [word for word in given if not (CHECKOUT / word).is_file()] == []
        case _:
            pytest.fail(f"no test knows this command: {line}")


def test_the_requests_of_the_documentation_are_answered(seed_index: Path) -> None:
    with serving_http(Settings(index=seed_index), lexical=True) as address:
        for words in CURL:
            sent = [word.replace("http://127.0.0.1:8502", address) for word in words]
            done = subprocess.run([*sent, "--fail"], capture_output=True, timeout=60)
            assert (words, done.returncode, bool(done.stdout)) == (words, 0, True)


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_of_a_shell_line_explains_its_options(
    script: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = CHECKOUT / script
    source = path.read_text()
    monkeypatch.syspath_prepend(str(path.parent))
    monkeypatch.setattr(sys, "argv", [script, "--help"])

    if "argparse" not in source:  # the docstring is the usage, and every import works
        assert path.name in str(runpy.run_path(str(path), run_name="imported")["__doc__"])
        assert not any(word.startswith("-") for words in SCRIPTS[script] for word in words)
        return
    with pytest.raises(SystemExit) as caught:
        runpy.run_path(str(path), run_name="__main__")

    usage = capsys.readouterr().out
    assert caught.value.code == 0
    for words in SCRIPTS[script]:
        assert [word for word in words if word.startswith("-") and word not in usage] == []


@pytest.mark.parametrize("block", blocks("python"), ids=lambda block: block.name)
def test_a_python_block_runs(block: Block, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(block.text, block.name, "exec"), {})

    if block.name.startswith("README.md"):
        assert "Binance stated None All user assets" in capsys.readouterr().out


@pytest.mark.parametrize("module", [rag, rag.api, rag.question.filters], ids=lambda m: m.__name__)
def test_the_examples_in_docstrings_run(module: ModuleType) -> None:
    result = doctest.testmod(module)

    assert (result.failed, result.attempted > 0) == (0, True)


def test_the_documentation_lists_every_setting() -> None:
    rows = [
        f"| `{name}` | `RAG_{name.upper()}` | {_default(name)} | {field.description} |"
        for name, field in FIELDS.items()
    ]

    assert [line for line in SETTINGS.splitlines() if "`RAG_" in line and line[0] == "|"] == rows


@pytest.mark.parametrize("block", blocks("toml"), ids=lambda block: block.name)
def test_a_toml_block_is_a_valid_sidecar_or_settings_file(block: Block) -> None:
    if block.text.startswith("# rag.toml"):
        Settings(**tomllib.loads(block.text))
    elif block.text.startswith("# authorities.toml"):
        check_authorities(block.text)
    elif block.text.startswith("# attribution.toml"):
        packaged(block.text)
    elif block.text.startswith("# access.toml"):
        parse_access(block.text)
    elif block.text.startswith("# .streamlit/"):
        assert tomllib.loads(block.text)
    else:
        read_sidecar(block.text.encode())


def test_the_long_sidecar_of_the_documentation_names_its_speakers() -> None:
    (block,) = [block for block in blocks("toml") if "[[speakers]]" in block.text]

    sidecar = read_sidecar(block.text.encode())

    assert sidecar.doc_id == "acme-order"
    assert sidecar.speakers == (("We are disappointed that", "Acme Corp."),)


def test_the_exit_codes_of_the_documentation_match_the_help() -> None:
    codes = cli.app.info.epilog.removeprefix("Exit codes: ").replace(" ", "")

    assert codes in SETTINGS.replace("`", "").replace("\n", "").replace(" ", "")


def _default(name: str) -> str:
    value = getattr(Settings(), name)
    if isinstance(value, Path):
        # These folders are in the checkout; the index folder is redirected here.
        return f"`{name}/`"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"
