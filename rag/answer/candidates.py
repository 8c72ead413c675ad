"""Candidates: the whole sentences and units in the hits and in the text around them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.answer.units import Span, is_ended, is_row, units
from rag.types import Document, Hit, Passage

_MARGIN = 1500
"""Characters read before and after a passage. Longer than any sentence worth quoting."""
_CAPITALS = 5
"""Words of a sentence in capitals, at least: a shorter one is a heading."""
_CAPTION = re.compile(r"(?:IN RE|IN THE MATTER OF|BEFORE THE|UNITED STATES OF AMERICA)\b")
_CONTENTS = re.compile(r"(?<!\.)(?<!\. )(?:\.[ ]?){3,}\s*\d{1,4}$")
"""The end of a line of a table of contents."""

# The lines above a message of an e-mail thread: headers, and "On 2 March 2024 Ann Roe wrote:".
_ADDRESS = r"[\w.+-]{1,64}@[\w.-]{1,253}"
_MAIL_HEADER = re.compile(
    r"\*?(?:(?:Subject|Betreff|Objet|Asunto)\*?\s?:.*|(?:From|Sent|Date|To|Cc|Bcc|Reply-To|Von"
    r"|Gesendet|Datum|An|De|Envoyé|À)\*?\s?:\*?(?:\s+(?P<value>\S.*)|\s*))"
)
_MAIL_NAME = re.compile(rf".{{0,200}}{_ADDRESS}[>)\]]?;?|[^.?!]{{1,200}}")
_MAIL_LEAD = re.compile(
    r"(?:On|Am|Le|El|Il|Op)\s.{0,300}(?:\d{1,2}[:.]\d\d|\d{4}|@).{0,200}"
    r"\b(?:wrote|writes|schrieb.{0,120}|a écrit|escribió|ha scritto|schreef.{0,120})\s?:"
)
_LONGEST_LEAD = 500
"""Characters of the headers, or of the line, above a message."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One whole sentence or unit (`rag.answer.units`) of a document that may answer.

    ``rank`` (from 1) and ``score`` are those of the best hit near it. ``inside`` is true if the
    passage of this hit overlaps the sentence, false if the sentence lies before or after it.
    """

    document: Document
    start: int
    end: int
    rank: int
    inside: bool
    score: float

    @property
    def text(self) -> str:
        """The characters of the sentence."""
        return self.document.text[self.start : self.end]


def candidates(hits: Sequence[Hit]) -> list[Candidate]:
    """The sentences and units of the hits and around them, in the order of the hits.

    Each occurs once. Texts with too few letters, headings and captions are left out.
    """
    by_document: dict[str, list[Hit]] = {}
    for hit in sorted(hits, key=lambda h: h.rank):
        by_document.setdefault(hit.passage.document.doc_id, []).append(hit)
    found = [
        _candidate(document, span, of_one)
        for of_one in by_document.values()
        for document in (of_one[0].passage.document,)
        for span in _around(document, [hit.passage for hit in of_one])
        if is_prose(document, *span)
    ]
    return sorted(found, key=lambda candidate: candidate.rank)


def is_prose(document: Document, start: int, end: int) -> bool:
    """Whether a span is a sentence, a list or a row: no heading, caption or header of a
    message, not only figures."""
    text = " ".join(document.text[start:end].split())
    letters = sum(map(str.isalpha, text))
    if _is_above_message(document.text[start:end]):
        return False
    if is_row(text):
        return letters >= 12
    if letters < 12 or letters < 0.4 * len(text) or _CONTENTS.search(text):
        return False
    if re.search(r"\b[a-z]{2,}", text):
        return is_ended(text) or not _is_heading(document, start, text)
    return is_ended(text) and len(text.split()) >= _CAPITALS and not _CAPTION.match(text)


def _is_above_message(written: str) -> bool:
    """Whether all lines are headers of an e-mail, or lead in a quoted one ("Ann Roe wrote:")."""
    if len(written) > _LONGEST_LEAD:
        return False
    lines = [line.strip() for line in written.splitlines() if line.strip()]
    headers = [_MAIL_HEADER.fullmatch(line) for line in lines]
    if all(headers):
        values = [header["value"] for header in headers if header and header["value"]]
        named = all(map(_MAIL_NAME.fullmatch, values)) and not is_row(written)
        return len(lines) > 1 or named
    return _MAIL_LEAD.fullmatch(" ".join(lines)) is not None


def _candidate(document: Document, span: Span, hits: Sequence[Hit]) -> Candidate:
    """The span with the best hit that overlaps it, or else the best one near it."""
    start, end = span
    inside = [hit for hit in hits if start < hit.passage.end and end > hit.passage.start]
    near = inside or [
        hit
        for hit in hits
        if start < hit.passage.end + _MARGIN and end > hit.passage.start - _MARGIN
    ]
    return Candidate(document, start, end, near[0].rank, bool(inside), near[0].score)


def _around(document: Document, passages: Sequence[Passage]) -> Iterator[Span]:
    """Whole units of the passages and of `_MARGIN` characters before and after each."""
    text = document.text
    windows: list[Span] = []
    for start, end in sorted((p.start - _MARGIN, p.end + _MARGIN) for p in passages):
        start, end = max(0, start), min(len(text), end)
        if windows and start <= windows[-1][1]:
            windows[-1] = windows[-1][0], max(windows[-1][1], end)
        else:
            windows.append((start, end))
    for start, end in windows:
        spans = units(text, start, end)
        # The edge of the window may cut the first and the last one.
        yield from spans[1 if start > 0 else 0 : len(spans) - (end < len(text))]


def _is_heading(document: Document, start: int, text: str) -> bool:
    """Whether a text without a full stop is a heading of the document."""
    return text.startswith("#") or any(offset == start for offset, _, _ in document.headings)
