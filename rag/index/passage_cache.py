"""A cache of passages: those of an earlier build with the same text and headings."""

import hashlib
import json
from collections import defaultdict

from rag.index.documents import has_amount
from rag.index.protocols import DocumentStore
from rag.text.split import SPLITTER_VERSION, split
from rag.types import Document, Passage

# Start, end, whether it names a sum of money, path of headings.
_Row = tuple[int, int, bool, tuple[str, ...]]


class PassageCache:
    """Splits documents as :func:`rag.text.split.split` does, or looks their passages up.

    Parameters
    ----------
    size
        Upper limit of a passage, in characters.
    earlier
        Documents of a build with the same ``size``; None for none. They are ignored if the build
        has another version of the splitter.
    """

    def __init__(self, size: int, earlier: DocumentStore | None = None) -> None:
        self._size = size
        self._known = _read(earlier) if earlier else {}

    def split(self, document: Document) -> tuple[list[Passage], list[bool]]:
        """The passages in order, and for each whether it names a sum of money."""
        known = self._known.get(_key(document))
        if known is None:
            passages = list(split(document, size=self._size))
            return passages, [has_amount(passage.text) for passage in passages]
        return (
            [Passage(document, start, end, heading) for start, end, _, heading in known],
            [amount for _, _, amount, _ in known],
        )


def _read(documents: DocumentStore) -> dict[bytes, list[_Row]]:
    if documents.splitter_version != SPLITTER_VERSION:
        return {}
    rows: defaultdict[int, list[_Row]] = defaultdict(list)
    for document, start, end, amount, heading in documents.slices():
        headings = tuple(json.loads(heading)) if heading != "[]" else ()
        rows[document].append((start, end, bool(amount), headings))
    return {_key(document): rows[row] for row, document in enumerate(documents.all())}


def _key(document: Document) -> bytes:
    """Digest of all fields that decide how a document is split."""
    return hashlib.sha256(f"{document.headings}\0{document.text}".encode()).digest()
