"""The retriever in a real chain of LangChain."""

from pathlib import Path

from langchain_core.documents import Document
from langchain_core.language_models import FakeListChatModel
from langchain_core.messages import BaseMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnablePassthrough

from rag.api import Index
from rag.langchain import EnforcementRetriever

QUESTION = "what does Binance say about user asset safety?"


def test_a_chain_reads_the_passages_with_their_places(seed_index: Path) -> None:
    retriever = EnforcementRetriever(index=str(seed_index), k=3)
    read: list[BaseMessage] = []

    class Model(FakeListChatModel):
        def _call(self, messages: list[BaseMessage], *args: object, **options: object) -> str:
            read.extend(messages)
            return super()._call(messages)

    def text(documents: list[Document]) -> str:
        return "\n".join(f"[{one.id}] {one.page_content}" for one in documents)

    chain = (
        {"context": retriever | text, "question": RunnablePassthrough()}
        | ChatPromptTemplate.from_template("{context}\n\n{question}")
        | Model(responses=["Read."])
        | StrOutputParser()
    )

    assert chain.invoke(QUESTION) == "Read."
    (prompt,) = read
    for hit in Index.open(seed_index).retrieve(QUESTION, 3):
        passage = hit.passage
        place = f"[{passage.document.doc_id}:{passage.start}-{passage.end}]"
        assert f"{place} {passage.text}" in prompt.text


def test_metadata_holds_the_place_and_what_is_known(seed_index: Path) -> None:
    retriever = EnforcementRetriever(index=str(seed_index), k=1, filters={"date_from": "2023"})

    (found,) = retriever.invoke(QUESTION)

    document = Index.open(seed_index).document(found.metadata["doc_id"])
    start, end = found.metadata["start_index"], found.metadata["end_index"]
    assert document.text[start:end] == found.page_content
    assert found.metadata["source"] == document.source
    assert found.metadata["date"] == document.metadata["date"]
    assert (found.metadata["rank"], found.metadata["page"]) == (1, None)
    assert retriever.batch([QUESTION, QUESTION]) == [[found], [found]]
