"""An embedder that reads no model: for what must be fast, or equal to the last digit."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


class HashEmbedder:
    """The vector of a text is drawn by its SHA-256: the same text has the same vector.

    A real model gives a text a vector whose last digits depend on the texts beside it.
    """

    name, fingerprint = "hash", hashlib.sha256(b"hash").hexdigest()

    def __init__(self, dimension: int = 384) -> None:
        self.dimension = dimension

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One for each text, of length 1."""
        found = np.empty((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")
            found[row] = np.random.Generator(np.random.PCG64(seed)).standard_normal(
                self.dimension, dtype=np.float32
            )
        found /= np.linalg.norm(found, axis=1, keepdims=True)
        return found

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """As of a passage."""
        return self.embed_passages([text])[0]
