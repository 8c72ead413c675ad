"""Differences between two builds: documents added, changed and gone."""

from dataclasses import asdict, dataclass
from typing import Any

from rag.errors import RagError
from rag.index.protocols import BuildStore


@dataclass(frozen=True, slots=True)
class Changes:
    """Ids of documents (or names of files), each sorted.

    A document is changed if its text, title or metadata differ; a file, if its bytes do.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)

    @property
    def lines(self) -> list[str]:
        """One line for each document; empty if there are no differences."""
        return [f"{kind:<10} {doc_id}" for kind, ids in asdict(self).items() for doc_id in ids]


def changes(builds: BuildStore, before: str, after: str) -> Changes:
    """Compare the documents of two builds by their names.

    Raises
    ------
    RagError
        If there is no build with one of the names.
    """
    old, new = (_digests(builds, name) for name in (before, after))
    return Changes(
        added=tuple(sorted(new.keys() - old.keys())),
        changed=tuple(sorted(key for key in new.keys() & old.keys() if new[key] != old[key])),
        gone=tuple(sorted(old.keys() - new.keys())),
    )


def _digests(builds: BuildStore, name: str) -> dict[str, bytes]:
    if name not in builds.names():
        known = ", ".join(builds.names()) or "none"
        raise RagError(f"no build {name!r} in {builds}. Kept: {known}.")
    return builds.documents(name).digests()
