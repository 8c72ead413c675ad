"""The environment of ``make chat``: small, without torch, and complete for its commands."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Page, expect

from tests.chat_requirements import LIST, imported_modules
from tests.ui.conftest import CHECKOUT, ask, served, visit
from tests.unit.test_chat_requirements import ON_REQUEST

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

Run = Callable[..., "subprocess.CompletedProcess[str]"]

QUESTION = "what does Binance say about user asset safety?"
MOST_BYTES = 1.6e9
# Variables of the environment that runs the tests; the new environment does not get them.
FOREIGN = ("MAKE", "MFLAGS", "RAG_", "PYTHONPATH", "VIRTUAL_ENV")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A new environment, made by the recipe of ``make chat``; needs a package registry."""
    folder = tmp_path_factory.mktemp("chat") / "venv"
    probe = ["download", "--quiet", "--no-deps", "--retries=1", "--timeout=15"]
    first = LIST.read_text("utf-8").splitlines()[-1]
    reached = _run(sys.executable, "-m", "pip", *probe, "--dest", folder.parent, first)
    if reached.returncode:
        reason = f"no package registry: pip cannot download {first}"
        (pytest.fail if os.environ.get("REQUIRE_REGISTRY") else pytest.skip)(reason)

    stamp = folder / ".chat"
    made = _run("make", f"VENV={folder}", f"PYTHON={sys.executable}", stamp)

    assert made.returncode == 0, made.stderr
    assert stamp.exists()
    yield folder
    shutil.rmtree(folder)  # pytest keeps the folders of the last three runs


@pytest.fixture(scope="module")
def index(environment: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the seeds, built with the environment."""
    folder = tmp_path_factory.mktemp("chat-index") / "index"
    built = _run(environment / "bin" / "rag", "index", "--index", folder)
    assert built.returncode == 0, built.stderr
    return folder


@pytest.fixture
def rag(environment: Path, index: Path) -> Run:
    """A function that runs a command of ``rag`` in the environment, over the index of the seeds."""
    return lambda *arguments: _run(environment / "bin" / "rag", *arguments, index=index)


def test_it_is_small_and_without_torch(environment: Path, index: Path) -> None:
    files = [path.lstat() for path in environment.rglob("*")]
    (packages,) = environment.glob("lib/python*/site-packages")

    assert sum(file.st_blocks * 512 for file in files) < MOST_BYTES
    assert not [name for name in ON_REQUEST if (packages / name).exists()]


def test_it_can_import_every_module_that_the_program_imports(environment: Path) -> None:
    wanted = [name for name in imported_modules() if name.partition(".")[0] not in ON_REQUEST]
    program = (
        "import importlib, sys, rag.models.runtime\n"
        "for name in sys.argv[1:]: importlib.import_module(name)"
    )

    done = _run(environment / "bin" / "python", "-c", program, *sorted(wanted))

    assert done.returncode == 0, done.stderr


def test_the_question_of_the_seed_is_answered_and_cited(rag: Run) -> None:
    asked = rag("ask", QUESTION, "--json")

    assert asked.returncode == 0, asked.stderr
    claims = json.loads(asked.stdout)["claims"]
    assert "All user assets" in claims[0]["text"]
    assert claims[0]["citations"][0]["document"]["doc_id"] == "binance-statement"


@pytest.mark.parametrize("suffix", [".json", ".html", ".docx"])
def test_an_answer_is_saved_and_verified(rag: Run, suffix: str, tmp_path: Path) -> None:
    saved = tmp_path / f"answer{suffix}"

    asked = rag("ask", QUESTION, "--save", saved)

    assert asked.returncode == 0, asked.stderr
    assert saved.stat().st_size > 0
    if suffix == ".json":
        assert rag("verify", saved).returncode == 0


def test_questions_are_measured(rag: Run, tmp_path: Path) -> None:
    gold = [{"doc_id": "binance-statement", "start": 2536, "end": 2700}]
    questions = tmp_path / "questions.jsonl"
    questions.write_text(json.dumps({"qid": "1", "question": QUESTION, "gold": gold}))

    measured = rag("eval", questions, "--json")

    assert measured.returncode == 0, measured.stderr


def test_a_scan_is_read(environment: Path, tmp_path: Path) -> None:
    sheet = Image.new("L", (1240, 1754), 255)
    font = ImageFont.load_default(36)
    ImageDraw.Draw(sheet).text((120, 200), "Acme Corp. was fined $12 million in Ohio.", 0, font)
    sheet.save(tmp_path / "scan.pdf", resolution=150)
    command = environment / "bin" / "rag"

    built = _run(command, "index", tmp_path / "scan.pdf", "--index", tmp_path / "index")
    found = _run(command, "search", "fined Ohio", "--index", tmp_path / "index")

    assert "1 by OCR" in built.stdout + built.stderr
    assert "$12 million" in found.stdout


def test_another_model_names_its_missing_libraries_in_one_line(rag: Run) -> None:
    asked = rag("ask", QUESTION, "--model", "intfloat/e5-small-v2")

    assert asked.returncode == 2
    assert "needs sentence-transformers and torch" in asked.stderr
    assert "make install" in asked.stderr
    assert asked.stderr.count("\n") == 1


@pytest.mark.browser
def test_the_page_answers(
    environment: Path, index: Path, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(environment / "bin" / "python"))

    with served(index) as address:
        visit(page, address)
        ask(page, QUESTION)
        expect(page.get_by_text("All user assets").first).to_be_visible()


def _run(*command: str | Path, index: Path | None = None) -> "subprocess.CompletedProcess[str]":
    """Run a command in the checkout, without the variables of the test environment."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)
    }
    if index:
        environment["RAG_INDEX"] = str(index)
    return subprocess.run(
        command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False
    )
