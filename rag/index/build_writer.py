"""Writes a build into a folder: SQLite, tantivy and FAISS files, and their manifest."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.index.dense import DenseWriter
from rag.index.documents import DocumentsWriter
from rag.index.lexical import LexicalWriter
from rag.index.manifest import Manifest, checksums, write_manifest
from rag.text.split import searched_text
from rag.types import Document, Passage

DOCUMENTS = "documents.sqlite"
DENSE = "dense.faiss"
LEXICAL = "lexical"


class FolderWriter:
    """A `rag.index.protocols.BuildWriter` of a build in a folder.

    Parameters
    ----------
    staged
        An empty folder.
    publish
        Called with the finished folder, the name of the build and ``keep``.
    """

    def __init__(
        self,
        staged: Path,
        publish: Callable[..., None],
        *,
        dimension: int,
        splitter_version: int = 0,
    ) -> None:
        self._staged = staged
        self._publish = publish
        self._documents = DocumentsWriter(staged / DOCUMENTS, splitter_version=splitter_version)
        self._lexical = LexicalWriter(staged / LEXICAL)
        self._dense = DenseWriter(staged / DENSE, dimension)

    @property
    def documents(self) -> int:
        """Documents written so far."""
        return self._documents.documents

    @property
    def passages(self) -> int:
        """Passages written so far."""
        return self._documents.passages

    @property
    def characters(self) -> int:
        """Characters of the documents."""
        return self._documents.characters

    @property
    def pages(self) -> int:
        """Pages of the documents that have pages."""
        return self._documents.pages

    @property
    def ocr_pages(self) -> int:
        """Pages that were read by OCR."""
        return self._documents.ocr_pages

    @property
    def duplicates(self) -> int:
        """Further sources with the text of a written document."""
        return self._documents.duplicates

    def add(
        self,
        document: Document,
        passages: Sequence[Passage],
        amounts: Sequence[bool] | None = None,
    ) -> None:
        """Append one document with its passages."""
        self._documents.add(document, passages, amounts)
        self._lexical.add(document, [searched_text(passage) for passage in passages])

    def add_vectors(self, vectors: NDArray[np.float32]) -> None:
        """Append the vectors of the next passages."""
        self._dense.add(vectors)

    def publish(self, manifest: Manifest, *, keep: int) -> Manifest:
        """Close the files, write the manifest and make the build live."""
        if self._dense.count != self.passages:
            raise ValueError(f"{self._dense.count} vectors of {self.passages} passages")
        self._documents.close()
        self._lexical.close()
        recall = self._dense.close()
        complete = replace(manifest, dense_recall=recall, files=checksums(self._staged))
        write_manifest(self._staged, complete)
        self._publish(self._staged, complete.build, keep=keep)
        return complete

    def end(self) -> None:
        """Stop what still writes into the folder, so that it can be deleted."""
        self._lexical.end()
