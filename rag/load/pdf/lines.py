"""Lines: the characters of a page that stand on one baseline, cleaned, each still in its place."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rag.load.pdf.chars import Boxes, PageChars

SOFT_HYPHEN = "\u00ad"
"""Ends a line whose last word may go on in the next: a hyphen, real or not."""

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LIGATURES = dict(zip("ﬀﬁﬂﬃﬄﬅﬆ", ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True))
_LINE_END_HYPHENS = "\x02\ufffe"
_COLUMN = 3
_GUTTER = 2.5
_PRINTS = re.compile(rf"[{_LINE_END_HYPHENS}]|[^\s\x00-\x1f\x7f-\x9f]")
_PIECE = re.compile(rf"[^\r\n{_LINE_END_HYPHENS}]*[^\r\n]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page.

    Attributes
    ----------
    text
        Single spaces, none at the ends; raised digits as superscripts; a hyphen at the end is
        U+00AD when PDFium takes it for one.
    boxes
        Of each character of ``text``; as ``PageChars.boxes``.
    size
        Height of most of its characters in points: grows with the font size.
    base
        Where most of its characters have their lower edge, in points.
    left, bottom, right, top
        Around all of it, in points.
    bold
        Whether all of it is set in bold letters.
    """

    text: str
    boxes: Boxes
    size: float
    base: float
    left: float
    bottom: float
    right: float
    top: float
    bold: bool = False

    def part(self, start: int, end: int) -> "Line":
        """The characters from ``start`` to ``end`` as a line of their own, spaces stripped."""
        while start < end and self.text[start] == " ":
            start += 1
        while end > start and self.text[end - 1] == " ":
            end -= 1
        return line_of(self.text[start:end], self.boxes[start:end], self.size, bold=self.bold)


