"""Documents and passages in one SQLite file; a row is read when it is needed."""

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import fields
from functools import lru_cache
from itertools import starmap
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import DamagedIndexError
from rag.question.filters import Filters, keys_of
from rag.text.abbreviations import aliases
from rag.text.money import CURRENCY_CODE, CURRENCY_NAME, CURRENCY_SIGN, may_have_money
from rag.types import Document, Passage

_SCHEMA = """
CREATE TABLE documents (
    row INTEGER PRIMARY KEY, first_day INTEGER NOT NULL, last_day INTEGER NOT NULL,
    doc_id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, text TEXT NOT NULL, rest TEXT NOT NULL
);
CREATE TABLE keys (document INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL);
CREATE TABLE aliases (short TEXT NOT NULL, name TEXT NOT NULL, documents INTEGER NOT NULL);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, document INTEGER NOT NULL, start INTEGER NOT NULL,
    end INTEGER NOT NULL, amount INTEGER NOT NULL, heading TEXT NOT NULL
);
"""
_INDEXES = """
CREATE INDEX keys_value ON keys (key, value, document);
CREATE INDEX aliases_short ON aliases (short);
CREATE INDEX aliases_name ON aliases (name);
CREATE INDEX passages_document ON passages (document);
"""

# Fields of a Document with a column of their own; the others are stored as JSON.
_COLUMNS = ("doc_id", "title", "text")
# Names, and documents that define it, above which a short form is not expanded: with more names it
# is ambiguous, and with more documents it is so common that texts use it beside its name.
MOST_NAMES, MOST_DEFINITIONS = 3, 10
# Keys of which a document may have several values.
LISTED = ("agency", "type", "speaker")
# A sum of money: the answer to a question about an amount.
_AMOUNT = re.compile(
    rf"{CURRENCY_SIGN}\s?\d|\b{CURRENCY_CODE}\s?\d|\d\s?{CURRENCY_CODE}\b|"
    rf"\d\s(?:{CURRENCY_NAME}|cents)\b|\b(?:million|billion|dollars|cents)\b",
    re.IGNORECASE,
)


def has_amount(text: str) -> bool:
    """Whether ``text`` names a sum of money."""
    return may_have_money(text) and _AMOUNT.search(text) is not None


class DocumentsWriter:
    """Writes documents and their passages in the order given; rows count from 0.

    Attributes
    ----------
    documents, passages, characters
        Written so far.
    pages, ocr_pages
        Pages of the documents that have pages, and those of them that were read by OCR.
    duplicates
        Further sources with the text of a written document.

    Parameters
    ----------
    splitter_version
        Version of the splitter of the passages, for
        :class:`rag.index.passage_cache.PassageCache`.
    """

    def __init__(self, path: Path, *, splitter_version: int = 0) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.executescript(_SCHEMA)
        self._connection.execute(f"PRAGMA user_version = {splitter_version:d}")
        self._connection.execute("CREATE TEMP TABLE defined (short TEXT, name TEXT)")
        self.documents = 0
        self.passages = 0
        self.characters = 0
        self.pages = 0
        self.ocr_pages = 0
        self.duplicates = 0

    def add(
        self,
        document: Document,
        passages: Sequence[Passage],
        amounts: Sequence[bool] | None = None,
    ) -> None:
        """Append one document with its passages.

        Parameters
        ----------
        passages
            In the order of the text.
        amounts
            For each passage, whether it names a sum of money; computed if None.
        """
        if amounts is None:
            amounts = [has_amount(passage.text) for passage in passages]
        row = self.documents
        keys = keys_of(document)
        self._connection.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                row,
                keys["first_day"],
                keys["last_day"],
                *record_of(document),
            ),
        )
        self._connection.executemany(
            "INSERT INTO keys VALUES (?, ?, ?)",
            [(row, "document", keys["document"])]
            + [(row, key, value) for key in LISTED for value in keys[key]],
        )
        rows = [
            (
                self.passages + offset,
                row,
                passage.start,
                passage.end,
                amount,
                json.dumps(passage.heading) if passage.heading else "[]",
            )
            for offset, (passage, amount) in enumerate(zip(passages, amounts, strict=True))
        ]
        self._connection.executemany("INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?)", rows)
        self._connection.executemany(
            "INSERT INTO defined VALUES (?, ?)", sorted(set(aliases(document.text)))
        )
        self.documents += 1
        self.passages += len(rows)
        self.characters += len(document.text)
        self.pages += len(document.page_starts)
        self.ocr_pages += len(document.metadata.get("ocr_pages") or ())
        self.duplicates += len(document.metadata.get("also_in") or ())

    def close(self) -> None:
        """Create the indexes of the tables, and commit."""
        self._connection.execute(
            "INSERT INTO aliases SELECT short, name, count(*) FROM defined"
            " GROUP BY short, name ORDER BY short, name"
        )
        self._connection.executescript(_INDEXES)
        self._connection.commit()
        self._connection.close()


