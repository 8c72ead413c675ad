"""The routes of OpenAI's chat protocol: each collection is a model, each answer a message."""

import secrets
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

from rag.access import Collection
from rag.answer.markdown import answer_markdown, claim_block, closing, opening
from rag.serve.pool import Work
from rag.serve.requests import ChatBody
from rag.serve.service import Asked
from rag.serve.streams import QUIET, as_json, outcome
from rag.types import Answer

_NO_TOKENS = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
"""No language model counts tokens here."""
_EARLIER = 10
"""At most this many earlier questions of a chat are read."""
_NOTHING = "?"
"""A question without a word: its answer says how to ask."""


def models(collections: list[Collection]) -> dict[str, Any]:
    """The collections as a list of models."""
    return {
        "object": "list",
        "data": [
            {
                "id": one.name,
                "object": "model",
                "created": 0,
                "owned_by": "enforcement-rag",
                "name": one.title or one.name,
            }
            for one in collections
        ],
    }


def asked_in(body: ChatBody) -> Asked:
    """The question of a chat: its last message of the user. The earlier ones are the history.

    A chat without a text of the user is asked for a question in return.
    """
    said = [one.text for one in body.messages if one.role == "user" and one.text.strip()]
    return Asked(question=said[-1] if said else _NOTHING, history=said[:-1][-_EARLIER:])


def completion(answer: Answer, model: str) -> dict[str, Any]:
    """The whole answer as one reply."""
    message = {"role": "assistant", "content": answer_markdown(answer)}
    return {
        **_head(model, "chat.completion"),
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
        "usage": _NO_TOKENS,
        "outcome": answer.outcome,
        "quotes": _quotes(answer),
    }


async def chunks(
    work: Work[Answer], model: str, request_id: str, *, usage: bool
) -> AsyncIterator[str]:
    """The answer in pieces: one for each quote. Signs of life come while it is made."""
    head = _head(model, "chat.completion.chunk")

    def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return f"data: {as_json({**head, 'choices': [choice], **more})}\n\n"

    yield chunk({"role": "assistant", "content": ""})
    async for _ in work.events():
        yield QUIET
    answer, wrong = await outcome(work, request_id)
    if answer is None:
        yield f"data: {as_json(wrong)}\n\n"
        return
    for piece in _pieces(answer):
        yield chunk({"content": piece})
    yield chunk({}, "stop", outcome=answer.outcome, quotes=_quotes(answer))
    if usage:
        yield f"data: {as_json({**head, 'choices': [], 'usage': _NO_TOKENS})}\n\n"
    yield "data: [DONE]\n\n"


def _pieces(answer: Answer) -> Iterator[str]:
    pieces = (
        opening(answer),
        *(claim_block(claim, number) for number, claim in enumerate(answer.claims, start=1)),
        closing(answer),
    )
    yield from filter(None, pieces)


def _head(model: str, kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{secrets.token_hex(12)}",
        "object": kind,
        "created": int(time.time()),
        "model": model,
    }


def _quotes(answer: Answer) -> list[dict[str, Any]]:
    """The quotes with their places, for programs that read more than the text."""
    return [
        {
            "number": number,
            "doc_id": citation.document.doc_id,
            "title": citation.document.title,
            "start": citation.start,
            "end": citation.end,
            "page": citation.page,
            "quote": citation.quote,
            "speaker": claim.speaker,
            "status": claim.status,
        }
        for number, claim in enumerate(answer.claims, start=1)
        for citation in claim.citations
    ]
