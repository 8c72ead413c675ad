"""What the cross-encoder reads of a document: whose case it is, who speaks, the words."""

from rag.types import Document

_TITLE = 120


def reading(document: Document, start: int, end: int) -> str:
    """The words from ``start`` to ``end`` behind what they are about, on one line.

    The same place reads the same whoever asks, so that the reranker remembers it.
    """
    # Of a long title the end: old releases begin theirs with agency, number and date.
    title = document.title[-_TITLE:]
    speaker = document.speaker_at(start)
    head = f"{title}. {speaker}: " if speaker else f"{title}. "
    return " ".join((head + document.text[start:end]).split())
