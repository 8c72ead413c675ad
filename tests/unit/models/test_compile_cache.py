"""The cache of compiled models: used again, unless a file was altered."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rag.models.compile_cache import compiled
from rag.models.runtime import openvino, ops


def _twice() -> openvino.Model:
    given = ops.parameter([-1], np.float32, name="given")
    return openvino.Model([ops.multiply(given, ops.constant(np.float32(2)))], [given], "twice")


def _never() -> openvino.Model:
    pytest.fail("made again")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the test's own models are kept."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "enforcement-rag"


def _doubled(model: openvino.CompiledModel) -> list[float]:
    return model([np.array([1, 2.5], np.float32)])[0].tolist()


def test_a_model_is_compiled_once() -> None:
    compiled(_twice, "twice", {})

    assert _doubled(compiled(_never, "twice", {})) == [2, 5]


def test_another_key_is_another_model() -> None:
    compiled(_twice, "twice", {})

    with pytest.raises(pytest.fail.Exception, match="made again"):
        compiled(_never, "thrice", {})


def test_an_altered_file_is_not_used(folder: Path) -> None:
    compiled(_twice, "twice", {})
    (path,) = folder.glob("*.model")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)

    with pytest.raises(pytest.fail.Exception, match="made again"):
        compiled(_never, "twice", {})
    assert _doubled(compiled(_twice, "twice", {})) == [2, 5]


def test_only_the_latest_are_kept(folder: Path) -> None:
    for version in range(8):
        compiled(_twice, f"version {version}", {})
        for path in folder.glob("*.model"):  # as if the clock of the file system never stood still
            os.utime(path, ns=(0, path.stat().st_mtime_ns - 10**9))

    assert len(list(folder.glob("*.model"))) == 6
    assert _doubled(compiled(_never, "version 2", {})) == [2, 5]
    with pytest.raises(pytest.fail.Exception, match="made again"):
        compiled(_never, "version 1", {})


def test_without_a_writable_cache_models_are_compiled(folder: Path) -> None:
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("a file where the folder should be")

    assert _doubled(compiled(_twice, "twice", {})) == [2, 5]


def test_what_a_killed_process_left_is_deleted(folder: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    folder.mkdir(parents=True)
    left = folder / f"{'0' * 32}.{process.pid}"
    written = folder / f"{'1' * 32}.{os.getpid()}"
    for path in (left, written):
        path.write_bytes(b"half a model")

    compiled(_twice, "twice", {})
    compiled(_never, "twice", {})

    assert not left.exists()
    assert written.exists()  # this process may still be at it
