"""Sentence boundaries in legal texts: nupunkt's, with the rules that enforcement documents need."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

# A name, a number or a citation follows these: never the last word of a sentence.
_TITLES = (
    "v vs no nos sec secs civ cr crim lt col gen sgt capt cmdr maj adm hon mr mrs ms dr prof rev "
    "messrs st mt art arts ch par para pp cf e.g i.e viz al fed reg rel dkt ex exh ltr tel approx "
    "jan feb mar apr jun jul aug sept oct nov dec supp stat"
)
# The last word of a sentence only where a new one plainly begins.
_SUFFIXES = (
    "inc corp co ltd llc l.l.c lp l.p n.a p.c p.a plc bros jr sr esq assn dept div dist u.s u.k "
    "u.s.c c.f.r a.m p.m d.c n.y s.d.n.y e.d.n.y ph.d s.a a.g n.v b.v etc ave blvd app f.supp"
)
_NEVER_LAST = frozenset(_TITLES.split())
_SELDOM_LAST = frozenset(_SUFFIXES.split())
_STARTERS = (
    r"(?:The|A|An|In|On|At|As|To|From|For|By|With|Without|Under|After|Before|During|Since|While|When|"
    r"If|Although|However|He|She|It|They|We|His|Her|Its|Their|Our|This|That|These|Those|Each|Both|All|"
    r"According|Also|Finally|Further|Furthermore|Moreover|In|Instead|Additionally|Specifically|"
    r"Simultaneously|Between|Beginning|Today|Earlier|Pursuant|Upon|Mr|Ms)"
)
_BLANK = re.compile(r"\n[ \t\r\f]*\n\s*|\f")
_BANNER = re.compile(
    r"[ \t]*={6,}[^\n=]*(?:={3,}|$)|^[ \t]*(?:-{5,}|_{5,}|\*{5,})[ \t]*$|"
    r"^[ \t]*(?:Page\s+)?-?\s*\d{1,3}(?:\s+of\s+\d{1,4})?\s*-?[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_BULLET = re.compile(
    r"[ \t]*(?:[•●▪◦■–—*·‣\uf0b7]|-(?=\s)|\(?(?:\d{1,2}|[a-z]|[ivx]{1,5})\)\s|"
    r"\d{1,2}\.\s+(?=[A-Z“\"]))"
)
_GLUED = re.compile(
    # "scheme.The complaint": a full stop, no space, a capitalised word.
    r"(?<=[a-z0-9)\]%”’\"'])[.?!][”’\"']?(?=[“\"‘(]?[A-Z][a-z’']*[\s,])"
    # "(S.D.N.Y.)The Commission" and "SettlementThe Securities": a line break that got lost.
    r"|(?<=[A-Za-z.]\))(?=(?:[A-Z][a-z]+|SEC|OFAC|Litigation)\s)"
    r"|(?<=[a-z0-9])(?=(?:" + _STARTERS + r"\s+[A-Z]|SEC v\.))"
    r"|(?<=[A-Za-z0-9])(?=Litigation Release No)"
)
_LAST_WORD = re.compile(r"([A-Za-z][A-Za-z.&]*)\.[\"”’]*\s*$")
_INITIALS = re.compile(r"(?:^|[\s(])(?:[A-Z]\.)+\s*$")
_ENUMERATOR = re.compile(r"[\s(]*(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})[.)]\s*$")
_SIGN_OFF = re.compile(r"\s*[\"“‘(\[]*" + _STARTERS + r"\b")
# The texts around the hits of a question overlap: so many blocks are split once, short ones only,
# or a hostile document would fill the memory.
_REMEMBERED, _SHORT_BLOCK = 512, 10_000
_TRIM = " \t\r\n\f\v\u00a0\u200b\ufeff"


def sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Half-open spans of the sentences in ``text[start:end]``, in order, as offsets into ``text``.

    Spans are trimmed of white space, never empty and never overlap; what lies between them is white
    space, page banners and rules. A blank line ends a sentence, and so does a line that was broken
    on purpose (before a bullet, or where the next word would still have fitted and starts a new
    line with a capital); any other line break does not. A slice that begins within a sentence
    yields the rest of that sentence.

    Parameters
    ----------
    text
        The whole text.
    start, end
        The slice to look at; ``end`` None is the end of the text.
    """
    stop = len(text) if end is None else min(end, len(text))
    spans = []
    for block_start, block_end in _blocks(text, max(0, start), stop):
        block = text[block_start:block_end]
        pieces = (_remembered_pieces if len(block) <= _SHORT_BLOCK else _pieces)(block)
        here = [(block_start + left, block_start + right) for left, right in pieces]
        for left, right in _joined(text, here):
            trimmed = _trim(text, left, right)
            if trimmed is not None:
                spans.append(trimmed)
    return spans


