"""What a killed process left half written is deleted; what another one is writing is not."""

import os
import subprocess
import sys
import time
from pathlib import Path

from rag.unfinished import sweep, unfinished


def killed() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_only_files_of_processes_that_ended_are_deleted(tmp_path: Path) -> None:
    dead, alive, old = tmp_path / f"a.{killed()}", unfinished(tmp_path / "b.json"), tmp_path / "d.1"
    kept = [
        tmp_path / name for name in ("digests.json", "c.model", "e.²", "f.99999999999999999999")
    ]
    for path in (dead, alive, old, *kept):
        path.write_text("x")
    hours_ago = time.time() - 2 * 3600
    os.utime(old, (hours_ago, hours_ago))

    sweep(tmp_path.iterdir())

    assert sorted(tmp_path.iterdir()) == sorted([alive, *kept])
    assert alive.name == f"b.{os.getpid()}"
