"""Opens the store of an index: a folder."""

from pathlib import Path

from rag.index.builds import Builds
from rag.index.protocols import BuildStore


def open_store(index: Path | str) -> BuildStore:
    """The builds of the index in this folder. Nothing is read yet."""
    return Builds(Path(index))
