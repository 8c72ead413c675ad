"""What several test files need: the shared data where it is there, and a small built index."""

import os
import shutil
import zlib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from rag.config import Settings
from rag.ingest import build_index
from tests import postgres

CHECKOUT = Path(__file__).resolve().parent.parent
SEEDS = CHECKOUT / "seeds"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real documents and questions; the test is skipped where it is absent."""
    data = CHECKOUT.parent / "shared" / "data"
    if not data.is_dir():
        pytest.skip("the shared data folder is not beside this checkout")
    return data


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with an index folder and a copy of the seeds of the test's own."""
    shutil.copytree(SEEDS, tmp_path / "seeds")
    return Settings(index=tmp_path / "index", seeds=tmp_path / "seeds")


@pytest.fixture(scope="session")
def _seed_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seed-index")
    build_index([SEEDS], settings=Settings(index=folder / "index"))
    return folder / "index"


@pytest.fixture
def seed_index(_seed_index: Path, tmp_path: Path) -> Path:
    """The index of the seeds, built once for all tests and copied for this one."""
    return Path(shutil.copytree(_seed_index, tmp_path / "index"))


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Server]:
    """A PostgreSQL server for all tests, at 127.0.0.1."""
    if find_spec("pgserver") is None:
        reason = "no PostgreSQL from PyPI for this Python (3.11 has one: make install)"
        (pytest.fail if os.environ.get("REQUIRE_POSTGRES") else pytest.skip)(reason)
    folder = postgres.folder()
    running = postgres.Server.new(folder / "data")
    yield running
    running.stop()
    postgres.remove(folder)


@pytest.fixture
def database(server: postgres.Server, request: pytest.FixtureRequest) -> str:
    """The address of an empty database of this test's own."""
    return server.database(f"test{zlib.crc32(request.node.nodeid.encode())}")
