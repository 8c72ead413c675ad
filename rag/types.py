"""The records of the flow, from a document to an answer. All are frozen."""

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
Outcome = Literal["answered", "partial", "not_found", "reply"]
RequestKind = Literal["greeting", "help", "noise", "language", "summary"]
AmountKind = Literal["penalty", "settlement", "disgorgement"]
Wanted = Literal["largest", "smallest", "total", "count", "list"]
Mark = Literal["quoted", "checked", "unchecked"]
SummaryState = Literal["shown", "none", "late", "failed"]


class StatusWords(NamedTuple):
    """The words for a status, the same in every answer, export and page.

    Attributes
    ----------
    sentence
        The words before a quote, with ``{speaker}`` in them.
    verb
        The words after the speaker in an export.
    badge
        One word.
    meaning
        The meaning of the status, shown when a reader points at the badge.
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
    """One text with its source and its metadata.

    ``text`` never changes: every offset counts its characters (code points).

    Attributes
    ----------
    doc_id
        Unique in an index. The ``id`` of the sidecar or of the row; without one, the path below
        the indexed folder.
    title
        Never empty. The file name where no title is known.
    text
        The whole text as shown and quoted.
    source
        The path of the file. ``path:line`` for a row of an export, ``path!member`` for a member
        of an archive.
    sha256
        Hex digest of the bytes that were read: of the file, or of the row of an export.
    metadata
        Flat, JSON values. Keys in use: ``agency``, ``type``, ``date`` (``YYYY``, ``YYYY-MM`` or
        ``YYYY-MM-DD``), ``release``, ``docket``, ``parties``, ``court``, ``url``, ``speaker``,
        ``via``, ``inferred`` (names of the keys that were inferred, not given),
        ``also_in`` (other sources of the same text), ``near_duplicate_of`` (ids of documents with
        nearly the same text), ``warnings`` (problems found while reading the file),
        ``left_out`` (number of lines of a PDF left out as running heads and the like),
        ``ocr_pages`` (physical pages read by OCR) and ``ocr_confidence`` (one number for each of
        these pages, 0 to 1).
    page_starts
        Offset of the first character of each page, ascending. Empty for a text without pages.
    speaker_starts
        ``(offset, speaker)`` pairs, ascending: the speaker from this offset on. Empty when the
        whole text has one speaker (``metadata["speaker"]``) or when no speaker is known.
    page_labels
        The label printed on each page ("iii", "14"), "" for a page without one. As long as
        ``page_starts``, or empty.
    paragraph_starts
        ``(offset, number)`` pairs of the numbered paragraphs ("31"), ascending.
    footnotes
        ``(start, end, page)`` of each footnote, ascending. In ``text`` a footnote does not
        interrupt a sentence, so its physical page is kept here.
    headings
        ``(offset, depth, words)`` of each heading, ascending; depth from 1. Empty when the text
        has no headings or marks them itself, with ``#`` as in Markdown.
    sections
        ``(start, end, kind, heading)`` of each section whose heading is known, by start, half-open;
        the kinds are those of ``rag/load/metadata/sections.toml``. ``other_side`` is the account of
        a party in a document of an authority.
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
    sections: tuple[tuple[int, int, str, str], ...] = ()

    def page_at(self, offset: int) -> int | None:
        """Physical page, from 1, of the character at ``offset``; None without pages."""
        if not self.page_starts:
            return None
        index = bisect_right(self.footnotes, offset, key=lambda note: note[0]) - 1
        if index >= 0 and offset < self.footnotes[index][1]:
            return self.footnotes[index][2]
        return max(1, bisect_right(self.page_starts, offset))

    def page_label_at(self, offset: int) -> str | None:
        """The label printed on the page of ``offset``; None for a page without one."""
        page = self.page_at(offset)
        return (self.page_labels[page - 1] or None) if page and self.page_labels else None

    def paragraph_at(self, offset: int) -> str | None:
        """Number of the numbered paragraph at ``offset``; None outside of any."""
        index = bisect_right(self.paragraph_starts, offset, key=lambda start: start[0]) - 1
        return (self.paragraph_starts[index][1] or None) if index >= 0 else None

    def ocr_at(self, offset: int) -> float | None:
        """Confidence, 0 to 1, of the OCR of the page of ``offset``; None without OCR."""
        page = self.page_at(offset)
        pages = self.metadata.get("ocr_pages") or []
        return self.metadata["ocr_confidence"][pages.index(page)] if page in pages else None

    def speaker_at(self, offset: int) -> str | None:
        """The speaker at ``offset``; None if the metadata names none."""
        index = bisect_right([start for start, _ in self.speaker_starts], offset) - 1
        if index >= 0:
            return self.speaker_starts[index][1]
        return " and ".join(self.texts("speaker")) or None

    def section_at(self, offset: int) -> str | None:
        """The kind of the innermost known section that holds ``offset``; None outside of any."""
        holding = [kind for start, end, kind, _ in self.sections if start <= offset < end]
        return holding[-1] if holding else None

    def texts(self, key: str) -> tuple[str, ...]:
        """The values of a metadata key that holds one text or a list of texts."""
        value = self.metadata.get(key)
        if not value:
            return ()
        return tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value),)

    def part(self, start: int, length: int) -> dict[str, Any]:
        """JSON-ready: at most ``length`` characters of the text from ``start`` on.

        ``next`` is where the next part starts; None at the end of the text.
        """
        start = min(start, len(self.text))
        end = min(start + length, len(self.text))
        return {
            "document": self.to_dict(),
            "start": start,
            "end": end,
            "page": self.page_at(start),
            "text": self.text[start:end],
            "next": end if end < len(self.text) else None,
        }

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, without the text, which may be as long as a book."""
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
    """A file, or a part of one, that did not become a document, with the reason."""

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
    ``heading`` holds the headings above the passage, outermost first.
    """

    document: Document
    start: int
    end: int
    heading: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The characters of the passage."""
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
    """A retrieved passage.

    ``score``: higher is better; scores compare within one list only. ``rank``: from 1, best first.
    ``ranks``: the rank in each stage, from 1 (``lexical``, ``documents``, ``dense``,
    ``preferences``, ``rerank``). A stage that did not score the passage is absent.
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
    """One statement of an answer, with its speaker, its status and its verified citations.

    ``text`` is the quote. ``speaker`` is None when no rule and no metadata name one. ``reason``
    names the rule that gave speaker and status. ``citations`` holds at least one.
    """

    text: str
    citations: tuple[Citation, ...]
    speaker: str | None
    status: Status
    reason: str = ""

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
    """A date, agency or the like that a question prefers: matching documents rank higher.

    A preference excludes no document. Each kind can be ignored.

    Attributes
    ----------
    kind
        ``date``, ``agency``, ``speaker``, ``latest``, ``amount``, ``focus`` or ``wording``.
    said
        The words of the question: "June 2019", "OFAC", "most recent", "fined". For ``focus`` the
        title of the document that matters most to the conversation so far. For ``wording`` the
        queries of a language model, which are searched for too.
    value
        A date ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; an agency or a speaker in lower case;
        the kind itself for ``latest`` and ``amount``; the id of a document for ``focus``.
    """

    kind: str
    said: str
    value: str

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"kind": self.kind, "said": self.said, "value": self.value}


