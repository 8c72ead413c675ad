"""Changes files in one step, one writer at a time."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def one_writer(folder: Path) -> Iterator[None]:
    """Hold the lock of the folder, which is made if it is missing.

    Other threads and other servers wait. The lock ends with the process that holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def write(path: Path, content: str | bytes) -> None:
    """Write the file in one step, text as UTF-8: nobody reads a half-written file."""
    staged = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}")
    staged.write_bytes(content.encode() if isinstance(content, str) else content)
    os.replace(staged, path)
