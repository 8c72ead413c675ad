"""Writes a build into a schema of its own, a few megabytes at a time."""

import hashlib
import json
from array import array
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rag.address import ServerAddress
from rag.errors import ServerError
from rag.index.documents import LISTED, digest_of_record, has_amount, record_of
from rag.index.lexical import analyzer, searched_words
from rag.index.manifest import Manifest
from rag.index.postgresql.dense import make_index
from rag.index.postgresql.digests import digests, row_digest, update
from rag.index.postgresql.postings import Segments
from rag.index.postgresql.problems import told
from rag.index.postgresql.schema import (
    INDEXES,
    OF_DOCUMENTS,
    OF_PASSAGES,
    TABLES,
)
from rag.question.filters import keys_of
from rag.text.abbreviations import aliases
from rag.text.split import searched_text
from rag.types import Document, Passage

if TYPE_CHECKING:
    from psycopg import Connection

_AT_ONCE = 8_000_000
"""Bytes of a table that are held before they are sent."""
_TYPES = {
    "documents": "int4 int4 int4 int4 text text text text text bytea bytea".split(),
    "keys": "int4 text text".split(),
    "aliases": "text text int4".split(),
    "passages": "int4 int4 bytea".split(),
    "terms": "text int4 int4 int4".split(),
    "postings": "int2 int4 int4 int4 bytea bytea".split(),
    "lengths": "int2 int4 bytea".split(),
}


class _Table:
    """Rows of one table on their way to the server, and a digest of all of them."""

    def __init__(self, connection: "Connection[Any]", name: str) -> None:
        self._connection = connection
        self._name = name
        self._rows: list[tuple[Any, ...]] = []
        self._size = 0

    def add(self, row: tuple[Any, ...], size: int) -> None:
        self._rows.append(row)
        self._size += size
        if self._size >= _AT_ONCE:
            self.flush()

    def flush(self) -> None:
        rows, self._rows, self._size = self._rows, [], 0
        if not rows:
            return
        query = f"COPY {self._name} FROM STDIN (FORMAT BINARY)".encode()
        with self._connection.cursor() as cursor, cursor.copy(query) as copy:
            copy.set_types(_TYPES[self._name])
            for row in rows:
                copy.write_row(row)


