"""The dense stage in PostgreSQL: pgvector finds the nearest, their cosines are computed here."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rag.index.postgresql.connections import Connections
from rag.index.postgresql.documents import condition
from rag.index.protocols import Found
from rag.question.filters import Filters

if TYPE_CHECKING:
    from psycopg import Connection

_LARGEST_EXACT = 200_000
"""Up to this number of vectors a search compares all of them; above, it follows an HNSW graph."""
_HEAD = 4
"""Bytes of a stored vector before its numbers."""
_MORE = 24
"""Vectors that are read beyond those requested: the server compares in half precision."""
_QUESTIONS, _NEAREST, _RECALL = 50, 10, 0.99
"""Questions that the recall is measured on, vectors of each, and the share that must be found."""
_WIDTHS = (200, 400, 800, 1000)
"""Candidates of a search of the graph that are tried: a search finds no more than these, and
pgvector allows at most 1,000."""
_BUILD_MEMORY = "1GB"


class ServedDense:
    """Nearest passages of one build by cosine; safe to share among threads."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def search(
        self,
        vector: NDArray[np.float32],
        k: int,
        *,
        filters: Filters = Filters(),  # noqa: B008 - it is frozen
    ) -> Found:
        """The ``k`` nearest passages that pass, with their cosines, best first, ties by row."""
        values: list[Any] = []
        within = ""
        # Without the SELECT, a plan that is kept for later parses the vector anew for each passage.
        order = "vector <#> (SELECT %s::text::halfvec)"
        if filters:
            # Under a filter all that pass are compared: a graph would lose most of them.
            where, values = condition(filters)
            within = f"WHERE document = ANY(ARRAY(SELECT row FROM documents WHERE {where}))"
            order = f"({order}) + 0"
        found = self._connections.select(
            f"SELECT row, vector FROM passages {within} ORDER BY {order} LIMIT %s",
            [*values, as_text(vector), k + _MORE],
        )
        return _ordered(found, vector)[:k]

    def cosines(self, vector: NDArray[np.float32], rows: Sequence[int]) -> dict[int, float]:
        """Cosines of ``vector`` with these rows."""
        if not rows:
            return {}
        found = self._connections.select(
            "SELECT row, vector FROM passages WHERE row = ANY(%s)", [list(map(int, rows))]
        )
        cosine_of = dict(_ordered(found, vector))
        return {row: cosine_of[row] for row in rows}


def as_text(vector: NDArray[np.float32]) -> str:
    """The vector as pgvector reads it."""
    return f"[{','.join(map(repr, vector.tolist()))}]"


def _ordered(found: Sequence[tuple[int, bytes]], vector: NDArray[np.float32]) -> Found:
    if not found:
        return []
    stored = b"".join(raw[_HEAD:] for _, raw in found)
    vectors = np.frombuffer(stored, ">f2").reshape(len(found), -1).astype(np.float32)
    cosines = (vectors @ vector).tolist()
    rows = [row for row, _ in found]
    return sorted(zip(rows, cosines, strict=True), key=lambda item: (-item[1], item[0]))


def make_index(connection: "Connection[Any]", passages: int) -> tuple[float, int]:
    """Make the graph of a large build; return its recall, 0 to 1, and the candidates of a search.

    The recall is measured on sums of two random passages. If even the widest search misses too
    much, the graph is dropped: every search then compares all vectors.
    """
    if passages <= _LARGEST_EXACT:
        return 1.0, 0
    connection.execute(f"SET maintenance_work_mem = '{_BUILD_MEMORY}'".encode())
    connection.execute(b"CREATE INDEX nearest ON passages USING hnsw (vector halfvec_ip_ops)")
    draw = np.random.default_rng(1)
    questions = []
    for pair in draw.integers(passages, size=(_QUESTIONS, 2)).tolist():
        rows = connection.execute(
            b"SELECT vector FROM passages WHERE row = ANY(%s)", [pair], binary=True
        ).fetchall()
        vectors = [np.frombuffer(raw[_HEAD:], ">f2").astype(np.float32) for (raw,) in rows]
        between = np.sum(vectors, axis=0)
        questions.append(as_text(between / np.linalg.norm(between)))
    nearest = [_nearest(connection, question, exact=True) for question in questions]
    recall = 0.0
    for width in _WIDTHS:
        connection.execute(f"SET hnsw.ef_search = {width}".encode())
        found = [_nearest(connection, question, exact=False) for question in questions]
        hits = sum(len(one & other) for one, other in zip(nearest, found, strict=True))
        recall = hits / sum(map(len, nearest))
        if recall >= _RECALL:
            return recall, width
    connection.execute(b"DROP INDEX nearest")
    return 1.0, 0


def _nearest(connection: "Connection[Any]", question: str, *, exact: bool) -> set[int]:
    source = "(SELECT row, vector FROM passages OFFSET 0) AS all_of_them" if exact else "passages"
    order = "vector <#> (SELECT %s::text::halfvec)"
    query = f"SELECT row FROM {source} ORDER BY {order} LIMIT {_NEAREST}"
    return {row for (row,) in connection.execute(query.encode(), [question]).fetchall()}
