"""What the slow parts of an index gave, kept in a file: a second run of the same calls is fast.

The read path itself runs as it is; only searches, embeddings and readings are looked up. What has
not been asked for before is asked of the index, so that nothing is approximated.
"""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from rag import Index, load_settings
from rag.index.builds import Builds
from rag.index.protocols import Build
from rag.models.cross_encoder import Reading, Reranker
from rag.models.embedder import Embedder
from rag.question.filters import Filters
from rag.types import Question

_SAVED_EVERY = 200


class Recording:
    """Results of calls by what they were called with, in a SQLite file."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.execute("CREATE TABLE IF NOT EXISTS calls (key TEXT PRIMARY KEY, value)")
        self._unsaved = 0
        self._known: dict[str, Any] = {
            key: json.loads(value)
            for key, value in self._connection.execute("SELECT key, value FROM calls")
        }

    def of(self, call: Sequence[Any], make: Callable[[], Any]) -> Any:
        """The JSON-ready result of a call, made where it is not known."""
        key = self.key(call)
        if key not in self._known:
            self.put(key, make())
        return self._known[key]

    def key(self, call: Sequence[Any]) -> str:
        """The name of a call in the file."""
        return hashlib.sha256(json.dumps(call).encode()).hexdigest()[:32]

    def __contains__(self, key: str) -> bool:
        return key in self._known

    def get(self, key: str) -> Any:
        """The result under a known key."""
        return self._known[key]

    def put(self, key: str, value: Any) -> None:
        """Keep a result; written at least every few hundred, so that a stopped run goes on."""
        self._known[key] = value
        row = key, json.dumps(value)
        self._connection.execute("INSERT OR REPLACE INTO calls VALUES (?, ?)", row)
        self._unsaved += 1
        if self._unsaved >= _SAVED_EVERY:
            self.save()

    def save(self) -> None:
        """Write what is new."""
        self._connection.commit()
        self._unsaved = 0


class RecordedIndex:
    """An open index whose searches and readings are recorded."""

    def __init__(self, folder: Path, recording: Recording) -> None:
        settings = load_settings(index=folder)
        self.live = Index.open(settings=settings)
        build = Builds(folder).open()
        name = build.manifest.build
        self.documents = build.documents
        self.build: Any = _Build(build, name, recording)
        self.embedder = _Embedder(self.live._retriever._embedder, recording)
        self.reranker = _Reranker(self.live.reranker, recording)


class _Build:
    def __init__(self, build: Build, name: str, recording: Recording) -> None:
        self.manifest, self.documents = build.manifest, build.documents
        self.lexical = _Lexical(build.lexical, name, recording)
        self.dense = _Dense(build.dense, name, recording)


class _Lexical:
    def __init__(self, lexical: Any, name: str, recording: Recording) -> None:
        self._lexical, self._name, self._recording = lexical, name, recording

    def passages(self, question: Question, k: int, *, filters: Filters) -> list[tuple[int, float]]:
        return self._found("passages", question, k, filters)

    def documents(self, question: Question, k: int, *, filters: Filters) -> list[tuple[int, float]]:
        return self._found("documents", question, k, filters)

    def documents_with_all(self, words: Any, k: int, *, filters: Filters) -> Any:
        return self._lexical.documents_with_all(words, k, filters=filters)

    def frequency(self, word: str) -> int:
        return int(self._lexical.frequency(word))

    def _found(
        self, kind: str, question: Question, k: int, filters: Filters
    ) -> list[tuple[int, float]]:
        words = sorted(question.words.items()), sorted(question.phrases.items())
        found = self._recording.of(
            (self._name, kind, words, k, repr(filters)),
            lambda: getattr(self._lexical, kind)(question, k, filters=filters),
        )
        return [(row, score) for row, score in found]


class _Dense:
    def __init__(self, dense: Any, name: str, recording: Recording) -> None:
        self._dense, self._name, self._recording = dense, name, recording

    def search(self, vector: Any, k: int, *, filters: Filters) -> list[tuple[int, float]]:
        within = repr(filters) if filters else None
        found = self._recording.of(
            (self._name, "dense", hashlib.sha256(vector.tobytes()).hexdigest(), k, within),
            lambda: self._dense.search(vector, k, filters=filters),
        )
        return [(row, score) for row, score in found]

    def cosines(self, vector: Any, rows: Sequence[int]) -> Mapping[int, float]:
        name = hashlib.sha256(vector.tobytes()).hexdigest()
        found = self._recording.of(
            (self._name, "cosines", name, list(rows)),
            lambda: list(self._dense.cosines(vector, rows).items()),
        )
        return dict(map(tuple, found))


class _Embedder:
    def __init__(self, embedder: Embedder | None, recording: Recording) -> None:
        self._embedder, self._recording = embedder, recording

    def embed_question(self, text: str) -> Any:
        if self._embedder is None:
            raise ValueError("the index was opened without an embedder")
        embed = self._embedder.embed_question
        found = self._recording.of(("embed", text), lambda: embed(text).tolist())
        return np.array(found, np.float32)


class _Reranker:
    def __init__(self, reranker: Reranker | None, recording: Recording) -> None:
        self._reranker, self._recording = reranker, recording

    def read(self, question: str, texts: Sequence[str]) -> Reading:
        if self._reranker is None:
            raise ValueError("there is no reranker: install the packages of the lock file")
        keys = [self._recording.key(("read", question, text)) for text in texts]
        new = [(k, t) for k, t in zip(keys, texts, strict=True) if k not in self._recording]
        if new:
            read = self._reranker.read(question, [text for _, text in new])
            for (key, _), logits in zip(new, zip(*map(list, read), strict=True), strict=True):
                self._recording.put(key, [float(logit) for logit in logits])
        logits = np.array([self._recording.get(key) for key in keys], np.float32).reshape(-1, 3)
        return Reading(*logits.T)
