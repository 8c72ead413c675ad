"""The protocols of a store of builds: the rest of the program knows no engine, only these."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rag.index.manifest import Manifest
from rag.question.filters import Filters
from rag.types import Document, Passage, Question

Found = list[tuple[int, float]]
"""Rows with their scores, best first, ties by row. Higher is better."""


class DocumentStore(Protocol):
    """Reads the documents and passages of one build by row; safe to share among threads.

    Rows count from 0 in the order in which they were added. A document that is returned has the
    text that was written: the store compares it with its checksum.
    """

    def document(self, doc_id: str) -> Document | None:
        """The document with exactly this id; None if there is none."""

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """The passages of ``rows``, in the order given."""

    def places(self, rows: Iterable[int]) -> dict[int, tuple[int, bool]]:
        """For the passage in each row: its document's row, and whether it names a sum of money.

        Rows that do not exist are left out.
        """

    def ids(self, documents: Iterable[int]) -> list[str]:
        """Ids of the documents in these rows, in the order of the index."""

    def rows(self, ids: Iterable[str]) -> dict[str, int]:
        """The row of each document with one of these ids."""

    def titles(self) -> Iterator[str]:
        """The title of every document, in the order of the index."""

    def rows_of(self, document: int) -> range:
        """Rows of the passages of the document in row ``document``."""

    def days(self, documents: Iterable[int]) -> dict[int, tuple[int, int]]:
        """For the document in each row: first and last day ``YYYYMMDD`` of its date, 0 for none."""

    def values(self, key: str) -> tuple[str, ...]:
        """All values of the key ``agency``, ``type`` or ``speaker``, casefolded, sorted."""

    def having(self, key: str, value: str) -> frozenset[int]:
        """Rows of the documents with this casefolded ``agency``, ``type`` or ``speaker``."""

    def aliases(self, terms: Iterable[str]) -> list[str]:
        """Full names for short forms and short forms for full names, sorted.

        See :meth:`rag.index.documents.Documents.aliases`.
        """

    @property
    def splitter_version(self) -> int:
        """Version of the splitter of the passages."""

    def all(self) -> Iterator[Document]:
        """Every document, in the order of the index."""

    def digests(self) -> dict[str, bytes]:
        """SHA-256 over all stored fields of each document, by its id."""

    def newest(self, limit: int) -> Iterator[Document]:
        """At most ``limit`` documents: the newest of each agency, then the second newest, …"""

    def count(self, filters: Filters) -> tuple[int, int]:
        """Number of documents and of passages that pass ``filters``."""

    def passing(self, filters: Filters) -> tuple[int, Iterator[Document]]:
        """How many documents pass the filters, and these in the order of the index."""


class LexicalSearch(Protocol):
    """BM25 over the passages and over the whole documents of one build; safe to share."""

    def passages(self, question: Question, k: int, *, filters: Filters | None = None) -> Found:
        """The ``k`` best passages; each is searched with its title, headings and first lines."""

    def documents(self, question: Question, k: int, *, filters: Filters | None = None) -> Found:
        """The ``k`` best documents; each is searched by its title and whole text."""

    def documents_with_all(
        self, words: Iterable[str], k: int, *, filters: Filters | None = None
    ) -> Found:
        """The ``k`` best documents that have every one of ``words``."""

    def frequency(self, word: str) -> int:
        """Number of documents with every token of ``word``, at most; 0 if one token is unknown."""

    def documents_with(
        self, name: str, k: int, *, filters: Filters | None = None, misspelt: bool = False
    ) -> list[int]:
        """Rows of at most ``k`` documents that hold the words of a name close together, best first.

        With ``misspelt`` each word of five letters or more may have two wrong letters (one in a
        word of five), and the words may stand anywhere.
        """


class DenseSearch(Protocol):
    """The nearest passages of one build by cosine, -1 to 1; safe to share among threads."""

    def search(
        self,
        vector: NDArray[np.float32],
        k: int,
        *,
        filters: Filters = Filters(),  # noqa: B008 - it is frozen
    ) -> Found:
        """The ``k`` nearest passages among those that pass ``filters``, with their cosines.

        ``vector`` has the shape (dimension,) and length 1.
        """

    def cosines(self, vector: NDArray[np.float32], rows: Sequence[int]) -> dict[int, float]:
        """Cosines of ``vector``, shape (dimension,), of length 1, with these rows."""


class BuildFiles(Protocol):
    """What is stored of an open build, compared with its checksums."""

    def check(self) -> None:
        """Raise `DamagedIndexError` if what is stored has changed since the build was opened."""

    def unchanged(self) -> AbstractContextManager[None]:
        """Check before and after the block, also if the block fails."""

    def check_all(self) -> None:
        """Read everything again and compare it; raise `DamagedIndexError` if it differs."""


@dataclass(frozen=True, slots=True)
class Build:
    """One open build, which does not change.

    Row i of ``dense``, of the passages in ``lexical`` and of the passages in ``documents`` is the
    same passage.
    """

    manifest: Manifest
    files: BuildFiles
    documents: DocumentStore
    dense: DenseSearch
    lexical: LexicalSearch


class BuildWriter(Protocol):
    """Writes one build piece by piece, and holds none of it whole.

    The vectors may come later than their passages, any number at a time, in the order of the rows.

    Attributes
    ----------
    documents, passages, characters
        Written so far.
    pages, ocr_pages
        Pages of the documents that have pages, and those of them that were read by OCR.
    duplicates
        Further sources with the text of a written document.
    """

    @property
    def documents(self) -> int: ...

    @property
    def passages(self) -> int: ...

    @property
    def characters(self) -> int: ...

    @property
    def pages(self) -> int: ...

    @property
    def ocr_pages(self) -> int: ...

    @property
    def duplicates(self) -> int: ...

    def add(
        self,
        document: Document,
        passages: Sequence[Passage],
        amounts: Sequence[bool] | None = None,
    ) -> None:
        """Append one document with its passages, in the order of the text, at least one.

        ``amounts`` says for each passage whether it names a sum of money; computed if None.
        """

    def add_vectors(self, vectors: NDArray[np.float32]) -> None:
        """Append the vectors of the next passages, shape (n, dimension), L2-normalised."""

    def publish(self, manifest: Manifest, *, keep: int) -> Manifest:
        """Complete the build, make it live, and delete all but the last ``keep`` builds.

        Frequencies, indexes and checksums are made here. Readers see the old build or the new one.
        Returns the manifest with ``files`` and ``dense_recall`` filled in.

        Raises
        ------
        ValueError
            If there are not as many vectors as passages.
        """


class BuildStore(Protocol):
    """The builds of one index: immutable, one of them live."""

    @property
    def cache(self) -> Path:
        """Folder on this machine for what a later build uses again; may be deleted."""

    def current(self) -> str | None:
        """Name of the live build; None before the first build. Cheap."""

    def names(self) -> list[str]:
        """Names of the complete builds, oldest first."""

    def manifest(self, name: str) -> Manifest:
        """Manifest of the build ``name``; nothing else of it is checked."""

    def documents(self, name: str) -> DocumentStore:
        """Documents of the build ``name``, checked; nothing else of it is.

        Raises
        ------
        DamagedIndexError
            If there is no such build, or it is damaged.
        """

    def open(self) -> Build:
        """Check the live build and open it.

        Raises
        ------
        NoIndexError
            Before the first build.
        DamagedIndexError
            If the build is damaged.
        """

    def writing(self) -> AbstractContextManager[None]:
        """Lock the index for one writer, and delete what a killed writer left.

        Raises
        ------
        BusyError
            If another build is running.
        RagError
            If the index cannot be written.
        """

    def writer(
        self, *, dimension: int, splitter_version: int = 0
    ) -> AbstractContextManager[BuildWriter]:
        """Begin a build, within :meth:`writing`. What is not published is deleted at the end."""

    def prune(self, live: str, *, keep: int) -> None:
        """Delete all but the last ``keep`` builds, ``live`` included; within `writing`.

        Publishing does it; a writer that was killed meanwhile leaves it to the next one.
        """

    def rollback(self) -> str:
        """Make the build before the live one live again; return its name.

        Raises
        ------
        RagError
            If there is no older build.
        BusyError
            If another build is running.
        """
