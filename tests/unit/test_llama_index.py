"""The retriever in a real query engine of LlamaIndex."""

from pathlib import Path

from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine

from rag.api import Index
from rag.llama_index import EnforcementRetriever

QUESTION = "what does Binance say about user asset safety?"


def test_a_query_engine_reads_the_passages_with_their_places(
    seed_index: Path,
) -> None:
    retriever = EnforcementRetriever(seed_index, k=3, filters={"date_from": "2023"})
    engine = RetrieverQueryEngine.from_args(retriever, llm=MockLLM())

    reply = engine.query(QUESTION)

    index = Index.open(seed_index)
    hits = index.retrieve(QUESTION, 3, {"date_from": "2023"})
    assert [(one.node.ref_doc_id, one.node.start_char_idx) for one in reply.source_nodes] == [
        (hit.passage.document.doc_id, hit.passage.start) for hit in hits
    ]
    assert [one.score for one in reply.source_nodes] == [hit.score for hit in hits]
    for one in reply.source_nodes:
        node = one.node
        text = index.document(node.ref_doc_id).text
        assert text[node.start_char_idx : node.end_char_idx] == node.text
        assert node.node_id == f"{node.ref_doc_id}:{node.start_char_idx}-{node.end_char_idx}"
        assert node.metadata["file_name"] == Path(node.metadata["file_path"]).name
        assert node.text in str(reply)  # the mock repeats what it is given
        assert "file_path" not in str(reply)
