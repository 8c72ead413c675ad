"""Plain text set with a blank line after each line: the blank lines within paragraphs."""

import re
from itertools import pairwise

_FEWEST, _SPACED, _BROKEN = 6, 0.75, 0.25
"""Lines with words; share of them before exactly one blank line; share of them that break off
within a sentence there. A text with fewer is set in paragraphs of one line, or is a list."""
_WIDTH, _FULL = 0.9, 0.85
"""The width of the lines is this quantile of their lengths; a line that was full before its next
word has this share of it."""
_ENDS = (".", ":", ";", "?", "!", '"', "”", ")")
_BEGINS = re.compile(r"[ \t]{3,}|[ \t]*(?:[-•*#>|]|\(?\w{1,4}[.)](?:\s|$)|\d+(?:\.\d+)+\s)")
"""A paragraph that is indented, an item of a list, a numbered paragraph."""


def without_double_spacing(text: str) -> str:
    """``text`` without the blank lines between the lines of a paragraph, if it is double-spaced.

    A blank line stays where two or more stand, where the line before is short and ends, and before
    an indented line or an item. A text that is not double-spaced comes back as it is.
    """
    lines = text.splitlines(keepends=True)
    shown = [index for index, line in enumerate(lines) if line.strip()]
    if len(shown) < _FEWEST:
        return text
    spaced = [(a, b) for a, b in pairwise(shown) if b - a == 2]
    broken = sum(_breaks_off(lines[a], lines[b]) for a, b in spaced)
    if len(spaced) < _SPACED * len(shown) or broken < _BROKEN * len(shown):
        return text
    lengths = sorted(len(lines[index].strip()) for index in shown)
    width = lengths[int(_WIDTH * (len(lengths) - 1))]
    dropped = {a + 1 for a, b in spaced if _goes_on(lines[a], lines[b], width)}
    return "".join(line for index, line in enumerate(lines) if index not in dropped)


def _breaks_off(line: str, following: str) -> bool:
    return following.strip()[:1].islower() and not line.rstrip().endswith(_ENDS)


def _goes_on(line: str, following: str, width: int) -> bool:
    if _BEGINS.match(following):
        return False
    if _breaks_off(line, following):
        return True
    word = following.split(maxsplit=1)[0]
    return len(line.strip()) + 1 + len(word) > _FULL * width
