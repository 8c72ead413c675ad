"""Loading: from files of the supported formats to documents, or to reasons for skipping.

``find`` lists files, ``load`` reads them, ``read`` does both. For a citation, ``original`` returns
the source file, ``quote_boxes`` the place on the page, and ``page_picture`` an image of the page.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from rag.load.correct import correct, file_of
from rag.load.documents import LOADER_VERSION, load, load_to_disk, read, read_ahead
from rag.load.original import original
from rag.load.source import Source, find, hashed, listed
from rag.types import Skipped

if TYPE_CHECKING:
    from rag.load.pdf.page_image import page_picture, quote_boxes

__all__ = [
    "LOADER_VERSION",
    "Skipped",
    "Source",
    "correct",
    "file_of",
    "find",
    "hashed",
    "listed",
    "load",
    "load_to_disk",
    "original",
    "page_picture",
    "quote_boxes",
    "read",
    "read_ahead",
]


def __getattr__(name: str) -> Any:
    if name in ("page_picture", "quote_boxes"):  # imported at first use, with PDFium and Pillow
        return getattr(import_module("rag.load.pdf.page_image"), name)
    raise AttributeError(f"module 'rag.load' has no attribute {name!r}")
