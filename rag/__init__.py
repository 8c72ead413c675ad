"""Questions over enforcement documents, answered with checked, cited excerpts.

>>> from rag import Index, ask, retrieve
>>> answer = ask("What does Binance say about user asset safety?")
>>> claim = answer.claims[0]
>>> claim.speaker, claim.status
('Binance', 'stated')
>>> citation = claim.citations[0]
>>> citation.document.text[citation.start : citation.end] == citation.quote
True
>>> [hit.rank for hit in retrieve("user asset safety", k=2)]
[1, 2]
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from rag.errors import RagError
from rag.types import Answer, Citation, Claim, Document, Hit, Passage, Preference, Searched

if TYPE_CHECKING:
    from rag.build import BuildReport, build_index
    from rag.config import Settings, load_settings
    from rag.door import Index, ask, current_build, retrieve

__all__ = [
    "Answer",
    "BuildReport",
    "Citation",
    "Claim",
    "Document",
    "Hit",
    "Index",
    "Passage",
    "Preference",
    "RagError",
    "Searched",
    "Settings",
    "ask",
    "build_index",
    "current_build",
    "load_settings",
    "retrieve",
]

# Loaded at first use: FAISS, tantivy and the settings library cost more than `rag --help` may take.
_LAZY = {
    "BuildReport": "rag.build",
    "build_index": "rag.build",
    "Settings": "rag.config",
    "load_settings": "rag.config",
    "Index": "rag.door",
    "ask": "rag.door",
    "current_build": "rag.door",
    "retrieve": "rag.door",
}


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module 'rag' has no attribute {name!r}")
