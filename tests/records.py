"""Records that tests make by hand."""

from rag.types import Document, Hit, Passage


def document(text: str, doc_id: str = "a.txt", **metadata: object) -> Document:
    """A document of this text, titled with its id."""
    return Document(
        doc_id=doc_id, title=doc_id, text=text, source=doc_id, sha256="0" * 64, metadata=metadata
    )


def hit(of: Document, start: int, end: int, *, rank: int = 1) -> Hit:
    """A hit on these characters."""
    return Hit(Passage(of, start, end), 1.0 / rank, rank, {"lexical": rank})
