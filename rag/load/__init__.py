"""Loading: files of any of the known formats in, documents and reasons for skipping out.

``find`` lists files, ``load`` reads them, ``read`` does both. ``original``, ``quote_boxes`` and
``page_picture`` lead from a citation back to the printed page.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from rag.load.documents import LOADER_VERSION, load, read
from rag.load.original import original
from rag.load.source import Source, find
from rag.types import Skipped

if TYPE_CHECKING:
    from rag.load.pdf.page_image import page_picture, quote_boxes

__all__ = [
    "LOADER_VERSION",
    "Skipped",
    "Source",
    "find",
    "load",
    "original",
    "page_picture",
    "quote_boxes",
    "read",
]


def __getattr__(name: str) -> Any:
    if name in ("page_picture", "quote_boxes"):  # they bring PDFium and Pillow with them
        return getattr(import_module("rag.load.pdf.page_image"), name)
    raise AttributeError(f"module 'rag.load' has no attribute {name!r}")