@dataclass(frozen=True, slots=True)
class SumsAsked:
    """What a question wants of many documents: sums of money, or the documents themselves.

    Attributes
    ----------
    kinds
        The kinds of sums, sorted; empty if the documents themselves are wanted.
    wanted
        What the answer begins with: the largest or the smallest sum, the total, the count or the
        list.
    agencies, types
        Only documents of these agencies and of these types, in lower case; empty for all.
    days
        Only documents dated in one of these half-open ranges ``(first, last)`` of ISO dates. Dates
        are compared as text; ``~`` sorts after every digit and leaves a range open. Empty for all.
    words
        Only documents that contain all of these terms. A term is one or more words that stand near
        each other. A word in lower case also stands for its forms ("banks": "bank", "banking").
    parties
        Terms for the parties. Only sums and documents whose party, title or quote has them all.
    currencies
        Only sums in these currencies (ISO 4217 codes); empty for all.
    above, below
        Only sums of more, or of less, than this, in their own currency; None for no limit.
    first
        At most this many rows ("the five largest"); None for all.
    """

    kinds: tuple[AmountKind, ...] = ()
    wanted: Wanted = "largest"
    agencies: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    days: tuple[tuple[str, str], ...] = ()
    words: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    currencies: tuple[str, ...] = ()
    above: Decimal | None = None
    below: Decimal | None = None
    first: int | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A request that is no question to the documents.

    Attributes
    ----------
    kind
        ``greeting``, ``help``, ``noise`` (no letter or digit), ``language`` (not in English), or
        ``summary`` of a document.
    subject
        For a summary the words that name the document, or point at it ("this order"). For
        ``language`` the reply in the language of the question. Else empty.
    """

    kind: RequestKind
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A question, parsed once for retrieval, selection, abstention and sums.

    Only `rag.question.understanding.understand` makes one.

    Attributes
    ----------
    text
        The question as typed, with its names as the index spells them.
    corrected
        Words of the question that no document has, each with the name that replaced it.
    history
        The earlier questions of the conversation, oldest first.
    searched
        All earlier questions followed by ``text``; ``text`` alone if it rejects the earlier ones.
        The embedder reads it.
    context
        The earlier questions that this one refers back to, at most two, followed by ``text``.
        Equal to ``text`` if it refers back to none. The reranker reads it with each sentence.
    turns_away
        Whether the question rejects the earlier ones ("No, I mean the other one").
    words
        Lower-case words to search for, with their weights. An ordinary word of the question
        weighs 1. Stop words are left out.
    phrases
        Word sequences to search for as a whole, with their weights: quotations, identifiers.
    preferences
        The dates, agencies and so on that the question prefers, without the ignored kinds.
    focus
        The documents that the conversation is about, by id, with their shares: above 0, and 1 for
        those of the last answer. Empty without a conversation, or if the question leaves them.
    asks_saying
        Whether the question asks what somebody says. Texts of this speaker are then preferred.
    stems, own
        Stems of the content words of ``context``, and of ``text`` alone.
    names
        Proper names, release numbers and the like in ``context``, as typed, longest first.
        Provisions of the law do not count. Only those in ``text`` if the question turns away.
    answer_types
        Kinds of thing that would answer: keys of `rag.question.answer_types`.
    head
        Stem of the noun that is asked for ("which *judge*", "what *penalty*"); None without one.
    sides
        Two or more parties whose statements are asked for ("what do *the SEC* and *Acme* say"), as
        typed; else empty.
    presupposed
        Stems of the words that the question takes for granted. Empty for a yes-or-no question.
    supposes_submission
        Whether the question takes for granted that somebody agreed, settled or pleaded guilty.
    sums
        What it wants of many documents: sums ranked or added up, or a list or count of documents.
        None for an ordinary question.
    request
        What the text asks for if it is no question to the documents ("help"); None for a question.
    parts
        The questions in a question of several parts. Each part takes names and words that it
        lacks from the whole question. Empty for a single question.
    """

    text: str
    corrected: Mapping[str, str] = field(default_factory=dict)
    history: tuple[str, ...] = ()
    searched: str = ""
    context: str = ""
    turns_away: bool = False
    words: Mapping[str, float] = field(default_factory=dict)
    phrases: Mapping[tuple[str, ...], float] = field(default_factory=dict)
    preferences: tuple[Preference, ...] = ()
    focus: Mapping[str, float] = field(default_factory=dict)
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
    request: Request | None = None
    parts: tuple["Question", ...] = ()

    def preferred(self, kind: str) -> tuple[str, ...]:
        """The values of the preferences of this kind."""
        return tuple(item.value for item in self.preferences if item.kind == kind)


