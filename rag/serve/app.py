"""The routes of the HTTP server, with their description (OpenAPI)."""

import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel
from starlette.exceptions import HTTPException as AnyHTTPException
from starlette.middleware import Middleware

from rag.access import Caller, Collection
from rag.config import Settings
from rag.errors import RagError
from rag.schema import AnswerRecord, DocumentsRecord, HitsRecord, TableRecord, TextRecord
from rag.serve import chat
from rag.serve.middleware import Requests, problem, problem_of
from rag.serve.pool import FullError, Pool, Stopped, Work
from rag.serve.requests import AskBody, ChatBody, FilterSet, RetrieveBody, SumsBody
from rag.serve.service import Asked, Service, status_of
from rag.serve.streams import QUIET, event, finished, outcome, stream
from rag.types import Answer

_MOST_BYTES = 1_000_000
"""Largest body of a request."""
_MOST_CHARACTERS = 200_000
"""Most characters of a document in one reply."""
_EVENT_STREAM = "text/event-stream"


class ProblemDetail(BaseModel):
    """What went wrong, for people and for programs."""

    message: str
    type: str
    param: str | None
    code: str | None
    request_id: str


class Problem(BaseModel):
    """The body of every error."""

    error: ProblemDetail


class SumsRecord(BaseModel):
    """The table of a question over many documents; null if the question asks for none."""

    build: str
    table: TableRecord | None


class CollectionRecord(BaseModel):
    """A collection that the caller may read."""

    name: str
    title: str
    build: str | None
    documents: int | None
    passages: int | None
    pages: int | None
    model: str | None
    """Embedding model."""
    problem: str | None
    """Why it cannot be asked; null if it can."""


class StatusRecord(BaseModel):
    """What can be asked, and how busy the server is."""

    collections: list[CollectionRecord]
    running: int
    waiting: int


_PROBLEMS: dict[int | str, dict[str, Any]] = {
    "4XX": {"model": Problem, "description": "The request cannot be answered as it is."},
    "5XX": {"model": Problem, "description": "The server cannot answer now."},
}


