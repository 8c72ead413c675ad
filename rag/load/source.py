"""Find and hash the files to load."""

import glob
import hashlib
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from rag.errors import RagError, UsageError
from rag.text.visible import is_text, visible

SIDECAR_SUFFIX = ".toml"
_GLOB = re.compile(r"[*?\[]")
AUTHORITIES = "authorities.toml"
"""Name of the user's own register of authorities, in the folder ``seeds``."""
_NOT_UTF8 = "its name is not UTF-8; rename it"
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
        document unless its sidecar gives one. Unique among the sources of one listing.
    sha256
        Hex digest of the file's bytes; empty if they cannot be read.
    sidecar_sha256
        Hex digest of its sidecar's bytes; empty without a sidecar.
    fault
        Why the file is not opened; empty for a file that is. With a fault, the name can be shown.
    """

    path: Path
    name: str
    sha256: str
    sidecar_sha256: str
    fault: str = ""


def find(paths: Sequence[Path]) -> list[Source]:
    """The files at ``paths`` with their digests; see :func:`listed`."""
    return [hashed(source) for source in listed(paths)]


def hashed(source: Source) -> Source:
    """A listed file with its digests."""
    if source.fault:
        return source
    digests = _digest(source.path), _digest(sidecar_path(source.path))
    return replace(source, sha256=digests[0], sidecar_sha256=digests[1])


def listed(paths: Sequence[Path]) -> list[Source]:
    """List the files at ``paths``: files, folders with subfolders, and patterns such as ``*.pdf``.

    No file is read: the digests are empty.

    In folders, hidden files and folders, sidecars of documents, ``README.md``, ``SOURCES.md``,
    ``authorities.toml`` and ``attribution.toml`` are ignored; a file in ``paths`` itself is always
    listed. Within a folder, links to folders, links that lead outside it and links to themselves
    are not followed, and files whose names are not UTF-8 are not opened: they are listed with a
    fault.

    Returns
    -------
    list[Source]
        In the order of ``paths``, within a folder sorted by path; each file once.

    Raises
    ------
    UsageError
        If a path does not exist, its name is not UTF-8, or a pattern matches nothing.
    RagError
        If a folder cannot be reached or listed.
    """
    found: dict[Path, Source] = {}
    names: set[str] = set()
    for given in paths:
        if not is_text(str(given)):
            raise UsageError(f"{visible(str(given))}: its name is not UTF-8. Rename it.")
        for path, name, fault in _files_at(given):
            key = path.absolute() if fault else path.resolve()
            if key in found:
                continue
            name = _unique(visible(name) if fault else name, path, names)
            names.add(name)
            found[key] = Source(path, name, "", "", fault)
    return list(found.values())


def sidecar_path(path: Path) -> Path:
    """Path of the sidecar of the file at ``path``; the sidecar need not exist."""
    return path.with_name(path.name + SIDECAR_SUFFIX)


def _files_at(given: Path) -> list[tuple[Path, str, str]]:
    try:
        return list(_walk(given))
    except PermissionError as error:
        raise RagError(
            f"{given} cannot be reached: {error.strerror}. Check the permissions above it."
        ) from error


def _walk(given: Path) -> Iterator[tuple[Path, str, str]]:
    """Path, name and fault of each file."""
    if given.is_file():
        yield given, given.name, "" if is_text(str(given)) else _NOT_UTF8
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


def _walk_folder(root: Path) -> Iterator[tuple[Path, str, str]]:
    def refuse(error: OSError) -> None:
        raise RagError(
            f"{error.filename} cannot be listed: {error.strerror}. Check its permissions."
        ) from error

    files: list[str] = []
    for folder, folders, names in os.walk(root, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        present = set(names)
        links = [name for name in folders if Path(folder, name).is_symlink()]
        files.extend(
            Path(folder, name).relative_to(root).as_posix()
            for name in (*names, *links)
            if not name.startswith(".")
            and name not in _ABOUT_THE_FOLDER
            and name.removesuffix(SIDECAR_SUFFIX) not in present - {name}
        )
    inside = root.resolve()
    yield from ((root / name, name, _fault(root / name, inside)) for name in sorted(files))


def _fault(path: Path, inside: Path) -> str:
    """Why a file in the folder ``inside`` is not opened; "" for one that is."""
    if not is_text(str(path)):
        return _NOT_UTF8
    if path.is_symlink() and path.is_dir():
        return "a link to a folder, which is not followed; name that folder to read it"
    for link, what in ((path, "a link"), (sidecar_path(path), "its sidecar is a link")):
        # A sidecar's name may be too long for the file system, which is an error for a Path.
        if os.path.islink(link) and (where := _leads_off(link, inside)):
            return f"{what} that leads {where}, which is not followed; copy the file here"
    return ""


def _leads_off(link: Path, folder: Path) -> str:
    """Where a link leads that is not followed; "" for a file in the folder."""
    try:
        inside = link.resolve(strict=True).is_relative_to(folder)
    except FileNotFoundError:
        return "nowhere"
    except (OSError, RuntimeError):
        return "to itself"
    return "" if inside else "outside the folder"


def _unique(name: str, path: Path, names: set[str]) -> str:
    """``name`` with as many parent folders in front as make it differ from all ``names``."""
    if name not in names:
        return name
    parents = PurePosixPath(visible(path.absolute().as_posix())).parts
    for depth in range(len(PurePosixPath(name).parts) + 1, len(parents) + 1):
        if (longer := "/".join(parents[-depth:])) not in names:
            return longer
    return next(f"{name}-{n}" for n in range(2, len(names) + 3) if f"{name}-{n}" not in names)


def _digest(path: Path) -> str:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return ""
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
