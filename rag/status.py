"""What is in an index, and what has changed in its sources since it was built."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.door import Index
from rag.errors import RagError
from rag.load import find
from rag.types import Document, counted


@dataclass(frozen=True, slots=True)
class Status:
    """A build and its sources; ``documents`` is filled only when asked for."""

    manifest: dict[str, Any]
    added: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    documents: tuple[Document, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "manifest": self.manifest,
            "sources": {
                "added": list(self.added),
                "changed": list(self.changed),
                "gone": list(self.gone),
            },
            "documents": [document.to_dict() for document in self.documents],
        }

    @property
    def text(self) -> str:
        """For people."""
        manifest = self.manifest
        lines = [
            f"build      {manifest['build']}, made {manifest['created']}, every file sound",
            f"holds      {counted(manifest['documents'], 'document')}, "
            f"{counted(manifest['passages'], 'passage')}, {manifest['characters']:,} characters",
            f"model      {manifest['model']} ({manifest['fingerprint'][:12]}…)",
            f"from       {', '.join(manifest['given'])}",
            *(
                f"           {skip['source']}: skipped: {skip['reason']}"
                for skip in manifest["skipped"]
            ),
            *(
                f"{kind:<10} {name}"
                for kind, names in (
                    ("added", self.added),
                    ("changed", self.changed),
                    ("gone", self.gone),
                )
                for name in names
            ),
        ]
        if self.added or self.changed or self.gone:
            lines.append("Bring the index up to date with: rag index")
        lines.extend(_line(document) for document in self.documents)
        return "\n".join(lines)


def status(index: Index, *, documents: bool = False) -> Status:
    """Compare the open build with the files and folders it was made from."""
    manifest = index.manifest
    try:
        now = {source.name: source.sha256 for source in find([Path(p) for p in manifest.given])}
    except RagError:  # a folder that was indexed is no longer there
        now = {}
    before = manifest.sources
    return Status(
        manifest=manifest.to_dict(),
        added=tuple(sorted(now.keys() - before.keys())),
        changed=tuple(sorted(n for n in now.keys() & before.keys() if now[n] != before[n])),
        gone=tuple(sorted(before.keys() - now.keys())),
        documents=tuple(index.documents()) if documents else (),
    )


def _line(document: Document) -> str:
    known = document.metadata
    inferred: Sequence[str] = known.get("inferred") or ()
    facts = ", ".join(
        f"{key} {known[key]}{' (inferred)' if key in inferred else ''}"
        for key in ("agency", "type", "date", "speaker", "release", "docket")
        if known.get(key)
    )
    return f"{document.doc_id}  {document.title}  [{facts}]"
