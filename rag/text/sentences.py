"""Sentence boundaries in legal texts: those of nupunkt, with rules for enforcement documents."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

# A name, a number or a citation follows these abbreviations: they never end a sentence.
_TITLES = (
    "v vs no nos sec secs civ cr crim lt col gen sgt capt cmdr maj adm hon mr mrs ms dr prof rev "
    "messrs st mt art arts ch par para pp cf e.g i.e viz al fed reg rel dkt ex exh ltr tel approx "
    "jan feb mar apr jun jul aug sept oct nov dec supp stat"
)
# These abbreviations end a sentence only if the next word is one of ``_STARTERS``.
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
    r"(?:(?<![ \t])[ \t]+)?={6,}[^\n=]*(?:={3,}|$)|^[ \t]*(?:-{5,}|_{5,}|\*{5,})[ \t]*$|"
    r"^[ \t]*(?:Page\s{1,9})?-?\s{0,9}\d{1,3}(?:\s{1,9}of\s{1,9}\d{1,4})?\s{0,9}-?[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_BULLET = re.compile(
    r"[ \t]*(?:[•●▪◦■–—*·‣\uf0b7]|-(?=\s)|\(?(?:\d{1,2}|[a-z]|[ivx]{1,5})\)\s|"
    r"\d{1,2}\.\s+(?=[A-Z“\"]))"
)
_GLUED = re.compile(
    # "scheme.The complaint": a full stop, no space, a capitalised word.
    r"(?<=[a-z0-9)\]%”’\"'])[.?!][”’\"']?(?=[“\"‘(]?[A-Z][a-z’']*[\s,])"
    # "(S.D.N.Y.)The Commission" and "SettlementThe Securities": a lost line break.
    r"|(?<=[A-Za-z.]\))(?=(?:[A-Z][a-z]+|SEC|OFAC|Litigation)\s)"
    r"|(?<=[a-z0-9])(?=(?:" + _STARTERS + r"\s+[A-Z]|SEC v\.))"
    r"|(?<=[A-Za-z0-9])(?=Litigation Release No)"
)
_LAST_WORD = re.compile(r"([A-Za-z][A-Za-z.&]{0,24})\.[\"”’]{0,24}\s{0,24}$")
_INITIALS = re.compile(r"(?:^|[\s(])(?:[A-Z]\.)+\s*$")
_ENUMERATOR = re.compile(r"[\s(]*(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})[.)]\s*$")
_SIGN_OFF = re.compile(r"\s*[\"“‘(\[]*" + _STARTERS + r"\b")
# Cached blocks: the passages of one question overlap and repeat blocks. Blocks with more characters
# are not cached, so that a hostile document cannot fill the memory.
_CACHED_BLOCKS, _LONGEST_CACHED = 512, 10_000
# Characters searched for an abbreviation at the end of a piece: more than any of the above has.
_LONGEST_WORD = 24
_TRIM = " \t\r\n\f\v\u00a0\u200b\ufeff"


def sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Half-open spans of the sentences in ``text[start:end]``, in order, as offsets into ``text``.

    Spans have no outer white space, are never empty and never overlap. Between them are only white
    space, page banners and ruled lines. A blank line ends a sentence. A line break ends one before
    a bullet, and where the next line starts with a capital and its first word would have fitted on
    the line before. A slice that begins within a sentence yields the rest of that sentence.

    Parameters
    ----------
    text
        The whole text.
    start, end
        The slice; ``end`` None is the end of the text.
    """
    stop = len(text) if end is None else min(end, len(text))
    spans = []
    for block_start, block_end in _blocks(text, max(0, start), stop):
        block = text[block_start:block_end]
        pieces = (_cached_pieces if len(block) <= _LONGEST_CACHED else _pieces)(block)
        here = [(block_start + left, block_start + right) for left, right in pieces]
        for left, right in _joined(text, here):
            trimmed = _trim(text, left, right)
            if trimmed is not None:
                spans.append(trimmed)
    return spans


@cache
def _tokenizer() -> Any:
    # Imported at first use: the import takes a second.
    from nupunkt import sent_spans

    return sent_spans


def _blocks(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans that no sentence crosses: between blank lines, banners and deliberate breaks."""
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
    """Offsets of the first character after each line break that wrapping does not explain."""
    line_starts = [start, *(m.end() for m in re.compile(r"\n").finditer(text, start, end))]
    lines = [
        (a, b)
        for a, b in zip(line_starts, [*line_starts[1:], end], strict=True)
        if text[a:b].strip()
    ]
    if len(lines) < 2:
        return
    lengths = sorted(len(text[a:b].strip()) for a, b in lines)
    width = lengths[int(_WIDTH_QUANTILE * (len(lengths) - 1))]
    for (a, b), (next_a, next_b) in pairwise(lines):
        line, following = text[a:b].rstrip(), text[next_a:next_b]
        if _BULLET.match(following):
            yield next_a
            continue
        word = following.split(maxsplit=1)[0]
        fitted = len(line) + 1 + len(word) <= width - _RAGGED
        ends_open = line.endswith((",", ";", "-", "–", "—", "(", "&")) or _SMALL_END.search(line)
        wrapped = ends_open or _WRAPPED.search(text, a, b)
        if (fitted or width > _WIDEST_WRAP) and not wrapped and _OPENS.match(word):
            yield next_a


# Width of the lines, as a quantile of their lengths: a few lines stick out.
_WIDTH_QUANTILE = 0.9
# Characters by which a wrapped line may fall short besides its next word.
_RAGGED = 3
# Text is not wrapped at more characters a line: there, every line break is deliberate.
_WIDEST_WRAP = 160
# A line that was wrapped at a space often keeps the space at its end.
_WRAPPED = re.compile(r"\w \n")
# A word with a capital that is not an abbreviation ("31 C.F.R.").
_OPENS = re.compile(r"[“\"'‘]*(?!(?:[A-Z]\.){2})[^\W\d_a-z]")
_SMALL_END = re.compile(
    r"\b(?:a|an|and|as|at|by|for|from|in|into|of|on|or|that|the|to|under|with|v\.|vs\.|No\.|Inc\.)$",
    re.IGNORECASE,
)


def _pieces(block: str) -> tuple[tuple[int, int], ...]:
    """Sentences of one block by nupunkt, split also where the space after a full stop is lost."""
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


_cached_pieces = lru_cache(_CACHED_BLOCKS)(_pieces)


def _joined(text: str, pieces: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join the pieces that were split after an abbreviation or a list number."""
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
    """Whether ``before`` ends with an abbreviation or a list number, and ``after`` continues it."""
    if not before.strip() or _ENUMERATOR.fullmatch(before):
        return True
    following = after.lstrip()
    if following[:1].islower() and before.rstrip()[-1:] not in "?!":
        return not _BULLET.match(after)
    if following[:1] in ")],;":
        return True
    word = _LAST_WORD.search(before[-_LONGEST_WORD:])
    if word is None:
        return False
    name = word.group(1).lower()
    if name in _NEVER_LAST:
        return not (name in {"no", "nos", "al"} and _SIGN_OFF.match(after))
    if name in _SELDOM_LAST or _INITIALS.search(before[-_LONGEST_WORD:]):
        return _SIGN_OFF.match(after) is None
    return False


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start] in _TRIM:
        start += 1
    while end > start and text[end - 1] in _TRIM:
        end -= 1
    return (start, end) if start < end else None
