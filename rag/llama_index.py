"""A retriever for LlamaIndex: passages as its nodes, with exact places."""

from pathlib import Path
from typing import Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import (
    NodeRelationship,
    NodeWithScore,
    QueryBundle,
    RelatedNodeInfo,
    TextNode,
)

from rag.live import LiveIndex
from rag.types import Hit

_NOT_FOR_MODELS = ("file_path", "doc_id", "rank", "build", "inferred", "warnings", "left_out")
"""Metadata that a language model has no use for."""


class EnforcementRetriever(BaseRetriever):
    """Retrieves passages from the live build of an index.

    The id of a node is ``DOC_ID:START-END``; ``ref_doc_id`` is the id of the document, and
    ``start_char_idx`` and ``end_char_idx`` are half-open offsets into its text. The metadata holds
    ``file_path``, ``file_name``, ``page_label`` (physical page, from 1), ``title``, ``doc_id``,
    ``rank`` and ``build``, then what is known of the document: ``date``, ``agency`` and the like.

    Parameters
    ----------
    index
        Folder of the index; None for that of the settings.
    k
        At most this many passages.
    filters
        Filters as in `rag.Index.retrieve`.
    lexical
        Search by words alone; no model is loaded.
    """

    def __init__(
        self,
        index: Path | str | None = None,
        *,
        k: int = 8,
        filters: dict[str, Any] | None = None,
        lexical: bool = False,
        **options: Any,
    ) -> None:
        self._live = LiveIndex(index, lexical=lexical)
        self._k = k
        self._filters = filters
        super().__init__(**options)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        index = self._live.get()
        hits = index.retrieve(query_bundle.query_str, self._k, self._filters)
        return [_node(hit, index.build) for hit in hits]


def _node(hit: Hit, build: str) -> NodeWithScore:
    passage = hit.passage
    of = passage.document
    page = of.page_at(passage.start)
    node = TextNode(
        id_=f"{of.doc_id}:{passage.start}-{passage.end}",
        text=passage.text,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        metadata={
            **of.metadata,
            "file_path": of.source,
            "file_name": Path(of.source).name,
            **({"page_label": str(page)} if page else {}),
            "title": of.title,
            "doc_id": of.doc_id,
            "rank": hit.rank,
            "build": build,
        },
        relationships={
            NodeRelationship.SOURCE: RelatedNodeInfo(
                node_id=of.doc_id, metadata={"title": of.title}
            )
        },
        excluded_llm_metadata_keys=list(_NOT_FOR_MODELS),
        excluded_embed_metadata_keys=list(_NOT_FOR_MODELS),
    )
    return NodeWithScore(node=node, score=hit.score)
