"""Which builds there are and which is live: staged, moved into place, never changed after."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rag.errors import BusyError, NoIndexError, RagError
from rag.index.dense import Dense
from rag.index.documents import Documents
from rag.index.lexical import Lexical
from rag.index.manifest import Manifest, check_file, check_files, read_manifest

DOCUMENTS = "documents.sqlite"
DENSE = "dense.faiss"
LEXICAL = "lexical"


@dataclass(frozen=True, slots=True)
class Build:
    """One build, opened: its files were checked and do not change any more.

    Row i of ``dense``, of ``lexical`` and of the passage table is the same passage.
    """

    manifest: Manifest
    documents: Documents
    dense: Dense
    lexical: Lexical


class Builds:
    """The folder of an index: ``CURRENT``, ``builds/`` and ``cache/``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cache = folder / "cache"
        self._builds = folder / "builds"
        self._current = folder / "CURRENT"

    def current(self) -> str | None:
        """Name of the live build; None before the first. Reads one small file."""
        try:
            return self._current.read_text().strip() or None
        except FileNotFoundError:
            return None
        except OSError as error:
            raise RagError(f"{self._current}: {error.strerror}.") from error

    def names(self) -> list[str]:
        """Complete builds, oldest first."""
        if not self._builds.is_dir():
            return []
        return sorted(path.name for path in self._builds.iterdir() if path.name[0] != ".")

    def path(self, name: str) -> Path:
        """Folder of the build ``name``."""
        return self._builds / name

    def manifest(self, name: str) -> Manifest:
        """Its manifest, without checking the files."""
        return read_manifest(self.path(name))

    def documents(self, name: str) -> Documents:
        """Its documents alone, after comparing their file with its checksum.

        Raises
        ------
        DamagedIndexError
            If the file is missing, truncated or altered.
        """
        check_file(self.path(name), self.manifest(name), DOCUMENTS)
        return Documents(self.path(name) / DOCUMENTS)

    def open(self) -> Build:
        """Open the live build after comparing every file with its checksum.

        Raises
        ------
        NoIndexError
            Before the first build.
        DamagedIndexError
            If a file is missing, truncated or altered.
        """
        while True:
            name = self.current()
            if name is None:
                raise NoIndexError(f"no index in {self.folder}. Build one with: rag index")
            try:
                return self._open(name)
            except RagError:
                # A newer build may have gone live, and this one been pruned, while it was read.
                if self.current() == name:
                    raise

    def _open(self, name: str) -> Build:
        folder = self.path(name)
        manifest = read_manifest(folder)
        check_files(folder, manifest)
        return Build(
            manifest=manifest,
            documents=Documents(folder / DOCUMENTS),
            dense=Dense(folder / DENSE),
            lexical=Lexical(folder / LEXICAL),
        )

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the folder for one writer and clear away what a killed one left.

        Raises
        ------
        BusyError
            If another build is running.
        """
        try:
            self._builds.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / ".lock").open("w")
        except OSError as error:
            raise RagError(
                f"{self.folder}: cannot be written ({error.strerror}). "
                "Name another folder with: --index DIR"
            ) from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise BusyError(
                    f"{self.folder}: another build is running. Wait for it, then try again."
                ) from error
            for leftover in self._builds.glob(".staging-*"):
                shutil.rmtree(leftover)
            yield

    def stage(self) -> Path:
        """A new empty folder to write a build into."""
        return Path(tempfile.mkdtemp(prefix=".staging-", dir=self._builds))

    def publish(self, staged: Path, name: str, *, keep: int) -> None:
        """Make the finished build in ``staged`` the live one, and keep the last ``keep`` builds.

        A reader sees the old build or the new one; a crash at any point leaves one of them live.
        """
        _sync_tree(staged)
        staged.chmod(0o755)
        staged.rename(self.path(name))
        _sync(self._builds)
        self.make_current(name)
        for old in [other for other in self.names() if other != name][: -(keep - 1)]:
            shutil.rmtree(self.path(old))

    def make_current(self, name: str) -> None:
        """Move ``CURRENT`` to a complete build, atomically and durably."""
        temporary = self.folder / ".CURRENT"
        with temporary.open("w") as file:
            file.write(name + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, self._current)
        _sync(self.folder)

    def rollback(self) -> str:
        """Make the build before the live one live again; returns its name.

        Raises
        ------
        RagError
            If there is no older build.
        """
        with self.writing():
            current = self.current()
            older = [name for name in self.names() if current is not None and name < current]
            if not older:
                raise RagError(f"{self.folder}: no older build to go back to.")
            self.make_current(older[-1])
            return older[-1]


def _sync_tree(folder: Path) -> None:
    for path in folder.rglob("*"):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
