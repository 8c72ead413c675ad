"""The files of an open build: held open, and compared with their checksums when they change."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from rag.errors import DamagedIndexError
from rag.hashing import digest_of
from rag.index.manifest import Manifest, check_files

Stamp = tuple[int, int, int]
"""Size and times of a file, in bytes and nanoseconds."""


class OpenFiles:
    """Notices what happens to the files of a build while it is open. Safe to share among threads.

    A deleted build stays open. To notice nothing costs a thousandth of a millisecond for each file.

    Raises
    ------
    DamagedIndexError
        If a file is missing, truncated or altered.
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self._folder, self._manifest = folder, manifest
        self._digests = {folder / name: digest for name, digest in manifest.files.items()}
        self._files: dict[Path, BinaryIO] = {}
        with ExitStack() as opened:
            for path in self._digests:
                try:
                    self._files[path] = opened.enter_context(path.open("rb"))
                except OSError as error:
                    raise DamagedIndexError(
                        f"{path}: missing or unreadable. Rebuild with: rag index"
                    ) from error
            self._stamps = {path: _stamp(file) for path, file in self._files.items()}
            check_files(folder, manifest)
            opened.pop_all()  # keeps the files open
        for path, file in self._files.items():
            if not os.path.samestat(os.fstat(file.fileno()), os.stat(path)):
                raise _altered(path)
        self.check()

    def check(self) -> None:
        """Read a file again if its size or its times have changed.

        Raises
        ------
        DamagedIndexError
            Naming the first file that is truncated or altered.
        """
        for path, file in self._files.items():
            now = _stamp(file)
            if now != self._stamps[path]:
                try:
                    digest = digest_of(file.fileno())
                except OSError as error:
                    raise _altered(path) from error
                if digest != self._digests[path]:
                    raise _altered(path)
                self._stamps[path] = now

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """Compare the files before and after the block, also if the block fails.

        Raises
        ------
        DamagedIndexError
            Instead of any error that a damaged file gives in the block, and instead of its result.
        """
        self.check()
        try:
            yield
        finally:
            self.check()

    def check_all(self) -> None:
        """Read every file again, and compare it with its checksum.

        Raises
        ------
        DamagedIndexError
            Naming the first file that is missing or altered.
        """
        check_files(self._folder, self._manifest, thoroughly=True)


def _stamp(file: BinaryIO) -> Stamp:
    found = os.fstat(file.fileno())
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _altered(path: Path) -> DamagedIndexError:
    return DamagedIndexError(f"{path}: altered while it was open. Rebuild with: rag index")