class SchemaWriter:
    """A `rag.index.protocols.BuildWriter` of a build in a schema.

    Parameters
    ----------
    connection
        Holds the writer's lock; its search path begins with the new, empty schema.
    publish
        Called with the complete manifest and ``keep``.
    """

    def __init__(
        self,
        connection: "Connection[Any]",
        address: ServerAddress,
        publish: Callable[[Manifest, int], None],
        *,
        dimension: int,
        splitter_version: int,
    ) -> None:
        self._connection = connection
        self._address = address
        self._publish = publish
        self._dimension = dimension
        self._splitter_version = splitter_version
        self._tables = {name: _Table(connection, name) for name in _TYPES}
        self._digest = hashlib.sha256()
        self._aliases: Counter[tuple[str, str]] = Counter()
        self._firsts = array("i")
        self._amounts = bytearray()
        self._terms: defaultdict[str, int] = defaultdict()
        self._terms.default_factory = self._terms.__len__
        self._analyzer = analyzer()
        self._words = {OF_PASSAGES: Segments(), OF_DOCUMENTS: Segments()}
        self._segments = {OF_PASSAGES: 0, OF_DOCUMENTS: 0}
        self._vectors = 0
        self.characters = 0
        self.pages = 0
        self.ocr_pages = 0
        self.duplicates = 0
        with told(address):
            connection.execute(TABLES.format(dimension=int(dimension)).encode())

    @property
    def documents(self) -> int:
        """Documents written so far."""
        return len(self._firsts)

    @property
    def passages(self) -> int:
        """Passages written so far."""
        return len(self._amounts)

    def add(
        self,
        document: Document,
        passages: Sequence[Passage],
        amounts: Sequence[bool] | None = None,
    ) -> None:
        """Append one document with its passages."""
        if amounts is None:
            amounts = [has_amount(passage.text) for passage in passages]
        with told(self._address):
            self._add_texts(document, passages, amounts)
            self._add_words(document, passages)
        self._aliases.update(set(aliases(document.text)))
        self.characters += len(document.text)
        self.pages += len(document.page_starts)
        self.ocr_pages += len(document.metadata.get("ocr_pages") or ())
        self.duplicates += len(document.metadata.get("also_in") or ())

    def _add_texts(
        self, document: Document, passages: Sequence[Passage], amounts: Sequence[bool]
    ) -> None:
        row, first = self.documents, self.passages
        record = record_of(document)
        slices = json.dumps(
            [
                [passage.start, passage.end, int(amount), passage.heading]
                for passage, amount in zip(passages, amounts, strict=True)
            ]
        )
        keys = keys_of(document)
        digest = digest_of_record(record)
        days = keys["first_day"], keys["last_day"]
        checked = row_digest(first, *days, slices, digest)
        size = sum(map(len, record)) + len(slices)
        self._tables["documents"].add((row, first, *days, *record, slices, digest, checked), size)
        update(self._digest, [(checked,)])
        listed = [(row, "document", keys["document"])]
        listed += [(row, key, value) for key in LISTED for value in keys[key]]
        for one in sorted(listed):
            self._tables["keys"].add(one, 40)
        self._firsts.append(first)
        self._amounts.extend(map(bool, amounts))

    def _add_words(self, document: Document, passages: Sequence[Passage]) -> None:
        of_passages, of_document = searched_words(document, map(searched_text, passages))
        for text in of_passages:
            self._words[OF_PASSAGES].add(self._numbers(text))
        self._words[OF_DOCUMENTS].add(self._numbers(of_document))
        for kind, words in self._words.items():
            if words.is_full:
                self._write_segment(kind)

    def _numbers(self, text: str) -> list[int]:
        return list(map(self._terms.__getitem__, self._analyzer.analyze(text)))

    def _write_segment(self, kind: int) -> None:
        segment = self._segments[kind]
        lengths, lists = self._words[kind].segment()
        self._tables["lengths"].add((kind, segment, lengths), len(lengths))
        for term, count, matches, positions in lists:
            self._tables["postings"].add(
                (kind, term, segment, count, matches, positions), len(matches) + len(positions)
            )
        self._segments[kind] += 1

    def add_vectors(self, vectors: NDArray[np.float32]) -> None:
        """Append the vectors of the next passages."""
        if vectors.ndim != 2 or vectors.shape[1] != self._dimension:
            raise ValueError(f"vectors of the shape {vectors.shape}, not (n, {self._dimension})")
        if self._vectors + len(vectors) > self.passages:
            raise ValueError(f"{self._vectors + len(vectors)} vectors of {self.passages} passages")
        head = self._dimension.to_bytes(2, "big") + bytes(2)
        with told(self._address):
            for vector in vectors.astype(">f2"):
                stored = vector.tobytes()
                document = bisect_right(self._firsts, self._vectors) - 1
                self._tables["passages"].add((self._vectors, document, head + stored), len(stored))
                self._vectors += 1

    def publish(self, manifest: Manifest, *, keep: int) -> Manifest:
        """Write what is left, make the indexes, and make the build live."""
        if self._vectors != self.passages:
            raise ValueError(f"{self._vectors} vectors of {self.passages} passages")
        with told(self._address):
            for kind in self._words:
                self._write_segment(kind)
            for (short, name), count in sorted(self._aliases.items()):
                self._tables["aliases"].add((short, name, count), 40)
            for term, number in self._terms.items():
                frequencies = (words.frequencies[number] for words in self._words.values())
                self._tables["terms"].add((term, number, *frequencies), 40)
            for table in self._tables.values():
                table.flush()
            self._connection.execute(INDEXES.encode())
            recall, ef_search = make_index(self._connection, self.passages)
            totals = (words.tokens for words in self._words.values())
            self._connection.execute(
                b"INSERT INTO build VALUES (%s, %s, %s, %s, %s)",
                (self._splitter_version, bytes(self._amounts), *totals, ef_search),
            )
            self._connection.execute(b"ANALYZE documents, keys, aliases, passages, terms, postings")
            stored = digests(self._connection)
        if stored["documents"] != self._digest.hexdigest():
            raise ServerError(f"{self._address.place}: the server did not keep what was written.")
        complete = replace(manifest, dense_recall=recall, files=stored)
        self._publish(complete, keep)
        return complete
