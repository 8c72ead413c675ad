"""The manifest of a build: what it was made from, with a checksum for every file."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from rag.errors import DamagedIndexError
from rag.hashing import read_sha256, sha256_of
from rag.types import Skipped

FORMAT = 3
"""Raised whenever a build of the older layout can no longer be read."""

NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a build holds and what it was made from; written last, so that its presence means whole.

    ``pages`` counts those of documents that have pages, ``ocr_pages`` those among them that were
    read by OCR, ``duplicates`` the further sources whose text was already there.
    ``inputs`` is the digest of everything that decides the content (sources, settings, model,
    versions): equal inputs, equal index. ``dense_recall`` is the share of the ten nearest vectors
    that a search finds. ``given`` are the files and folders it was told to read,
    ``sources`` maps each file found there to its SHA-256, ``files`` maps each file's path below
    the build to the SHA-256 of its bytes.
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


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a build.

    Raises
    ------
    DamagedIndexError
        If it is missing, not a manifest, or of another format.
    """
    path = folder / NAME
    try:
        raw = json.loads(path.read_bytes())
        if raw["format"] != FORMAT:
            raise DamagedIndexError(
                f"{folder}: format {raw['format']} instead of {FORMAT}. Rebuild with: rag index"
            )
        raw["given"] = tuple(raw["given"])
        raw["skipped"] = tuple(Skipped(**skip) for skip in raw["skipped"])
        known = {item.name for item in fields(Manifest)}
        return Manifest(**{name: value for name, value in raw.items() if name in known})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedIndexError(
            f"{path}: missing or damaged ({type(error).__name__}). Rebuild with: rag index"
        ) from error


def checksums(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below ``folder`` except the manifest, by relative posix path."""
    return {
        path.relative_to(folder).as_posix(): sha256_of(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != NAME
    }


def check_files(folder: Path, manifest: Manifest, *, thoroughly: bool = False) -> None:
    """Compare every file of the build with its checksum.

    Unless ``thoroughly``, a large file that was compared before and not touched since is not read:
    what then goes unseen is only that the disk itself forgets.

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
    try:
        actual = read_sha256(path) if thoroughly else sha256_of(path)
    except OSError as error:
        raise DamagedIndexError(
            f"{path}: missing or unreadable. Rebuild with: rag index"
        ) from error
    expected = manifest.files[name]
    if actual != expected:
        raise DamagedIndexError(
            f"{path}: altered since it was built (SHA-256 {actual[:12]}…, "
            f"{expected[:12]}… expected). Rebuild with: rag index"
        )
