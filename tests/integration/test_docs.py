"""docs/architecture.md matches the code; the links and paths of every page exist."""

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import rag.types
from rag import cli
from tests.integration.pages import ARCHITECTURE, CHECKOUT, PAGES
from tests.unit.test_levels import FLOORS

_TEXT = ARCHITECTURE.read_text()
_SUFFIXES = {".py", ".json", ".safetensors", ".js", ".css", ".toml"}
_TOP = ("rag", "ui", "tests", "docs", "seeds", "index")


def _files() -> list[str]:
    return sorted(
        path.relative_to(CHECKOUT).as_posix()
        for folder in ("rag", "ui")
        for path in (CHECKOUT / folder).rglob("*")
        if path.suffix in _SUFFIXES
    )


def _paths(text: str) -> Iterator[str]:
    """The words in backticks that look like paths of the checkout."""
    yield from re.findall(rf"`((?:{'|'.join(_TOP)})/[\w./-]*)(?: \w+)?`", text)


def test_the_architecture_lists_every_module_once() -> None:
    named = re.findall(r"^\| `((?:rag|ui)/[\w./-]+)` \| \S", _TEXT, re.MULTILINE)

    assert sorted(named) == _files()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(CHECKOUT).as_posix())
def test_every_path_that_a_page_names_exists(page: Path) -> None:
    wrong = [path for path in _paths(page.read_text()) if not (CHECKOUT / path).exists()]

    assert wrong == []


def test_every_test_that_the_page_on_the_chat_names_exists() -> None:
    text = (CHECKOUT / "docs" / "chat.md").read_text()
    named = re.findall(r"`(test_\w+\.py)(?:::(test_\w+))?`", text)
    wrong = [
        f"{file}::{test}"
        for file, test in named
        if f"def {test or 'test_'}" not in (CHECKOUT / "tests" / "ui" / file).read_text()
    ]

    assert named
    assert wrong == []


def test_the_tree_of_rooms_matches_the_packages() -> None:
    (tree,) = re.findall(r"^## Rooms\n\n```text\n(.*?)^```", _TEXT, re.MULTILINE | re.DOTALL)
    folders: list[str] = []
    drawn = []
    for line in tree.splitlines():
        indent, name = re.match(r"( *)(\w+)/", line).groups()
        folders[len(indent) // 2 :] = [name]
        drawn.append("/".join(folders))

    packages = {str(Path(path).parent) for path in _files()}

    assert [path for path in drawn if not (CHECKOUT / path).is_dir()] == []
    assert packages - set(drawn) == set()


def test_the_floors_match_the_enforced_floors() -> None:
    rows = re.findall(r"^\| (\d+) \| (`rag\..*) \|$", _TEXT, re.MULTILINE)

    assert {int(floor): set(re.findall(r"rag\.\w+", rooms)) for floor, rooms in rows} == dict(
        enumerate(FLOORS, start=1)
    )


def test_every_record_is_in_the_table_of_records() -> None:
    records = {
        name
        for name, record in vars(rag.types).items()
        if dataclasses.is_dataclass(record) and record.__module__ == "rag.types"
    }

    assert records - set(re.findall(r"^\| `(\w+)` \|", _TEXT, re.MULTILINE)) == set()


def test_every_constant_that_the_architecture_names_exists() -> None:
    source = "\n".join((CHECKOUT / path).read_text() for path in _files() if path.endswith(".py"))
    names = set(re.findall(r"`([A-Z]{2}[A-Z_]+)`", _TEXT)) - {"CURRENT"}  # a file of the index

    assert [name for name in names if not re.search(rf"^{name}\b", source, re.MULTILINE)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(CHECKOUT).as_posix())
def test_every_command_that_a_page_names_in_a_sentence_exists(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    targets = set(re.findall(r"^(\w+):", (CHECKOUT / "Makefile").read_text(), re.MULTILINE))
    commands = {command.name for command in cli.app.registered_commands}

    assert set(re.findall(r"`make (\w+)", text)) - targets == set()
    assert set(re.findall(r"`rag (\w+)", text)) - commands == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(CHECKOUT).as_posix())
def test_every_link_of_a_page_has_a_target(page: Path) -> None:
    wrong = []
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if link.startswith("https://"):
            continue
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            wrong.append(link)

    assert wrong == []


def test_every_page_of_the_docs_is_linked_from_the_readme() -> None:
    readme = (CHECKOUT / "README.md").read_text()
    pages = sorted(path.name for path in (CHECKOUT / "docs").glob("*.md"))

    assert [name for name in pages if f"(docs/{name})" not in readme] == []


def test_the_readme_is_short() -> None:
    assert len((CHECKOUT / "README.md").read_text().splitlines()) <= 200


def _anchors(page: Path) -> set[str]:
    """The anchors that GitHub makes from headings."""
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    }
