"""The pages of the documentation and their blocks of code."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

CHECKOUT = Path(__file__).resolve().parents[2]
PAGES = [
    CHECKOUT / "README.md",
    CHECKOUT / "CONTRIBUTING.md",
    CHECKOUT / "SECURITY.md",
    CHECKOUT / "index" / "README.md",
    CHECKOUT / "seeds" / "SOURCES.md",
    *sorted((CHECKOUT / "docs").glob("*.md")),
]
ARCHITECTURE = CHECKOUT / "docs" / "architecture.md"

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A fenced block of a page; ``name`` is the page and the line where the block begins."""

    name: str
    language: str
    text: str


def blocks(*languages: str) -> list[Block]:
    """The blocks of all pages, or only those of the given ``languages``."""
    return [block for block in _blocks() if not languages or block.language in languages]


def _blocks() -> Iterator[Block]:
    for page in PAGES:
        text = page.read_text()
        for match in _BLOCK.finditer(text):
            line = text.count("\n", 0, match.start()) + 2
            yield Block(f"{page.relative_to(CHECKOUT)}:{line}", match[1], match[2])
