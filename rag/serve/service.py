"""What the server does for a request: the collection, the answer, the audit log, the figures."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from rag import audit
from rag.access import Access, Caller, Collection, load_access
from rag.api import Index, Stage
from rag.config import Settings
from rag.errors import RagError, UsageError
from rag.live import LiveIndex
from rag.serve.metrics import Metrics
from rag.serve.pool import Emit, Pool, Stopped
from rag.serve.rate import Rate
from rag.types import Answer, Document, Hit, SumsTable

T = TypeVar("T")


class UnknownError(UsageError):
    """A document or a collection does not exist, or is not for this caller."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its conversation and its filters, as a client sent it."""

    question: str
    history: Sequence[str] = ()
    filters: Mapping[str, Any] | None = None
    ignore: Sequence[str] = ()


class Service:
    """The indexes that one server answers from, and its limits.

    Parameters
    ----------
    settings
        The settings of the server.
    lexical
        Search by words alone; no model is loaded.
    """

    def __init__(self, settings: Settings, *, lexical: bool = False) -> None:
        self.settings = settings
        self.access: Access = load_access(settings)
        self.pool = Pool(settings.serve_asks or os.cpu_count() or 1, settings.serve_waiting)
        self.metrics = Metrics(self.pool)
        self.rate = Rate(settings.serve_rate)
        self._indexes = {
            one.name: LiveIndex(one.index, settings=settings, lexical=lexical)
            for one in self.access.collections.values()
        }

    def collection(self, caller: Caller, name: str | None) -> Collection:
        """The collection of this name, or the first that the caller may read.

        Raises
        ------
        UnknownError
            If there is none for this caller.
        """
        found = self.access.collection(caller, name)
        if found is None:
            readable = ", ".join(one.name for one in self.access.readable(caller)) or "none"
            raise UnknownError(f"no collection {name or ''!r}. Collections for you: {readable}.")
        return found

    def index(self, collection: Collection) -> Index:
        """The live build of a collection. A newer build is opened while the older one answers.

        Raises
        ------
        RagError
            If it has no build, or the build cannot be opened.
        """
        return self._indexes[collection.name].get()

    def open_all(self) -> None:
        """Open every collection, so that no reader waits for it. A reader is told what fails."""
        for collection in self.access.collections.values():
            with suppress(RagError):
                self.index(collection)

    @property
    def ready(self) -> bool:
        """Whether every collection that has a build is open."""
        built = [index for index in self._indexes.values() if index.built]
        return bool(built) and all(index.opened for index in built)

    def ask(self, caller: Caller, collection: Collection, asked: Asked, emit: Emit) -> Answer:
        """Answer a question; each stage, claim and sentence of a summary is an event."""
        shown = 0
        logged = False

        def on_stage(stage: Stage, number: int) -> None:
            emit("stage", {"stage": stage, "number": number})

        def on_answer(draft: Answer) -> None:
            nonlocal shown, logged
            build = draft.searched.build
            if not logged:
                places = audit.places_cited(draft)
                self._log(caller, collection, build, asked.question, draft.outcome, places)
                logged = True
            for claim in draft.claims[shown:]:
                shown += 1
                emit("claim", {"number": shown, "claim": claim.to_dict()})
            if draft.summary is not None:
                emit("summary", draft.summary.to_dict())

        def work() -> Answer:
            answer = self.index(collection).ask(
                asked.question,
                asked.history,
                asked.filters,
                ignore=asked.ignore,
                on_stage=on_stage,
                on_answer=on_answer,
            )
            on_answer(answer)
            return answer

        return self._measured(caller, collection, asked.question, work, lambda one: one.outcome)

    def retrieve(
        self, caller: Caller, collection: Collection, asked: Asked, k: int, emit: Emit
    ) -> tuple[str, list[Hit]]:
        """The build, and the ``k`` most relevant passages."""

        def work() -> tuple[str, list[Hit]]:
            emit("stage", {"stage": "search", "number": 0})
            index = self.index(collection)
            hits = index.retrieve(
                asked.question, k, asked.filters, asked.history, ignore=asked.ignore
            )
            self._log(
                caller, collection, index.build, asked.question, "search", audit.places_found(hits)
            )
            return index.build, hits

        return self._measured(caller, collection, asked.question, work, lambda _: "search")

    def sums(
        self, caller: Caller, collection: Collection, asked: Asked, emit: Emit
    ) -> tuple[str, SumsTable | None]:
        """The build, and the table over many documents that the question asks for."""

        def work() -> tuple[str, SumsTable | None]:
            index = self.index(collection)
            table = index.sums(
                asked.question,
                asked.history,
                asked.filters,
                on_stage=lambda stage, number: emit("stage", {"stage": stage, "number": number}),
            )
            places = [
                {"doc_id": one.document.doc_id, "start": one.start, "end": one.end}
                for one in (row.citation for row in (table.rows if table else ()))
            ]
            outcome = "answered" if places else "not_found"
            self._log(caller, collection, index.build, asked.question, outcome, places)
            return index.build, table

        return self._measured(caller, collection, asked.question, work, lambda _: "sums")

    def document(
        self, caller: Caller, collection: Collection, doc_id: str, start: int, length: int
    ) -> tuple[str, Document]:
        """The build, and the document, of which ``length`` characters from ``start`` are shown.

        Raises
        ------
        UnknownError
            If there is no such document.
        """
        index = self.index(collection)
        try:
            document = index.document(doc_id)
        except UsageError as error:
            raise UnknownError(f"no document {doc_id!r} in the collection.") from error
        end = min(start + length, len(document.text))
        place = {"doc_id": doc_id, "start": start, "end": end}
        self._log(caller, collection, index.build, "", "read", [place])
        return index.build, document

    def _measured(
        self,
        caller: Caller,
        collection: Collection,
        question: str,
        work: Callable[[], T],
        outcome: Callable[[T], str],
    ) -> T:
        """Do the work; count and time it, and log its failure."""
        began = time.monotonic()
        try:
            result = work()
        except Exception as error:
            ended = "stopped" if isinstance(error, Stopped) else "failed"
            self.metrics.ask(ended, time.monotonic() - began)
            self._log(caller, collection, "", question, ended, [])
            raise
        self.metrics.ask(outcome(result), time.monotonic() - began)
        return result

    def _log(
        self,
        caller: Caller,
        collection: Collection,
        build: str,
        question: str,
        outcome: str,
        citations: Sequence[Mapping[str, Any]],
    ) -> None:
        audit.log_question(
            self.settings.audit_log,
            who=caller.name,
            door="http",
            collection=collection.name,
            build=build,
            question=question,
            outcome=outcome,
            citations=citations,
        )


def status_of(error: RagError) -> int:
    """The HTTP status of an error."""
    if isinstance(error, UnknownError):
        return 404
    return 422 if isinstance(error, UsageError) else 503
