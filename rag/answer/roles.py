"""Roles: who acts on whom, where a sentence and its quote have the same verb."""

import re
from collections.abc import Iterator, Sequence

from rag.answer.doubt import Doubt, Quoted
from rag.answer.tokens import Token, tokens

_PAST = re.compile(
    r"\w{2,}ed|paid|made|took|sold|bought|gave|got|told|sent|sued|led|lent|stole|left|knew|held|found"
)
_NEAR = 6
"""Words with a meaning on either side of a verb, at most."""


def doubts(text: str, quotes: Sequence[Quoted]) -> Iterator[Doubt]:
    """A doubt if a quote has the words before and behind a verb the other way round.

    "Doe sued Smith" from "Smith sued Doe". Where only one of both has a "by" behind the verb, one
    is in the passive voice: nothing is said then. Order alone is weak evidence, so the sentence is
    left unchecked.
    """
    said = tokens(text)
    parts = [part for quote in quotes for part in _sentences(tokens(quote.text))]
    for at, verb in enumerate(said):
        if not verb.stem or _PAST.fullmatch(verb.plain) is None:
            continue
        places = [(part, i) for part in parts for i, w in enumerate(part) if w.stem == verb.stem]
        crossed = [_crossed(said, at, part, i) for part, i in places]
        if crossed and all(crossed):
            yield Doubt("its quotes have who acts and on whom the other way round", withhold=False)
            return


def _crossed(said: Sequence[Token], at: int, held: Sequence[Token], place: int) -> bool:
    if _passive(said, at) != _passive(held, place):
        return False
    first, last = (set(side) for side in _beside(held, place))
    before, behind = (
        next((stem for stem in side if stem in first | last), "") for side in _beside(said, at)
    )
    return before in last - first and behind in first - last


def _beside(words: Sequence[Token], at: int) -> tuple[list[str], list[str]]:
    """The stems before and behind a place, the nearest ones, the nearest one first."""
    before = [word.stem for word in words[:at] if word.stem][: -_NEAR - 1 : -1]
    behind = [word.stem for word in words[at + 1 :] if word.stem][:_NEAR]
    return before, behind


def _passive(words: Sequence[Token], at: int) -> bool:
    return any(word.plain == "by" for word in words[at + 1 : at + 5])


def _sentences(words: Sequence[Token]) -> Iterator[list[Token]]:
    part: list[Token] = []
    for word in words:
        part.append(word)
        if word.plain == ".":
            yield part
            part = []
