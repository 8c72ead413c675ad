"""Imports go down the floors, without a cycle; the page knows only the public names."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import rag

ROOT = Path(__file__).resolve().parents[2]

# Lowest first. A module may import from its own room, or from a room on a lower floor.
FLOORS = [
    {"rag.types", "rag.errors", "rag.address"},
    {"rag.config", "rag.text"},
    {
        "rag.access",
        "rag.audit",
        "rag.hashing",
        "rag.log",
        "rag.origin",
        "rag.schema",
        "rag.shared_storage",
        "rag.unfinished",
    },
    {"rag.load", "rag.question", "rag.attribution", "rag.evaluate"},
    {"rag.models", "rag.sums"},
    {"rag.index"},
    {"rag.retrieval", "rag.answer", "rag.ingest"},
    {"rag.api", "rag.shards"},
    {"rag.live", "rag.status"},
    {"rag.langchain", "rag.llama_index", "rag.mcp", "rag.serve"},
    {"rag.cli"},
    {"rag.__main__"},
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


def _floor(room: str) -> int:
    (floor,) = [number for number, rooms in enumerate(FLOORS) if room in rooms]
    return floor


def test_imports_go_down() -> None:
    wrong = []
    for path in sorted((ROOT / "rag").rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if module == "rag.__init__":
            continue
        room = _room(module)
        for name in _imports(path):
            other = _room(name)
            known = any(other in rooms for rooms in FLOORS)
            if (
                name.startswith("rag.")
                and known
                and other != room
                and _floor(other) >= _floor(room)
            ):
                wrong.append(f"{module} imports {name}")
    assert wrong == []


def test_no_module_imports_itself_by_way_of_others() -> None:
    paths = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): path
        for path in [*(ROOT / "rag").rglob("*.py"), *(ROOT / "ui").rglob("*.py")]
        if path.stem != "__init__"
    }
    graph = {module: _imports(path) & (paths.keys() - {module}) for module, path in paths.items()}

    assert len(list(TopologicalSorter(graph).static_order())) == len(paths)


def test_every_room_has_its_floor() -> None:
    rooms = {
        f"rag.{path.stem}"
        for path in (ROOT / "rag").iterdir()
        if (path.suffix == ".py" or (path / "__init__.py").exists()) and path.stem != "__init__"
    }

    assert rooms == set().union(*FLOORS)


def test_the_page_imports_only_the_public_names() -> None:
    wrong = [
        f"{path.name}: {name}"
        for path in sorted((ROOT / "ui").rglob("*.py"))
        for name in _imports(path)
        if name.startswith("rag.") and name.removeprefix("rag.") not in rag.__all__
    ]
    assert wrong == []
