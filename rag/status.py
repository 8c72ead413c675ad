"""The contents of an index, and the changes of its sources since the build."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.address import IndexAddress
from rag.api import Index
from rag.errors import RagError
from rag.index.diff import Changes, changes
from rag.index.protocols import BuildStore
from rag.index.store import open_store
from rag.load import find
from rag.models.generator import tried
from rag.text.visible import visible
from rag.types import Document, counted


@dataclass(frozen=True, slots=True)
class Status:
    """The state of a build and of its sources.

    Attributes
    ----------
    manifest
        Of the build, JSON-ready.
    sources
        Changes of the source files since the build, by their names.
    documents
        Every document, in the order of the index; empty unless requested.
    since_before
        Changes of the documents from the build before this one; None unless requested.
    language_model
        What came of a request to the language model, in words; None unless requested.
    """

    manifest: dict[str, Any]
    sources: Changes
    documents: tuple[Document, ...] = ()
    since_before: Changes | None = None
    language_model: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "manifest": self.manifest,
            "sources": self.sources.to_dict(),
            "documents": [document.to_dict() for document in self.documents],
            "since_before": self.since_before.to_dict() if self.since_before else None,
            "language_model": self.language_model,
        }

    @property
    def text(self) -> str:
        """Several lines for people."""
        manifest = self.manifest
        lines = [
            f"build      {manifest['build']}, made {manifest['created']}, all files intact",
            f"holds      {counted(manifest['documents'], 'document')}, "
            f"{counted(manifest['passages'], 'passage')}, {manifest['characters']:,} characters",
            f"pages      {manifest['pages']:,}, {manifest['ocr_pages']:,} of them read by OCR; "
            f"{counted(manifest['duplicates'], 'duplicate')}",
            f"model      {manifest['model']} ({manifest['fingerprint'][:12]}…), "
            f"finds {manifest['dense_recall']:.1%} of the ten nearest vectors",
            f"from       {', '.join(manifest['given'])}",
            *(f"skipped    {skip['source']}: {skip['reason']}" for skip in manifest["skipped"]),
        ]
        if self.language_model is not None:
            lines.append(f"asked      {self.language_model}")
        if self.sources != Changes():
            lines += [*self.sources.lines, "Bring the index up to date with: rag index"]
        if self.since_before is not None:
            lines += ["", "What this build changed:", *(self.since_before.lines or ["nothing"])]
        if self.documents:
            lines += ["", *(_line(document) for document in self.documents)]
        return "\n".join(map(visible, lines))


def status(
    index: Index,
    address: IndexAddress,
    *,
    documents: bool = False,
    changes: bool = False,
    model: bool = False,
) -> Status:
    """Compare the open build with its source files, and with the build before it.

    All of the build is read and compared with its checksums.

    Parameters
    ----------
    index, address
        The open index and where it is.
    documents, changes
        Whether to fill ``documents`` and ``since_before``.
    model
        Whether to send the language model of the settings a short request.

    Raises
    ------
    DamagedIndexError
        If a file of the build is missing or altered.
    RagError
        If ``changes`` is true and no older build is kept.
    """
    manifest = index.manifest
    index.check_all()
    try:
        now = {source.name: source.sha256 for source in find([Path(p) for p in manifest.given])}
    except RagError:  # an indexed folder no longer exists
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
        since_before=_since_before(index, open_store(address)) if changes else None,
        language_model=_language_model(index) if model else None,
    )


def _language_model(index: Index) -> str:
    if index.generator is None:
        return "no language model: the settings name none (generator_url, generator_model)"
    return tried(index.generator)


def _since_before(index: Index, builds: BuildStore) -> Changes:
    older = [name for name in builds.names() if name < index.build]
    if not older:
        raise RagError(f"{builds}: no older build is kept to compare with.")
    return changes(builds, older[-1], index.build)


def _line(document: Document) -> str:
    known = document.metadata
    inferred: Sequence[str] = known.get("inferred") or ()
    facts = ", ".join(
        f"{key} {_joined(known[key])}{' (inferred)' if key in inferred else ''}"
        for key in ("agency", "type", "date", "speaker", "release", "docket")
        if known.get(key)
    )
    left_out = known.get("left_out")
    furniture = f"  ({counted(left_out, 'line')} left out as furniture)" if left_out else ""
    return f"{document.doc_id}  {document.title}  [{facts}]{furniture}"


def _joined(value: Any) -> str:
    return " and ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
