"""A retriever for LangChain: passages as its documents, with exact places in their metadata."""

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import PrivateAttr

from rag.live import LiveIndex
from rag.types import Hit


class EnforcementRetriever(BaseRetriever):
    """Retrieves passages from the live build of an index.

    The id of a document is ``DOC_ID:START-END``. Its metadata holds ``source``, ``title``,
    ``doc_id``, ``start_index`` and ``end_index`` (half-open, characters of the document), ``page``
    (physical, from 1, or None), ``heading``, ``score``, ``rank`` and ``build``, then what is known
    of the document: ``date``, ``agency``, ``type`` and the like.
    """

    index: str | None = None
    """Folder of the index; None for that of the settings."""
    k: int = 8
    """At most this many passages."""
    filters: dict[str, Any] | None = None
    """Filters as in `rag.Index.retrieve`."""
    lexical: bool = False
    """Search by words alone; no model is loaded."""

    _live: LiveIndex = PrivateAttr()

    def model_post_init(self, context: Any, /) -> None:
        """Nothing is opened before the first question."""
        super().model_post_init(context)
        self._live = LiveIndex(self.index, lexical=self.lexical)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        index = self._live.get()
        hits = index.retrieve(query, self.k, self.filters)
        return [_document(hit, index.build) for hit in hits]


def _document(hit: Hit, build: str) -> Document:
    passage = hit.passage
    of = passage.document
    return Document(
        id=f"{of.doc_id}:{passage.start}-{passage.end}",
        page_content=passage.text,
        metadata={
            **of.metadata,
            "source": of.source,
            "title": of.title,
            "doc_id": of.doc_id,
            "start_index": passage.start,
            "end_index": passage.end,
            "page": of.page_at(passage.start),
            "heading": " > ".join(passage.heading),
            "score": hit.score,
            "rank": hit.rank,
            "build": build,
        },
    )
