"""Restore spaces that OCR lost, where the image has a gap as wide as a space."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

_FEWEST = 5
"""Least number of spaces on a page by which their usual width is measured."""
_SHARE = 0.75
_SHARE_BETWEEN_DIGITS = 1.1
"""Shares of the usual width that make a gap a space; digits have wider gaps than letters."""
_SHORTEST_WORDS = 4
"""Characters for each lost space; a line with fewer is a letter-spaced heading."""
_NEIGHBOURS = 8
"""The top and bottom eighth of a line are ignored: descenders of neighbouring lines are there."""
_SPECKLE = 2
"""Least number of dark pixels in a column of ink; fewer are speckles."""


@dataclass(frozen=True, slots=True)
class OcrLine:
    """A line as the OCR engine read it.

    Attributes
    ----------
    text
        Single spaces, none at the ends.
    edges
        Shape (len(text), 2): left and right of each character in pixels.
    top, bottom
        In pixels from the top of the image.
    score
        Confidence of the engine, 0 to 1.
    """

    text: str
    edges: npt.NDArray[np.float64]
    top: int
    bottom: int
    score: float


def with_lost_spaces(lines: Sequence[OcrLine], ink: npt.NDArray[np.bool_]) -> list[OcrLine]:
    """Insert the spaces between words that the engine ran together; the order is kept.

    Parameters
    ----------
    lines
        All lines of one page: its spaces give the usual width.
    ink
        Shape (height, width): true where the image is dark.
    """
    known = [gap for line in lines for at, gap in _gaps(line, ink) if line.text[at] == " "]
    if len(known) < _FEWEST:
        return list(lines)
    usual = float(np.median(known))
    return [_with_spaces(line, ink, usual) for line in lines]


def _with_spaces(line: OcrLine, ink: npt.NDArray[np.bool_], usual: float) -> OcrLine:
    lost = []
    for at, gap in _gaps(line, ink):
        digits = line.text[at - 1 : at + 1].isdigit()
        if line.text[at] != " " and gap > usual * (_SHARE_BETWEEN_DIGITS if digits else _SHARE):
            lost.append(at)
    if not lost or len(lost) > len(line.text) / _SHORTEST_WORDS:
        return line
    places = [0, *lost, len(line.text)]
    text = " ".join(line.text[a:b] for a, b in pairwise(places))
    between = [(line.edges[at - 1, 1], line.edges[at, 0]) for at in lost]
    return replace(line, text=text, edges=np.insert(line.edges, lost, between, axis=0))


def _gaps(line: OcrLine, ink: npt.NDArray[np.bool_]) -> Iterator[tuple[int, float]]:
    """The widest gap between two neighbouring characters, as a share of the line height.

    Yields ``(index, gap)``: the index is that of the space between the two, else of the second.
    """
    height = max(1, line.bottom - line.top)
    trim = height // _NEIGHBOURS
    empty = ink[line.top + trim : line.bottom - trim].sum(axis=0) < _SPECKLE
    middles = line.edges.mean(axis=1).astype(int)
    before = 0
    for at in range(1, len(line.text)):
        if line.text[at] != " ":
            space = at - 1 if line.text[at - 1] == " " else at
            yield space, _longest(empty[middles[before] : middles[at]]) / height
            before = at


def _longest(empty: npt.NDArray[np.bool_]) -> int:
    """Length of the longest run of true values."""
    filled = np.flatnonzero(~empty)
    return int(np.diff(filled, prepend=-1, append=len(empty)).max()) - 1 if len(empty) else 0
