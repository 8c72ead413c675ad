"""Support: whether a sentence is a quote, shortened without a change of meaning."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.answer.facts import without_dates
from rag.text.stemming import stem, stems

_TOKEN = re.compile(r"[$€£¥]?[^\W_]+(?:['’&.,-][^\W_]+)*%?|[,;:()]")
_TURNING = r"""
not no nor neither never none nothing without cannot except unless if whether may might could would
should instead rather only fail\w* refus\w* den(?:y|i)\w* reject\w* unabl\w* declin\w*
abandon\w* avoid\w* prevent\w* stop\w* attempt\w* tri(?:ed|es) plan\w* intend\w*
seek\w* sought propos\w* \w+n't
"""
_UNDOING = r"dismiss\w* acquit\w* revers\w* vacat\w* overturn\w* withdr\w* moot"
_UNDOES = re.compile("|".join(_UNDOING.split()))
_TURNS = re.compile("|".join(f"{_TURNING} {_UNDOING}".split()))
_RELATES = frozenset("by against from to of until before after".split())
_PARTS = frozenset(", ; : ( ) and or but while that who whom whose which where when".split())
_CLINGS = frozenset("that who whom whose which where when".split())


@dataclass(frozen=True, slots=True)
class _Word:
    """A word that carries meaning.

    Attributes
    ----------
    stem
        Two words are equal if their stems are.
    name, binds
        Whether it is a name; whether the next word belongs to it ("Smith's", "by").
    turns, undoes
        Whether it changes the meaning of the words after it ("not", "failed"); whether it changes
        that of the whole quote ("reversed").
    opens, clings
        Whether it is the first word of a part of its sentence; whether this part describes the
        word before it ("who", "that").
    """

    stem: str
    name: bool
    binds: bool
    turns: bool
    undoes: bool
    opens: bool
    clings: bool


def supports(quotes: Iterable[str], text: str) -> bool:
    """Whether ``text`` is one of ``quotes``, shortened without a change of meaning.

    The words of ``text`` that carry meaning or tell who acts on whom ("by", "to") must occur in the
    quote in the same order, beginning with the first word of a part of its sentence. "or" must stay
    where it is. These words must not be left out between them: a name; a word that changes the
    meaning ("not", "failed", "reversed"); a word right after "by" or a possessive; the beginning of
    a part whose other words stay. Endings and other small words do not matter. Neither does the
    place of a date if it is the only date in the quote.

    Most free paraphrases fail, on purpose. On labelled pairs neither the cross-encoder nor the
    embedder separates true ones from sentences with exchanged roles, an added verdict or a missing
    "not" (``tests/benchmarks/support.py`` measures it).
    """
    for quote in quotes:
        bare, dates = without_dates(quote)
        movable = dates == 1
        held = _read(bare if movable else quote)
        wanted = _read(without_dates(text)[0] if movable else text)
        kept = {word.stem for word in wanted}
        undone = any(word.undoes and word.stem not in kept for word in held)
        if (
            wanted
            and not undone
            and any(
                word.opens and not _governed(held, at) and _shortens(wanted, held[at:])
                for at, word in enumerate(held)
            )
        ):
            return True
    return False


def _governed(held: Sequence[_Word], start: int) -> bool:
    """Whether the part before changes the meaning of this one: "He denied that he fled"."""
    if not held[start].clings:
        return False
    before = start - 1
    while before >= 0:
        if held[before].turns:
            return True
        if held[before].opens:
            break
        before -= 1
    return False


def _shortens(wanted: Sequence[_Word], held: Sequence[_Word]) -> bool:
    """Whether ``held`` begins with ``wanted[0]`` and continues with the others, shortened."""
    if held[0].stem != wanted[0].stem:
        return False
    at = 1
    for word in wanted[1:]:
        first = at
        while at < len(held) and held[at].stem != word.stem:
            if held[at].name or held[at].turns:
                return False
            at += 1
        if at == len(held) or (at > first and not _resumes(held, first, at)):
            return False
        at += 1
    for word in held[at:]:
        if word.opens:
            break
        if word.turns:
            return False
    return True


def _resumes(held: Sequence[_Word], first: int, at: int) -> bool:
    """Whether ``held[first:at]`` may be left out before ``held[at]``."""
    over_part = any(word.opens for word in held[first : at + 1])
    if held[at].opens:
        return not held[at].clings and not held[first - 1].binds
    return not over_part and not held[first - 1].binds


def _read(text: str) -> list[_Word]:
    """The words that carry meaning, in order."""
    found: list[_Word] = []
    opens, clings = True, False
    for token in _TOKEN.findall(text):
        plain = token.lower().replace("’", "'")
        if plain in _PARTS:
            opens, clings = True, plain in _CLINGS
            if plain == "or":
                found.append(_Word(plain, *[False] * 6))
            continue
        turns = token != "May" and _TURNS.fullmatch(plain) is not None
        small = turns or plain in _RELATES
        if not small and not stems(token):
            continue
        found.append(
            _Word(
                stem="not" if plain.endswith("n't") else plain if small else _stem(token),
                name=token[0].isupper() and not small,
                binds=plain.endswith("'s") or plain in _RELATES,
                turns=turns,
                undoes=_UNDOES.fullmatch(plain) is not None,
                opens=opens,
                clings=clings,
            )
        )
        opens = clings = False
    return found


def _stem(token: str) -> str:
    """The stem of a word; a number stays as written, with its signs."""
    return token.lower() if any(c.isdigit() for c in token) else stem(token)
