"""The MCP server, asked by the real client of the SDK over stdin and stdout."""

import asyncio
import os
import sys
from pathlib import Path

from mcp import Client, StdioServerParameters

from rag.api import Index
from rag.schema import AnswerRecord, DocumentsRecord, HitsRecord, TextRecord

QUESTION = "what does Binance say about user asset safety?"


def test_every_tool_over_stdio(seed_index: Path, tmp_path: Path) -> None:
    log = tmp_path / "audit.jsonl"
    parameters = StdioServerParameters(
        command=sys.executable,
        args=["-m", "rag", "mcp", "--index", str(seed_index)],
        env={**os.environ, "RAG_AUDIT_LOG": str(log)},
        cwd=Path(__file__).resolve().parents[2],
    )
    index = Index.open(seed_index)

    async def talk() -> None:
        async with Client(parameters) as client:
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            assert set(tools) == {"ask", "search", "read_document", "list_documents"}
            for tool in tools.values():
                assert tool.output_schema
                assert tool.annotations
                assert tool.annotations.read_only_hint

            answered = await client.call_tool("ask", {"question": QUESTION})
            expected = index.ask(QUESTION)
            assert not answered.is_error
            record = AnswerRecord.model_validate(answered.structured_content)
            assert [(c.citations[0].start, c.citations[0].quote) for c in record.claims] == [
                (c.citations[0].start, c.citations[0].quote) for c in expected.claims
            ]
            assert "**1. Binance says:**" in answered.content[0].text

            unknown = await client.call_tool("ask", {"question": "What did Goldman Sachs pay?"})
            assert unknown.structured_content["outcome"] == "not_found"
            assert unknown.content[0].text.startswith("**Not found.**")

            hits = await client.call_tool("search", {"question": QUESTION, "k": 2})
            (first, _) = HitsRecord.model_validate(hits.structured_content).hits
            passage = first.passage
            read = await client.call_tool(
                "read_document",
                {
                    "doc_id": passage.document.doc_id,
                    "start": passage.start,
                    "length": passage.end - passage.start,
                },
            )
            part = TextRecord.model_validate(read.structured_content)
            assert (part.text, part.start, part.end) == (passage.text, passage.start, passage.end)
            assert read.content[0].text == passage.text

            listed = await client.call_tool("list_documents", {})
            documents = DocumentsRecord.model_validate(listed.structured_content)
            assert documents.total == len(index.documents())

            for name, arguments, told in (
                ("ask", {"question": " "}, "the question is empty"),
                ("ask", {"question": "x", "date_from": "soon"}, "is not a date"),
                ("read_document", {"doc_id": "nothing"}, "no document 'nothing'"),
                ("search", {"question": "x", "k": 0}, "greater than or equal to 1"),
            ):
                failed = await client.call_tool(name, arguments)
                assert failed.is_error
                assert told in failed.content[0].text

    asyncio.run(talk())

    assert log.read_text().count('"door": "mcp"') == 4