def line_of(text: str, boxes: Boxes, size: float, *, bold: bool = False) -> Line:
    """Make a line of characters and their boxes; its frame is that of the boxes not empty."""
    shown = boxes[boxes[:, 2] > boxes[:, 0]]
    shown = shown if len(shown) else boxes
    base = float(np.partition(shown[:, 1], len(shown) // 2)[len(shown) // 2])
    return Line(text, boxes, size, base, *_frame(shown), bold)


def lines_of(page: PageChars) -> list[Line]:
    """The lines of ``page`` in reading order, empty ones left out."""
    text = page.text.translate(_written(page.text))
    inked = page.boxes[:, 2] > page.boxes[:, 0]
    inked &= np.fromiter((character != " " for character in text), bool, len(text))
    runs: list[_Run] = []
    for match in _PIECE.finditer(page.text):
        for run in _runs(page.boxes, match.start(), match.end(), inked):
            if runs and runs[-1].goes_on_with(run):
                runs[-1] = runs[-1].with_run(run)
            else:
                runs.append(run)
    boxes = np.vstack([page.boxes, np.zeros((1, 4), dtype=np.float32)])
    heights = np.round(boxes[:, 3] - boxes[:, 1], 1)
    return in_reading_order([_cleaned(run, text + " ", boxes, heights, page.bold) for run in runs])


def in_reading_order(lines: Sequence[Line]) -> list[Line]:
    """Order ``lines`` for reading: as in the content where that runs down the page, else by place.

    By place: a line across most of the page parts what is above from what is below; between two
    such lines columns are read one after the other, and what is no column row by row.
    """
    if all(_follows(lines, index) for index in range(1, len(lines))):
        return list(lines)
    left = min(line.left for line in lines)
    width = max(line.right for line in lines) - left
    ordered: list[Line] = []
    band: list[Line] = []
    for line in sorted(lines, key=lambda line: -line.base):
        if line.right - line.left > 0.6 * width:
            ordered.extend(_columns(band))
            band = []
            ordered.append(line)
        else:
            band.append(line)
    ordered.extend(_columns(band))
    return ordered


def _follows(lines: Sequence[Line], index: int) -> bool:
    """Whether line ``index`` is below the one before, or begins a column to the right."""
    line, above = lines[index], lines[index - 1]
    if line.base <= above.base + 0.3 * line.size:
        return True
    return all(
        other.right <= line.left + 1
        for other in lines[:index]
        if other.base <= line.base + line.size
    )


def _columns(lines: Sequence[Line]) -> list[Line]:
    """Lines of a band row by row, but the longest stretch in two columns column by column."""
    down = _rows(lines)
    for length in range(len(down), 2 * _COLUMN - 1, -1):
        for start in range(len(down) - length + 1):
            stretch = down[start : start + length]
            parted = _parted(stretch)
            if parted:
                left, right = parted
                return [
                    *_columns(down[:start]),
                    *_columns(left),
                    *_columns(right),
                    *_columns(down[start + length :]),
                ]
    return down


def _parted(lines: Sequence[Line]) -> tuple[list[Line], list[Line]] | None:
    """The two columns of ``lines`` if a gutter parts three lines of text or more on each side."""
    by_left = sorted(lines, key=lambda line: line.left)
    reach = -1.0
    for index, line in enumerate(by_left):
        left, right = by_left[:index], by_left[index:]
        if min(len(left), len(right)) >= _COLUMN and line.left - reach > 0.5 * line.size:
            if all(sum(len(line.text) for line in side) > 8 * len(side) for side in (left, right)):
                return left, right
            return None
        reach = max(reach, line.right)
    return None


def _rows(lines: Sequence[Line]) -> list[Line]:
    """Lines from the top down, those on one baseline from the left."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: -line.base):
        if rows and rows[-1][0].base - line.base < 0.3 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: line.left)]


def _written(text: str) -> dict[int, str]:
    """How the odd characters of ``text`` are written: one for one, so that offsets stay."""
    return {
        ord(character): SOFT_HYPHEN if character in _LINE_END_HYPHENS else " "
        for character in set(text)
        if character in _LINE_END_HYPHENS or not _PRINTS.match(character)
    }


def _runs(boxes: Boxes, start: int, end: int, inked: npt.NDArray[np.bool_]) -> Iterator["_Run"]:
    """What PDFium takes for one line, parted where a gap is as wide as that between columns."""
    shown = np.flatnonzero(inked[start:end]) + start
    if not len(shown):
        return
    own = boxes[shown]
    height = float((own[:, 3] - own[:, 1]).max())
    gaps = np.flatnonzero(own[1:, 0] - own[:-1, 2] > _GUTTER * height).tolist()
    firsts = [0, *(gap + 1 for gap in gaps)]
    for first, last in zip(firsts, [*firsts[1:], len(shown)], strict=True):
        begin = start if first == 0 else int(shown[first])
        finish = end if last == len(shown) else int(shown[last])
        yield _Run(list(range(begin, finish)), *_frame(own[first:last]))


@dataclass(frozen=True, slots=True)
class _Run:
    """Characters that PDFium puts on one line, by their index; -1 stands for an added space."""

    origins: list[int]
    left: float
    bottom: float
    right: float
    top: float

    def goes_on_with(self, following: "_Run") -> bool:
        """Whether ``following`` stands on the same line: PDFium breaks it at a raised number."""
        height = min(self.top - self.bottom, following.top - following.bottom)
        shared = min(self.top, following.top) - max(self.bottom, following.bottom)
        gap = following.left - self.right
        wide = 5 if len(self.origins) <= 6 else 1.5  # after the number of a paragraph comes a tab
        return shared > 0.5 * height and -0.3 * height < gap < wide * height

    def with_run(self, following: "_Run") -> "_Run":
        """Both as one."""
        height = min(self.top - self.bottom, following.top - following.bottom)
        raised = following.bottom - self.bottom > 0.15 * (self.top - self.bottom)
        space = [-1] if following.left - self.right > (0.5 if raised else 0.1) * height else []
        return _Run(
            [*self.origins, *space, *following.origins],
            min(self.left, following.left),
            min(self.bottom, following.bottom),
            max(self.right, following.right),
            max(self.top, following.top),
        )


def _cleaned(
    run: _Run,
    text: str,
    all_boxes: Boxes,
    all_heights: npt.NDArray[np.float32],
    all_bold: npt.NDArray[np.bool_],
) -> Line:
    heights = all_heights[run.origins].tolist()
    raw = [text[index] for index in run.origins]
    inked = [i for i, height in enumerate(heights) if height > 0 and raw[i] != " "]
    size = Counter([heights[i] for i in inked]).most_common(1)[0][0]
    small = 0.85 * size
    floor = sorted([float(all_boxes[run.origins[i], 1]) for i in inked])[len(inked) // 2]
    characters: list[str] = []
    origins: list[int] = []
    for character, height, index in zip(raw, heights, run.origins, strict=True):
        if character == " ":
            if characters and characters[-1] != " ":
                characters.append(" ")
                origins.append(index)
            continue
        if 0 < height < small and character.isdigit():
            if all_boxes[index, 1] - floor > 0.15 * size:
                character = character.translate(_SUPERSCRIPTS)
                if characters[-1:] == [" "] and len(origins) > 1:
                    gap = all_boxes[index, 0] - all_boxes[origins[-2], 2]
                    if abs(gap) < 0.5 * size:  # a space that PDFium took the step up for
                        characters.pop()
                        origins.pop()
        elif character in _LIGATURES:
            letters = _LIGATURES[character]
            characters.extend(letters[:-1])
            origins.extend([index] * (len(letters) - 1))
            character = letters[-1]
        characters.append(character)
        origins.append(index)
    if characters[-1] == " ":
        characters.pop()
        origins.pop()
    bold = bool(all_bold[[run.origins[i] for i in inked]].all())
    return line_of("".join(characters), all_boxes[origins], size, bold=bold)


def _frame(boxes: Boxes) -> tuple[float, float, float, float]:
    left, bottom = boxes[:, :2].min(axis=0).tolist()
    right, top = boxes[:, 2:].max(axis=0).tolist()
    return left, bottom, right, top
