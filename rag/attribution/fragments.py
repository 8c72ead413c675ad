"""The whole of a sentence of which a page or a blank line has left a part.

Texts whose lines are set apart, or that keep their running heads, are cut within their sentences.
Who speaks in such a part, the whole sentence says.
"""

import re

from rag.text.sentences import sentences
from rag.types import Document

_AROUND = 700
"""Characters before and after a part in which the others are looked for."""
_PARTS = 4
"""Parts that are joined on either side, at most."""
_LONGEST = 1500
"""Characters of a whole sentence, at most: more is a table or a list."""
_HEAD_LONG = 70
"""Characters of a running head, at most."""
_HEAD_TIMES = 3
"""Times that a running head stands in its document, at least."""
_ENDS = re.compile(r"[.:;!?][\"”’')\]]*$")
_GOES_ON = re.compile(r"[a-z]\w*[\s,]|[,;)]|and\b")
_ITEM = re.compile(r"[a-z]{1,4}[.)]\s")
_FIRST_LINE = re.compile(r"([A-Z][^\n.:;]{3,60}?)[^\S\n]*\n\s*(?=[a-z])")
_PAGE = re.compile(r"[\W\d]*")


def whole(document: Document, start: int, end: int) -> tuple[int, int]:
    """The span of the sentence to which ``document.text[start:end]`` belongs."""
    text = document.text
    head = _FIRST_LINE.match(text, start, end)
    if head and _between(document, head[1]):
        start = head.end()
    first, last = start, end
    if _goes_on(text[first : first + 40]):
        before = sentences(text, max(0, start - _AROUND), start)
        if start > _AROUND:
            del before[:1]  # it may begin before
        for a, b in reversed(before[-_PARTS:]):
            words = text[a:b]
            if _between(document, words):
                continue
            if _ENDS.search(words) or last - a > _LONGEST:
                break
            first = a
            if not _goes_on(words):
                break
    if not _ENDS.search(text[start:end]) and "\n" in text[end : end + 3]:
        for a, b in sentences(text, end, min(len(text), end + _AROUND))[:_PARTS]:
            words = text[a:b]
            if _between(document, words):
                continue
            if not _goes_on(words) or b - first > _LONGEST:
                break
            last = b
            if _ENDS.search(words):
                break
    return first, last


def _goes_on(words: str) -> bool:
    return bool(_GOES_ON.match(words)) and not _ITEM.match(words)


def _between(document: Document, words: str) -> bool:
    """Whether it is a page number or a running head."""
    if _PAGE.fullmatch(words):
        return True
    if len(words) >= _HEAD_LONG or document.text.count(words) < _HEAD_TIMES:
        return False
    # A running head has lines of its own; "Acme stated" at the end of a line is no head.
    line = re.compile(rf"^[ \t]*{re.escape(words)}[ \t]*$", re.MULTILINE)
    return sum(1 for _ in line.finditer(document.text)) >= _HEAD_TIMES
