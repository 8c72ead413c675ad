"""Legal standing: "found", "admitted" or "paid" only where a cited quote has that standing."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from rag.answer.doubt import Doubt, Quoted

_PATH = Path(__file__).with_name("standing.toml")
_NEGATED = re.compile(
    r"(?:\b(?:not|never|neither|nor|no|without|denied|denies|denying|unless|if|whether|falsely)\b|n't\b)"
    r"[^.;,]{0,60}$|\b(?:failed|refused|declined)\b(?:(?!\bthat\b)[^.;,]){0,60}$",
    re.IGNORECASE,
)
"""Before a word: what takes its standing away ("without admitting")."""


class _Standing(NamedTuple):
    says: re.Pattern[str]
    bears: re.Pattern[str]
    statuses: frozenset[str]
    lesser: bool


def doubts(text: str, quotes: Sequence[Quoted], documents: Sequence[str] = ()) -> Iterator[Doubt]:
    """A doubt for each word of a legal standing in ``text`` that no quote bears out.

    The sentence is withheld. It is unchecked for a standing of lesser weight, such as "settled",
    that the text of one of ``documents`` bears out.

    A word behind a "not" or "without" has no standing: "without admitting it" does not bear out
    "he admitted it", nor does "agreed to pay" bear out "paid".
    """
    text = text.replace("’", "'")
    said = [quote.text for quote in quotes]
    statuses = {quote.status for quote in quotes}
    for standing in _standings():
        for match in standing.says.finditer(text):
            negated = _negated(text, match.start())
            if _borne(standing, said, negated) or (statuses & standing.statuses and not negated):
                continue
            lesser = standing.lesser and _borne(standing, documents, negated)
            yield Doubt(f"no quote that it cites says “{match.group()}”", withhold=not lesser)


def _borne(standing: _Standing, texts: Sequence[str], negated: bool) -> bool:
    return any(
        negated or not _negated(plain, found.start())
        for plain in (text.replace("’", "'") for text in texts)
        for found in standing.bears.finditer(plain)
    )


def _negated(text: str, at: int) -> bool:
    return _NEGATED.search(text, 0, at) is not None


@cache
def _standings() -> tuple[_Standing, ...]:
    table = tomllib.loads(_PATH.read_text(encoding="utf-8"))
    return tuple(
        _Standing(
            re.compile(rf"\b(?:{row['says']})\b", re.IGNORECASE),
            re.compile(rf"\b(?:{row['says']}|{row['bears']})\b", re.IGNORECASE),
            frozenset(row["statuses"]),
            row.get("lesser", False),
        )
        for row in table.values()
    )
