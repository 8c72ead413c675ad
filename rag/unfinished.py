"""Files that a process writes under a name of its own, and their removal if it was killed."""

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_LONGEST_WRITE = 3600
"""Seconds; no file is written for so long. A process with its number is then another one."""


def unfinished(path: Path) -> Path:
    """Where this process writes what it moves to ``path`` when it is whole."""
    return path.with_suffix(f".{os.getpid()}")


def sweep(paths: Iterable[Path]) -> None:
    """Delete those of ``paths`` that ``unfinished`` named in a process that no longer runs."""
    for path in paths:
        number = path.suffix[1:]
        if not (number.isascii() and number.isdigit()):
            continue
        with suppress(OSError, OverflowError):
            if not _is_running(int(number), path.stat().st_mtime):
                path.unlink()


def _is_running(process: int, written: float) -> bool:
    """Whether a process that wrote at the time ``written`` may still run."""
    if time.time() - written > _LONGEST_WRITE:
        return False
    if os.name != "posix":  # elsewhere this signal would end the process
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
