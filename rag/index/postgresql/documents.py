"""Documents and passages in PostgreSQL; what is read is compared with its checksum."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import DamagedIndexError
from rag.index.documents import (
    MOST_DEFINITIONS,
    MOST_NAMES,
    digest_of_record,
    document_of,
)
from rag.index.manifest import Manifest
from rag.index.postgresql.connections import Connections
from rag.index.postgresql.digests import row_digest, update
from rag.question.filters import Filters
from rag.types import Document, Passage

_KEPT = 512
"""Documents that are kept in memory."""
_AT_ONCE = 100
"""Documents that are read at once where all are read."""
_ROW = "row, first_passage, first_day, last_day, doc_id, title, text, rest, slices, digest, checked"

_Read = tuple[Document, list[Passage], str]
"""A document, its passages, and these as they are stored."""


class ServedDocuments:
    """Reads documents and passages of one build; safe to share among threads.

    For each document it holds the row of its first passage and its checksum, 40 bytes; and for
    each passage whether it names a sum of money. The manifest has the checksum of all of these.

    Parameters
    ----------
    name
        Of the build, for messages.

    Raises
    ------
    DamagedIndexError
        If what is held is not what was written.
    """

    def __init__(self, connections: Connections, manifest: Manifest, name: str) -> None:
        self._connections = connections
        self._name = name
        rows = connections.select("SELECT first_passage, checked FROM documents ORDER BY row")
        self._firsts = np.array([first for first, _ in rows], np.int64)
        self._checked = [bytes(checked) for _, checked in rows]
        found = hashlib.sha256()
        update(found, ([checked] for checked in self._checked))
        ((version, amounts, *totals),) = connections.select(
            "SELECT splitter_version, amounts, passage_tokens, document_tokens FROM build"
        )
        of_build = hashlib.sha256()
        update(of_build, [(version, amounts, *totals)])
        self.splitter_version = int(version)
        self.tokens: tuple[int, int] = (totals[0], totals[1])
        self._amounts = bytes(amounts)
        for part, digest in (("documents", found), ("build", of_build)):
            if manifest.files.get(part) != digest.hexdigest():
                raise self._altered(part)
        self._kept = _Kept()
        self._values = lru_cache(maxsize=8)(self._read_values)
        self._having = lru_cache(maxsize=64)(self._read_having)
        self._titles = lru_cache(maxsize=1)(self._read_titles)
        self._passing = lru_cache(maxsize=64)(self._read_passing)

    def _altered(self, what: str) -> DamagedIndexError:
        return DamagedIndexError(
            f"{self._name}: altered since it was built ({what}). Rebuild with: rag index"
        )

    def document(self, doc_id: str) -> Document | None:
        """The document with exactly this id; None if there is none."""
        row = self.rows([doc_id]).get(doc_id)
        return None if row is None else self._read([row])[row][0]

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """The passages of ``rows``, in the order given."""
        documents = self._documents_of(rows)
        read = self._read(documents)
        return [
            read[document][1][row - int(self._firsts[document])]
            for row, document in zip(rows, documents, strict=True)
        ]

    def places(self, rows: Iterable[int]) -> dict[int, tuple[int, bool]]:
        """For the passage in each row: its document's row, and whether it names a sum of money."""
        known = [row for row in rows if 0 <= row < len(self._amounts)]
        documents = self._documents_of(known)
        return {
            row: (document, bool(self._amounts[row]))
            for row, document in zip(known, documents, strict=True)
        }

    def ids(self, documents: Iterable[int]) -> list[str]:
        """Ids of the documents in these rows, in the order of the index."""
        found = self._select(
            "SELECT doc_id FROM documents WHERE row = ANY(%s) ORDER BY row", _ints(documents)
        )
        return [doc_id for (doc_id,) in found]

    def rows(self, ids: Iterable[str]) -> dict[str, int]:
        """The row of each document with one of these ids."""
        known = [one for one in ids if "\0" not in one]
        if not known:
            return {}
        return dict(self._select("SELECT doc_id, row FROM documents WHERE doc_id = ANY(%s)", known))

    def titles(self) -> Iterator[str]:
        """The title of every document, in the order of the index."""
        return iter(self._titles())

    def rows_of(self, document: int) -> range:
        """Rows of the passages of the document in row ``document``."""
        last = document + 1 == len(self._firsts)
        end = len(self._amounts) if last else int(self._firsts[document + 1])
        return range(int(self._firsts[document]), end)

    def days(self, documents: Iterable[int]) -> dict[int, tuple[int, int]]:
        """For the document in each row: first and last day ``YYYYMMDD`` of its date, 0 for none."""
        found = self._select(
            "SELECT row, first_day, last_day FROM documents WHERE row = ANY(%s)", _ints(documents)
        )
        return {row: (first_day, last_day) for row, first_day, last_day in found}

    def values(self, key: str) -> tuple[str, ...]:
        """All values of the key ``agency``, ``type`` or ``speaker``, casefolded, sorted."""
        return self._values(key)

    def having(self, key: str, value: str) -> frozenset[int]:
        """Rows of the documents with this casefolded ``agency``, ``type`` or ``speaker``."""
        return self._having(key, value)

    def aliases(self, terms: Iterable[str]) -> list[str]:
        """Full names for short forms and short forms for full names, as the documents define them.

        See :meth:`rag.index.documents.Documents.aliases`.
        """
        given = [term for term in terms if "\0" not in term]
        found = self._select(
            "SELECT (array_agg(name ORDER BY documents DESC, name))[1] FROM aliases"
            " WHERE short = ANY(%s) GROUP BY short HAVING count(*) <= %s AND sum(documents) <= %s"
            " UNION SELECT (array_agg(short ORDER BY documents DESC, short))[1] FROM aliases"
            " WHERE name = ANY(%s) GROUP BY name HAVING sum(documents) <= %s",
            given,
            MOST_NAMES,
            MOST_DEFINITIONS,
            given,
            MOST_DEFINITIONS,
        )
        return sorted(term for (term,) in found)

    def all(self) -> Iterator[Document]:
        """Every document, in the order of the index."""
        return (document for _, (document, *_) in self._each())

    def digests(self) -> dict[str, bytes]:
        """SHA-256 over all stored fields of each document, by its id."""
        found = self._select("SELECT doc_id, digest FROM documents")
        return {doc_id: bytes(digest) for doc_id, digest in found}

    def newest(self, limit: int) -> Iterator[Document]:
        """At most ``limit`` documents: the newest of each agency, then the second newest, …"""
        found = self._select(
            "SELECT documents.row, row_number() OVER"
            " (PARTITION BY keys.value ORDER BY last_day DESC, documents.row) AS place"
            " FROM documents LEFT JOIN keys ON keys.document = documents.row AND key = 'agency'"
            " ORDER BY place, last_day DESC, documents.row LIMIT %s",
            limit,
        )
        return (self._read([row])[row][0] for row, _ in found)

    def count(self, filters: Filters) -> tuple[int, int]:
        """Number of documents and of passages that pass ``filters``."""
        documents = self.passing_rows(filters)
        if documents is None:
            return len(self._firsts), len(self._amounts)
        sizes = np.diff(self._firsts, append=len(self._amounts))
        return len(documents), int(sizes[documents].sum())

    def passing(self, filters: Filters) -> tuple[int, Iterator[Document]]:
        """How many documents pass the filters, and these in the order of the index."""
        found = self.passing_rows(filters)
        rows = range(len(self._firsts)) if found is None else found.tolist()
        parts = (rows[start : start + _AT_ONCE] for start in range(0, len(rows), _AT_ONCE))
        return len(rows), (
            read[row][0] for part in parts for read in (self._fetch(part),) for row in part
        )

    def passing_rows(self, filters: Filters) -> NDArray[np.int64] | None:
        """Rows of the documents that pass, ascending; None without filters."""
        return self._passing(filters) if filters else None

    def documents_at(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """The row of the document of each passage."""
        return np.searchsorted(self._firsts, rows, side="right") - 1

    @property
    def sizes(self) -> tuple[int, int]:
        """Number of passages and of documents."""
        return len(self._amounts), len(self._firsts)

    def _documents_of(self, rows: Sequence[int]) -> list[int]:
        found: list[int] = self.documents_at(np.asarray(rows, np.int64)).tolist()
        return found

    def _each(self) -> Iterator[tuple[int, _Read]]:
        for start in range(0, len(self._firsts), _AT_ONCE):
            part = range(start, min(start + _AT_ONCE, len(self._firsts)))
            yield from sorted(self._fetch(part).items())

    def _read(self, rows: Iterable[int]) -> dict[int, _Read]:
        """The documents in these rows, from memory or from the server."""
        wanted = set(rows)
        found = self._kept.among(wanted)
        missing = wanted - found.keys()
        if missing:
            fetched = self._fetch(missing)
            self._kept.add(fetched)
            found |= fetched
        return found

    def _fetch(self, rows: Iterable[int]) -> dict[int, _Read]:
        wanted = _ints(rows)
        found = {
            record[0]: self._checked_row(*record)
            for record in self._select(f"SELECT {_ROW} FROM documents WHERE row = ANY(%s)", wanted)
        }
        if len(found) != len(wanted):
            raise self._altered(f"{len(wanted) - len(found)} documents missing")
        return found

    def _checked_row(
        self, row: int, first: int, first_day: int, last_day: int, *rest: Any
    ) -> _Read:
        *record, slices, digest, checked = rest
        if (
            first != self._firsts[row]
            or checked != self._checked[row]
            or digest != digest_of_record(record)
            or checked != row_digest(first, first_day, last_day, slices, digest)
        ):
            raise self._altered(f"document {record[0]}")
        document = document_of(*record)
        passages = [
            Passage(document, start, end, tuple(heading))
            for start, end, _, heading in json.loads(slices)
        ]
        return document, passages, slices

    def _select(self, query: str, *values: Any) -> list[Any]:
        return self._connections.select(query, values)

    def _read_titles(self) -> list[str]:
        return [title for (title,) in self._select("SELECT title FROM documents ORDER BY row")]

    def _read_values(self, key: str) -> tuple[str, ...]:
        found = self._select("SELECT DISTINCT value FROM keys WHERE key = %s ORDER BY value", key)
        return tuple(value for (value,) in found)

    def _read_having(self, key: str, value: str) -> frozenset[int]:
        if "\0" in value:
            return frozenset()
        found = self._select("SELECT document FROM keys WHERE key = %s AND value = %s", key, value)
        return frozenset(document for (document,) in found)

    def _read_passing(self, filters: Filters) -> NDArray[np.int64]:
        where, values = condition(filters)
        found = self._select(f"SELECT row FROM documents WHERE {where} ORDER BY row", *values)
        return np.array([row for (row,) in found], np.int64)


class _Kept:
    """The documents that were read last; safe to share among threads."""

    def __init__(self) -> None:
        self._read: OrderedDict[int, _Read] = OrderedDict()
        self._lock = Lock()

    def among(self, rows: Iterable[int]) -> dict[int, _Read]:
        with self._lock:
            found = {row: self._read[row] for row in rows if row in self._read}
            for row in found:
                self._read.move_to_end(row)
            return found

    def add(self, read: dict[int, _Read]) -> None:
        with self._lock:
            self._read.update(read)
            while len(self._read) > _KEPT:
                self._read.popitem(last=False)


def condition(filters: Filters) -> tuple[str, list[Any]]:
    """An SQL condition on ``documents`` with its values."""
    conditions = ["true"]
    values: list[Any] = []
    for key in ("agency", "type", "document"):
        wanted = getattr(filters, key)
        if wanted:
            conditions.append(
                f"row IN (SELECT document FROM keys WHERE key = '{key}' AND value = ANY(%s))"
            )
            values.append([value for value in wanted if "\0" not in value])
    if filters.date_from is not None:
        conditions.append("last_day >= %s")
        values.append(filters.date_from)
    if filters.date_to is not None:
        conditions.append("first_day BETWEEN 1 AND %s")
        values.append(filters.date_to)
    return " AND ".join(conditions), values


def _ints(rows: Iterable[int]) -> list[int]:
    return [int(row) for row in rows]
