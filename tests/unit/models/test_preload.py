"""Reading ahead: the models are there when they are asked for, and nothing is said of failures."""

from rag.config import Settings
from rag.models.embedder import load_embedder
from rag.models.packaged import PackagedEmbedder
from rag.models.preload import read_ahead


def test_the_models_are_read_once_for_all() -> None:
    read_ahead(Settings()).join()

    first, second = load_embedder(Settings().model), load_embedder(Settings().model)
    assert isinstance(first, PackagedEmbedder)
    assert isinstance(second, PackagedEmbedder)
    assert first.load() is second.load()


def test_a_model_that_is_not_there_is_left_to_be_said_later() -> None:
    read_ahead(Settings(model="no-such-model")).join()