@dataclass(frozen=True, slots=True)
class Searched:
    """The scope of a search: the evidence for "the documents do not say".

    ``documents`` and ``passages`` count those that pass the filters. ``queries`` are the searched
    texts, history included; empty if nothing was searched for. ``preferences`` are those of the
    question, without the ignored kinds.
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
    """A sum that was imposed or agreed, with its kind, its citation and who pays it.

    ``value`` counts units of ``currency`` (ISO 4217). ``who`` is "" if the payer is not known.
    """

    value: Decimal
    currency: str
    kind: AmountKind
    citation: Citation
    who: str = ""

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: the record of the citation, with ``value`` (a string), ``currency``, …"""
        return self.citation.to_dict() | {
            "value": str(self.value),
            "currency": self.currency,
            "kind": self.kind,
            "who": self.who,
        }


@dataclass(frozen=True, slots=True)
class Listed:
    """A document in a list: its title line or its opening sentence as the citation, its parties."""

    citation: Citation
    who: str = ""

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: the record of the citation, with ``who``."""
        return self.citation.to_dict() | {"who": self.who}


@dataclass(frozen=True, slots=True)
class SumsTable:
    """An answer over many documents: sums of money, or documents, each with its citation.

    Sums are ranked within their currency, the largest first unless the smallest are asked for.
    The currency with the most sums comes first. Documents are listed newest first.

    Attributes
    ----------
    asked
        The kinds of sums, and the documents meant.
    looked
        Number of documents read.
    stated
        Number of these documents that are in the table.
    sums
        Number of rows in all; ``rows`` may hold fewer.
    totals
        For each currency its code, the sum of all amounts in it, and their number. Currencies are
        never added together. Empty for a list of documents.
    rows
        The first rows in this order: all sums or all documents.
    lead
        What was asked for, in one sentence: the largest, the smallest, the total, the count.
    scope
        Sentences for the reader: the documents read, those that cannot be read for sums, and how
        sums are counted.
    unread
        Ids of the documents that cannot be read for sums.
    """

    asked: SumsAsked
    looked: int
    stated: int
    sums: int
    totals: tuple[tuple[str, Decimal, int], ...]
    rows: tuple[Amount | Listed, ...]
    lead: str
    scope: str
    unread: tuple[str, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether a list or a count is wanted: "none" is then an answer too."""
        return not self.asked.kinds or self.asked.wanted == "count"

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        asked = self.asked
        return {
            "kinds": list(asked.kinds),
            "wanted": asked.wanted,
            "agencies": [agency.upper() for agency in asked.agencies],
            "types": list(asked.types),
            "days": [list(span) for span in asked.days],
            "words": list(asked.words),
            "parties": list(asked.parties),
            "first": asked.first,
            "looked": self.looked,
            "stated": self.stated,
            "sums": self.sums,
            "totals": [
                {"currency": code, "total": str(total), "sums": number}
                for code, total, number in self.totals
            ],
            "lead": self.lead,
            "scope": self.scope,
            "unread": list(self.unread),
            "rows": [row.to_dict() for row in self.rows],
        }


