"""The manifest of a build: its inputs, its counts, and a checksum of every file."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from rag.errors import DamagedIndexError
from rag.hashing import read_sha256, sha256_of
from rag.types import Skipped

FORMAT = 3
"""Raised whenever builds of the older layout can no longer be read."""

NAME = "manifest.json"
_OWN = "sha256"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The contents and inputs of a build. It is written last: a build with a manifest is complete.

    Attributes
    ----------
    format
        Version of the layout, :data:`FORMAT`.
    build
        Name of the build: time and the start of ``inputs``; names sort by age.
    created
        ISO 8601, UTC, to the second.
    inputs
        SHA-256 over all that decides the content (sources, settings, model, versions): equal
        inputs give an equal index.
    model, fingerprint, dimension
        Of the embedder.
    passage_size
        Upper limit of a passage, in characters.
    documents, passages, characters
        Counts of the build.
    pages, ocr_pages
        Pages of the documents that have pages, and those of them that were read by OCR.
    duplicates
        Further sources with the text of an indexed document.
    given
        Absolute paths of the files and folders that were named.
    sources
        SHA-256 of each file found there, by its name.
    skipped
        Files and parts of files that are not in the build.
    dense_recall
        Share of the ten nearest vectors that a dense search finds, 0 to 1.
    files
        SHA-256 of each file of the build, by its posix path below the build.
    """

    format: int
    build: str
    created: str
    inputs: str
    model: str
    fingerprint: str
    dimension: int
    passage_size: int
    documents: int
    passages: int
    characters: int
    pages: int
    ocr_pages: int
    duplicates: int
    given: tuple[str, ...]
    sources: Mapping[str, str]
    skipped: tuple[Skipped, ...]
    dense_recall: float = 1.0
    files: Mapping[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest of a build, with a checksum of its own, durably."""
    with (folder / NAME).open("w", encoding="ascii") as file:
        file.write(manifest_text(manifest))
        file.flush()
        os.fsync(file.fileno())


def manifest_text(manifest: Manifest) -> str:
    """The manifest as JSON in ASCII, with a checksum of its own."""
    raw = manifest.to_dict()
    return json.dumps(raw | {_OWN: _digest(raw)}, indent=1)


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a build. One of an older version has no checksum of its own.

    Raises
    ------
    DamagedIndexError
        If it is missing, not a manifest, or of another format.
    """
    path = folder / NAME
    try:
        text = path.read_bytes()
    except OSError as error:
        raise _damaged(str(path), error) from error
    return parse_manifest(text, str(folder), str(path))


def parse_manifest(text: bytes | str, build: str, name: str) -> Manifest:
    """The manifest that `manifest_text` gave; ``build`` and ``name`` stand in the messages.

    Raises
    ------
    DamagedIndexError
        If it is not a manifest, or of another format.
    """
    try:
        raw = json.loads(text)
        if raw["format"] != FORMAT:
            raise DamagedIndexError(
                f"{build}: format {raw['format']} instead of {FORMAT}. Rebuild with: rag index"
            )
        stated = raw.pop(_OWN, None)
        if stated is not None and stated != _digest(raw):
            raise ValueError("altered")
        raw["given"] = tuple(raw["given"])
        raw["skipped"] = tuple(Skipped(**skip) for skip in raw["skipped"])
        known = {item.name for item in fields(Manifest)}
        return Manifest(**{name: value for name, value in raw.items() if name in known})
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _damaged(name, error) from error


def _damaged(name: str, error: Exception) -> DamagedIndexError:
    return DamagedIndexError(
        f"{name}: missing or damaged ({type(error).__name__}). Rebuild with: rag index"
    )


def _digest(raw: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()


def checksums(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below ``folder`` except the manifest, by its relative posix path."""
    return {
        path.relative_to(folder).as_posix(): sha256_of(path)
        for path in files_below(folder)
        if path.name != NAME
    }


def files_below(folder: Path) -> list[Path]:
    """Every file below ``folder``, sorted.

    Raises
    ------
    OSError
        If a folder cannot be read: `Path.rglob` would leave out in silence what is in it.
    """

    def refuse(error: OSError) -> None:
        raise error

    walked = os.walk(folder, onerror=refuse)
    return sorted(Path(within, name) for within, _, names in walked for name in names)


def check_files(folder: Path, manifest: Manifest, *, thoroughly: bool = False) -> None:
    """Compare every file of the build with its checksum.

    Unless ``thoroughly``, a large file is not read again if its size and times have not changed
    since it was compared (:func:`rag.hashing.sha256_of`). It is read again before it is called
    altered.

    Raises
    ------
    DamagedIndexError
        Naming the first file that is missing or altered.
    """
    for name in manifest.files:
        check_file(folder, manifest, name, thoroughly=thoroughly)


def check_file(folder: Path, manifest: Manifest, name: str, *, thoroughly: bool = False) -> None:
    """Compare one file of the build with its checksum, as :func:`check_files` does."""
    path = folder / name
    expected = manifest.files[name]
    try:
        actual = read_sha256(path) if thoroughly else sha256_of(path, expected=expected)
    except OSError as error:
        raise DamagedIndexError(
            f"{path}: missing or unreadable. Rebuild with: rag index"
        ) from error
    if actual != expected:
        raise DamagedIndexError(
            f"{path}: altered since it was built (SHA-256 {actual[:12]}…, "
            f"{expected[:12]}… expected). Rebuild with: rag index"
        )
