"""Imports go down the list of levels, without a cycle; the page knows only the public names."""

import ast
from pathlib import Path

import rag

ROOT = Path(__file__).resolve().parents[2]

# Lowest first. A module may import from its own package, or from a lower level.
LEVELS = [
    {"rag.types", "rag.errors", "rag.config"},
    {"rag.digests"},
    {
        "rag.load",
        "rag.split",
        "rag.sentences",
        "rag.fuse",
        "rag.query",
        "rag.synonyms",
        "rag.copies",
        "rag.reading",
        "rag.aliases",
        "rag.filters",
        "rag.examples",
    },
    {"rag.runtime"},
    {"rag.bert", "rag.compiled"},
    {"rag.inference"},
    {"rag.packaged", "rag.sentence_transformer"},
    {"rag.embed", "rag.rerank", "rag.generate"},
    {"rag.index"},
    {"rag.ahead", "rag.build", "rag.retriever", "rag.answer"},
    {"rag.door"},
    {"rag.evaluate", "rag.status"},
    {"rag.cli", "rag.__main__"},
]


def _imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def _room(module: str) -> str:
    """``rag.index.dense`` stands in the room ``rag.index``."""
    return ".".join(module.split(".")[:2])


def _level(room: str) -> int:
    (level,) = [number for number, rooms in enumerate(LEVELS) if room in rooms]
    return level


def test_imports_go_down() -> None:
    wrong = []
    for path in sorted((ROOT / "rag").rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if module == "rag.__init__":
            continue
        room = _room(module)
        for name in _imports(path):
            other = _room(name)
            known = any(other in rooms for rooms in LEVELS)
            if name.startswith("rag.") and known and other != room and _level(other) > _level(room):
                wrong.append(f"{module} imports {name}")
    assert wrong == []


def test_every_room_has_its_level() -> None:
    rooms = {
        f"rag.{path.stem}"
        for path in (ROOT / "rag").iterdir()
        if (path.suffix == ".py" or (path / "__init__.py").exists()) and path.stem != "__init__"
    }

    assert rooms == set().union(*LEVELS)


def test_the_page_imports_only_the_public_names() -> None:
    wrong = [
        f"{path.name}: {name}"
        for path in sorted((ROOT / "ui").rglob("*.py"))
        for name in _imports(path)
        if name.startswith("rag.") and name.removeprefix("rag.") not in rag.__all__
    ]
    assert wrong == []