@dataclass(frozen=True, slots=True)
class Thing:
    """The thing that a question asks for, in a quote.

    Attributes
    ----------
    kind
        ``amount``, ``number``, ``duration``, ``date``, ``court``, ``judge``, ``place``,
        ``statute`` or ``name``.
    text
        Its characters, with single spaces.
    claim
        The claim that gives it, from 1.
    start, end
        Half-open offsets into the quote of the first citation of this claim.
    """

    kind: str
    text: str
    claim: int
    start: int
    end: int

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "kind": self.kind,
            "text": self.text,
            "claim": self.claim,
            "start": self.start,
            "end": self.end,
        }


@dataclass(frozen=True, slots=True)
class Mention:
    """A document that holds a name of a question."""

    name: str
    doc_id: str
    title: str

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"name": self.name, "doc_id": self.doc_id, "title": self.title}


@dataclass(frozen=True, slots=True)
class WayOn:
    """Where to go on after ``not_found``.

    Attributes
    ----------
    spellings
        Names in the documents that are spelled like one of the question that is in none.
    mentions
        Documents that hold the names of the question.
    """

    spellings: tuple[str, ...] = ()
    mentions: tuple[Mention, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "spellings": list(self.spellings),
            "mentions": [mention.to_dict() for mention in self.mentions],
        }


class MarkWords(NamedTuple):
    """The words for a mark, the same in every answer, export and page."""

    badge: str
    meaning: str


MARKS: Mapping[str, MarkWords] = {
    "quoted": MarkWords("quotation", "A whole sentence of the quote, word for word."),
    "checked": MarkWords(
        "wording checked",
        "The model's wording, checked against the quotes by a program, which can err.",
    ),
    "unchecked": MarkWords("wording not checked", "The model's wording. Read the quotes."),
}
"""The words for each mark of a sentence of a summary."""


@dataclass(frozen=True, slots=True)
class SummarySentence:
    """A sentence of a language model, with the numbers of the claims that it cites, from 1.

    Numbers above the number of claims count on in `Summary.added`. ``why`` says why the sentence is
    not ``checked``; empty if nothing is to say.
    """

    text: str
    cites: tuple[int, ...]
    mark: Mark
    why: str = ""

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"text": self.text, "cites": list(self.cites), "mark": self.mark, "why": self.why}


@dataclass(frozen=True, slots=True)
class WithheldSentence:
    """A sentence of a language model that is not shown, with the reason."""

    text: str
    cites: tuple[int, ...]
    why: str

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"text": self.text, "cites": list(self.cites), "why": self.why}


