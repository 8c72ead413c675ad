"""Digests of files: changed files are read again, others are not."""

import os
import time
from pathlib import Path

import pytest

import rag.hashing
from rag.hashing import read_sha256, sha256_of

LARGE = b"x" * 1_500_000


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    rag.hashing._known.cache_clear()


def _settled(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    time.sleep(0.15)
    return path


def test_the_digest_is_sha256(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")

    # The example of FIPS 180-2.
    assert sha256_of(tmp_path / "a").startswith("ba7816bf8f01cfea414140de5dae2223")


def test_a_large_file_is_read_once_also_by_another_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = sha256_of(_settled(tmp_path / "a", LARGE))
    rag.hashing._known.cache_clear()
    monkeypatch.setattr(rag.hashing, "read_sha256", lambda path: pytest.fail("read again"))

    assert sha256_of(tmp_path / "a") == digest


def test_an_altered_byte_is_seen(tmp_path: Path) -> None:
    path = _settled(tmp_path / "a", LARGE)
    before = sha256_of(path)

    path.write_bytes(b"y" + LARGE[1:])

    assert sha256_of(path) == read_sha256(path) != before


def test_a_file_put_back_to_its_old_time_is_read_again(tmp_path: Path) -> None:
    path = _settled(tmp_path / "a", LARGE)
    before = sha256_of(path)
    times = path.stat()

    path.write_bytes(b"y" + LARGE[1:])
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))

    assert sha256_of(path) != before


def test_a_damaged_cache_is_ignored(tmp_path: Path) -> None:
    path = _settled(tmp_path / "a", LARGE)
    digest = sha256_of(path)
    (tmp_path / "cache" / "enforcement-rag" / "digests.json").write_text("{")
    rag.hashing._known.cache_clear()

    assert sha256_of(path) == digest
