"""Units: the spans that people quote, made of the sentences of a text.

A question of a testimony stands with its answer, an item with its list and the words before it, a
row with its table. A sentence that the lines of a page cut is whole again.
"""

import re
from collections.abc import Iterator, Sequence

from rag.text.sentences import sentences

Span = tuple[int, int]
"""Half-open offsets into a text."""

_LONGEST = 700
"""Characters of a unit of several sentences, at most: as many as the reranker reads."""
_LONGEST_CUT = 1200
"""Characters of a sentence that was cut by line breaks, at most."""
_LONGEST_QUESTION = 350
"""Characters of a question that is quoted with its answer, at most."""
_SHORT_ANSWER = 60
"""After a shorter answer ("No. I never saw it.") the next sentence of the same turn comes along."""
_MARK = r"[⁰¹²³⁴-⁹*†‡]|\[\^?\d{1,3}\]"
_END = re.compile(rf"[.?!:;…][\"'”’)\]»]*(?:{_MARK}|\s)*$|[”’\"](?:{_MARK})*$|(?:{_MARK})$")
_OPEN = re.compile(
    r"(?:,|\b(?:a|an|and|as|at|by|for|from|in|into|is|of|on|or|that|the|their|to|under|was|were|"
    r"which|with))$"
)
_ITEM = re.compile(
    r"(?:[•●▪◦■–—*·‣\uf0b7]|-(?=\s)|o(?=\s+[A-Z])|\(?(?:\d{1,2}|[A-Za-z]|[ivx]{1,5})[.)]\s)"
)
_LABEL = re.compile(
    r"(?:[QA][.:]|THE [A-Z]+:|(?:MR|MS|MRS|DR)\. [A-Z'’-]+:|[A-Z][A-Z.'’ -]{2,30}:)\s"
)
_QUESTION_LABEL = re.compile(r"Q[.:]\s")
_ASKED_AND_ANSWERED = re.compile(r"\?[\"”’]?\s+(?=(?:" + _LABEL.pattern + "))")
_ROW = re.compile(r"^[^\n]*\S \|(?: [^\n]*)?$", re.MULTILINE)
_PARAGRAPH_END = re.compile(r"\n\s*\n")
_PAGE_BREAK = re.compile(r"[\s\d\f=_-]*")
_FIELDS = re.compile(r"(?:^|; )[^:;\n]{2,60}: [^;\n]+")


def units(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Spans of the units in ``text[start:end]``, in order; they do not overlap."""
    spans = _whole(text, sentences(text, start, end))
    spans = _exchanges(text, spans)
    return list(_lists(text, _tables(text, spans)))


def answered_at(text: str, start: int, end: int) -> int:
    """Where the answer begins in a unit of question and answer; ``start`` for any other unit."""
    found = _ASKED_AND_ANSWERED.search(text, start, end)
    return found.end() if found else start


def is_row(text: str) -> bool:
    """Whether the text has rows of a table: ``a | b``, or ``column: a; column: b``."""
    return _ROW.search(text) is not None or len(_FIELDS.findall(text)) > 1


def is_ended(text: str) -> bool:
    """Whether the text ends as a sentence does, before the mark of a footnote if it has one."""
    return _END.search(text[-40:]) is not None


def _whole(text: str, spans: Sequence[Span]) -> list[Span]:
    """The sentences, joined where only the lines of a page part them."""
    whole: list[Span] = []
    for start, end in spans:
        if whole and _continues(text, whole[-1], (start, end)):
            whole[-1] = whole[-1][0], end
        else:
            whole.append((start, end))
    return whole


def _continues(text: str, before: Span, after: Span) -> bool:
    """Whether a sentence goes on: it has no end, and the next one begins small or must follow."""
    said = text[before[0] : before[1]]
    if (
        is_ended(said)
        or after[1] - before[0] > _LONGEST_CUT
        or not _PAGE_BREAK.fullmatch(text, before[1], after[0])
        or _ITEM.match(text, *after)
        or _LABEL.match(text, *after)
        or " | " in text[before[0] : after[1]]
    ):
        return False
    first = text[after[0]]
    if first.islower():
        return True
    return _OPEN.search(said) is not None and (
        first.isalpha() or first.isdecimal() or first in "$€£"
    )


def _exchanges(text: str, spans: Sequence[Span]) -> list[Span]:
    """Each last question of a turn joined with the beginning of the answer."""
    found: list[Span] = []
    turn = 0
    """Index in ``found`` of the first sentence of the turn that is under way."""
    answer: Span | None = None
    for start, end in spans:
        if _LABEL.match(text, start, end):
            asked = _asked(text, found, turn)
            if asked is not None and end - found[asked][0] <= _LONGEST:
                answer = start, end
                found[asked:] = [(found[asked][0], end)]
            else:
                answer = None
                found.append((start, end))
            turn = len(found) - 1
        elif (
            answer
            and answer[1] - answer[0] < _SHORT_ANSWER
            and end - found[-1][0] <= _LONGEST
            and not _PARAGRAPH_END.search(text, answer[1], start)
        ):
            answer = answer[0], end
            found[-1] = found[-1][0], end
        else:
            answer = None
            found.append((start, end))
    return found


def _asked(text: str, found: Sequence[Span], turn: int) -> int | None:
    """The first of the last sentences of a turn that ask, as far as they are short."""
    if not found or not text[found[-1][0] : found[-1][1]].rstrip("\"'”’ ").endswith("?"):
        return None
    first = len(found) - 1
    if found[-1][1] - found[turn][0] <= _LONGEST_QUESTION and _LABEL.match(text, *found[turn]):
        first = turn
    return first if found[-1][1] - found[first][0] <= _LONGEST_QUESTION else None


def _tables(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans, with a table of few rows as one, and each row of a longer one by itself."""
    if not spans or " |" not in text[spans[0][0] : spans[-1][1]]:
        return list(spans)
    tables: list[list[Span]] = []
    for row in _ROW.finditer(text, spans[0][0], spans[-1][1]):
        if tables and not text[tables[-1][-1][1] : row.start()].strip():
            tables[-1].append(row.span())
        else:
            tables.append([row.span()])
    result = list(spans)
    for rows in (rows for rows in tables if len(rows) > 1):
        start, end = rows[0][0], rows[-1][1]
        result = [span for span in result if span[1] <= start or span[0] >= end]
        result += [(start, end)] if end - start <= _LONGEST else rows
    return sorted(result)


def _lists(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """The spans, each list joined with the words before it.

    Of a list that is too long, the first items stay with the words before them.
    """
    at = 0
    while at < len(spans):
        start, end = spans[at]
        at += 1
        if text[start:end].endswith((":", ":—", ": —")):
            first = at
            while at < len(spans) and _is_item(text, spans, first, at):
                if spans[at][1] - start > _LONGEST:
                    break
                end = spans[at][1]
                at += 1
        yield start, end


def _is_item(text: str, spans: Sequence[Span], first: int, at: int) -> bool:
    """Whether a span is an item of the list that begins at ``first``."""
    span = spans[at]
    if _ITEM.match(text, *span) or (at == first and _ROW.search(text, *span)):
        return True
    before = text[spans[at - 1][0] : spans[at - 1][1]]
    return at > first and before.endswith((";", "; and", "; or"))