@dataclass(frozen=True, slots=True)
class Summary:
    """What a language model wrote beside the claims, which it does not change.

    Attributes
    ----------
    state
        ``shown``; ``none`` if no sentence may be shown; ``late`` if the model was too slow and
        ``failed`` if it gave no usable reply. With ``late`` and ``failed`` there may be sentences
        too: those that came before.
    model, host
        The model, and the machine that it runs on.
    prompt_sha256
        Hex digest of all that was sent.
    seconds
        Time from the request to the last sentence.
    reason
        Why the summary is empty or incomplete; else empty.
    sentences, withheld
        The sentences that are shown, and those that are not.
    added
        Claims that only the summary cites: verbatim quotes from the passages that were read.
    omitted
        Numbers of the claims that deny or dismiss something and that no sentence cites.
    """

    state: SummaryState
    model: str
    host: str
    prompt_sha256: str
    seconds: float = 0.0
    reason: str = ""
    sentences: tuple[SummarySentence, ...] = ()
    withheld: tuple[WithheldSentence, ...] = ()
    added: tuple["Claim", ...] = ()
    omitted: tuple[int, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "state": self.state,
            "reason": self.reason,
            "model": self.model,
            "host": self.host,
            "prompt_sha256": self.prompt_sha256,
            "seconds": self.seconds,
            "sentences": [sentence.to_dict() for sentence in self.sentences],
            "withheld": [sentence.to_dict() for sentence in self.withheld],
            "added": [claim.to_dict() for claim in self.added],
            "omitted": list(self.omitted),
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question: verified claims, or the outcome ``not_found``.

    ``outcome`` is ``reply`` for a request that is no question to the documents, and for a list or a
    count of nothing; ``verdict`` and ``notes`` then hold a fixed reply. Else it is ``not_found``
    exactly when there are no claims and no rows in ``table``; ``hits`` are then the nearest
    passages, which do not answer. ``verdict`` is the line above the quotes: what was found, and how
    sure. ``thing`` is the thing asked for (a sum, a date, a court …) in one of the claims, where it
    is certain. ``way_on`` says where to go on after ``not_found``. With ``partial``, ``missing``
    says what no claim gives, each a sentence in lower case without a full stop; it is empty if the
    claims may answer, but not surely. ``notes`` are further remarks for the reader (a newer
    release). ``table`` holds sums or documents if the question asks for them over many documents. A
    table with rows answers the question; the claims are then additional. ``summary`` is what a
    language model wrote beside the claims; None without a model. It changes no other field.
    """

    question: str
    outcome: Outcome
    claims: tuple[Claim, ...]
    hits: tuple[Hit, ...]
    searched: Searched
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    table: SumsTable | None = None
    verdict: str = ""
    thing: Thing | None = None
    way_on: WayOn | None = None
    summary: Summary | None = None

    @property
    def text(self) -> str:
        """The answer in plain words, each claim with its speaker and its citation number.

        White space inside a quote is reduced to single spaces; the citation has the exact
        characters. The summary of a language model is not part of it.
        """
        by_table = self.table is not None and self.table.rows
        lines = [self.table.lead] if self.table is not None and self.table.rows else []
        if by_table and self.claims:
            lines.append("Also found:")
        elif self.verdict and not by_table:
            lines.append(self.verdict)
        lines += [
            f"{introduction(claim)}: “{' '.join(claim.text.split())}” [{number}]"
            for number, claim in enumerate(self.claims, start=1)
        ]
        if not self.claims and not by_table and self.outcome != "reply":
            lines = [
                f"{self.verdict or 'The documents do not say.'} Searched "
                f"{counted(self.searched.documents, 'document')} "
                f"({counted(self.searched.passages, 'passage')})."
            ]
        return "\n".join([*lines, *map(as_sentence, self.missing), *self.notes])

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "question": self.question,
            "outcome": self.outcome,
            "verdict": self.verdict,
            "text": self.text,
            "claims": [claim.to_dict() for claim in self.claims],
            "hits": [hit.to_dict() for hit in self.hits],
            "searched": self.searched.to_dict(),
            "missing": list(self.missing),
            "notes": list(self.notes),
            "thing": self.thing.to_dict() if self.thing else None,
            "way_on": self.way_on.to_dict() if self.way_on else None,
            "table": self.table.to_dict() if self.table else None,
            "summary": self.summary.to_dict() if self.summary else None,
        }


def as_sentence(words: str) -> str:
    """The words with a capital and a full stop."""
    return f"{words[:1].upper()}{words[1:]}."


def counted(number: int, noun: str) -> str:
    """A number with its noun: ``1 passage``, ``8,588 documents``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def introduction(claim: Claim) -> str:
    """The words before a quote: "The court ordered"."""
    words = STATUSES[claim.status].sentence.format(speaker=claim.speaker or "the document")
    return words[0].upper() + words[1:]
