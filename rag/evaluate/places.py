"""Places: the offsets of gold spans in the documents of an index."""

import re
from bisect import bisect_left

from rag.evaluate.questions import Span
from rag.types import Document

Place = tuple[str, int, int]
"""Document id and half-open offsets into its text."""

# Signs that differ between two exports of the same document.
_FOLDED = str.maketrans("‘’‛′“”„″–—−‐‑", "''''\"\"\"\"-----")
# Characters of Windows-1252 that were decoded as control characters; loading mends them.
_MENDED = {
    number: character.translate(_FOLDED)
    for number in range(0x80, 0xA0)
    if (character := bytes([number]).decode("cp1252", "ignore"))
}
_SIGNS = _FOLDED | _MENDED
_LEFT_OUT = re.compile(r"[\s\u00ad\u200b\u2060\ufeff\ufffe]+")


def place(span: Span, document: Document) -> Place | None:
    """The offsets of a gold span; None if the document does not contain it.

    The given offsets are used if the quote of the span is there. It is not if the document was
    labelled in another format. The quote is then searched for: on the given page first, then in
    the whole document. A span without offsets and without a quote is the whole document.
    """
    text = document.text
    if span.start is not None and span.end is not None:
        there = text[span.start : span.end]
        if span.quote is None:
            return (span.doc_id, span.start, span.end) if there else None
        if _folded(there)[0] == _folded(span.quote)[0]:
            return span.doc_id, span.start, span.end
    elif span.quote is None:
        return span.doc_id, 0, len(text)
    found = _find(span.quote, text)
    if not found:
        return None
    on_page = [
        (start, end)
        for start, end in found
        if span.page is not None
        and (first := document.page_at(start)) is not None
        and first <= span.page <= (document.page_at(end - 1) or first)
    ]
    return span.doc_id, *(on_page or found)[0]


def _find(quote: str, text: str) -> list[tuple[int, int]]:
    """The spans of all occurrences of the quote; white space and style of signs are ignored."""
    wanted, _ = _folded(quote)
    folded, starts = _folded(text)
    found = []
    at = folded.find(wanted) if wanted else -1
    while at >= 0:
        found.append((starts[at], starts[at + len(wanted) - 1] + 1))
        at = folded.find(wanted, at + 1)
    return found


def _folded(text: str) -> tuple[str, list[int]]:
    """The text in lower case, with plain signs and no white space; the offset of each character."""
    folded: list[str] = []
    offsets: list[int] = []
    left_out = [match.span() for match in _LEFT_OUT.finditer(text)]
    starts = [start for start, _ in left_out]
    offset = 0
    while offset < len(text):
        gap = bisect_left(starts, offset)
        until = starts[gap] if gap < len(starts) else len(text)
        for position in range(offset, until):
            for sign in text[position].translate(_SIGNS).lower():
                folded.append(sign)
                offsets.append(position)
        offset = left_out[gap][1] if gap < len(left_out) else len(text)
    return "".join(folded), offsets
