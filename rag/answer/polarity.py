"""Polarity: denials, falsehoods, plans and bans that a sentence adds or leaves out."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rag.answer.doubt import Doubt, Quoted
from rag.answer.tokens import SIGNS, Token, tokens
from rag.types import Status

_PATH = Path(__file__).with_name("turning.toml")
_CONTRAST = frozenset("but while although though whereas however yet".split())
_RELATIVE = frozenset("that who whom whose which where when whether if".split())
_BINDS = _RELATIVE - {"where", "when"}
_BREAKS_OFF = "it begins in the middle of a sentence of its quote"
_REPORTED: frozenset[Status] = frozenset({"alleged", "stated", "denied", "admitted", "found"})
"""Standings that say themselves that somebody says it."""
_VERB = re.compile(
    r"is|are|was|were|be|been|being|has|have|had|do|does|did|will|would|can|could|shall|must|may|might|"
    r"paid|repaid|made|took|sold|bought|held|got|gave|went|ran|kept|left|lost|met|put|said|sent|told|won|"
    r"wrote|knew|began|chose|drew|fell|found|hid|led|lent|set|spent|stole|\w+ed"
)
"""Words that may be the verb of a statement."""
_LIMIT = 12
"""Words behind "from" that say what is forbidden, at most."""
_VERDICT = re.compile(r"^\s*(?:yes|no|none)\s*[,;:.–—]\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Kind:
    """Words that change the meaning of others in one way; the fields are those of the data file."""

    name: str
    words: re.Pattern[str]
    answers: re.Pattern[str]
    bears: re.Pattern[str]
    lacks: str
    drops: str
    limited: str
    told: bool
    wide: bool
    nested: bool
    before: re.Pattern[str]
    says: re.Pattern[str]


def doubts(text: str, quotes: Sequence[Quoted], question: str = "") -> Iterator[Doubt]:
    """What speaks against ``text`` in the denials, falsehoods, plans and bans of ``quotes``.

    - A sentence that turns what no quote turns is withheld ("Smith did not pay" from "Smith paid").
    - A sentence whose words stand only behind such a word of a quote, and that has no such word
      itself, is withheld ("The fund was insured" from "Smith falsely said that the fund was
      insured"). Behind an "and" or a comma the reach of the word is not sure: unchecked.
    - If ``question`` has a word of the kind ("What did Smith falsely claim?"), a sentence may leave
      it out, unchecked. Words without a verb ("A penalty of $5") leave nothing out.
    - A sentence that is the end of a longer sentence of the quote, from "that", "who" or "which"
      on, is withheld: the beginning says what becomes of it.
    """
    wanted, asked = tokens(_VERDICT.sub("", text)), tokens(question)
    asserts = any(_VERB.fullmatch(word.plain) for word in wanted)
    read = [(quote, tokens(quote.text)) for quote in quotes]
    if any(_breaks_off(wanted, held, quote.status) for quote, held in read):
        yield Doubt(_BREAKS_OFF, withhold=True)
    for kind in _kinds():
        in_text = [word for word in wanted if _is(word, kind.answers)]
        if in_text:
            borne = any(_bears(in_text, wanted, held, kind) for _, held in read)
            if kind.lacks and not borne and any(_is(word, kind.words) for word in in_text):
                yield Doubt(kind.lacks, withhold=kind.name != "cause")
            elif kind.limited and any(_widens(in_text, wanted, held) for _, held in read):
                yield Doubt(kind.limited, withhold=False)
        if not kind.drops or not asserts or (in_text and not kind.nested):
            continue
        heard = [(held, not (kind.told and quote.status in _REPORTED)) for quote, held in read]
        reach = _reach(wanted, heard, kind, in_text)
        if reach is not None:
            in_question = any(_is(word, kind.answers) for word in asked)
            yield Doubt(kind.drops, withhold=reach and not in_question)


def _bears(
    turning: Sequence[Token], wanted: Sequence[Token], held: Sequence[Token], kind: _Kind
) -> bool:
    """Whether a quote has a word of the kind that turns what the sentence speaks of.

    It does if the same word is in both, apart from "not" and the like, or if it reaches a word of
    the sentence.
    """
    said = {word.stem for word in wanted if word.stem}
    same = {word.stem for word in turning if word.stem}
    if any(
        word.stem in same or not _is(word, kind.words) for word in held if _is(word, kind.bears)
    ):
        return True
    return any(
        word.stem in said for start, _, far in _spans(held, kind) for word in held[start + 1 : far]
    )


def _widens(turning: Sequence[Token], wanted: Sequence[Token], held: Sequence[Token]) -> bool:
    """Whether a quote limits what the sentence does not: "barred from trading", "barred"."""
    said = {word.stem for word in wanted if word.stem}
    same = {word.stem for word in turning if word.stem}
    for at, word in enumerate(held):
        begin = next((i for i in range(at + 1, at + 7) if _plain_at(held, i) == "from"), None)
        if word.stem not in same or begin is None:
            continue
        limit = {w.stem for w in held[begin + 1 : begin + 1 + _LIMIT] if w.stem}
        if limit and not limit & said:
            return True
    return False


def _plain_at(held: Sequence[Token], at: int) -> str:
    return held[at].plain if at < len(held) else ""


def _reach(
    wanted: Sequence[Token],
    read: Sequence[tuple[list[Token], bool]],
    kind: _Kind,
    own: Sequence[Token],
) -> bool | None:
    """Whether words of ``kind`` reach what the sentence says; None if they do not.

    True if they surely reach it, false if they may. The words of the kind that the sentence has of
    its ``own`` answer for a word of the quote, unless that one reaches them too: "He falsely said
    that a bank backed the purported bond".
    """
    free: set[str] = set()
    sure: set[str] = set()
    maybe: set[str] = set()
    for held, counts in read:
        spans = list(_spans(held, kind)) if counts else []
        if own:
            spans = [span for span in spans if _holds(held[span[0] + 1 : span[2]], own)]
        for at, word in enumerate(held):
            if any(start < at < near for start, near, _ in spans):
                sure.add(word.stem)
            elif any(start < at < far for start, _, far in spans):
                maybe.add(word.stem)
            elif not any(at == start for start, _, _ in spans):
                free.add(word.stem)
    said = [word.stem for word in wanted if word.stem and not word.name]
    said = said or [word.stem for word in wanted if word.stem]
    found = [one for one in said if one in free | sure | maybe]
    if not found:
        return None
    for within, withhold in ((sure - free, True), ((sure | maybe) - free, False)):
        inside = [one for one in found if one in within]
        if inside and 2 * len(inside) >= len(found):
            return withhold
    return None


def _holds(held: Sequence[Token], words: Sequence[Token]) -> bool:
    return {word.plain for word in words} <= {word.plain for word in held}


def _spans(held: Sequence[Token], kind: _Kind) -> Iterator[tuple[int, int, int]]:
    """Each word of the kind: its place, the end of its sure reach, the end of its possible reach.

    The sure reach ends at a comma or "and"; it goes on behind a "that" or "whether", as far
    as the next such sign. The possible reach ends with the sentence, or at "but", "while" and the
    like.
    """
    for at, word in enumerate(held):
        says = at + 1 < len(held) and _is(held[at + 1], kind.says)
        if not _is(word, kind.words) and not (says and _is(word, kind.before)):
            continue
        inserted = word.plain == "not" and at + 1 < len(held) and held[at + 1].plain == ","
        near = far = at + 1 + inserted
        while far < len(held) and not _ends(held, far, kind.wide):
            far += 1
        that = next((i for i in range(at + 1, far) if held[i].plain in _RELATIVE), None)
        if that is not None and held[that].plain in ("that", "whether", "if"):
            near = that + 1
        while near < far and held[near].plain not in (",", ":", "(", ")", "and"):
            near += 1
        yield at, near, far


def _ends(held: Sequence[Token], at: int, wide: bool) -> bool:
    """Whether no word before this place reaches behind it."""
    plain = held[at].plain
    after = held[at + 1 : at + 3]
    if plain == "and" and not wide and after:
        return after[0].name or _VERB.fullmatch(after[0].plain) is not None
    if plain == "," and len(after) == 2 and after[0].plain in ("and", "or"):
        return after[1].name or not wide
    return plain in ".;" or plain in _CONTRAST


def _breaks_off(wanted: Sequence[Token], held: Sequence[Token], status: Status | None) -> bool:
    """Whether the sentence is, word for word, a part of a sentence of the quote behind "that".

    It may be what a speaker alleges or says, if this standing is shown with it.
    """
    said = [word.plain for word in wanted if word.plain not in SIGNS and word.plain != "."]
    kept = [word for word in held if word.plain not in SIGNS and word.plain != "."]
    words = [word.plain for word in kept]
    if not said:
        return False
    for at in range(1, len(words) - len(said) + 1):
        if words[at : at + len(said)] != said or words[at - 1] not in _BINDS:
            continue
        reported = words[at - 1] == "that" and status in _REPORTED
        if not (
            reported and any(_is(kept[i], _kind("reported").answers) for i in (at - 2, at - 3))
        ):
            return True
    return False


def _is(word: Token, pattern: re.Pattern[str]) -> bool:
    return pattern.fullmatch(word.plain) is not None


@cache
def _kinds() -> tuple[_Kind, ...]:
    table = tomllib.loads(_PATH.read_text(encoding="utf-8"))
    return tuple(
        _Kind(
            name=name,
            words=_pattern(row["words"]),
            answers=_pattern(f"{row['words']} {row['also']}"),
            bears=_pattern(f"{row['words']} {row.get('bears', '')}"),
            lacks=row.get("lacks", ""),
            drops=row.get("drops", ""),
            limited=row.get("limited", ""),
            told=row.get("told", False),
            wide=row.get("wide", False),
            nested=row.get("nested", False),
            before=_pattern(row.get("before", "")),
            says=_pattern(row.get("says", "")),
        )
        for name, row in table.items()
    )


def _kind(name: str) -> _Kind:
    return next(kind for kind in _kinds() if kind.name == name)


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile("|".join(words.split()))
