"""The builds of an index: staged, published by one rename, and immutable from then on."""

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import BusyError, NoIndexError, RagError
from rag.index.build_writer import DENSE, DOCUMENTS, LEXICAL, FolderWriter
from rag.index.dense import Dense
from rag.index.documents import Documents
from rag.index.lexical import Lexical
from rag.index.manifest import Manifest, check_file, files_below, read_manifest
from rag.index.open_files import OpenFiles
from rag.index.protocols import Build

# Begin of the names of folders that are no builds yet, or no longer.
_STAGING = ".staging-"
# Characters that no build has in its name, and the length of the longest name that is read.
_NO_NAME = re.compile(r"[^\w-]")
_LONGEST_NAME = 200


class Builds:
    """The folder of an index: ``CURRENT`` (name of the live build), ``builds/`` and ``cache/``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cache = folder / "cache"
        self._builds = folder / "builds"
        self._current = folder / "CURRENT"

    def __str__(self) -> str:
        return str(self.folder)

    def current(self) -> str | None:
        """Name of the live build; None before the first build. Reads one small file.

        A damaged file gives the name of a build that does not exist.

        Raises
        ------
        RagError
            If the file cannot be read.
        """
        try:
            with self._current.open(encoding="utf-8", errors="replace") as file:
                return _NO_NAME.sub("?", file.read(_LONGEST_NAME).strip()) or None
        except FileNotFoundError:
            return None
        except OSError as error:
            raise RagError(f"{self._current}: {error.strerror}.") from error

    def names(self) -> list[str]:
        """Names of the complete builds, oldest first."""
        if not self._builds.is_dir():
            return []
        return sorted(path.name for path in self._builds.iterdir() if path.name[0] != ".")

    def path(self, name: str) -> Path:
        """Folder of the build ``name``."""
        return self._builds / name

    def manifest(self, name: str) -> Manifest:
        """Manifest of the build ``name``; its files are not checked.

        Raises
        ------
        DamagedIndexError
            If the manifest is missing, damaged or of another format.
        """
        return read_manifest(self.path(name))

    def documents(self, name: str) -> Documents:
        """Documents of the build ``name``; of its files only theirs is checked.

        Raises
        ------
        DamagedIndexError
            If the manifest or the file is missing, truncated or altered.
        """
        check_file(self.path(name), self.manifest(name), DOCUMENTS)
        return Documents(self.path(name) / DOCUMENTS)

    def open(self) -> Build:
        """Compare every file of the live build with its checksum, and open it.

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
                # Try again if a newer build became live meanwhile: this one may be deleted.
                if self.current() == name:
                    raise

    def _open(self, name: str) -> Build:
        folder = self.path(name)
        manifest = read_manifest(folder)
        files = OpenFiles(folder, manifest)
        documents = Documents(folder / DOCUMENTS)
        build = Build(
            manifest=manifest,
            files=files,
            documents=documents,
            dense=Dense(folder / DENSE, before=files.check, allowed=documents.allowed),
            lexical=Lexical(folder / LEXICAL, before=files.check),
        )
        files.check()
        return build

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Lock the folder for one writer, and delete what a killed writer left.

        Raises
        ------
        BusyError
            If another build is running.
        RagError
            If the folder cannot be written.
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
            for leftover in self._builds.glob(f"{_STAGING}*"):
                shutil.rmtree(leftover)
            yield

    def stage(self) -> Path:
        """Make an empty folder to write a build into."""
        return Path(tempfile.mkdtemp(prefix=_STAGING, dir=self._builds))

    @contextmanager
    def writer(self, *, dimension: int, splitter_version: int = 0) -> Iterator[FolderWriter]:
        """Begin a build, within `writing`. What is not published is deleted at the end."""
        staged = self.stage()
        try:
            writer = FolderWriter(
                staged, self.publish, dimension=dimension, splitter_version=splitter_version
            )
            try:
                yield writer
            finally:
                writer.end()
        finally:
            shutil.rmtree(staged, ignore_errors=True)

    def publish(self, staged: Path, name: str, *, keep: int) -> None:
        """Make the finished build in ``staged`` live as ``name``; keep the last ``keep`` builds.

        ``keep`` is at least 2, the new build included. Readers see the old build or the new one.
        After a crash at any point, one of the two is live.
        """
        _sync_tree(staged)
        staged.chmod(0o755)
        staged.rename(self.path(name))
        _sync(self._builds)
        self.make_current(name)
        self.prune(name, keep=keep)

    def prune(self, live: str, *, keep: int) -> None:
        """Delete all but the last ``keep`` builds, ``live`` included; ``keep`` is at least 2.

        A build is first renamed to what :meth:`writing` deletes: a kill leaves no half of it.
        """
        for old in [other for other in self.names() if other != live][: -(keep - 1)]:
            removed = self._builds / f"{_STAGING}{old}"
            self.path(old).rename(removed)
            shutil.rmtree(removed)

    def make_current(self, name: str) -> None:
        """Write ``name`` to ``CURRENT``, atomically and durably; the build must be complete."""
        temporary = self.folder / ".CURRENT"
        with temporary.open("w") as file:
            file.write(name + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, self._current)
        _sync(self.folder)

    def rollback(self) -> str:
        """Make the build before the live one live again; return its name.

        Raises
        ------
        RagError
            If there is no older build.
        BusyError
            If another build is running.
        """
        with self.writing():
            current = self.current()
            older = [name for name in self.names() if current is not None and name < current]
            if not older:
                raise RagError(f"{self.folder}: no older build to go back to.")
            self.make_current(older[-1])
            return older[-1]


def _sync_tree(folder: Path) -> None:
    files = files_below(folder)
    folders = {above for file in files for above in file.relative_to(folder).parents}
    for path in [*files, *(folder / above for above in sorted(folders))]:
        _sync(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
