"""Records that tests make by hand."""

from typing import Any

from rag.answer.candidates import Candidate
from rag.answer.scoring import Scored
from rag.text.stemming import stems
from rag.types import Document, Hit, Passage


def document(text: str, doc_id: str = "a.txt", **metadata: object) -> Document:
    """A document of this text, titled with its id."""
    return Document(
        doc_id=doc_id, title=doc_id, text=text, source=doc_id, sha256="0" * 64, metadata=metadata
    )


def hit(of: Document, start: int, end: int, *, rank: int = 1) -> Hit:
    """A hit on these characters."""
    return Hit(Passage(of, start, end), 1.0 / rank, rank, {"lexical": rank})


def scored(of: Document, sentence: str, **changed: Any) -> Scored:
    """This sentence of the document as a likely answer; ``changed`` are fields of it."""
    start = of.text.index(sentence)
    known: dict[str, Any] = {
        "candidate": Candidate(of, start, start + len(sentence), rank=1, inside=True, score=1.0),
        "stems": stems(sentence),
        "subject": stems(of.title),
        "relevance": 6.0,
        "answers": 3.0,
        "bears": 3.0,
        "coverage": 1.0,
        "setting": 1.0,
        "clause": 0.0,
        "named": 1.0,
        "given": 1.0,
        "contradicts": False,
        "score": 1.0,
    }
    return Scored(**(known | changed))
