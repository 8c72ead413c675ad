"""The public door: an opened index that is asked, and the default one that opens itself."""

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any, Literal

from rag.answer import answer
from rag.config import Settings, load_settings
from rag.errors import ModelMismatchError, UsageError
from rag.index.builds import Build, Builds
from rag.index.manifest import Manifest
from rag.models.cross_encoder import load_reranker
from rag.models.embedder import Embedder, load_embedder
from rag.models.generator import load_generator
from rag.question.filters import parse_filters
from rag.question.query import PREFERENCES
from rag.retrieval.retriever import Retriever
from rag.retrieval.suggestions import examples
from rag.types import Answer, Document, Hit, Searched

Stage = Literal["search", "read", "checked"]
"""How far an answer is: ``search`` begins in so many documents, ``read`` of so many passages, and
so many quotes have been ``checked`` against their documents."""

# Passages that an answer is selected from.
ANSWER_PASSAGES = 12


class Index:
    """One build, open for questions. Immutable: a newer build needs a newly opened ``Index``."""

    def __init__(self, build: Build, embedder: Embedder | None, settings: Settings) -> None:
        self._build = build
        self._settings = settings
        reranker = load_reranker() if settings.rerank and embedder else None
        self._retriever = Retriever(build, embedder, reranker)
        self._generator = load_generator(settings)

    @classmethod
    def open(
        cls,
        path: Path | str | None = None,
        *,
        settings: Settings | None = None,
        lexical: bool = False,
    ) -> "Index":
        """Open the live build of the index in ``path`` (default: the settings' index folder).

        If ``lexical``, it searches by words alone, and no model is loaded or compared.

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
        question = self._checked(question)
        if k < 1:
            raise UsageError(f"k = {k}: ask for at least 1 passage.")
        return self._retriever.retrieve(
            question,
            k=k,
            filters=parse_filters(filters),
            history=tuple(history),
            ignore=_checked_kinds(ignore),
            stages=stages,
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
        documents, passages = self._build.documents.count(parse_filters(filters))
        report("search", documents)
        hits = self.retrieve(question, ANSWER_PASSAGES, filters, history, ignore=ignore)
        report("read", len(hits))
        query = self._retriever.query(question.strip(), history, ignore=ignore)
        searched = Searched(
            documents=documents,
            passages=passages,
            queries=(query.text,),
            filters=dict(filters or {}),
            build=self.build,
            preferences=query.preferences,
        )
        found = answer(
            question.strip(),
            hits,
            searched=searched,
            history=tuple(history),
            generator=self._generator,
        )
        report("checked", sum(len(claim.citations) for claim in found.claims))
        return found

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
