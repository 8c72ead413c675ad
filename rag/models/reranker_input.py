"""The input of the cross-encoder: title, speaker and text of a span."""

from rag.types import Document

_TITLE = 120
"""Characters of the title, at most."""
_BEFORE = 220
"""Characters of the text before a sentence that are read with it."""


def reading(document: Document, start: int, end: int) -> str:
    """The characters from ``start`` to ``end`` behind title and speaker, on one line.

    A span always gives the same text, so that the reranker's cache finds it again.
    """
    # The end of a long title is kept: old releases begin it with agency, number and date.
    title = document.title[-_TITLE:]
    speaker = document.speaker_at(start)
    head = f"{title}. {speaker}: " if speaker else f"{title}. "
    return " ".join((head + document.text[start:end]).split())


def reading_in_place(document: Document, start: int, end: int) -> str:
    """The same, with the text before the span and the mark ``»`` between the two.

    The cross-encoder was fine-tuned on sentences in this form.
    """
    before = reading(document, max(0, start - _BEFORE), start)
    return f"{before} » {' '.join(document.text[start:end].split())}"
