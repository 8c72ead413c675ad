"""Find the numbered paragraphs of a filing ("31.", "¶ 31"), for use in citations."""

import re
from collections.abc import Sequence

_NUMBERED = re.compile(
    r"^[ \t]*(?:¶[ \t]*(?P<sign>\d{1,4})\b|(?P<dot>\d{1,4})\.(?=[ \t]+\S))", re.M
)
_FEWEST = 5
"""Shorter sequences are mostly lists."""


def paragraph_starts(
    text: str, footnotes: Sequence[tuple[int, int, int]] = ()
) -> tuple[tuple[int, str], ...]:
    """Offset and number of each numbered paragraph of ``text``.

    Other lines begin with numbers too. Those of the paragraphs are the longest sequence that counts
    up by one; it has at least five.

    Parameters
    ----------
    footnotes
        ``(start, end, page)`` of each footnote; numbers inside are ignored.

    Returns
    -------
    tuple[tuple[int, str], ...]
        ``(offset, number)``, ascending; empty for a text without numbered paragraphs.
    """
    found = [
        (match.start(), int(match["sign"] or match["dot"]), bool(match["sign"]))
        for match in _NUMBERED.finditer(text)
        if not any(start <= match.start() < end for start, end, _ in footnotes)
    ]
    signed = [(offset, number) for offset, number, has_sign in found if has_sign]
    chain = _longest(signed if len(signed) >= _FEWEST else [(o, n) for o, n, _ in found])
    return tuple((offset, str(number)) for offset, number in chain) if len(chain) >= _FEWEST else ()


def _longest(found: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest subsequence whose numbers count up by one; of equal ones the first."""
    best: dict[int, int] = {}  # by number, the index of the end of its longest chain
    length = [1] * len(found)
    before: list[int | None] = [None] * len(found)
    for index, (_, number) in enumerate(found):
        previous = best.get(number - 1)
        if previous is not None:
            length[index] = length[previous] + 1
            before[index] = previous
        if number not in best or length[index] > length[best[number]]:
            best[number] = index
    last: int | None = max(range(len(found)), key=lambda index: length[index], default=None)
    chain: list[tuple[int, int]] = []
    while last is not None:
        chain.append(found[last])
        last = before[last]
    return chain[::-1]
