"""SHA-256 of files; a large one that was not touched since is not read again."""

import hashlib
import json
import os
import time
from functools import cache
from pathlib import Path

from rag.config import cache_folder

_LARGE = 1_000_000
_KEPT = 500
# The clock of a file system ticks: of what was written in this second nothing is remembered.
_SETTLED_SECONDS = 0.1


def sha256_of(path: Path) -> str:
    """Hex digest of the file's bytes, as they were when its size and times were last what they are.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    found = path.stat()
    if found.st_size < _LARGE:
        return read_sha256(path)
    stamp = f"{found.st_dev}:{found.st_ino}:{found.st_size}:{found.st_mtime_ns}:{found.st_ctime_ns}"
    known = _known()
    if stamp not in known:
        settled = time.time() - found.st_ctime > _SETTLED_SECONDS
        digest = read_sha256(path)
        if not settled:
            return digest
        known[stamp] = digest
        _keep(known)
    return known[stamp]


def read_sha256(path: Path) -> str:
    """Hex digest of the file's bytes, read now.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@cache
def _known() -> dict[str, str]:
    try:
        known = json.loads(_path().read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(stamp): str(digest) for stamp, digest in known.items()}


def _keep(known: dict[str, str]) -> None:
    """Write the latest digests; where nothing can be written, files are read again."""
    temporary = _path().with_suffix(f".{os.getpid()}")
    try:
        temporary.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps(dict(list(known.items())[-_KEPT:])), "utf-8")
        os.replace(temporary, _path())
    except OSError:
        return


def _path() -> Path:
    return cache_folder() / "digests.json"
