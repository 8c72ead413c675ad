"""A document in a list: the place of its title, else of its opening sentence, and its parties."""

import re

from rag.sums.payer import parties_of, titled
from rag.types import Citation, Document, Listed

_OPENING = 3000
"""Characters that are searched for the title."""
_LONGEST = 300
"""Characters of an opening sentence that are quoted, at most."""
_LINE = re.compile(r"[^\s\u200b](?=[^\n]{20})(?=(?>[^\n]{0,300}?[A-Za-z]{2}\W){3})[^\n]*")


def listed(document: Document) -> Listed:
    """The document with its title line as the citation; its opening sentence without one."""
    start, end = _title(document) or _opening(document)
    who = "; ".join(parties_of(document)) or titled(document)
    return Listed(Citation(document, start, end, document.text[start:end]), who)


def _title(document: Document) -> tuple[int, int] | None:
    words = re.findall(r"\w+", document.title)[:12]
    if len(words) < 2:
        return None
    pattern = r"\W+".join(map(re.escape, words))
    found = re.search(pattern, document.text[:_OPENING], re.IGNORECASE)
    if found is None:
        return None
    line = document.text.find("\n", found.end())
    end = line if 0 <= line - found.start() <= _LONGEST else found.end()
    return found.start(), end


def _opening(document: Document) -> tuple[int, int]:
    """The first line with several words, to the end of its first sentence."""
    text = document.text[:_OPENING]
    line = _LINE.search(text) or re.search(r"\S.*", text)
    if line is None:
        return 0, min(len(text), 1)
    start, end = line.span()
    stop = re.compile(r"(?<=[a-z]{3})[.?!](?=\s)").search(text, start, end)
    return start, min(stop.end() if stop else end, start + _LONGEST)
