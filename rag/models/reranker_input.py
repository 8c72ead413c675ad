"""What the cross-encoder reads of a document: whose case it is, who speaks, the words."""

from rag.types import Document

_TITLE = 120
_BEFORE = 220
"""Characters in front of a sentence with which it is read in its place."""


def reading(document: Document, start: int, end: int) -> str:
    """The words from ``start`` to ``end`` behind what they are about, on one line.

    The same place reads the same whoever asks, so that the reranker remembers it.
    """
    # Of a long title the end: old releases begin theirs with agency, number and date.
    title = document.title[-_TITLE:]
    speaker = document.speaker_at(start)
    head = f"{title}. {speaker}: " if speaker else f"{title}. "
    return " ".join((head + document.text[start:end]).split())


def reading_in_place(document: Document, start: int, end: int) -> str:
    """The same behind what stands before it and a mark where it begins.

    The cross-encoder was taught on sentences in their places in just this form.
    """
    before = reading(document, max(0, start - _BEFORE), start)
    return f"{before} » {' '.join(document.text[start:end].split())}"
