"""The final ids of documents, and the links among duplicates, once all documents are read."""

import re
from array import array
from base64 import b64decode, b64encode
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

import numpy as np

from rag.load.duplicates import Duplicates, Sketch, digest_and_sketch
from rag.load.source import Source
from rag.types import Document, Skipped

_ROW = re.compile(r":\d+$")
"""The row, at the end of the source of a document of an export."""


@dataclass(frozen=True, slots=True)
class Traits:
    """All of a document that decides its final id, its duplicates and its near-duplicates.

    Attributes
    ----------
    doc_id, source, sha256
        Of the document.
    file, path
        Name and path of the file that it was read from.
    text, sketch
        As ``rag.load.duplicates.digest_and_sketch`` gives them.
    """

    doc_id: str
    source: str
    sha256: str
    file: str
    path: str
    text: bytes
    sketch: Sketch

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        own = (self.doc_id, self.source, self.sha256, self.file, self.path)
        names = ("doc_id", "source", "sha256", "file", "path")
        packed = {"text": self.text.hex(), "sketch": b64encode(self.sketch.tobytes()).decode()}
        return dict(zip(names, own, strict=True)) | packed


def traits_of(source: Source, document: Document) -> Traits:
    """The traits of a document that was read from ``source``."""
    return Traits(
        document.doc_id,
        document.source,
        document.sha256,
        source.name,
        str(source.path),
        *digest_and_sketch(document.text),
    )


def traits_from_dict(values: dict[str, Any]) -> Traits:
    """The traits of a result of :meth:`Traits.to_dict`."""
    text = bytes.fromhex(values.pop("text"))
    sketch = np.frombuffer(b64decode(values.pop("sketch")), np.uint64)
    return Traits(**values, text=text, sketch=sketch)


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a document gets once all documents are read.

    Attributes
    ----------
    doc_id
        Unique.
    warning
        Why the id differs from that in the document; "" if there is nothing to tell.
    also_in
        Sources of the documents with the same text.
    near_duplicate_of
        Ids of the earlier documents whose text is nearly the same.
    """

    doc_id: str
    warning: str = ""
    also_in: tuple[str, ...] = ()
    near_duplicate_of: tuple[str, ...] = ()

    def of(self, document: Document) -> Document:
        """The document with its final id and links."""
        metadata = dict(document.metadata)
        if self.warning:
            metadata["warnings"] = [*metadata.get("warnings", []), self.warning]
        if self.also_in:
            metadata["also_in"] = list(self.also_in)
        if self.near_duplicate_of:
            metadata["near_duplicate_of"] = list(self.near_duplicate_of)
        if self.doc_id == document.doc_id and metadata == document.metadata:
            return document
        return replace(document, doc_id=self.doc_id, metadata=metadata)


class Resolver:
    """Gives documents unique ids, and keeps one of those with the same text, in their order.

    Ids are unique: a later document with the same id is skipped, unless it is a row of an export. A
    row gets the name of its export before its id if the id is taken outside the export, and a
    number behind it, with a warning, if another row of the export has it.

    Of documents with the same text the first is kept; see ``rag.load.duplicates.Duplicates``.

    Parameters
    ----------
    file
        Empty, open for reading and writing: what is compared is kept in it.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._duplicates = Duplicates(file)
        self._known: dict[str, int] = {}  # id to number among the documents with an id
        self._sources: list[str] = []
        self._digests: list[str] = []
        self._last: Counter[str] = Counter()
        self._repeated: set[tuple[str, str]] = set()
        self._warnings: dict[int, str] = {}
        self._kept = array("Q")  # number of each kept document
        self._numbers = array("q")  # for each document added: its number, -1 if it is left out
        self._also: defaultdict[int, list[str]] = defaultdict(list)

    def add(self, traits: Traits) -> Skipped | None:
        """Add the next document; if its id cannot be had, it is left out, with the reason."""
        doc_id, warning, fault = self._named(traits)
        if fault:
            self._numbers.append(-1)
            return Skipped(traits.source, fault)
        number = self._known[doc_id] = len(self._known)
        self._sources.append(traits.source)
        self._digests.append(traits.sha256)
        # Without an id of its own, the id is the end of its source.
        own = not traits.source.endswith(doc_id)
        first = self._duplicates.add(traits.text, traits.sketch, has_own_id=own)
        if first is not None:
            self._also[self._kept[first]].append(traits.source)
            self._numbers.append(-1)
            return None
        self._kept.append(number)
        self._numbers.append(number)
        if warning:
            self._warnings[number] = warning
        return None

    @property
    def kept(self) -> int:
        """How many of the documents added are kept."""
        return len(self._kept)

    def resolved(self) -> Iterator[Resolved | None]:
        """For each document, in the order added, its final id and links; None if left out."""
        ids = list(self._known)
        near = {
            self._kept[later]: tuple(ids[self._kept[one]] for one in earlier)
            for later, earlier in self._duplicates.near().items()
        }
        for number in self._numbers:
            if number < 0:
                yield None
                continue
            also = tuple(self._also.get(number, ()))
            warning = self._warnings.get(number, "")
            yield Resolved(ids[number], warning, also, near.get(number, ()))

    def _named(self, traits: Traits) -> tuple[str, str, str]:
        """Id, warning, and why the document is left out: one of the last two is empty."""
        doc_id = traits.doc_id
        if doc_id not in self._known:
            return doc_id, "", ""
        first = self._sources[self._known[doc_id]]
        if not _ROW.search(traits.source):
            reason = f"its id {doc_id!r} is taken by {first}"
            return "", "", f"{reason}; give it another in its sidecar"
        export = _ROW.sub("", traits.source)
        own_id = doc_id
        if _ROW.sub("", first) != export:
            own_id = f"{traits.file}{export.removeprefix(traits.path)}:{doc_id}"
        if own_id not in self._known:
            return own_id, "", ""
        number = self._known[own_id]
        repeats = self._digests[number] == traits.sha256
        if repeats or (own_id, traits.sha256) in self._repeated:
            return "", "", f"it repeats another row with the id {doc_id!r}"
        self._repeated.add((own_id, traits.sha256))
        ending = max(2, self._last[own_id] + 1)
        while f"{own_id}-{ending}" in self._known:
            ending += 1
        self._last[own_id] = ending
        taken = f"its id {doc_id!r} is that of {self._sources[number]} too"
        return f"{own_id}-{ending}", f"{taken}; here it ends in -{ending}", ""
