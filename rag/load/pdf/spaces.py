"""Spaces that OCR lost, found again where the picture has a gap as wide as its spaces are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

_FEWEST = 5
_SHARE = 0.75
_SHARE_OF_DIGITS = 1.1
"""Of the usual space, from which on a gap is one; figures stand further apart than letters."""
_SHORTEST_WORDS = 4
"""Letters to a lost space; a line with fewer is a heading set wide."""


@dataclass(frozen=True, slots=True)
class OcrLine:
    """A line as the engine read it.

    Attributes
    ----------
    text
        Single spaces, none at the ends.
    edges
        Shape (len(text), 2): left and right of each character in pixels.
    top, bottom
        In pixels from the top of the picture.
    score
        How sure the engine is of the line, 0 to 1.
    """

    text: str
    edges: npt.NDArray[np.float64]
    top: int
    bottom: int
    score: float


def with_lost_spaces(lines: Sequence[OcrLine], ink: npt.NDArray[np.bool_]) -> list[OcrLine]:
    """Part words that the engine ran together.

    Parameters
    ----------
    lines
        All of one page, so that the width of its spaces is known.
    ink
        Shape (height, width): where the picture is dark.
    """
    known = [gap for line in lines for at, gap in _gaps(line, ink) if line.text[at] == " "]
    if len(known) < _FEWEST:
        return list(lines)
    usual = float(np.median(known))
    return [_parted(line, ink, usual) for line in lines]


def _parted(line: OcrLine, ink: npt.NDArray[np.bool_], usual: float) -> OcrLine:
    lost = []
    for at, gap in _gaps(line, ink):
        digits = line.text[at - 1 : at + 1].isdigit()
        if line.text[at] != " " and gap > usual * (_SHARE_OF_DIGITS if digits else _SHARE):
            lost.append(at)
    if not lost or len(lost) > len(line.text) / _SHORTEST_WORDS:
        return line
    places = [0, *lost, len(line.text)]
    text = " ".join(line.text[a:b] for a, b in pairwise(places))
    between = [(line.edges[at - 1, 1], line.edges[at, 0]) for at in lost]
    return replace(line, text=text, edges=np.insert(line.edges, lost, between, axis=0))


def _gaps(line: OcrLine, ink: npt.NDArray[np.bool_]) -> Iterator[tuple[int, float]]:
    """The widest gap between neighbours that are no spaces, as a share of the line's height.

    Yields the index of the space between them, or of the second where they touch.
    """
    height = max(1, line.bottom - line.top)
    trim = height // 8  # what hangs into the line from its neighbours
    empty = ink[line.top + trim : line.bottom - trim].sum(axis=0) < 2
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
