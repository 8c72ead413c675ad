"""The public functions: an open index that retrieves and answers, and the default index."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import wraps
from itertools import islice
from threading import Lock
from typing import Any, Literal, ParamSpec, TypeVar, cast

from rag.address import IndexAddress
from rag.answer import answer
from rag.answer.compose import summary
from rag.answer.replies import reply, summarised, which_document
from rag.answer.way_on import way_on
from rag.attribution.rules import OWN, in_use
from rag.attribution.rules import read as read_rules
from rag.config import Settings, load_settings
from rag.errors import MissingModelError, ModelMismatchError, UsageError
from rag.index.manifest import Manifest
from rag.index.protocols import Build
from rag.index.store import open_store
from rag.log import log_to, timed
from rag.models.cross_encoder import Reranker, load_reranker
from rag.models.embedder import Embedder, load_embedder
from rag.models.generator import Generator, is_here, load_generator
from rag.question.filters import Filters, parse_filters, within_days
from rag.question.query import PREFERENCES
from rag.question.requests import points_at_document
from rag.retrieval.retriever import Retriever
from rag.retrieval.rewording import may_help, reworded, widened
from rag.retrieval.suggestions import examples, next_questions
from rag.retrieval.weights import WEIGHTS
from rag.sums.table import Known, sums_table
from rag.text.stemming import stems
from rag.types import (
    Answer,
    Document,
    Hit,
    Preference,
    Question,
    Searched,
    Summary,
    SumsAsked,
    SumsTable,
)

P = ParamSpec("P")
T = TypeVar("T")

Stage = Literal["search", "read", "checked", "sums", "write"]
"""The progress of an answer. Each stage is reported with one number:

