"""SHA-256 of files, with a cache for large files that have not changed."""

import fcntl
import hashlib
import json
import os
import re
import signal
import time
from functools import cache
from pathlib import Path
from threading import Lock

from rag.config import cache_folder

# Least size in bytes of a file whose digest is cached: a smaller one is read in a millisecond.
_LARGE = 1_000_000
# Digests in the cache: the large files of several indexes and models.
_KEPT = 500
# Most bytes of the cache's own file: a larger one was not written here.
_MOST_BYTES = 1_000_000
# Least age of a file whose digest is cached. Two changes within one tick of the clock of the file
# system leave the same times.
_SETTLED_SECONDS = 0.1
# Bytes of an open file that are read at once.
_BLOCK = 1_000_000
_DIGEST = re.compile(r"[0-9a-f]{64}")
_writing = Lock()


def sha256_of(path: Path, *, expected: str | None = None) -> str:
    """Hex digest of the file's bytes.

    The digest of a large file comes from the cache if the file's device, number, size and times
    have not changed. A change of the bytes changes the times, with three exceptions: a fault of the
    disk; a clock that is set back to the same nanosecond; and, where the system cannot tell who has
    a file open, a write through a mapping that was open before the digest was made.

    Parameters
    ----------
    expected
        A cached digest other than this one is not believed: the file is read again, and the cache
        is corrected.

    Raises
    ------
    OSError
        If the file cannot be read.
    """
    stamp = _stamp(path)
    if stamp is None:
        return read_sha256(path)
    known = _known().get(stamp)
    if known is not None and expected in (None, known):
        return known
    unwatched = time.time() - path.stat().st_ctime < _SETTLED_SECONDS or _is_open_for_writing(path)
    digest = read_sha256(path)
    if not unwatched and _stamp(path) == stamp and digest != known:
        _keep(stamp, digest)
    return digest


def read_sha256(path: Path) -> str:
    """Hex digest of the file's bytes; the file is always read.

    Raises
    ------
    OSError
        If the file cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of(descriptor: int) -> str:
    """Hex digest of an open file's bytes, which are always read; its position does not move.

    Raises
    ------
    OSError
        If the file cannot be read.
    """
    digest = hashlib.sha256()
    place = 0
    while block := os.pread(descriptor, _BLOCK, place):
        digest.update(block)
        place += len(block)
    return digest.hexdigest()


def _stamp(path: Path) -> str | None:
    """All that changes when the file does, but its bytes; None for a small file."""
    found = path.stat()
    if found.st_size < _LARGE:
        return None
    return f"{found.st_dev}:{found.st_ino}:{found.st_size}:{found.st_mtime_ns}:{found.st_ctime_ns}"


def _is_open_for_writing(path: Path) -> bool:
    """Whether a process has the file open for writing, or mapped; False if that cannot be told.

    A write through a mapping changes the times only the first time. The system refuses a lease on a
    file that somebody may write to.
    """
    if not hasattr(fcntl, "F_SETLEASE"):
        return False
    descriptor = os.open(path, os.O_RDONLY)
    try:
        # Whoever opens the file meanwhile has a signal sent: by default one that ends the process.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except BlockingIOError:
        return True
    except OSError:  # the file of another user, or a file system without leases
        return False
    finally:
        os.close(descriptor)  # ends the lease
    return False


@cache
def _known() -> dict[str, str]:
    return _read()


def _read() -> dict[str, str]:
    """The entries of the cache's file that can be believed; none if it is no such file."""
    if not _path().is_file():
        return {}
    try:
        with _path().open("rb") as file:
            entries = json.loads(file.read(_MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(entries, dict):
        return {}
    return {
        stamp: entry[:64]
        for stamp, entry in entries.items()
        if isinstance(entry, str) and _DIGEST.match(entry) and entry == _entry(stamp, entry[:64])
    }


def _entry(stamp: str, digest: str) -> str:
    """A digest with a check over it and its stamp: a damaged entry is none."""
    return digest + hashlib.sha256(f"{stamp} {digest}".encode()).hexdigest()[:16]


def _keep(stamp: str, digest: str) -> None:
    """Add a digest to the cache; if it cannot be written, later processes read the file again."""
    with _writing:
        _known()[stamp] = digest
        latest = dict(list((_read() | _known()).items())[-_KEPT:])
        temporary = _path().with_suffix(f".{os.getpid()}")
        try:
            temporary.parent.mkdir(parents=True, exist_ok=True)
            entries = {stamp: _entry(stamp, digest) for stamp, digest in latest.items()}
            temporary.write_text(json.dumps(entries), "utf-8")
            os.replace(temporary, _path())
        except OSError:
            return


def _path() -> Path:
    # Versions before this one read digests.json, without the checks.
    return cache_folder() / "checked-digests.json"
