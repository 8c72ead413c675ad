"""Digests of files: changed files are read again, others are not."""

import json
import mmap
import os
import time
from concurrent.futures import ThreadPoolExecutor
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


def _cache(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "enforcement-rag" / "checked-digests.json"


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"[]",
        b"1",
        b"null",
        b'"text"',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"\xff\xfe",
        b"",
        b"9" * 5_000,
        b'{"1": [], "2": {}, "3": 4, "4": null}',
    ],
    ids=range(11),
)
def test_a_damaged_cache_is_ignored_and_written_again(tmp_path: Path, content: bytes) -> None:
    path = _settled(tmp_path / "a", LARGE)
    digest = sha256_of(path)
    written = _cache(tmp_path).read_bytes()
    _cache(tmp_path).write_bytes(content)
    rag.hashing._known.cache_clear()

    assert sha256_of(path) == digest
    assert _cache(tmp_path).read_bytes() == written


def test_a_cache_that_is_no_file_is_ignored(tmp_path: Path) -> None:
    path = _settled(tmp_path / "a", LARGE)
    _cache(tmp_path).parent.mkdir(parents=True)
    os.mkfifo(_cache(tmp_path))

    assert sha256_of(path) == read_sha256(path)


def test_a_wrong_entry_is_not_believed(tmp_path: Path) -> None:
    path = _settled(tmp_path / "a", LARGE)
    digest = sha256_of(path)
    entries = json.loads(_cache(tmp_path).read_bytes())
    for wrong in ("0" * 64, "0" * 80, digest, digest.upper(), "", "x"):
        _cache(tmp_path).write_text(json.dumps(dict.fromkeys(entries, wrong)))
        rag.hashing._known.cache_clear()

        assert sha256_of(path) == digest


def test_a_file_is_read_again_before_it_is_called_altered(tmp_path: Path) -> None:
    path = _settled(tmp_path / "a", LARGE)
    digest = sha256_of(path)
    (stamp,) = json.loads(_cache(tmp_path).read_bytes())
    wrong = "0" * 64
    _cache(tmp_path).write_text(json.dumps({stamp: rag.hashing._entry(stamp, wrong)}))
    rag.hashing._known.cache_clear()
    assert sha256_of(path) == wrong  # as good as a right one, until somebody expects another

    assert sha256_of(path, expected=digest) == digest
    rag.hashing._known.cache_clear()
    assert sha256_of(path) == digest


def test_a_file_that_somebody_may_write_to_is_read_each_time(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(LARGE)
    with path.open("r+b") as file:
        mapped = mmap.mmap(file.fileno(), 0)
    mapped[0] = ord("y")
    time.sleep(0.15)
    before = sha256_of(path)
    times = path.stat()

    mapped[1] = ord("y")  # the second write to a page changes no time

    assert path.stat() == times
    assert sha256_of(path) == read_sha256(path) != before
    mapped.close()


def test_threads_may_share_the_cache(tmp_path: Path) -> None:
    paths = [_settled(tmp_path / f"{number}", LARGE + bytes([number])) for number in range(3)]

    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(sha256_of, paths * 12))

    assert found == [read_sha256(path) for path in paths] * 12
    assert len(json.loads(_cache(tmp_path).read_bytes())) == 3
