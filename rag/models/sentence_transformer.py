"""An embedder for any sentence-transformers model, through that library."""

import importlib.util
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.config import offline

_LIBRARIES = ("sentence-transformers", "torch")


class SentenceTransformerEmbedder:
    """A model in a folder, run by torch. A lock allows one call at a time.

    Parameters
    ----------
    name, fingerprint, dimension
        As in ``rag.models.embedder.Embedder``.
    folder
        ``sentence_transformers.SentenceTransformer`` loads it at the first embedding: in bfloat16
        if the processor supports it, else in float32.
    """

    def __init__(self, name: str, fingerprint: str, dimension: int, folder: Path) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self.dimension = dimension
        self._folder = folder
        # The tokenizer is not thread-safe: it keeps padding and truncation as its state.
        self._lock = threading.Lock()

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of shape ``(len(texts), dimension)``, with the passage prompt of the model."""
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        with self._lock:
            return _unit(
                self._model.encode_document(
                    list(texts), batch_size=8, show_progress_bar=False, convert_to_tensor=True
                )
            )

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """Vector of shape ``(dimension,)``, with the question prompt of the model."""
        with self._lock:
            return _unit(
                self._model.encode_query(text, show_progress_bar=False, convert_to_tensor=True)
            )

    @cached_property
    def _model(self) -> Any:
        offline()
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()  # type: ignore[no-untyped-call]
        fast = torch.cpu._is_avx512_bf16_supported()
        return SentenceTransformer(
            str(self._folder),
            device="cpu",
            local_files_only=True,
            model_kwargs={"dtype": torch.bfloat16 if fast else torch.float32},
        )


def missing_libraries() -> list[str]:
    """The packages that run such a model and are not installed. None of them is imported."""
    return [name for name in _LIBRARIES if importlib.util.find_spec(name.replace("-", "_")) is None]


def _unit(vectors: Any) -> NDArray[np.float32]:
    """The vectors at length 1, in float32. Normalised in bfloat16, the third digit is wrong."""
    found: NDArray[np.float32] = vectors.float().cpu().numpy()
    unit: NDArray[np.float32] = found / np.linalg.norm(found, axis=-1, keepdims=True)
    return unit
