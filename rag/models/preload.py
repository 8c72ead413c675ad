"""The models of a question, read on a thread of their own while a command is still imported."""

from contextlib import suppress
from threading import Thread

# Imported here, so that the thread does little but what frees the others to go on.
import rag.models.inference  # noqa: F401
from rag.config import Settings
from rag.errors import RagError
from rag.models.cross_encoder import CrossEncoder, load_reranker
from rag.models.embedder import load_embedder
from rag.models.packaged import PackagedEmbedder


def read_ahead(settings: Settings) -> Thread:
    """Begin to read the packaged models that the settings name; returns the thread at work.

    What goes wrong is left to be said where a model is first used.
    """
    thread = Thread(target=_read, args=(settings,))
    thread.start()
    return thread


def _read(settings: Settings) -> None:
    with suppress(RagError):
        for model in (load_embedder(settings.model), load_reranker()):
            if isinstance(model, PackagedEmbedder | CrossEncoder):
                model.load()