def create_app(settings: Settings, *, lexical: bool = False) -> FastAPI:
    """The server over the collections of the settings.

    Parameters
    ----------
    settings
        The settings in force.
    lexical
        Search by words alone; no model is loaded.

    Raises
    ------
    UsageError
        If the file of the setting ``access`` cannot be read.
    """
    service = Service(settings, lexical=lexical)
    bearer = HTTPBearer(auto_error=False, description="A token of this server.")

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        threading.Thread(target=service.open_all, daemon=True).start()
        yield
        await run_in_threadpool(service.pool.close)

    app = FastAPI(
        title="enforcement-rag",
        version="1",
        summary="Questions to enforcement documents, answered in verified quotes.",
        lifespan=lifespan,
        docs_url=None,  # their pages fetch scripts from another host
        redoc_url=None,
        max_body_size=_MOST_BYTES,
        responses=_PROBLEMS,
        middleware=[
            Middleware(
                Requests,
                names=[name.strip() for name in settings.serve_names.split(",")],
                metrics=service.metrics,
            )
        ],
    )
    app.state.service = service

    async def open_caller() -> Caller:
        return Caller()

    async def token_caller(
        given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
    ) -> Caller:
        caller = service.access.caller(given.credentials if given else None)
        if caller is None:
            raise HTTPException(401, "a bearer token is needed.", {"WWW-Authenticate": "Bearer"})
        seconds = service.rate.wait(caller.name)
        if seconds:
            raise HTTPException(
                429, "too many requests with this token.", {"Retry-After": f"{seconds:.0f}"}
            )
        return caller

    # Tokens are in the description only where they are needed.
    known = token_caller if service.access.tokens else open_caller
    Known = Annotated[Caller, Depends(known)]  # noqa: N806 - a type
    CollectionQuery = Annotated[  # noqa: N806 - a type
        str | None, Query(description="Name of the collection; without it the first one.")
    ]

    @app.post(
        "/ask",
        summary="Answer a question in verified quotes",
        responses={200: {"model": AnswerRecord, "content": {_EVENT_STREAM: {}}}},
    )
    async def ask(body: AskBody, request: Request, caller: Known) -> Response:
        """The answer as JSON, or as events if the header ``Accept`` names text/event-stream.

        The events are ``wait`` (questions ahead), ``stage``, ``claim`` and ``summary`` as they
        come, then ``answer`` with the whole answer, or ``error``. A client that leaves ends its
        question.
        """
        collection = service.collection(caller, body.collection)
        asked = _asked(body)
        work = service.pool.start(lambda emit: service.ask(caller, collection, asked, emit))
        if _EVENT_STREAM in request.headers.get("accept", ""):
            return stream(_ask_events(work, request.state.request_id), work)
        answer = await finished(request, work)
        return JSONResponse(answer.to_dict())

    @app.post(
        "/retrieve",
        summary="List the most relevant passages",
        responses={200: {"model": HitsRecord}},
    )
    async def retrieve(body: RetrieveBody, request: Request, caller: Known) -> Response:
        """Passages, best first, each with its place in its document."""
        collection = service.collection(caller, body.collection)
        asked = _asked(body)
        work = service.pool.start(
            lambda emit: service.retrieve(caller, collection, asked, body.k, emit)
        )
        build, hits = await finished(request, work)
        return JSONResponse({"build": build, "hits": [hit.to_dict() for hit in hits]})

    @app.post(
        "/sums",
        summary="Rank and add up sums of money, or list documents",
        responses={200: {"model": SumsRecord}},
    )
    async def sums(body: SumsBody, request: Request, caller: Known) -> Response:
        """The table that the question asks for over many documents; null if it asks for none."""
        collection = service.collection(caller, body.collection)
        asked = Asked(body.question, body.history, _filters(body.filters))
        work = service.pool.start(lambda emit: service.sums(caller, collection, asked, emit))
        build, table = await finished(request, work)
        return JSONResponse({"build": build, "table": table.to_dict() if table else None})

    @app.get("/documents", summary="List documents", responses={200: {"model": DocumentsRecord}})
    async def documents(
        caller: Known,
        start: Annotated[int, Query(ge=0, le=10**9)] = 0,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
        agency: Annotated[str | None, Query(description="Only documents of this agency.")] = None,
        type: Annotated[str | None, Query(description="Only documents of this type.")] = None,
        collection: CollectionQuery = None,
    ) -> Response:
        """Documents without their texts, in the order of the index."""
        chosen = service.collection(caller, collection)

        def read() -> dict[str, Any]:
            index = service.index(chosen)
            total, found = index.some_documents(
                limit, start=start, filters={"agency": agency, "type": type}
            )
            records = [document.to_dict() for document in found]
            return {"build": index.build, "total": total, "start": start, "documents": records}

        return JSONResponse(await run_in_threadpool(read))

    @app.get(
        "/documents/{doc_id:path}",
        summary="Read a document",
        responses={200: {"model": TextRecord}},
    )
    async def document(
        caller: Known,
        doc_id: Annotated[str, Path(min_length=1)],
        start: Annotated[int, Query(ge=0, le=10**9)] = 0,
        length: Annotated[int, Query(ge=1, le=_MOST_CHARACTERS)] = 20_000,
        collection: CollectionQuery = None,
    ) -> Response:
        """A part of its text. Offsets count characters (code points)."""
        chosen = service.collection(caller, collection)
        build, found = await run_in_threadpool(
            service.document, caller, chosen, doc_id, start, length
        )
        return JSONResponse({"build": build, **found.part(start, length)})

    @app.get("/status", summary="What can be asked", responses={200: {"model": StatusRecord}})
    async def status(caller: Known) -> Response:
        """The collections of the caller, and how many questions run and wait."""
        found = [
            await run_in_threadpool(_collection_record, service, one)
            for one in service.access.readable(caller)
        ]
        pool: Pool = service.pool
        return JSONResponse(
            {"collections": found, "running": pool.running, "waiting": pool.waiting}
        )

    @app.get(
        "/metrics",
        summary="Figures for Prometheus",
        responses={200: {"content": {"text/plain": {}}}},
    )
    async def metrics(caller: Known) -> Response:
        """Counts and times. They name no collection, no question and no reader."""
        return Response(service.metrics.text(), media_type="text/plain; version=0.0.4")

    @app.get("/health/live", summary="Whether the server runs", response_model=dict[str, str])
    async def live() -> Response:
        """Always 200."""
        return JSONResponse({"status": "live"})

    @app.get("/health/ready", summary="Whether it can answer", response_model=dict[str, str])
    async def ready() -> Response:
        """200 once every collection is open, else 503."""
        if not await run_in_threadpool(lambda: service.ready):
            raise HTTPException(503, "no collection is open yet.")
        return JSONResponse({"status": "ready"})

    @app.get("/v1/models", summary="The collections as models of OpenAI's protocol")
    async def models(caller: Known) -> dict[str, Any]:
        """Each collection that the caller may read is a model."""
        return chat.models(service.access.readable(caller))

    @app.post(
        "/v1/chat/completions",
        summary="Answer a chat of OpenAI's protocol",
        responses={200: {"content": {"application/json": {}, _EVENT_STREAM: {}}}},
    )
    async def chat_completions(body: ChatBody, request: Request, caller: Known) -> Response:
        """The last message of the user is the question; the reply is Markdown with its quotes."""
        collection = service.collection(caller, body.model)
        asked = chat.asked_in(body)
        work = service.pool.start(lambda emit: service.ask(caller, collection, asked, emit))
        if body.stream:
            usage = bool(body.stream_options and body.stream_options.include_usage)
            request_id = request.state.request_id
            return stream(chat.chunks(work, collection.name, request_id, usage=usage), work)
        answer = await finished(request, work)
        return JSONResponse(chat.completion(answer, collection.name))

    _tell_errors(app)
    return app


