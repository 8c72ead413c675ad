"""Find the numbered paragraphs of a filing ("31.", "¶ 31", "4.92.3."), for use in citations."""

import re
from collections.abc import Sequence

_NUMBERED = re.compile(
    r"^[ \t]*(?:¶[ \t]*(?P<sign>\d{1,4})\b"
    r"|(?P<dot>\d{1,4})\.(?=[ \t]+\S)"
    r"|(?P<levels>\d{1,3}(?:\.\d{1,3}){1,4})\.?(?=[ \t]+\S)"
    r"|\[(?P<bracket>\d{1,4})\](?=[ \t]+\S)"
    r"|\((?P<round>\d{1,4})\)(?=[ \t]+\S))",
    re.M,
)
_STYLES = {"sign": "sign", "dot": "dot", "levels": "dot", "bracket": "bracket", "round": "round"}
_FEWEST = {"sign": 5, "dot": 5, "bracket": 5, "round": 15}
"""Paragraphs in a sequence; shorter ones are mostly lists. Lists often have round brackets."""


def paragraph_starts(
    text: str, footnotes: Sequence[tuple[int, int, int]] = ()
) -> tuple[tuple[int, str], ...]:
    """Offset and number of each numbered paragraph of ``text``.

    Other lines begin with numbers too. Those of the paragraphs are the longest sequence in one
    style that counts up by one; it has at least five. Numbers may have several levels: ``4.9`` is
    followed by ``4.9.1``, ``4.10``, ``5`` or ``5.1``. Numbers with a pilcrow win over all others.

    Parameters
    ----------
    footnotes
        ``(start, end, page)`` of each footnote; numbers inside are ignored.

    Returns
    -------
    tuple[tuple[int, str], ...]
        ``(offset, number)``, ascending; empty for a text without numbered paragraphs.
    """
    found: dict[str, list[tuple[int, tuple[int, ...]]]] = {style: [] for style in _FEWEST}
    for match in _NUMBERED.finditer(text):
        kind = str(match.lastgroup)
        if not any(start <= match.start() < end for start, end, _ in footnotes):
            number = tuple(map(int, match[kind].split(".")))
            found[_STYLES[kind]].append((match.start(), number))
    chains = {style: _longest(numbers) for style, numbers in found.items()}
    long = {style: chain for style, chain in chains.items() if len(chain) >= _FEWEST[style]}
    chain = long.get("sign") or max(long.values(), key=len, default=[])
    return tuple((offset, ".".join(map(str, number))) for offset, number in chain)


def _longest(
    found: Sequence[tuple[int, tuple[int, ...]]],
) -> list[tuple[int, tuple[int, ...]]]:
    """The longest subsequence whose numbers count up by one; of equal ones the first."""
    # By number, the index of the end of the longest chain that ends with it, and of the longest
    # that ends with it or with a number below it.
    exact: dict[tuple[int, ...], int] = {}
    within: dict[tuple[int, ...], int] = {}
    length = [1] * len(found)
    before: list[int | None] = [None] * len(found)
    for index, (_, number) in enumerate(found):
        ends = [end for end in _previous(number, exact, within) if end is not None]
        if ends:
            previous = max(ends, key=lambda end: length[end])
            length[index] = length[previous] + 1
            before[index] = previous
        if number not in exact or length[index] > length[exact[number]]:
            exact[number] = index
        for depth in range(1, len(number) + 1):
            above = number[:depth]
            if above not in within or length[index] > length[within[above]]:
                within[above] = index
    last: int | None = max(range(len(found)), key=lambda index: length[index], default=None)
    chain: list[tuple[int, tuple[int, ...]]] = []
    while last is not None:
        chain.append(found[last])
        last = before[last]
    return chain[::-1]


def _previous(
    number: tuple[int, ...], exact: dict[tuple[int, ...], int], within: dict[tuple[int, ...], int]
) -> list[int | None]:
    """The ends of chains that ``number`` may go on from: ``5.1`` from ``5``, ``4`` and ``4.9``."""
    ends: list[int | None] = []
    while number:
        *above, last = number
        ends.append(within.get((*above, last - 1)))
        if last > 1:
            break
        number = tuple(above)
        ends.append(exact.get(number))
    return ends