- ``search``: the number of documents that will be searched
- ``read``: the number of passages that were retrieved
- ``checked``: the number of quotes that were compared with their documents
- ``sums``: the number of documents that will be read for a table
- ``write``: the number of sentences of a language model that are shown so far; repeated often
"""

ANSWER_PASSAGES = 12
"""Passages retrieved for an answer."""
_HEAD = 2000
"""Characters at the beginning of a document that may name it."""
_CITED = 3
"""Documents of an answer that the next questions are about."""
_TRIED = 8
"""Questions that are asked to find the next ones."""
CHOSEN_BY_WORDS = (
    "Sentences were chosen by their words: check that the quotes answer; some may be missed."
)
"""The end of the note on an answer without a reranker. The reason comes before it."""


def _on_unchanged_files(method: Callable[P, T]) -> Callable[P, T]:
    """A method of `Index` that raises `DamagedIndexError` if a file is damaged before it returns.

    What it read may then be wrong, and its own error, if it fails, has no meaning for the user.
    Within it, sentences are attributed by the rules of the index.
    """

    @wraps(method)
    def checked(*args: P.args, **options: P.kwargs) -> T:
        index = cast("Index", args[0])
        with index._build.files.unchanged(), in_use(index._rules):
            return method(*args, **options)

    return checked


class Index:
    """One open build. It does not change: open a new ``Index`` for a newer build.

    If a file of the build is damaged while it is open, every method raises `DamagedIndexError`.
    """

    def __init__(self, build: Build, embedder: Embedder | None, settings: Settings) -> None:
        log_to(settings)
        self._rules = read_rules(settings.seeds / OWN)
        self._build = build
        self._settings = settings
        self._reranker, self._without_reranker = _reranker(settings, embedder, build.manifest)
        self._retriever = Retriever(build, embedder, self._reranker)
        self._generator = load_generator(settings)
        self._sums: Known = {}

    @classmethod
    def open(
        cls,
        path: IndexAddress | str | None = None,
        *,
        settings: Settings | None = None,
        lexical: bool = False,
    ) -> "Index":
        """Open the live build of the index in ``path``: a folder, or ``postgresql://…``.

        The default is the index of the settings.

        With ``lexical``, search and answers use words only. No model is loaded.

        Raises
        ------
        NoIndexError
            If the index has no build yet.
        DamagedIndexError
            If a file of the build is missing, truncated or altered.
        ServerError
            If the database of the index cannot be reached.
        ModelMismatchError
            If the build was made with another embedding model than that of the settings.
        UsageError
            If ``attribution.toml`` in the folder ``seeds`` cannot be read.
        """
        settings = settings or load_settings()
        build = open_store(path if path is not None else settings.index).open()
        if lexical:
            return cls(build, None, settings)
        embedder = load_embedder(settings.model)
        if embedder.fingerprint != build.manifest.fingerprint:
            raise ModelMismatchError(
                f"the index was built with the model {build.manifest.model} "
                f"({build.manifest.fingerprint[:12]}…), the settings name {settings.model} "
                f"({embedder.fingerprint[:12]}…). Rebuild with: rag index, "
                f"or ask with: --model {build.manifest.model}"
            )
        return cls(build, embedder, settings)

    @property
    def build(self) -> str:
        """Name of the open build."""
        return self._build.manifest.build

    @property
    def reranker(self) -> Reranker | None:
        """The reranker; None without one."""
        return self._reranker

    @property
    def without_reranker(self) -> str | None:
        """Why there is no reranker, in words; None if there is one."""
        return self._without_reranker

    @property
    def generator(self) -> Generator | None:
        """The language model that writes summaries; None without one."""
        return self._generator

    @property
    def sends_to(self) -> str | None:
        """The host that questions and quotes are sent to; None if it is this machine, or none."""
        if self._generator is None or is_here(self._generator.host):
            return None
        return self._generator.host

    @property
    def manifest(self) -> Manifest:
        """The counts, the model and the settings of the build."""
        return self._build.manifest

    def check_all(self) -> None:
        """Read all of the build, and compare it with its checksums.

        Raises
        ------
        DamagedIndexError
            If something is missing or altered.
        """
        self._build.files.check_all()

    @_on_unchanged_files
    def documents(self) -> list[Document]:
        """Every document, in the order of the index."""
        return list(self._build.documents.all())

    @_on_unchanged_files
    def document(self, doc_id: str) -> Document:
        """The document with this id.

        Raises
        ------
        UsageError
            If the index has no such document.
        """
        document = self._build.documents.document(doc_id)
        if document is None:
            raise UsageError(
                f"no document {doc_id!r} in the index. List them: rag status --documents"
            )
        return document

    @_on_unchanged_files
    def some_documents(
        self, limit: int, *, start: int = 0, filters: Mapping[str, Any] | None = None
    ) -> tuple[int, list[Document]]:
        """The number of documents that pass the filters, and ``limit`` of them from ``start`` on.

        Raises
        ------
        UsageError
            For an invalid filter.
        """
        number, documents = self._build.documents.passing(parse_filters(filters))
        return number, list(islice(documents, start, start + limit))

    @_on_unchanged_files
    def sums(
        self,
        question: str,
        history: Sequence[str | Answer] = (),
        filters: Mapping[str, Any] | None = None,
        *,
        on_stage: Callable[[Stage, int], None] | None = None,
    ) -> SumsTable | None:
        """The table over many documents that the question asks for; None if it asks for none.

        Parameters and errors are those of :meth:`ask`, whose answer holds the same table.
        """
        parsed = self.understand(question, history)
        return self._table(parsed, parse_filters(filters), on_stage or (lambda stage, number: None))

    @_on_unchanged_files
    def documents_with(
        self, words: str, k: int = 500, filters: Mapping[str, Any] | None = None
    ) -> list[str]:
        """Ids of at most ``k`` documents whose title or text has all of ``words``, best first.

        A word that no document has stands for words spelled nearly like it.

        Raises
        ------
        UsageError
            For an invalid filter.
        """
        build = self._build
        found = build.lexical.documents_with_all(words.split(), k, filters=parse_filters(filters))
        return build.documents.ids([row for row, _ in found])

    @_on_unchanged_files
    def retrieve(
        self,
        question: str,
        k: int = 8,
        filters: Mapping[str, Any] | None = None,
        history: Sequence[str | Answer] = (),
        *,
        ignore: Collection[str] = (),
        stages: Sequence[str] | None = None,
    ) -> list[Hit]:
        """The ``k`` most relevant passages, best first.

        Parameters
        ----------
        question
            A question or keywords, as typed.
        k
            At most this many hits are returned; at least 1.
        filters
            Any of ``agency``, ``type``, ``document`` (text or list of texts), ``date_from`` and
            ``date_to`` (``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``, inclusive).
        history
            The earlier questions of the conversation, or their answers, oldest first. With answers
            the documents that they cite are searched first.
        ignore
            Kinds of preferences to ignore: any of ``date``, ``agency``, ``speaker``, ``latest``,
            ``amount``, ``focus``, ``wording`` (:class:`rag.Preference`).
        stages
            The stages that take part, for measurements; None for all. Without a reranker the
            stages ``rerank`` and ``sentences`` do nothing.

        Raises
        ------
        UsageError
            For an empty or overlong question, ``k`` below 1, an invalid filter, or an unknown kind
            of preference.

        Examples
        --------
        >>> hits = Index.open().retrieve("user asset safety", k=1, filters={"date_from": "2023"})
        >>> hits[0].passage.document.doc_id
        'binance-statement'
        """
        if k < 1:
            raise UsageError(f"k = {k}: ask for at least 1 passage.")
        parsed = self.understand(question, history, ignore=ignore, stages=stages)
        return self._retriever.retrieve(parsed, k=k, filters=parse_filters(filters), stages=stages)

    @_on_unchanged_files
    def understand(
        self,
        question: str,
        history: Sequence[str | Answer] = (),
        *,
        ignore: Collection[str] = (),
        stages: Sequence[str] | None = None,
    ) -> Question:
        """The parsed question, as `retrieve` and `ask` use it. Parameters are those of `retrieve`.

        Raises
        ------
        UsageError
            For an empty or overlong question, or an unknown kind of preference.
        """
        return self._retriever.understand(
            self._checked(question),
            [
                earlier if isinstance(earlier, Answer) else self._checked(earlier)
                for earlier in history
                if isinstance(earlier, Answer) or earlier.strip()
            ],
            ignore=_checked_kinds(ignore),
            stages=stages,
        )

    @timed("asked", lambda answer: {"outcome": answer.outcome, "claims": len(answer.claims)})
    @_on_unchanged_files
    def ask(
        self,
        question: str,
        history: Sequence[str | Answer] = (),
        filters: Mapping[str, Any] | None = None,
        *,
        ignore: Collection[str] = (),
        on_stage: Callable[[Stage, int], None] | None = None,
        on_answer: Callable[[Answer], None] | None = None,
    ) -> Answer:
        """Answer the question in verified quotes, or with ``not_found``.

        Parameters and errors are those of :meth:`retrieve`. ``on_stage`` is called with each stage
        and its number (:data:`Stage`), in the calling thread. An exception that it raises ends the
        call, and the request to a language model with it. ``on_answer`` is called with the answer
        in quotes before a language model begins, and again with each of its sentences.

        Examples
        --------
        >>> Index.open().ask("How much did Binance agree to pay?").outcome
        'not_found'
        """
        report = on_stage or (lambda stage, number: None)
        parsed = self.understand(question, history, ignore=ignore)
        allowed = parse_filters(filters)
        documents, passages = self._build.documents.count(allowed)
        report("search", documents)
        searched = Searched(
            documents=documents,
            passages=passages,
            queries=(parsed.searched,),
            filters=dict(filters or {}),
            build=self.build,
            preferences=parsed.preferences,
        )
        told = self._told(parsed, searched, allowed)
        if told is not None:
            return told
        hits = self._retriever.retrieve(parsed, k=ANSWER_PASSAGES, filters=allowed)
        hits, searched = self._widened(parsed, hits, searched, allowed, ignore, report)
        report("read", len(hits))
        holding = _Holding(self._build, allowed)
        result = answer(
            parsed,
            hits,
            searched=searched,
            reranker=self._reranker,
            known=lambda name: bool(holding.documents_with(name, 1)),
        )
        if parsed.corrected:
            spelled = ", ".join(
                f"“{now}” instead of “{typed}”" for typed, now in parsed.corrected.items()
            )
            result = replace(result, notes=(*result.notes, f"Searched for {spelled}."))
        result = replace(result, question=question.strip())
        report("checked", sum(len(claim.citations) for claim in result.claims))
        table = self._table(parsed, allowed, report)
        if table is not None and table.rows:
            # The reasons for silence are no longer true.
            notes = () if result.outcome == "not_found" else result.notes
            # A list of documents is the whole answer: sentences beside it answer something else.
            claims = result.claims if table.asked.kinds else ()
            result = replace(
                result,
                outcome="answered",
                claims=claims,
                missing=(),
                notes=notes,
                verdict=table.lead,
                thing=None,
            )
        elif table is not None and table.counts and result.outcome != "answered":
            result = replace(
                result,
                outcome="reply",
                verdict=table.lead,
                claims=(),
                missing=(),
                notes=(),
                thing=None,
            )
        if result.outcome == "not_found":
            result = replace(result, way_on=way_on(parsed, holding))
        if self._without_reranker is not None and result.outcome != "reply":
            note = f"{self._without_reranker} {CHOSEN_BY_WORDS}"
            result = replace(result, notes=(*result.notes, note))
        return self._summarised(replace(result, table=table), parsed, report, on_answer)

    def _widened(
        self,
        question: Question,
        hits: list[Hit],
        searched: Searched,
        filters: Filters,
        ignore: Collection[str],
        report: Callable[[Stage, int], None],
    ) -> tuple[list[Hit], Searched]:
        """The hits with those of the queries of a language model, if it may help to search."""
        helps = self._generator is not None and self._settings.generator_search
        if not helps or "wording" in ignore or not may_help(question):
            return hits, searched
        assert self._generator is not None
        queries = reworded(
            question, self._generator, waiting=lambda: report("search", searched.documents)
        )
        if not queries:
            return hits, searched
        rankings = [
            self._retriever.retrieve(
                self._retriever.understand(query), k=ANSWER_PASSAGES, filters=filters
            )
            for query in queries
        ]
        wording = Preference("wording", "; ".join(queries), "model")
        return widened([hits, *rankings], k=ANSWER_PASSAGES), replace(
            searched,
            queries=(*searched.queries, *queries),
            preferences=(*searched.preferences, wording),
        )

    def _summarised(
        self,
        found: Answer,
        question: Question,
        report: Callable[[Stage, int], None],
        on_answer: Callable[[Answer], None] | None,
    ) -> Answer:
        """The answer with the summary of a language model, if there is one and quotes answer."""
        show = on_answer or (lambda answer: None)
        by_table = found.table is not None and found.table.rows
        quoted = found.claims and found.outcome in ("answered", "partial")
        if self._generator is None or by_table or not quoted:
            return found
        self._build.files.check()  # the quotes are shown before this method returns
        show(found)
        shown = 0

        def on_sentence(written: Summary) -> None:
            nonlocal shown
            shown = len(written.sentences)
            show(replace(found, summary=written))

        written = summary(
            question,
            found,
            self._generator,
            on_sentence=on_sentence,
            waiting=lambda: report("write", shown),
        )
        return replace(found, summary=written)

    def _told(self, question: Question, searched: Searched, filters: Filters) -> Answer | None:
        """The reply to a request, or the summary of a document; None for a question.

        A summary of what no document of the index is called is left to the search.
        """
        request = question.request
        if request is None or question.sums is not None:
            return None
        if request.kind != "summary":
            return reply(request, question, searched)
        if points_at_document(request.subject):
            document = self._meant(question, filters)
            if document is None:
                return which_document(question, searched)
        else:
            document = self._called(request.subject, filters)
            if document is None:
                return None
        return summarised(document, question, searched, self._reranker)

    def _meant(self, question: Question, filters: Filters) -> Document | None:
        """The only document that passes the filters, or the first of the question before."""
        number, documents = self._build.documents.passing(filters)
        if number == 1:
            return next(documents)
        if not question.history:
            return None
        earlier = self.understand(question.history[-1], question.history[:-1])
        hits = self._retriever.retrieve(earlier, k=1, filters=filters)
        return hits[0].passage.document if hits else None

    def _called(self, subject: str, filters: Filters) -> Document | None:
        """The document whose title, id, parties or authority hold every name of ``subject``."""
        asked = self.understand(subject)
        hits = self._retriever.retrieve(asked, k=1, filters=filters)
        if not hits:
            return None
        document = hits[0].passage.document
        head = f"{document.title} {document.doc_id} {document.text[:_HEAD]} " + " ".join(
            (*document.texts("parties"), *document.texts("agency"), *document.texts("type"))
        ).replace("_", " ")
        return document if asked.own <= stems(head) else None

    def _table(
        self, question: Question, filters: Filters, report: Callable[[Stage, int], None]
    ) -> SumsTable | None:
        """The table over many documents that the question asks for; None if it asks for none."""
        asked = question.sums
        if asked is None:
            return None
        allowed = self._build.documents
        number, documents = allowed.passing(_narrowed(filters, asked))
        report("sums", number)
        undated = 0
        if asked.days:
            every = _narrowed(filters, replace(asked, days=()))
            dated = replace(every, date_from=every.date_from or 1)
            undated = allowed.count(every)[0] - allowed.count(dated)[0]
        return sums_table(asked, documents, self._sums, undated=undated, filters=filters)

    @_on_unchanged_files
    def examples(self, n: int = 4) -> list[str]:
        """At most ``n`` questions about the newest documents; this index answers each of them."""
        return examples(
            self._build.documents.newest(6 * n),
            lambda question: self.ask(question).outcome == "answered",
            n=n,
        )

    def next_questions(
        self,
        answer: Answer,
        history: Sequence[str] = (),
        filters: Mapping[str, Any] | None = None,
        *,
        n: int = 3,
    ) -> Iterator[str]:
        """At most ``n`` questions to ask next, each as soon as it is found.

        They are about the documents that ``answer`` cites. Each has an answer in this index, asked
        with the same filters, and the answer has a quote that ``answer`` does not have. Up to eight
        questions are asked for this.
        """
        rows = answer.table.rows if answer.table is not None else ()
        cited = [
            *(citation for claim in answer.claims for citation in claim.citations),
            *(row.citation for row in rows[:_CITED]),
        ]
        quotes = {(one.document.doc_id, one.start, one.end) for one in cited}
        documents = list({one.document.doc_id: one.document for one in cited}.values())

        def is_new(question: str) -> bool:
            found = self.ask(question, filters=filters)
            return found.outcome == "answered" and any(
                (one.document.doc_id, one.start, one.end) not in quotes
                for claim in found.claims
                for one in claim.citations
            )

        asked = (answer.question, *history)
        return next_questions(documents[:_CITED], asked, is_new, n=n, tried=_TRIED)

    def _checked(self, question: str) -> str:
        question = question.strip()
        if not question:
            raise UsageError("the question is empty. Type one, for example: who was fined?")
        if any("\ud800" <= character <= "\udfff" for character in question):
            raise UsageError("the question is not UTF-8. Type it again, or save it as UTF-8.")
        if len(question) > self._settings.max_question:
            raise UsageError(
                f"the question has {len(question):,} characters; at most "
                f"{self._settings.max_question:,} are read. Shorten it."
            )
        return question


class _Holding:
    """The documents of a build that pass the filters, by the names that they hold."""

    def __init__(self, build: Build, filters: Filters) -> None:
        self._build = build
        self._filters = filters

    def documents_with(self, name: str, k: int, *, misspelt: bool = False) -> list[Document]:
        rows = self._build.lexical.documents_with(name, k, filters=self._filters, misspelt=misspelt)
        found = (self._build.documents.ids([row]) for row in rows)
        documents = (self._build.documents.document(doc_id) for ids in found for doc_id in ids)
        return [document for document in documents if document is not None]


def _narrowed(filters: Filters, asked: SumsAsked) -> Filters:
    """The filters, narrowed to the documents that a question over many documents can mean."""
    within = within_days(filters, asked.days)
    return replace(within, agency=within.agency or asked.agencies, type=within.type or asked.types)


def _checked_kinds(ignore: Collection[str]) -> Collection[str]:
    for kind in ignore:
        if kind not in PREFERENCES:
            raise UsageError(
                f"unknown kind of preference {kind!r}. Known: {', '.join(PREFERENCES)}."
            )
    return ignore


def current_build(path: IndexAddress | str | None = None) -> str | None:
    """Name of the live build; None before the first build. Cheap."""
    return open_store(path if path is not None else load_settings().index).current()


def retrieve(question: str, k: int = 8, **options: Any) -> list[Hit]:
    """:meth:`Index.retrieve` on the default index."""
    return _default_index().retrieve(question, k, **options)


def ask(question: str, **options: Any) -> Answer:
    """:meth:`Index.ask` on the default index."""
    return _default_index().ask(question, **options)


_opened: Index | None = None
_opening = Lock()


def _default_index() -> Index:
    """The default index, opened once, and again after a newer build has gone live."""
    global _opened
    with _opening:
        if _opened is None or _opened.build != current_build():
            _opened = Index.open()
        return _opened


def _reranker(
    settings: Settings, embedder: Embedder | None, manifest: Manifest
) -> tuple[Reranker | None, str | None]:
    """The reranker for the documents of a build and None, or None and the reason in words."""
    if embedder is None:
        return None, "Searched by words alone, as asked."
    if not settings.rerank:
        return None, "The reranker is switched off (rerank = false)."
    try:
        long = WEIGHTS.is_of_long(manifest.passages, manifest.documents)
        return load_reranker(long=long), None
    except MissingModelError as error:
        return None, f"The reranker cannot be used: {error}."
