"""SHA-256 of files, with a cache for large files that have not changed."""

import hashlib
import json
import os
import time
from functools import cache
from pathlib import Path

from rag.config import cache_folder

# Least size in bytes of a file whose digest is cached: a smaller one is read in a millisecond.
_LARGE = 1_000_000
# Digests in the cache: the large files of several indexes and models.
_KEPT = 500
# Least age of a file whose digest is cached. Two changes within one tick of the clock of the file
# system leave the same times.
_SETTLED_SECONDS = 0.1


def sha256_of(path: Path) -> str:
    """Hex digest of the file's bytes.

    The digest of a large file comes from the cache if the file's size and times have not changed.

    Raises
    ------
    OSError
        If the file cannot be read.
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
    """Hex digest of the file's bytes; the file is always read.

    Raises
    ------
    OSError
        If the file cannot be read.
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
    """Write the latest digests to the cache; if that fails, later calls read the files again."""
    temporary = _path().with_suffix(f".{os.getpid()}")
    try:
        temporary.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps(dict(list(known.items())[-_KEPT:])), "utf-8")
        os.replace(temporary, _path())
    except OSError:
        return


def _path() -> Path:
    return cache_folder() / "digests.json"