@cache
def _tokenizer() -> Any:
    # Takes a second to load; a program that never splits a sentence never pays it.
    from nupunkt import sent_spans

    return sent_spans


def _blocks(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Stretches no sentence leaves: between blank lines, banners, bullets and deliberate breaks."""
    cuts = [(m.start(), m.end()) for m in _BLANK.finditer(text, start, end)]
    cuts += [(m.start(), m.end()) for m in _BANNER.finditer(text, start, end)]
    cuts += [(at, at) for at in _deliberate_breaks(text, start, end)]
    at = start
    for cut_start, cut_end in sorted(cuts):
        if cut_start > at:
            yield at, cut_start
        at = max(at, cut_end)
    if at < end:
        yield at, end


def _deliberate_breaks(text: str, start: int, end: int) -> Iterator[int]:
    """Line breaks that no wrapping explains; offsets of the next line's first character."""
    line_starts = [start, *(m.end() for m in re.compile(r"\n").finditer(text, start, end))]
    lines = [
        (a, b)
        for a, b in zip(line_starts, [*line_starts[1:], end], strict=True)
        if text[a:b].strip()
    ]
    if len(lines) < 2:
        return
    lengths = sorted(len(text[a:b].strip()) for a, b in lines)
    width = lengths[int(0.9 * (len(lengths) - 1))]
    for (a, b), (next_a, next_b) in pairwise(lines):
        line, following = text[a:b].rstrip(), text[next_a:next_b]
        if _BULLET.match(following):
            yield next_a
            continue
        word = following.split(maxsplit=1)[0]
        fitted = len(line) + 1 + len(word) <= width - 3
        ends_open = line.endswith((",", ";", "-", "–", "—", "(", "&")) or _SMALL_END.search(line)
        wrapped = ends_open or _WRAPPED.search(text, a, b)
        if (fitted or width > 160) and not wrapped and _OPENS.match(word):
            yield next_a


# What was wrapped at a space often keeps it at the end of the line.
_WRAPPED = re.compile(r"\w \n")
# A capital, but not that of an abbreviation ("31 C.F.R.").
_OPENS = re.compile(r"[“\"'‘]*(?!(?:[A-Z]\.){2})[^\W\d_a-z]")
_SMALL_END = re.compile(
    r"\b(?:a|an|and|as|at|by|for|from|in|into|of|on|or|that|the|to|under|with|v\.|vs\.|No\.|Inc\.)$",
    re.IGNORECASE,
)


def _pieces(block: str) -> tuple[tuple[int, int], ...]:
    """Nupunkt's sentences of one block, cut further where a space was lost after a full stop."""
    pieces = []
    for left, right in _tokenizer()(block):
        at = left
        for glued in _GLUED.finditer(block, left, right):
            if glued.end() > at and not _abbreviated(block[at : glued.end()], block[glued.end() :]):
                pieces.append((at, glued.end()))
                at = glued.end()
        if at < right:
            pieces.append((at, right))
    return tuple(pieces)


_remembered_pieces = lru_cache(_REMEMBERED)(_pieces)


def _joined(text: str, pieces: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The pieces, those put together again that an abbreviation or a list number had parted."""
    current: tuple[int, int] | None = None
    for left, right in pieces:
        if current is None:
            current = (left, right)
        elif _abbreviated(text[current[0] : current[1]], text[left:right]):
            current = (current[0], right)
        else:
            yield current
            current = (left, right)
    if current is not None:
        yield current


def _abbreviated(before: str, after: str) -> bool:
    """Whether the full stop that ends ``before`` belongs to a word and ``after`` goes on."""
    if not before.strip() or _ENUMERATOR.fullmatch(before):
        return True
    following = after.lstrip()
    if following[:1].islower() and before.rstrip()[-1:] not in "?!":
        return not _BULLET.match(after)
    if following[:1] in ")],;":
        return True
    word = _LAST_WORD.search(before[-24:])
    if word is None:
        return False
    name = word.group(1).lower()
    if name in _NEVER_LAST:
        return not (name in {"no", "nos", "al"} and _SIGN_OFF.match(after))
    if name in _SELDOM_LAST or _INITIALS.search(before[-24:]):
        return _SIGN_OFF.match(after) is None
    return False


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start] in _TRIM:
        start += 1
    while end > start and text[end - 1] in _TRIM:
        end -= 1
    return (start, end) if start < end else None
