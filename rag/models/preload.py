"""Load the models of a question on a thread while the command's other imports still run."""

from collections.abc import Callable
from contextlib import suppress
from threading import Thread

# Imported on the caller's thread: the loading thread then spends its time in native code, which
# lets other threads run.
import rag.models.inference  # noqa: F401
from rag.config import Settings
from rag.errors import RagError
from rag.models.cross_encoder import load_reranker
from rag.models.embedder import load_embedder
from rag.models.packaged import PackagedEmbedder


def read_ahead(settings: Settings, *, long: Callable[[], bool] = lambda: False) -> Thread:
    """Start loading the packaged models that ``settings`` switch on; return the running thread.

    These are the embedder and, unless ``settings.rerank`` is false, the reranker: the one for long
    documents if ``long`` says so on the thread. The thread ignores a :class:`RagError`: the first
    use of the model raises it again.
    """
    thread = Thread(target=_load, args=(settings, long))
    thread.start()
    return thread


def _load(settings: Settings, long: Callable[[], bool]) -> None:
    with suppress(RagError):
        embedder = load_embedder(settings.model)
        if isinstance(embedder, PackagedEmbedder):
            embedder.load()
        if settings.rerank:
            load_reranker(long=long()).load()
