"""Opens the store of an index: a folder, or a PostgreSQL database."""

from functools import lru_cache
from pathlib import Path

from rag.address import ServerAddress, index_address
from rag.index.builds import Builds
from rag.index.protocols import BuildStore


def open_store(index: Path | ServerAddress | str) -> BuildStore:
    """The builds of the index at this address. Nothing is read yet."""
    address = index_address(index)
    return _served(address) if isinstance(address, ServerAddress) else Builds(address)


@lru_cache(maxsize=4)
def _served(address: ServerAddress) -> BuildStore:
    """One store for each database: it keeps a connection open."""
    from rag.index.postgresql.builds import ServedBuilds

    return ServedBuilds(address)
