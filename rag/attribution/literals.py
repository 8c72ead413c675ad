"""The words without which a pattern cannot match, so that most patterns need not be tried.

Searchers of many patterns at once look for such literal factors first (Navarro and Raffinot,
Flexible Pattern Matching in Strings, 2002).
"""

import re
from re import _parser  # type: ignore[attr-defined]
from typing import Any

_SHORTEST = 3
"""A shorter word occurs in nearly every sentence."""


def required(pattern: re.Pattern[str]) -> frozenset[str] | None:
    """Words in lower case, one of which every match holds; None if there are no such words."""
    return _of_sequence(_parser.parse(pattern.pattern, pattern.flags))


def _of_sequence(tree: Any) -> frozenset[str] | None:
    """Of the words of each part the best: those of which the shortest is longest."""
    best: frozenset[str] | None = None
    run = ""
    for operation, argument in [*tree, ("END", None)]:
        name = str(operation)
        if name == "LITERAL":
            run += chr(argument).lower()
            continue
        best = _better(best, frozenset([run]) if len(run) >= _SHORTEST else None)
        run = ""
        best = _better(best, _of_part(name, argument))
    return best


def _of_part(name: str, argument: Any) -> frozenset[str] | None:
    if name == "SUBPATTERN":
        return _of_sequence(argument[-1])
    if name in ("MAX_REPEAT", "MIN_REPEAT") and argument[0] > 0:
        return _of_sequence(argument[2])
    if name == "BRANCH":
        branches = [_of_sequence(branch) for branch in argument[1]]
        if None not in branches:
            return frozenset[str]().union(*(one for one in branches if one is not None))
    return None


def _better(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda words: (min(map(len, words)), -len(words)))
