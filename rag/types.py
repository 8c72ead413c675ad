"""The records of the flow, from a document to an answer: frozen, and all in this one file."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, NamedTuple

Status = Literal[
    "alleged",
    "stated",
    "denied",
    "found",
    "ordered",
    "settled",
    "admitted",
    "convicted",
    "dismissed",
]
Outcome = Literal["answered", "partial", "not_found"]
AmountKind = Literal["penalty", "settlement", "disgorgement"]


class StatusWords(NamedTuple):
    """The words for a status, the same in every answer, export and page.

    Attributes
    ----------
    sentence
        What leads a quote, with ``{speaker}`` in it.
    verb
        What stands behind the speaker in an export.
    badge
        One word.
    meaning
        What the status means, for a reader who points at it.
    """

    sentence: str
    verb: str
    badge: str
    meaning: str


STATUSES: Mapping[str, StatusWords] = {
    "alleged": StatusWords(
        "{speaker} alleges",
        "alleges",
        "alleges",
        "An accusation. No court or agency has decided it.",
    ),
    "stated": StatusWords(
        "{speaker} says",
        "says",
        "says",
        "The speaker's own statement. Nobody has tested it.",
    ),
    "denied": StatusWords("{speaker} denies", "denies", "denies", "The speaker disputes it."),
    "found": StatusWords(
        "{speaker} found", "found", "found", "Decided by the court or agency named."
    ),
    "ordered": StatusWords(
        "{speaker} ordered", "ordered", "ordered", "Imposed by the court or agency named."
    ),
    "settled": StatusWords(
        "Settled, as {speaker} reports",
        "settled",
        "settled",
        "Agreed without a trial, as the speaker reports; as a rule neither admitted nor denied.",
    ),
    "admitted": StatusWords("{speaker} admits", "admits", "admits", "The speaker concedes it."),
    "convicted": StatusWords(
        "Convicted, as {speaker} reports",
        "reports a conviction",
        "convicted",
        "A criminal conviction, as the speaker reports.",
    ),
    "dismissed": StatusWords(
        "Dismissed, as {speaker} reports",
        "reports a dismissal",
        "dismissed",
        "The charge was dropped or rejected, as the speaker reports.",
    ),
}
"""The words for each status."""


@dataclass(frozen=True, slots=True)
class Document:
    """One text with where it comes from and what is known about it.

    ``text`` is final: every offset in the system counts its characters (code points).

    Attributes
    ----------
    doc_id
        Unique in an index: the sidecar's or the row's ``id``, else the path below the folder given.
    title
        Never empty; the file name where nothing better is known.
    text
        The whole text as shown and quoted.
    source
        Where it was read from: a path, for a row of an export ``path:line``, for a member of an
        archive ``path!member``.
    sha256
        Hex digest of the bytes it was read from (of the row's bytes, for an export).
    metadata
        Flat, JSON values. Keys in use: ``agency``, ``type``, ``date`` (``YYYY``, ``YYYY-MM`` or
        ``YYYY-MM-DD``), ``release``, ``docket``, ``parties``, ``court``, ``url``, ``speaker``,
        ``via``, ``inferred`` (names of the keys that were inferred, not given),
        ``also_in`` (other sources of the same text), ``near_duplicate_of`` (ids of documents with
        nearly the same text), ``warnings`` (what a reader should know about its reading),
        ``left_out`` (lines of a PDF that were taken for running heads and the like), and
        ``ocr_pages`` with ``ocr_confidence`` (physical pages read by OCR, and how surely, 0 to 1).
    page_starts
        Offset of the first character of each page, ascending; empty for a text without pages.
    speaker_starts
        ``(offset, speaker)`` pairs, ascending: who speaks from there on. Empty when the whole text
        has one speaker, ``metadata["speaker"]``, or none is known.
    page_labels
        The label printed on each page ("iii", "14"), "" where none is; as long as ``page_starts``
        or empty.
    paragraph_starts
        ``(offset, number)`` pairs, ascending, of numbered paragraphs ("31").
    footnotes
        ``(start, end, page)`` of each footnote, ascending: text apart from the sentence that it
        interrupted, on a physical page of its own.
    headings
        ``(offset, depth, words)`` of each heading, ascending; depth from 1. Empty where the text
        marks them itself, with ``#`` as in Markdown, or has none.
    """

    doc_id: str
    title: str
    text: str
    source: str
    sha256: str
    metadata: Mapping[str, Any] = field(default_factory=dict)
    page_starts: tuple[int, ...] = ()
    speaker_starts: tuple[tuple[int, str], ...] = ()
    page_labels: tuple[str, ...] = ()
    paragraph_starts: tuple[tuple[int, str], ...] = ()
    footnotes: tuple[tuple[int, int, int], ...] = ()
    headings: tuple[tuple[int, int, str], ...] = ()

    def page_at(self, offset: int) -> int | None:
        """Physical page, from 1, that holds the character at ``offset``; None without pages."""
        if not self.page_starts:
            return None
        index = bisect_right(self.footnotes, offset, key=lambda note: note[0]) - 1
        if index >= 0 and offset < self.footnotes[index][1]:
            return self.footnotes[index][2]
        return max(1, bisect_right(self.page_starts, offset))

    def page_label_at(self, offset: int) -> str | None:
        """The label printed on the page of ``offset``; None where none is."""
        page = self.page_at(offset)
        return (self.page_labels[page - 1] or None) if page and self.page_labels else None

    def paragraph_at(self, offset: int) -> str | None:
        """Number of the numbered paragraph that holds ``offset``; None outside of any."""
        index = bisect_right(self.paragraph_starts, offset, key=lambda start: start[0]) - 1
        return (self.paragraph_starts[index][1] or None) if index >= 0 else None

    def ocr_at(self, offset: int) -> float | None:
        """Confidence, 0 to 1, of the OCR that read the page of ``offset``; None if none did."""
        page = self.page_at(offset)
        pages = self.metadata.get("ocr_pages") or []
        return self.metadata["ocr_confidence"][pages.index(page)] if page in pages else None

    def speaker_at(self, offset: int) -> str | None:
        """Who speaks at ``offset``, as far as the metadata says."""
        index = bisect_right([start for start, _ in self.speaker_starts], offset) - 1
        if index >= 0:
            return self.speaker_starts[index][1]
        return " and ".join(self.texts("speaker")) or None

    def texts(self, key: str) -> tuple[str, ...]:
        """The values of a key of the metadata that holds one text or several; empty without any."""
        value = self.metadata.get(key)
        if not value:
            return ()
        return tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value),)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; without the text, which may be a whole book."""
        return {
            "doc_id": self.doc_id,
            "title": self.title,
            "source": self.source,
            "sha256": self.sha256,
            "characters": len(self.text),
            "pages": len(self.page_starts) or None,
            "metadata": dict(self.metadata),
        }


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file, or a part of one, that did not become a document, and why."""

    source: str
    reason: str

    def __str__(self) -> str:
        return f"{self.source}: skipped: {self.reason}"

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"source": self.source, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Passage:
    """A slice of one document: the unit that is embedded and retrieved.

    Offsets count characters of ``document.text``, half-open:
    ``document.text[passage.start : passage.end] == passage.text`` always holds.
    ``heading`` is the path of headings above the passage, outermost first.
    """

    document: Document
    start: int
    end: int
    heading: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The passage's own characters."""
        return self.document.text[self.start : self.end]

    @property
    def pages(self) -> tuple[int, int] | None:
        """First and last physical page, from 1; None for a document without pages."""
        first = self.document.page_at(self.start)
        last = self.document.page_at(max(self.start, self.end - 1))
        return None if first is None or last is None else (first, last)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, with the document's record inside."""
        return {
            "document": self.document.to_dict(),
            "start": self.start,
            "end": self.end,
            "pages": list(self.pages) if self.pages else None,
            "heading": list(self.heading),
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was retrieved.

    ``score``: higher is better; scores compare within one list only. ``rank``: from 1, best first.
    ``ranks``: the rank that each stage gave it, from 1 (``lexical``, ``documents``, ``dense``,
    ``preferences``, ``rerank``); a stage that did not score it is absent.
    """

    passage: Passage
    score: float
    rank: int
    ranks: Mapping[str, int] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "rank": self.rank,
            "score": self.score,
            "ranks": dict(self.ranks),
            "passage": self.passage.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class Citation:
    """Exact characters of one document: ``document.text[start:end] == quote``."""

    document: Document
    start: int
    end: int
    quote: str

    @property
    def page(self) -> int | None:
        """Physical page, from 1, on which the quote begins; None without pages."""
        return self.document.page_at(self.start)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "document": self.document.to_dict(),
            "start": self.start,
            "end": self.end,
            "page": self.page,
            "quote": self.quote,
        }


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of an answer, with who makes it, its standing and its verified citations.

    ``text`` is the quote itself, or what a generator wrote from it. ``speaker`` is None only where
    nothing tells who speaks. ``reason`` names the rule that gave speaker and status. At least one
    citation.
    """

    text: str
    citations: tuple[Citation, ...]
    speaker: str | None
    status: Status
    reason: str = ""

    @property
    def verbatim(self) -> bool:
        """Whether the text is one of the quotes, and not a generator's wording of it."""
        return any(self.text == citation.quote for citation in self.citations)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "text": self.text,
            "speaker": self.speaker,
            "status": self.status,
            "reason": self.reason,
            "citations": [citation.to_dict() for citation in self.citations],
        }


@dataclass(frozen=True, slots=True)
class Preference:
    """What a question is taken to prefer besides its words: such documents come earlier.

    Nothing is left out for a preference, and each kind can be ignored.

    Attributes
    ----------
    kind
        ``date``, ``agency``, ``speaker``, ``latest`` or ``amount``.
    said
        The words of the question that say so: "June 2019", "OFAC", "most recent", "fined".
    value
        What is preferred: a date ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``, an agency or a speaker
        in lower case; for ``latest`` and ``amount`` the kind itself.
    """

    kind: str
    said: str
    value: str

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"kind": self.kind, "said": self.said, "value": self.value}


