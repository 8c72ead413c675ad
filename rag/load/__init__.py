"""Loading: files of any of the known formats in, documents and reasons for skipping out."""

from rag.load.documents import LOADER_VERSION, load
from rag.load.source import Source, find
from rag.types import Skipped

__all__ = ["LOADER_VERSION", "Skipped", "Source", "find", "load"]
