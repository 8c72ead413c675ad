"""Questions over enforcement documents, answered with checked, cited excerpts.

>>> from rag import Index, ask, retrieve
>>> answer = ask("What does Binance say about user asset safety?")
>>> claim = answer.claims[0]
>>> claim.speaker, claim.status
('Binance', 'stated')
>>> citation = claim.citations[0]
>>> citation.document.text[citation.start : citation.end] == citation.quote
True
>>> [hit.rank for hit in retrieve("user asset safety", k=2)]
[1, 2]
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from rag.errors import RagError
from rag.types import (
    MARKS,
    STATUSES,
    Amount,
    Answer,
    Citation,
    Claim,
    Document,
    Hit,
    Listed,
    Mention,
    Passage,
    Preference,
    Question,
    Searched,
    Skipped,
    Summary,
    SummarySentence,
    SumsAsked,
    SumsTable,
    Thing,
    WayOn,
    WithheldSentence,
    as_sentence,
    counted,
)

if TYPE_CHECKING:
    from rag.access import Access, Caller, Collection, groups_in, load_access
    from rag.address import IndexAddress
    from rag.answer.evidence import (
        claim_lines,
        conversation_evidence,
        quoted,
        record_lines,
        row_lines,
    )
    from rag.answer.summary_record import sentence_line, summary_lines
    from rag.answer.word_part import attach_record
    from rag.api import Index, Stage, ask, current_build, retrieve
    from rag.audit import log_question, places_cited, places_found
    from rag.config import Settings, load_settings
    from rag.ingest import BuildReport, build_index
    from rag.load import correct, file_of, original, page_picture, read, read_ahead
    from rag.log import log_failure
    from rag.origin import refusal
    from rag.question.filters import day_range
    from rag.question.sums_asked import amounts_asked
    from rag.sums.amounts import amounts
    from rag.text.dates import date_in_words
    from rag.text.money import money_as_text

__all__ = [
    "MARKS",
    "STATUSES",
    "Access",
    "Amount",
    "Answer",
    "BuildReport",
    "Caller",
    "Citation",
    "Claim",
    "Collection",
    "Document",
    "Hit",
    "Index",
    "IndexAddress",
    "Listed",
    "Mention",
    "Passage",
    "Preference",
    "Question",
    "RagError",
    "Searched",
    "Settings",
    "Skipped",
    "Stage",
    "Summary",
    "SummarySentence",
    "SumsAsked",
    "SumsTable",
    "Thing",
    "WayOn",
    "WithheldSentence",
    "amounts",
    "amounts_asked",
    "as_sentence",
    "ask",
    "attach_record",
    "build_index",
    "claim_lines",
    "conversation_evidence",
    "correct",
    "counted",
    "current_build",
    "date_in_words",
    "day_range",
    "file_of",
    "groups_in",
    "load_access",
    "load_settings",
    "log_failure",
    "log_question",
    "money_as_text",
    "original",
    "page_picture",
    "places_cited",
    "places_found",
    "quoted",
    "read",
    "read_ahead",
    "record_lines",
    "refusal",
    "retrieve",
    "row_lines",
    "sentence_line",
    "summary_lines",
]

# Imported at first use: FAISS, tantivy and the settings library would slow down `rag --help`.
_LAZY = {
    "Access": "rag.access",
    "Caller": "rag.access",
    "Collection": "rag.access",
    "groups_in": "rag.access",
    "load_access": "rag.access",
    "log_question": "rag.audit",
    "places_cited": "rag.audit",
    "places_found": "rag.audit",
    "attach_record": "rag.answer.word_part",
    "amounts": "rag.sums.amounts",
    "amounts_asked": "rag.question.sums_asked",
    "claim_lines": "rag.answer.evidence",
    "conversation_evidence": "rag.answer.evidence",
    "quoted": "rag.answer.evidence",
    "record_lines": "rag.answer.evidence",
    "row_lines": "rag.answer.evidence",
    "sentence_line": "rag.answer.summary_record",
    "summary_lines": "rag.answer.summary_record",
    "BuildReport": "rag.ingest",
    "build_index": "rag.ingest",
    "Settings": "rag.config",
    "load_settings": "rag.config",
    "log_failure": "rag.log",
    "Index": "rag.api",
    "IndexAddress": "rag.address",
    "Stage": "rag.api",
    "ask": "rag.api",
    "current_build": "rag.api",
    "date_in_words": "rag.text.dates",
    "day_range": "rag.question.filters",
    "money_as_text": "rag.text.money",
    "retrieve": "rag.api",
    "correct": "rag.load",
    "file_of": "rag.load",
    "original": "rag.load",
    "page_picture": "rag.load",
    "read": "rag.load",
    "read_ahead": "rag.load",
    "refusal": "rag.origin",
}


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module 'rag' has no attribute {name!r}")
