"""The tables of an index in PostgreSQL, and the locks of its builds."""

import zlib

CONTROL = """
CREATE SCHEMA IF NOT EXISTS rag;
CREATE TABLE IF NOT EXISTS rag.builds (build text COLLATE "C" PRIMARY KEY, manifest text NOT NULL);
CREATE TABLE IF NOT EXISTS rag.live (
    one boolean PRIMARY KEY DEFAULT true CHECK (one), build text NOT NULL
);
"""
"""The builds that are complete, and the one that is live."""

TABLES = """
CREATE TABLE build (
    splitter_version int NOT NULL, amounts bytea NOT NULL,
    passage_tokens bigint NOT NULL, document_tokens bigint NOT NULL, ef_search int NOT NULL
);
CREATE TABLE documents (
    row int NOT NULL, first_passage int NOT NULL, first_day int NOT NULL, last_day int NOT NULL,
    doc_id text COLLATE "C" NOT NULL, title text NOT NULL, text text NOT NULL, rest text NOT NULL,
    slices text NOT NULL, digest bytea NOT NULL, checked bytea NOT NULL
);
CREATE TABLE keys (
    document int NOT NULL, key text COLLATE "C" NOT NULL, value text COLLATE "C" NOT NULL
);
CREATE TABLE aliases (
    short text COLLATE "C" NOT NULL, name text COLLATE "C" NOT NULL, documents int NOT NULL
);
CREATE TABLE passages (
    row int NOT NULL, document int NOT NULL, vector halfvec({dimension}) NOT NULL
);
CREATE TABLE terms (
    term text COLLATE "C" NOT NULL, id int NOT NULL,
    passages int NOT NULL, documents int NOT NULL
);
CREATE TABLE postings (
    kind smallint NOT NULL, term int NOT NULL, segment int NOT NULL, count int NOT NULL,
    matches bytea NOT NULL, positions bytea NOT NULL
);
CREATE TABLE lengths (kind smallint NOT NULL, segment int NOT NULL, lengths bytea NOT NULL);
ALTER TABLE postings ALTER matches SET STORAGE EXTERNAL, ALTER positions SET STORAGE EXTERNAL;
ALTER TABLE lengths ALTER lengths SET STORAGE EXTERNAL;
"""
"""The tables of one build, in a schema of its own.

``documents``
    One row for each document. ``slices`` are its passages as JSON: ``[start, end, amount,
    heading]``. ``digest`` is the SHA-256 of the document, ``checked`` of everything in the row.
``passages``
    The vector of each passage. Row *i* is the i-th of all slices.
``terms``, ``postings``
    The words, as our own analyser gives them, with the number of passages and of documents that
    have each. A posting list is cut into segments, as it was written: ``matches`` are the rows and
    how often each has the term, ``positions`` the places of the term. Both are compressed.
``lengths``
    The number of tokens of each passage and document, as BM25 counts it, in one byte.
"""

INDEXES = """
ALTER TABLE documents ADD PRIMARY KEY (row), ADD UNIQUE (doc_id);
CREATE INDEX ON keys (key, value, document);
CREATE INDEX ON keys (document);
CREATE INDEX ON aliases (short);
CREATE INDEX ON aliases (name);
ALTER TABLE passages ADD PRIMARY KEY (row);
CREATE INDEX ON passages (document);
ALTER TABLE terms ADD PRIMARY KEY (term);
ALTER TABLE postings ADD PRIMARY KEY (kind, term, segment);
ALTER TABLE lengths ADD PRIMARY KEY (kind, segment);
"""

STAGING = "rag_staging"
"""The schema that a build is written into."""

OF_PASSAGES, OF_DOCUMENTS = 0, 1
"""The kinds of posting lists."""

# First number of the advisory locks: "RAG" and a digit.
_WRITER, _BUILD = 0x52414730, 0x52414731

WRITER_LOCK = (_WRITER, 0)
"""The lock of the one writer of a database."""


def build_lock(build: str) -> tuple[int, int]:
    """The lock that each reader of a build shares, so that the build is not deleted meanwhile."""
    number = zlib.crc32(build.encode())
    return _BUILD, number - (1 << 32) if number >= 1 << 31 else number


def schema_of(build: str) -> str:
    """Name of the schema of a build."""
    return f"rag_{build}"
