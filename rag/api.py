"""The public door: an opened index that is asked, and the default one that opens itself."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Any, Literal

from rag.answer import answer
from rag.config import Settings, load_settings
from rag.errors import MissingModelError, ModelMismatchError, UsageError
from rag.index.builds import Build, Builds
from rag.index.manifest import Manifest
from rag.models.cross_encoder import Reranker, load_reranker
from rag.models.embedder import Embedder, load_embedder
from rag.models.generator import load_generator
from rag.question.filters import Filters, parse_filters, within_days
from rag.question.query import PREFERENCES
from rag.retrieval.retriever import Retriever
from rag.retrieval.suggestions import examples
from rag.sums.table import Found, sums_table
from rag.types import Answer, Document, Hit, Question, Searched, SumsTable

Stage = Literal["search", "read", "checked", "sums"]
"""How far an answer is: ``search`` begins in so many documents, so many passages were ``read``, so
many quotes were ``checked`` against their documents, ``sums`` are looked for in so many documents.
"""

# Passages that an answer is selected from.
ANSWER_PASSAGES = 12
CHOSEN_BY_WORDS = (
    "Sentences were chosen by their words: check that the quotes answer; some may be missed."
)
"""The remark on an answer without a reranker, behind the reason."""


class Index:
    """One build, open for questions. Immutable: a newer build needs a newly opened ``Index``."""

    def __init__(self, build: Build, embedder: Embedder | None, settings: Settings) -> None:
        self._build = build
        self._settings = settings
        self._reranker, self._without_reranker = _reranker(settings, embedder)
        self._retriever = Retriever(build, embedder, self._reranker)
        self._generator = load_generator(settings)
        self._sums: dict[str, tuple[Found, ...]] = {}

    @classmethod
    def open(
        cls,
        path: Path | str | None = None,
        *,
        settings: Settings | None = None,
        lexical: bool = False,
    ) -> "Index":
        """Open the live build of the index in ``path`` (default: the settings' index folder).

        If ``lexical``, it searches and answers by words alone, and no model is loaded or compared.

        Raises
        ------
        NoIndexError
            Before the first build.
        DamagedIndexError
            If a file of the build is missing, truncated or altered.
        ModelMismatchError
            If it was built with another embedding model than the settings name.
        """
        settings = settings or load_settings()
        build = Builds(Path(path) if path is not None else settings.index).open()
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
        """Name of the build that is open."""
        return self._build.manifest.build

    @property
    def reranker(self) -> Reranker | None:
        """What reads passages and sentences; None where nothing does."""
        return self._reranker

    @property
    def without_reranker(self) -> str | None:
        """Why no reranker reads passages and sentences, in words; None where one does."""
        return self._without_reranker

    @property
    def manifest(self) -> Manifest:
        """What the build holds and what it was made from."""
        return self._build.manifest

    def documents(self) -> list[Document]:
        """Every document, in the order of the index."""
        return list(self._build.documents.all())

    def document(self, doc_id: str) -> Document:
        """The document with this id.

        Raises
        ------
        UsageError
            If there is none.
        """
        document = self._build.documents.document(doc_id)
        if document is None:
            raise UsageError(
                f"no document {doc_id!r} in the index. List them: rag status --documents"
            )
        return document

    def retrieve(
        self,
        question: str,
        k: int = 8,
        filters: Mapping[str, Any] | None = None,
        history: Sequence[str] = (),
        *,
        ignore: Collection[str] = (),
        stages: Sequence[str] | None = None,
    ) -> list[Hit]:
        """The ``k`` passages that bear most on the question, best first.

        Parameters
        ----------
        question
            A question or keywords, as typed.
        k
            At most this many; at least 1.
        filters
            Any of ``agency``, ``type``, ``document`` (text or list of texts), ``date_from`` and
            ``date_to`` (``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``, inclusive).
        history
            The earlier questions of the conversation, oldest first.
        ignore
            Kinds of preferences said in the question that are not to count: any of ``date``,
            ``agency``, ``speaker``, ``latest``, ``amount`` (:class:`rag.Preference`).
        stages
            The stages that take part, for measuring them one by one; None for all that the
            settings switch on.

        Raises
        ------
        UsageError
            For an empty or overlong question, ``k`` below 1, a filter that cannot be used, or a
            kind of preference that there is none of.

        Examples
        --------
        >>> hits = Index.open().retrieve("user asset safety", k=1, filters={"date_from": "2023"})
        >>> hits[0].passage.document.doc_id
        'binance-statement'
        """
        if k < 1:
            raise UsageError(f"k = {k}: ask for at least 1 passage.")
        asked = self.understand(question, history, ignore=ignore, stages=stages)
        return self._retriever.retrieve(asked, k=k, filters=parse_filters(filters), stages=stages)

    def understand(
        self,
        question: str,
        history: Sequence[str] = (),
        *,
        ignore: Collection[str] = (),
        stages: Sequence[str] | None = None,
    ) -> Question:
        """What a question asks for, as `retrieve` and `ask` read it; parameters are those of both.

        Raises
        ------
        UsageError
            For an empty or overlong question, or a kind of preference that there is none of.
        """
        return self._retriever.understand(
            self._checked(question), history, ignore=_checked_kinds(ignore), stages=stages
        )

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        filters: Mapping[str, Any] | None = None,
        *,
        ignore: Collection[str] = (),
        on_stage: Callable[[Stage, int], None] | None = None,
    ) -> Answer:
        """What the documents say to the question, in verified quotes, or that they do not say.

        Parameters and errors are those of :meth:`retrieve`; ``on_stage`` is told how far it is, as
        :data:`Stage` says, in the thread that asks. What it raises ends the asking.

        Examples
        --------
        >>> Index.open().ask("How much did Binance agree to pay?").outcome
        'not_found'
        """
        report = on_stage or (lambda stage, number: None)
        asked = self.understand(question, history, ignore=ignore)
        allowed = parse_filters(filters)
        documents, passages = self._build.documents.count(allowed)
        report("search", documents)
        hits = self._retriever.retrieve(asked, k=ANSWER_PASSAGES, filters=allowed)
        report("read", len(hits))
        searched = Searched(
            documents=documents,
            passages=passages,
            queries=(asked.searched,),
            filters=dict(filters or {}),
            build=self.build,
            preferences=asked.preferences,
        )
        found = answer(
            asked,
            hits,
            searched=searched,
            reranker=self._reranker,
            generator=self._generator,
        )
        report("checked", sum(len(claim.citations) for claim in found.claims))
        if self._without_reranker is not None:
            note = f"{self._without_reranker} {CHOSEN_BY_WORDS}"
            found = replace(found, notes=(*found.notes, note))
        table = self._table(asked, allowed, report)
        if table is not None and table.rows:
            found = replace(found, outcome="answered", missing=())
        return replace(found, table=table)

    def _table(
        self, question: Question, filters: Filters, report: Callable[[Stage, int], None]
    ) -> SumsTable | None:
        """The sums over many documents that the question asks for; None where it asks for none."""
        if question.sums is None:
            return None
        number, documents = self._build.documents.passing(within_days(filters, question.sums.days))
        report("sums", number)
        return sums_table(question.sums, documents, self._sums)

    def examples(self, n: int = 4) -> list[str]:
        """At most ``n`` questions about the newest documents, each of which has an answer here."""
        return examples(
            self._build.documents.newest(6 * n),
            lambda question: self.ask(question).outcome == "answered",
            n=n,
        )

    def _checked(self, question: str) -> str:
        question = question.strip()
        if not question:
            raise UsageError("the question is empty. Type one, for example: who was fined?")
        if len(question) > self._settings.max_question:
            raise UsageError(
                f"the question has {len(question):,} characters; at most "
                f"{self._settings.max_question:,} are read. Shorten it."
            )
        return question


def _checked_kinds(ignore: Collection[str]) -> Collection[str]:
    for kind in ignore:
        if kind not in PREFERENCES:
            raise UsageError(f"no preference {kind!r} to ignore. Known: {', '.join(PREFERENCES)}.")
    return ignore


def current_build(path: Path | str | None = None) -> str | None:
    """Name of the live build; None before the first. Cheap: reads one small file."""
    return Builds(Path(path) if path is not None else load_settings().index).current()


def retrieve(question: str, k: int = 8, **options: Any) -> list[Hit]:
    """:meth:`Index.retrieve` on the default index."""
    return _default_index().retrieve(question, k, **options)


def ask(question: str, **options: Any) -> Answer:
    """:meth:`Index.ask` on the default index."""
    return _default_index().ask(question, **options)


_opened: Index | None = None
_opening = Lock()


def _default_index() -> Index:
    """The default index, opened once, and again when a newer build has gone live."""
    global _opened
    with _opening:
        if _opened is None or _opened.build != current_build():
            _opened = Index.open()
        return _opened


def _reranker(settings: Settings, embedder: Embedder | None) -> tuple[Reranker | None, str | None]:
    """The reranker, or in words why there is none."""
    if embedder is None:
        return None, "Searched by words alone, as asked."
    if not settings.rerank:
        return None, "The reranker is switched off (rerank = false)."
    try:
        return load_reranker(), None
    except MissingModelError as error:
        return None, f"The reranker cannot be used: {error}."
