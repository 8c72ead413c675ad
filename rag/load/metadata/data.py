"""The data files of this package, each read once."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """The TOML file ``name`` beside this module."""
    return tomllib.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))
