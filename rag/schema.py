"""The records of an answer as JSON, described for programs: OpenAPI and MCP."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from rag.types import AmountKind, Mark, Outcome, Status, SummaryState, Wanted


class Record(BaseModel):
    """A record as its ``to_dict`` gives it."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class DocumentRecord(Record):
    """A document without its text."""

    doc_id: str
    title: str
    source: str
    """File that it was read from."""
    sha256: str
    """Hex digest of the bytes of this file."""
    characters: int
    pages: int | None
    metadata: dict[str, Any]
    """Authority (``agency``), ``type``, ``date``, ``docket``, ``parties`` and the like."""


class CitationRecord(Record):
    """Exact characters of one document: ``text[start:end] == quote``."""

    document: DocumentRecord
    start: int
    end: int
    page: int | None
    """Physical page, from 1; null without pages."""
    quote: str


class ClaimRecord(Record):
    """A verified quote, with who says it and its legal standing."""

    text: str
    speaker: str | None
    status: Status
    reason: str
    """The rule that gave speaker and status."""
    citations: list[CitationRecord]


class PassageRecord(Record):
    """A slice of one document: ``text`` is its characters ``start`` to ``end``."""

    document: DocumentRecord
    start: int
    end: int
    pages: list[int] | None
    """First and last physical page, from 1; null without pages."""
    heading: list[str]
    text: str


class HitRecord(Record):
    """A retrieved passage. Scores compare within one list only."""

    rank: int
    score: float
    ranks: dict[str, int]
    """Rank in each stage of the search."""
    passage: PassageRecord


class PreferenceRecord(Record):
    """A date, agency or speaker that the question prefers; it excludes nothing."""

    kind: str
    said: str
    value: str


class SearchedRecord(Record):
    """What was searched."""

    documents: int
    passages: int
    queries: list[str]
    filters: dict[str, Any]
    build: str
    preferences: list[PreferenceRecord]


class ThingRecord(Record):
    """The thing asked for, in the quote of the claim with this number."""

    kind: str
    text: str
    claim: int
    start: int
    end: int


class MentionRecord(Record):
    """A document that holds a name of the question."""

    name: str
    doc_id: str
    title: str


class WayOnRecord(Record):
    """Where to go on after ``not_found``."""

    spellings: list[str]
    mentions: list[MentionRecord]


class RowRecord(CitationRecord):
    """A row of a table: a document, or a sum of money in it."""

    who: str
    value: str | None = None
    """The sum as a decimal number, in units of ``currency``."""
    currency: str | None = None
    kind: AmountKind | None = None


class TotalRecord(Record):
    """The sum of all amounts in one currency."""

    currency: str
    total: str
    sums: int


class TableRecord(Record):
    """An answer over many documents: sums of money, or documents, each with its citation."""

    kinds: list[AmountKind]
    wanted: Wanted
    agencies: list[str]
    types: list[str]
    days: list[list[str]]
    words: list[str]
    parties: list[str]
    first: int | None
    looked: int
    stated: int
    sums: int
    totals: list[TotalRecord]
    lead: str
    scope: str
    unread: list[str]
    rows: list[RowRecord]


class SentenceRecord(Record):
    """A sentence of a language model, and the numbers of the claims that it cites."""

    text: str
    cites: list[int]
    mark: Mark
    why: str


class WithheldRecord(Record):
    """A sentence of a language model that is not shown."""

    text: str
    cites: list[int]
    why: str


class SummaryRecord(Record):
    """What a language model wrote beside the claims, which it does not change."""

    state: SummaryState
    reason: str
    model: str
    host: str
    prompt_sha256: str
    seconds: float
    sentences: list[SentenceRecord]
    withheld: list[WithheldRecord]
    added: list[ClaimRecord]
    omitted: list[int]


class AnswerRecord(Record):
    """An answer in verified quotes. With the outcome ``not_found`` the documents do not say."""

    question: str
    outcome: Outcome
    verdict: str
    text: str
    """The answer in plain words, with the number of the claim after each quote."""
    claims: list[ClaimRecord]
    hits: list[HitRecord]
    """The passages that were read. After ``not_found`` they do not answer."""
    searched: SearchedRecord
    missing: list[str]
    notes: list[str]
    thing: ThingRecord | None
    way_on: WayOnRecord | None
    table: TableRecord | None
    summary: SummaryRecord | None


class HitsRecord(Record):
    """The most relevant passages, best first."""

    build: str
    hits: list[HitRecord]


class DocumentsRecord(Record):
    """Some of the documents, in the order of the index."""

    build: str
    total: int
    """Number of documents that pass the filters."""
    start: int
    documents: list[DocumentRecord]


class TextRecord(Record):
    """A part of the text of a document: ``text`` is its characters ``start`` to ``end``."""

    build: str
    document: DocumentRecord
    start: int
    end: int
    page: int | None
    """Physical page of the first character, from 1; null without pages."""
    text: str
    next: int | None
    """Where the next part starts; null at the end of the document."""