async def _ask_events(work: Work[Answer], request_id: str) -> AsyncIterator[str]:
    async for happened in work.events():
        yield event(*happened) if happened else QUIET
    answer, wrong = await outcome(work, request_id)
    yield event("answer", answer.to_dict()) if answer is not None else event("error", wrong)


def _asked(body: AskBody) -> Asked:
    return Asked(body.question, body.history, _filters(body.filters), tuple(body.ignore))


def _filters(given: FilterSet | None) -> dict[str, Any] | None:
    return given.model_dump(exclude_none=True) if given else None


def _collection_record(service: Service, collection: Collection) -> Mapping[str, Any]:
    record: dict[str, Any] = dict.fromkeys(CollectionRecord.model_fields)
    record |= {"name": collection.name, "title": collection.title}
    try:
        index = service.index(collection)
    except RagError as error:
        return record | {"problem": str(error)}
    manifest = index.manifest
    return record | {
        "build": index.build,
        "documents": manifest.documents,
        "passages": manifest.passages,
        "pages": manifest.pages,
        "model": manifest.model,
    }


def _tell_errors(app: FastAPI) -> None:
    """Every error has the same body."""

    @app.exception_handler(RagError)
    async def rag_error(request: Request, error: RagError) -> Response:
        headers = {"Retry-After": "5"} if isinstance(error, FullError) else None
        body = problem_of(error, request.state.request_id)
        return JSONResponse(body, status_of(error), headers)

    @app.exception_handler(Stopped)
    async def stopped(request: Request, error: Stopped) -> Response:
        return _problem(request, 499, "the client has left.", "stopped")

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"] if part != "body")
        return _problem(request, 422, f"{place or 'the body'}: {first['msg']}.", "usage")

    @app.exception_handler(AnyHTTPException)
    async def http_error(request: Request, error: AnyHTTPException) -> Response:
        kinds = {401: "authentication", 403: "forbidden", 404: "not_found", 429: "rate_limit"}
        kind = kinds.get(error.status_code, "http")
        return _problem(request, error.status_code, error.detail, kind, error.headers)


def _problem(
    request: Request,
    status: int,
    message: str,
    kind: str,
    headers: Mapping[str, str] | None = None,
) -> Response:
    body = problem(message, kind, getattr(request.state, "request_id", ""))
    return JSONResponse(body, status, headers)