@dataclass(frozen=True, slots=True)
class SumsAsked:
    """What a question wants ranked or added up over many documents, and over which.

    Attributes
    ----------
    kinds
        The kinds of sums, sorted; at least one.
    agencies
        Agencies in lower case of whose documents alone the sums are; empty for all.
    days
        Ranges ``(first, last)`` of ISO dates, compared as text, in one of which a document's date
        lies; ``~`` comes after every digit. Empty for all.
    words
        Lower-case words that a document holds, each at the beginning of one of its words.
    """

    kinds: tuple[AmountKind, ...]
    agencies: tuple[str, ...] = ()
    days: tuple[tuple[str, str], ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question, understood once: what retrieval, selection, abstention and sums read.

    `rag.question.understanding.understand` makes it, and nothing else does.

    Attributes
    ----------
    text
        The question as typed.
    history
        The earlier questions of the conversation, oldest first.
    searched
        The question behind all earlier ones: the text that is embedded.
    context
        The question behind the earlier ones that it refers back to, at most two: the text that
        the reranker reads beside a sentence. Equal to ``text`` where it refers back to none.
    turns_away
        Whether the question turns away from the earlier ones ("No, I mean the other one").
    words
        Lower-case words that are searched for, with their weights; an ordinary word of the question
        weighs 1. Stop words are left out.
    phrases
        Word sequences that should stand together, with their weights: quotations, identifiers.
    preferences
        What the question prefers besides its words, less the kinds that the caller ignores.
    asks_saying
        Whether it asks what somebody says: then a text of that speaker is preferred.
    stems, own
        Stems of the content words of ``context``, and of ``text`` alone.
    names
        Proper names, release numbers and the like in ``context``, as typed, longest first;
        provisions of the law are none. Where the question turns away, those in ``text`` alone.
    answer_types
        Kinds of thing that would answer it: keys of `rag.question.answer_types`.
    head
        Stem of the noun that is asked for ("which *judge*", "what *penalty*"); None without one.
    sides
        Two or more parties whose words are asked for ("what do *the SEC* and *Acme* say"), as
        typed; else empty.
    presupposed
        Stems of what the question takes for granted; empty where it asks whether something is so.
    supposes_submission
        Whether it takes for granted that somebody agreed, settled or pleaded guilty.
    sums
        What it wants ranked or added up over many documents; None where it wants nothing such.
    parts
        The questions that it is made of, each with the words of the whole behind its own; empty
        where it is a single one.
    """

    text: str
    history: tuple[str, ...] = ()
    searched: str = ""
    context: str = ""
    turns_away: bool = False
    words: Mapping[str, float] = field(default_factory=dict)
    phrases: Mapping[tuple[str, ...], float] = field(default_factory=dict)
    preferences: tuple[Preference, ...] = ()
    asks_saying: bool = False
    stems: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    answer_types: tuple[str, ...] = ()
    head: str | None = None
    sides: tuple[str, ...] = ()
    presupposed: frozenset[str] = frozenset()
    supposes_submission: bool = False
    sums: SumsAsked | None = None
    parts: tuple["Question", ...] = ()

    def preferred(self, kind: str) -> tuple[str, ...]:
        """The values of the preferences of this kind."""
        return tuple(item.value for item in self.preferences if item.kind == kind)


@dataclass(frozen=True, slots=True)
class Searched:
    """What was searched for an answer: the proof behind "the documents do not say".

    ``documents`` and ``passages`` count what was open to the search after the filters;
    ``queries`` are the query texts as they were understood, history resolved; ``preferences`` what
    the questions were taken to prefer, less what was ignored.
    """

    documents: int
    passages: int
    queries: tuple[str, ...]
    filters: Mapping[str, Any]
    build: str
    preferences: tuple[Preference, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "documents": self.documents,
            "passages": self.passages,
            "queries": list(self.queries),
            "filters": dict(self.filters),
            "build": self.build,
            "preferences": [preference.to_dict() for preference in self.preferences],
        }


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum in U.S. dollars that ``citation`` says was imposed or agreed, and as what."""

    dollars: Decimal
    kind: AmountKind
    citation: Citation

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: the citation's record with ``dollars`` (text) and ``kind``."""
        return self.citation.to_dict() | {"dollars": str(self.dollars), "kind": self.kind}


@dataclass(frozen=True, slots=True)
class SumsTable:
    """Sums of money over many documents, the largest first, each with its citation.

    Attributes
    ----------
    asked
        Which sums, and over which documents.
    looked
        Documents that were read for it.
    stated
        Documents that state at least one such sum.
    sums
        How many sums there are; ``rows`` may hold fewer.
    total
        All of them added up, in U.S. dollars.
    rows
        The largest sums.
    scope
        What was looked at and what the rows are, in words.
    """

    asked: SumsAsked
    looked: int
    stated: int
    sums: int
    total: Decimal
    rows: tuple[Amount, ...]
    scope: str

    @property
    def lead(self) -> str:
        """The total in words."""
        return (
            f"{dollars(self.total)} is the sum of {counted(self.sums, 'amount')} in "
            f"{counted(self.stated, 'document')}."
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "kinds": list(self.asked.kinds),
            "agencies": [agency.upper() for agency in self.asked.agencies],
            "days": [list(span) for span in self.asked.days],
            "words": list(self.asked.words),
            "looked": self.looked,
            "stated": self.stated,
            "sums": self.sums,
            "total": str(self.total),
            "lead": self.lead,
            "scope": self.scope,
            "rows": [row.to_dict() for row in self.rows],
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """What the documents say to a question; nothing unverified is in it.

    ``outcome`` is ``not_found`` exactly when there are neither claims nor rows of ``table``; then
    ``hits`` are the nearest passages, which do not answer. ``partial`` names in ``missing`` what
    was asked for and not found. ``notes`` are further remarks for the reader (a false premise, a
    newer release). ``table`` holds the sums over many documents where the question asks for them;
    where it has rows, it answers the question, and the claims stand beside it.
    """

    question: str
    outcome: Outcome
    claims: tuple[Claim, ...]
    hits: tuple[Hit, ...]
    searched: Searched
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    table: SumsTable | None = None

    @property
    def text(self) -> str:
        """The answer in plain words, each claim with its speaker and its citation number.

        Line breaks and runs of spaces inside a quote are folded here; its exact characters are in
        the citation. What is not between quotation marks is a generator's wording.
        """
        lines = [self.table.lead] if self.table is not None and self.table.rows else []
        lines += [
            f"{_spoken(claim)}{_words(claim)} [{number}]"
            for number, claim in enumerate(self.claims, start=1)
        ]
        if not lines:
            lines = [
                "The documents do not say. Searched "
                f"{counted(self.searched.documents, 'document')} "
                f"({counted(self.searched.passages, 'passage')})."
            ]
        return "\n".join([*lines, *(f"Not found: {m}." for m in self.missing), *self.notes])

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "question": self.question,
            "outcome": self.outcome,
            "text": self.text,
            "claims": [claim.to_dict() for claim in self.claims],
            "hits": [hit.to_dict() for hit in self.hits],
            "searched": self.searched.to_dict(),
            "missing": list(self.missing),
            "notes": list(self.notes),
            "table": self.table.to_dict() if self.table else None,
        }


def dollars(amount: Decimal) -> str:
    """``325406`` as ``$325,406``, cents only where there are some."""
    return f"${amount:,.0f}" if amount == amount.to_integral_value() else f"${amount:,.2f}"


def counted(number: int, noun: str) -> str:
    """A number with its noun: ``1 passage``, ``8,588 documents``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _words(claim: Claim) -> str:
    words = " ".join(claim.text.split())
    return f": “{words}”" if claim.verbatim else f", in other words: {words}"


def _spoken(claim: Claim) -> str:
    said = STATUSES[claim.status].sentence.format(speaker=claim.speaker or "the document")
    return said[0].upper() + said[1:]
