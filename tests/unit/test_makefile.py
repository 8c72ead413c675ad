"""The Makefile installs once: `chat` what it runs, `install` the rest, neither of them again."""

import os
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
LIGHT, FULL = "-r requirements-chat.txt", "-e '.[dev]'"


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """An environment that is made and in which nothing is installed."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "pip").touch()
    return tmp_path


def commands(environment: Path, target: str, *options: str) -> str:
    """What ``make`` would run."""
    variables = {name: value for name, value in os.environ.items() if "MAKE" not in name}
    return subprocess.run(
        ["make", "--dry-run", f"VENV={environment}", *options, target],
        cwd=CHECKOUT,
        env=variables,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_chat_installs_the_light_list_alone(environment: Path) -> None:
    shown = commands(environment, "chat")

    assert LIGHT in shown
    assert "--no-deps" in shown
    assert FULL not in shown


def test_chat_installs_nothing_a_second_time(environment: Path) -> None:
    (environment / ".chat").touch()

    assert "pip install" not in commands(environment, "chat")


def test_install_completes_what_chat_made(environment: Path) -> None:
    (environment / ".chat").touch()

    assert FULL in commands(environment, "install")


def test_chat_installs_nothing_after_install(environment: Path) -> None:
    touched = commands(environment, "install").splitlines()[-1]
    subprocess.run(touched, shell=True, check=True)

    assert "pip install" not in commands(environment, "chat")
    assert "pip install" not in commands(environment, "install")


def test_a_new_list_is_installed(environment: Path) -> None:
    for stamp in (".chat", ".installed"):
        (environment / stamp).touch()

    assert LIGHT in commands(environment, "chat", "--what-if=requirements-chat.txt")
    assert FULL in commands(environment, "install", "--what-if=constraints.txt")


def test_a_missing_environment_is_made_with_the_python_that_is_named(tmp_path: Path) -> None:
    shown = commands(tmp_path / "none", "chat", "PYTHON=python3.99")

    assert f"python3.99 -m venv {tmp_path / 'none'}" in shown
