"""Asks the same questions in every way there is, and compares quotes and places.

    python tests/benchmarks/same_answers.py INDEX QUESTIONS.jsonl... --first 40

The ways: Python, the command line, HTTP, events, OpenAI's chat protocol, MCP; for passages also
LangChain and LlamaIndex. Exits with 1 if anything differs.
"""

import argparse
import asyncio
import contextlib
import io
import json
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import httpx
import openai
from mcp import Client

from rag import cli
from rag.api import Index
from rag.config import Settings
from rag.langchain import EnforcementRetriever as LangChainRetriever
from rag.llama_index import EnforcementRetriever as LlamaIndexRetriever
from rag.mcp import create_server
from tests.served_http import serving_http

Place = tuple[str, int, int, str]
"""Id of the document, start, end, and the characters there."""
Found = tuple[str, list[Place]]
"""Outcome, and the places of the quotes."""

_K = 5
"""Passages for a question."""
_PASSAGES_OF = 4
"""The passages of each fourth question are compared."""


def differences(index: Path, questions: Iterable[str]) -> tuple[dict[str, int], list[str]]:
    """How many questions each way answered, and what differs from Python, in words."""
    opened = Index.open(index)
    answered: dict[str, int] = {}
    problems: list[str] = []
    with serving_http(Settings(index=index)) as address, asyncio.Runner() as runner:
        client = httpx.Client(base_url=address, timeout=300)
        chat = openai.OpenAI(base_url=f"{address}/v1", api_key="none", timeout=300)
        mcp_server = create_server(Settings(index=index))
        langchain = LangChainRetriever(index=str(index), k=_K)
        llama_index = LlamaIndexRetriever(index, k=_K)

        async def by_mcp(tool: str, arguments: dict[str, Any]) -> Any:
            async with Client(mcp_server) as asking:
                return (await asking.call_tool(tool, arguments)).structured_content

        answers: Mapping[str, Callable[[str], Found]] = {
            "command line": lambda question: _of_answer(_by_cli(index, "ask", question)),
            "HTTP": lambda question: _of_answer(
                client.post("/ask", json={"question": question}).raise_for_status().json()
            ),
            "events": lambda question: _of_events(client, question),
            "OpenAI": lambda question: _of_chat(chat, question, stream=False),
            "OpenAI, streamed": lambda question: _of_chat(chat, question, stream=True),
            "MCP": lambda question: _of_answer(runner.run(by_mcp("ask", {"question": question}))),
        }
        passages: Mapping[str, Callable[[str], list[Place]]] = {
            "command line": lambda question: _of_hits(
                _by_cli(index, "search", question, "-k", str(_K))
            ),
            "HTTP": lambda question: _of_hits(
                client.post("/retrieve", json={"question": question, "k": _K}).json()
            ),
            "MCP": lambda question: _of_hits(
                runner.run(by_mcp("search", {"question": question, "k": _K}))
            ),
            "LangChain": lambda question: [
                (m["doc_id"], m["start_index"], m["end_index"], one.page_content)
                for one in langchain.invoke(question)
                for m in (one.metadata,)
            ],
            "LlamaIndex": lambda question: [
                (one.node.ref_doc_id, one.node.start_char_idx, one.node.end_char_idx, one.text)
                for one in llama_index.retrieve(question)
            ],
        }
        for number, question in enumerate(questions):
            answer = opened.ask(question)
            expected = _of_answer(answer.to_dict())
            answered[answer.outcome] = answered.get(answer.outcome, 0) + 1
            for way, ask in answers.items():
                if (got := ask(question)) != expected:
                    problems.append(f"{way}: {question!r}: {got} instead of {expected}")
            if number % _PASSAGES_OF:
                continue
            hits = _of_hits({"hits": [hit.to_dict() for hit in opened.retrieve(question, _K)]})
            for way, retrieve in passages.items():
                if retrieve(question) != hits:
                    problems.append(f"{way}: passages for {question!r}")
    return answered, problems


def _of_answer(answer: Mapping[str, Any]) -> Found:
    return answer["outcome"], [
        (one["document"]["doc_id"], one["start"], one["end"], one["quote"])
        for claim in answer["claims"]
        for one in claim["citations"]
    ]


def _of_hits(record: Mapping[str, Any]) -> list[Place]:
    return [
        (one["document"]["doc_id"], one["start"], one["end"], one["text"])
        for one in (hit["passage"] for hit in record["hits"])
    ]


def _by_cli(index: Path, *words: str) -> Any:
    printed = io.StringIO()
    sys.argv = ["rag", words[0], "--index", str(index), "--json", *words[2:], "--", words[1]]
    with contextlib.redirect_stdout(printed), contextlib.suppress(SystemExit):
        cli.main()
    return json.loads(printed.getvalue())


def _of_events(client: httpx.Client, question: str) -> Found:
    """The answer at the end, if the claims before it are the same."""
    reply = client.post(
        "/ask", json={"question": question}, headers={"Accept": "text/event-stream"}
    ).raise_for_status()
    claims, answer = [], None
    for block in reply.text.split("\n\n"):
        name, _, data = block.partition("\ndata: ")
        if name == "event: claim":
            claims.append(json.loads(data)["claim"])
        elif name == "event: answer":
            answer = json.loads(data)
    assert answer is not None
    return _of_answer(answer) if claims == answer["claims"] else ("differs", [])


def _of_chat(client: openai.OpenAI, question: str, *, stream: bool) -> Found:
    messages: Any = [{"role": "user", "content": question}]
    reply: Any = client.chat.completions.create(
        model="enforcement-rag", messages=messages, stream=stream
    )
    if stream:
        pieces = list(reply)
        content = "".join(piece.choices[0].delta.content or "" for piece in pieces)
        extra = pieces[-1].model_extra
    else:
        content, extra = reply.choices[0].message.content, reply.model_extra
    places = [(one["doc_id"], one["start"], one["end"], one["quote"]) for one in extra["quotes"]]
    shown = all(f"characters {start}–{end}" in content for _, start, end, _ in places)
    told = content.startswith("**Not found.**") == (extra["outcome"] == "not_found")
    return (extra["outcome"], places) if shown and told else ("differs", [])


def main() -> None:
    """Print how many questions were asked, and what differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("questions", type=Path, nargs="+", help="JSON lines with a question each")
    parser.add_argument("--first", type=int, default=40, help="at most this many questions")
    given = parser.parse_args()
    lines = [line for path in given.questions for line in path.read_text().splitlines()]
    step = max(1, len(lines) // given.first)
    questions = [json.loads(line)["question"] for line in lines[::step]][: given.first]
    began = time.monotonic()
    answered, problems = differences(given.index, questions)
    print("\n".join(problems))
    outcomes = ", ".join(f"{number} {outcome}" for outcome, number in sorted(answered.items()))
    print(
        f"{len(questions)} questions ({outcomes}) in 7 ways, "
        f"passages of each fourth in 6: "
        f"{len(problems)} differences, {time.monotonic() - began:.0f} s"
    )
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
