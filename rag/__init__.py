"""Questions over enforcement documents, answered with checked, cited excerpts.

>>> from rag import Index, build_index
>>> build_index()                                  # doctest: +SKIP
>>> index = Index.open()                           # doctest: +SKIP
>>> answer = index.ask("What does Binance say about user asset safety?")   # doctest: +SKIP
>>> print(answer.text)                             # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from rag.errors import RagError
from rag.types import Answer, Citation, Claim, Document, Hit, Passage, Searched

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
