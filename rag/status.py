"""What is in an index, and what has changed in its sources since it was built."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.api import Index
from rag.errors import RagError
from rag.index.builds import Builds
from rag.index.diff import Changes, changes
from rag.index.manifest import check_files
from rag.load import find
from rag.types import Document, counted


@dataclass(frozen=True, slots=True)
class Status:
    """A build and its sources.

    ``sources`` is what has happened to the files since the build, ``since_before`` what the build
    changed of the one before it; the latter and ``documents`` are filled only when asked for.
    """

    manifest: dict[str, Any]
    sources: Changes
    documents: tuple[Document, ...] = ()
    since_before: Changes | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "manifest": self.manifest,
            "sources": self.sources.to_dict(),
            "documents": [document.to_dict() for document in self.documents],
            "since_before": self.since_before.to_dict() if self.since_before else None,
        }

    @property
    def text(self) -> str:
        """For people."""
        manifest = self.manifest
        lines = [
            f"build      {manifest['build']}, made {manifest['created']}, every file sound",
            f"holds      {counted(manifest['documents'], 'document')}, "
            f"{counted(manifest['passages'], 'passage')}, {manifest['characters']:,} characters",
            f"pages      {manifest['pages']:,}, {manifest['ocr_pages']:,} of them read by OCR; "
            f"{counted(manifest['duplicates'], 'duplicate')}",
            f"model      {manifest['model']} ({manifest['fingerprint'][:12]}…), "
            f"finds {manifest['dense_recall']:.1%} of the ten nearest vectors",
            f"from       {', '.join(manifest['given'])}",
            *(f"skipped    {skip['source']}: {skip['reason']}" for skip in manifest["skipped"]),
        ]
        if self.sources != Changes():
            lines += [self.sources.text, "Bring the index up to date with: rag index"]
        if self.since_before is not None:
            lines += ["", "What this build changed:", self.since_before.text or "nothing"]
        if self.documents:
            lines += ["", *(_line(document) for document in self.documents)]
        return "\n".join(lines)


def status(index: Index, folder: Path, *, documents: bool = False, changes: bool = False) -> Status:
    """Compare the open build with the files it was made from, and with the build before it.

    Raises
    ------
    DamagedIndexError
        If a byte of the build is not as it was written.
    RagError
        If ``changes`` are asked for and no older build is kept.
    """
    manifest = index.manifest
    check_files(Builds(folder).path(index.build), manifest, thoroughly=True)
    try:
        now = {source.name: source.sha256 for source in find([Path(p) for p in manifest.given])}
    except RagError:  # a folder that was indexed is no longer there
        now = {}
    before = manifest.sources
    return Status(
        manifest=manifest.to_dict(),
        sources=Changes(
            added=tuple(sorted(now.keys() - before.keys())),
            changed=tuple(sorted(n for n in now.keys() & before.keys() if now[n] != before[n])),
            gone=tuple(sorted(before.keys() - now.keys())),
        ),
        documents=tuple(index.documents()) if documents else (),
        since_before=_since_before(index, Builds(folder)) if changes else None,
    )


def _since_before(index: Index, builds: Builds) -> Changes:
    older = [name for name in builds.names() if name < index.build]
    if not older:
        raise RagError(f"{builds.folder}: no older build is kept to compare with.")
    return changes(builds, older[-1], index.build)


def _line(document: Document) -> str:
    known = document.metadata
    inferred: Sequence[str] = known.get("inferred") or ()
    facts = ", ".join(
        f"{key} {_joined(known[key])}{' (inferred)' if key in inferred else ''}"
        for key in ("agency", "type", "date", "speaker", "release", "docket")
        if known.get(key)
    )
    return f"{document.doc_id}  {document.title}  [{facts}]"


def _joined(value: Any) -> str:
    return " and ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
