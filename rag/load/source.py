"""Find and hash the files to load."""

import glob
import hashlib
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from rag.errors import RagError, UsageError

SIDECAR_SUFFIX = ".toml"
_GLOB = re.compile(r"[*?\[]")
AUTHORITIES = "authorities.toml"
"""Name of the user's own register of authorities, in the folder ``seeds``."""
_ABOUT_THE_FOLDER = frozenset({"README.md", "SOURCES.md", AUTHORITIES, "attribution.toml"})


@dataclass(frozen=True, slots=True)
class Source:
    """One file to load.

    Attributes
    ----------
    path
        Path of the file.
    name
        Posix path below the given folder, or the file name of a given file. It is the id of the
        document unless its sidecar gives one. Unique among the sources of one ``find``.
    sha256
        Hex digest of the file's bytes; empty if they cannot be read.
    sidecar_sha256
        Hex digest of its sidecar's bytes; empty without a sidecar.
    """

    path: Path
    name: str
    sha256: str
    sidecar_sha256: str


def find(paths: Sequence[Path]) -> list[Source]:
    """List the files at ``paths``: files, folders with subfolders, and patterns such as ``*.pdf``.

    In folders, hidden files and folders, sidecars of documents, ``README.md``, ``SOURCES.md``,
    ``authorities.toml`` and ``attribution.toml`` are ignored; a file in ``paths`` itself is always
    listed. Links to folders are not followed.

    Returns
    -------
    list[Source]
        In the order of ``paths``, within a folder sorted by path; each file once.

    Raises
    ------
    UsageError
        If a path does not exist or a pattern matches nothing.
    RagError
        If a folder cannot be reached or listed.
    """
    found: dict[Path, Source] = {}
    names: set[str] = set()
    for given in paths:
        for path, name in _files_at(given):
            key = path.resolve()
            if key in found:
                continue
            name = _unique(name, path, names)
            names.add(name)
            found[key] = Source(path, name, _digest(path), _digest(sidecar_path(path)))
    return list(found.values())


def sidecar_path(path: Path) -> Path:
    """Path of the sidecar of the file at ``path``; the sidecar need not exist."""
    return path.with_name(path.name + SIDECAR_SUFFIX)


def _files_at(given: Path) -> list[tuple[Path, str]]:
    try:
        return list(_walk(given))
    except PermissionError as error:
        raise RagError(
            f"{given} cannot be reached: {error.strerror}. Check the permissions above it."
        ) from error


def _walk(given: Path) -> Iterator[tuple[Path, str]]:
    if given.is_file():
        yield given, given.name
    elif given.is_dir():
        yield from _walk_folder(given)
    elif _GLOB.search(str(given)) and not given.exists():
        matches = sorted(glob.glob(str(given), recursive=True))
        if not matches:
            raise UsageError(f"nothing matches {given}. Name documents or folders of documents.")
        for match in matches:
            yield from _walk(Path(match))
    elif given.exists():
        raise UsageError(f"{given} is neither a file nor a folder. Name documents or folders.")
    else:
        raise UsageError(f"{given} does not exist. Name documents or folders of documents.")


def _walk_folder(root: Path) -> Iterator[tuple[Path, str]]:
    def refuse(error: OSError) -> None:
        raise RagError(
            f"{error.filename} cannot be listed: {error.strerror}. Check its permissions."
        ) from error

    files: list[Path] = []
    for folder, folders, names in os.walk(root, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        present = set(names)
        files.extend(
            Path(folder, name)
            for name in names
            if not name.startswith(".")
            and name not in _ABOUT_THE_FOLDER
            and name.removesuffix(SIDECAR_SUFFIX) not in present - {name}
        )
    relative = sorted(path.relative_to(root).as_posix() for path in files)
    yield from ((root / name, name) for name in relative)


def _unique(name: str, path: Path, names: set[str]) -> str:
    """``name`` with as many parent folders in front as make it differ from all ``names``."""
    parents = PurePosixPath(path.resolve().as_posix()).parts
    depth = len(PurePosixPath(name).parts)
    while name in names:
        depth += 1
        name = "/".join(parents[-depth:])
    return name


def _digest(path: Path) -> str:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return ""
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
