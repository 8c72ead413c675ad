"""The numbered paragraphs of a filing: "31." and "¶ 31", so that a citation can name them."""

import re
from collections.abc import Sequence

_NUMBERED = re.compile(
    r"^[ \t]*(?:¶[ \t]*(?P<sign>\d{1,4})\b|(?P<dot>\d{1,4})\.(?=[ \t]+\S))", re.M
)
_FEWEST = 5


def paragraph_starts(
    text: str, footnotes: Sequence[tuple[int, int, int]] = ()
) -> tuple[tuple[int, str], ...]:
    """Where each numbered paragraph of ``text`` begins.

    Lines may begin with numbers for other reasons; the paragraphs of a filing are the longest
    sequence of them that counts up by one, of five or more.

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
    """The longest subsequence whose numbers go up by one; the earliest of equals."""
    best: dict[int, int] = {}  # number to the index of the end of the longest chain to it
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
