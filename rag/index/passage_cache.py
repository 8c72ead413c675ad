"""A cache of passages: those of an earlier build with the same id, text and headings."""

from dataclasses import replace

from rag.index.documents import has_amount
from rag.index.protocols import DocumentStore
from rag.text.split import SPLITTER_VERSION, split
from rag.types import Document, Passage


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
        known = earlier is not None and earlier.splitter_version == SPLITTER_VERSION
        self._earlier = earlier if known else None

    def split(self, document: Document) -> tuple[list[Passage], list[bool]]:
        """The passages in order, and for each whether it names a sum of money."""
        earlier = self._earlier
        known = earlier.document(document.doc_id) if earlier else None
        if not earlier or not known or not _is_split_as(document, known):
            passages = list(split(document, size=self._size))
            return passages, [has_amount(passage.text) for passage in passages]
        rows = earlier.rows_of(earlier.rows([known.doc_id])[known.doc_id])
        places = earlier.places(rows)
        return (
            [replace(passage, document=document) for passage in earlier.passages(rows)],
            [places[row][1] for row in rows],
        )


def _is_split_as(one: Document, other: Document) -> bool:
    """Whether all fields that decide how a document is split are equal."""
    return one.text == other.text and one.headings == other.headings
