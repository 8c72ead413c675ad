"""LangChain's PGVectorStore over the passages and vectors of a build, for `stores.py --langchain`.

Used as its documentation shows: a table, the vectors as they are, a column for the filter; then an
HNSW index with its own defaults. It searches vectors alone.
"""

import time
from typing import Any

from langchain_core.embeddings import FakeEmbeddings
from langchain_postgres import Column, PGEngine, PGVectorStore
from langchain_postgres.v2.indexes import HNSWIndex

from rag.index.protocols import Build

_TABLE = "langchain_passages"
_BATCH = 2_000


class LangChainStore:
    """The passages of ``build`` in a table of the database at ``url``; nothing is embedded.

    ``seconds`` has the times of adding and, after `index`, of the HNSW index.
    """

    def __init__(self, build: Build, url: str) -> None:
        documents, exact = build.documents, build.dense
        engine = PGEngine.from_connection_string(url.replace("postgresql:", "postgresql+asyncpg:"))
        engine.init_vectorstore_table(
            _TABLE,
            build.manifest.dimension,
            metadata_columns=[Column("agency", "TEXT")],
            overwrite_existing=True,
        )
        self._store = PGVectorStore.create_sync(
            engine,
            FakeEmbeddings(size=build.manifest.dimension),
            _TABLE,
            metadata_columns=["agency"],
        )
        began = time.perf_counter()
        texts: list[str] = []
        rows: list[dict[str, Any]] = []
        first = 0
        for place, document in enumerate(documents.all()):
            for row, passage in zip(
                documents.rows_of(place), documents.passages(documents.rows_of(place)), strict=True
            ):
                texts.append(passage.text)
                agency = str(document.metadata.get("agency", "")).casefold()
                rows.append({"agency": agency, "row": row})
            if len(texts) >= _BATCH:
                first = self._add(exact, texts, rows, first)
        self._add(exact, texts, rows, first)
        self.seconds = {"add": time.perf_counter() - began}

    def index(self) -> None:
        """Make the HNSW index; `search` uses it from now on."""
        began = time.perf_counter()
        self._store.apply_vector_index(HNSWIndex())
        self.seconds["hnsw"] = time.perf_counter() - began

    def search(self, vector: Any, k: int, agency: str = "") -> list[tuple[int, float]]:
        """The rows of the ``k`` nearest passages, nearest first, each with its distance."""
        found = self._store.similarity_search_with_score_by_vector(
            vector.ravel().tolist(), k, {"agency": agency} if agency else None
        )
        return [(document.metadata["row"], distance) for document, distance in found]

    def _add(self, exact: Any, texts: list[str], rows: list[dict[str, Any]], first: int) -> int:
        vectors = exact._exact.reconstruct_n(first, len(texts))
        self._store.add_embeddings(texts, vectors.tolist(), rows)
        first += len(texts)
        texts.clear()
        rows.clear()
        return first
