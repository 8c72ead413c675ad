"""Checksums of a build in PostgreSQL, of its parts and of each document."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from psycopg import Connection

DIGESTED = {
    "documents": "SELECT checked FROM documents ORDER BY row",
    "build": "SELECT splitter_version, amounts, passage_tokens, document_tokens FROM build",
    "keys": "SELECT document, key, value FROM keys ORDER BY document, key, value",
    "aliases": "SELECT short, name, documents FROM aliases ORDER BY short, name",
    "passages": "SELECT row, document, vector FROM passages ORDER BY row",
    "terms": "SELECT term, id, passages, documents FROM terms ORDER BY id",
    "postings": "SELECT kind, term, segment, count, matches, positions FROM postings"
    " ORDER BY kind, term, segment",
    "lengths": "SELECT kind, segment, lengths FROM lengths ORDER BY kind, segment",
}
"""What is compared of a build, in the order in which it is read."""


def row_digest(first: int, first_day: int, last_day: int, slices: str, digest: bytes) -> bytes:
    """SHA-256 over all of a row of ``documents``."""
    head = json.dumps([first, first_day, last_day, slices]).encode()
    return hashlib.sha256(head + digest).digest()


def digests(connection: "Connection[Any]") -> dict[str, str]:
    """SHA-256 of each part of the build that is first on the search path of the connection.

    ``documents`` is made of the checksums of the rows, and ``build`` of what a reader holds.
    """
    return {name: _digest(connection, query) for name, query in DIGESTED.items()}


def _digest(connection: "Connection[Any]", query: str) -> str:
    found = hashlib.sha256()
    with connection.transaction(), connection.cursor(name="digest", binary=True) as cursor:
        cursor.itersize = 500
        cursor.execute(query.encode())
        update(found, cursor)
    return found.hexdigest()


def update(digest: Any, rows: Iterable[Sequence[Any]]) -> None:
    """Add rows to a digest, unambiguously."""
    for row in rows:
        for value in row:
            raw = value if isinstance(value, bytes) else str(value).encode()
            digest.update(len(raw).to_bytes(8, "big") + raw)