class Documents:
    """Reads documents and passages by row; safe to share among threads.

    Raises
    ------
    DamagedIndexError
        If the file is not such a database.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        try:
            # SQLite is compiled in serialized mode: threads may share a read-only connection. They
            # must not share its cached statements: from Python 3.12 on, one thread may bind its
            # values to the statement of another (github.com/python/cpython/issues/118172).
            self._connection = sqlite3.connect(
                uri, uri=True, check_same_thread=False, cached_statements=0
            )
            self._connection.execute("SELECT count(*) FROM documents").fetchone()
        except sqlite3.Error as error:
            raise DamagedIndexError(f"{path}: {error}. Rebuild with: rag index") from error
        self._document = lru_cache(maxsize=512)(self._read_document)
        self._allowed = lru_cache(maxsize=64)(self._read_allowed)
        self._values = lru_cache(maxsize=8)(self._read_values)
        self._having = lru_cache(maxsize=64)(self._read_having)

    def document(self, doc_id: str) -> Document | None:
        """The document with exactly this id; None if there is none."""
        found = self._one("SELECT row FROM documents WHERE doc_id = ?", (doc_id,))
        return self._document(found[0]) if found else None

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """The passages of ``rows``, in the order given."""
        marks = ",".join("?" * len(rows))
        found = {
            row: (document, start, end, heading)
            for row, document, start, end, heading in self._select(
                f"SELECT row, document, start, end, heading FROM passages WHERE row IN ({marks})",
                list(rows),
            )
        }
        return [
            Passage(self._document(document), start, end, tuple(json.loads(heading)))
            for document, start, end, heading in (found[row] for row in rows)
        ]

    def places(self, rows: Iterable[int]) -> dict[int, tuple[int, bool]]:
        """For the passage in each row: its document's row, and whether it names a sum of money."""
        found = self._select(
            "SELECT row, document, amount FROM passages"
            " WHERE row IN (SELECT value FROM json_each(?))",
            (json.dumps(list(rows)),),
        )
        return {row: (document, bool(amount)) for row, document, amount in found}

    def ids(self, documents: Iterable[int]) -> list[str]:
        """Ids of the documents in these rows, in the order of the index."""
        found = self._select(
            "SELECT doc_id FROM documents WHERE row IN (SELECT value FROM json_each(?))"
            " ORDER BY row",
            (json.dumps(list(documents)),),
        )
        return [doc_id for (doc_id,) in found]

    def rows(self, ids: Iterable[str]) -> dict[str, int]:
        """The row of each document with one of these ids."""
        return dict(
            self._select(
                "SELECT doc_id, row FROM documents"
                " WHERE doc_id IN (SELECT value FROM json_each(?))",
                (json.dumps(list(ids)),),
            )
        )

    def titles(self) -> Iterator[str]:
        """The title of every document, in the order of the index."""
        found = self._select("SELECT title FROM documents ORDER BY row")
        return (title for (title,) in found)

    def rows_of(self, document: int) -> range:
        """Rows of the passages of the document in row ``document``."""
        first, last = self._one(
            "SELECT min(row), max(row) FROM passages WHERE document = ?", (document,)
        )
        return range(first, last + 1)

    def days(self, documents: Iterable[int]) -> dict[int, tuple[int, int]]:
        """For the document in each row: first and last day ``YYYYMMDD`` of its date, 0 for none."""
        found = self._select(
            "SELECT row, first_day, last_day FROM documents"
            " WHERE row IN (SELECT value FROM json_each(?))",
            (json.dumps(list(documents)),),
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

        ``terms`` and the result are lower-case; the result is sorted. A short form gives the name
        that most documents define for it. It gives none if it stands for more than three names, or
        if more than ten documents define it: a common short form (SEC, FINRA) stands in the text
        beside its name, so that expanding it finds nothing more.
        """
        given = json.dumps(list(terms))
        found = self._select(
            "SELECT name, max(documents) FROM aliases WHERE short IN (SELECT value FROM"
            " json_each(?1)) GROUP BY short HAVING count(*) <= ?2 AND sum(documents) <= ?3 UNION "
            "SELECT short, max(documents) FROM aliases WHERE name IN (SELECT value FROM"
            " json_each(?1)) GROUP BY name HAVING sum(documents) <= ?3",
            (given, MOST_NAMES, MOST_DEFINITIONS),
        )
        return sorted(term for term, _ in found)

    @property
    def splitter_version(self) -> int:
        """Version of the splitter, as given to :class:`DocumentsWriter`."""
        return int(self._one("PRAGMA user_version")[0])

    def all(self) -> Iterator[Document]:
        """Every document, in the order of the index."""
        return starmap(
            document_of,
            self._select("SELECT doc_id, title, text, rest FROM documents ORDER BY row"),
        )

    def digests(self) -> dict[str, bytes]:
        """SHA-256 over all stored fields of each document, by its id."""
        return {
            record[0]: digest_of_record(record)
            for record in self._select("SELECT doc_id, title, text, rest FROM documents")
        }

    def newest(self, limit: int) -> Iterator[Document]:
        """At most ``limit`` documents: the newest of each agency, then the second newest, …"""
        rows = list(
            self._select(
                "SELECT documents.row, row_number() OVER"
                " (PARTITION BY keys.value ORDER BY last_day DESC, documents.row) AS place"
                " FROM documents LEFT JOIN keys ON keys.document = documents.row AND key = 'agency'"
                " ORDER BY place, last_day DESC, documents.row LIMIT ?",
                (limit,),
            )
        )
        return (self._document(row) for row, _ in rows)

    def allowed(self, filters: Filters) -> NDArray[np.int64] | None:
        """Rows of the passages that pass ``filters``, shape (n,), ascending; None for no filter."""
        return self._allowed(filters) if filters else None

    def count(self, filters: Filters) -> tuple[int, int]:
        """Number of documents and of passages that pass ``filters``."""
        where, values = _where(filters)
        documents = self._one(f"SELECT count(*) FROM documents WHERE {where}", values)[0]
        passages = self._one(
            "SELECT count(*) FROM passages WHERE document IN "
            f"(SELECT row FROM documents WHERE {where})",
            values,
        )[0]
        return documents, passages

    def passing(self, filters: Filters) -> tuple[int, Iterator[Document]]:
        """How many documents pass the filters, and these in the order of the index."""
        where, values = _where(filters)
        rows = list(self._select(f"SELECT row FROM documents WHERE {where} ORDER BY row", values))
        return len(rows), (self._read_document(row) for (row,) in rows)

    def _select(self, query: str, values: Sequence[Any] = ()) -> Iterator[Any]:
        """The rows of a query, read as they are asked for."""
        try:
            with closing(self._connection.cursor()) as cursor:
                yield from cursor.execute(query, values)
        except sqlite3.Error as error:
            raise DamagedIndexError(f"{self._path}: {error}. Rebuild with: rag index") from error

    def _one(self, query: str, values: Sequence[Any] = ()) -> Any:
        """The first row of a query; None if it has none."""
        return next(self._select(query, values), None)

    def _read_document(self, row: int) -> Document:
        query = "SELECT doc_id, title, text, rest FROM documents WHERE row = ?"
        return document_of(*self._one(query, (row,)))

    def _read_values(self, key: str) -> tuple[str, ...]:
        found = self._select("SELECT DISTINCT value FROM keys WHERE key = ? ORDER BY value", (key,))
        return tuple(value for (value,) in found)

    def _read_having(self, key: str, value: str) -> frozenset[int]:
        found = self._select("SELECT document FROM keys WHERE key = ? AND value = ?", (key, value))
        return frozenset(document for (document,) in found)

    def _read_allowed(self, filters: Filters) -> NDArray[np.int64]:
        where, values = _where(filters)
        rows = list(
            self._select(
                "SELECT row FROM passages WHERE document IN "
                f"(SELECT row FROM documents WHERE {where}) ORDER BY row",
                values,
            )
        )
        return np.array(rows, dtype=np.int64).reshape(-1)


def _where(filters: Filters) -> tuple[str, list[Any]]:
    """An SQL condition on ``documents`` with its values."""
    conditions = ["1"]
    values: list[Any] = []
    for key in ("agency", "type", "document"):
        wanted = getattr(filters, key)
        if wanted:
            marks = ",".join("?" * len(wanted))
            conditions.append(
                f"row IN (SELECT document FROM keys WHERE key = '{key}' AND value IN ({marks}))"
            )
            values.extend(wanted)
    if filters.date_from is not None:
        conditions.append("last_day >= ?")
        values.append(filters.date_from)
    if filters.date_to is not None:
        conditions.append("first_day BETWEEN 1 AND ?")
        values.append(filters.date_to)
    return " AND ".join(conditions), values


def record_of(document: Document) -> tuple[str, str, str, str]:
    """Id, title, text, and the other fields as JSON: all that is stored of a document."""
    rest = json.dumps(_rest(document), ensure_ascii=False)
    return document.doc_id, document.title, document.text, rest


def document_of(doc_id: str, title: str, text: str, rest: str) -> Document:
    """The document of which `record_of` gave the fields."""
    known = {key: _tuples(value) for key, value in json.loads(rest).items()}
    return Document(doc_id=doc_id, title=title, text=text, **known)


def digest_of_record(record: Sequence[str]) -> bytes:
    """SHA-256 over all stored fields of a document."""
    return hashlib.sha256(json.dumps(record).encode()).digest()


def _rest(document: Document) -> dict[str, Any]:
    return {
        item.name: (dict(value) if item.name == "metadata" else value)
        for item in fields(Document)
        if item.name not in _COLUMNS
        for value in (getattr(document, item.name),)
    }


def _tuples(value: Any) -> Any:
    """Lists, at every depth, to tuples; other values, such as the metadata, stay as they are."""
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value
