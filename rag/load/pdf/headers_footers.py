"""Remove headers, footers, page numbers, line numbers and court stamps from pages."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.load.pdf.lines import Line

_EDGE = 0.14
"""Share of the page height, at the top and at the bottom, that is searched for headers and footers.

On letter paper it is 1.5 inches: a margin of one inch and a line or two of text."""
_ROMAN = r"[ivxlc]{1,7}"
_NUMBER = re.compile(
    rf"(?:page|pg\.?|p\.)? ?[-–—\u00ad\[(]{{0,3}} ?(?P<label>\d{{1,4}}|{_ROMAN}|[A-Z]-\d{{1,3}})"
    r" ?[-–—\u00ad\])]{0,3}(?: ?(?:of|/) ?\d{1,4})?",
    re.IGNORECASE,
)
_STAMP = re.compile(
    r"(?=.*\b(?:filed|entered|page(?:id)?|pg)\b)"
    r"(?:usca\w*\s+)?(?:case|appeal|document)\b.{0,20}?\d.*\b(?:doc(?:ument)?|page|pg)\b.*\d",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"[0-9]{1,9}")
_LETTER = re.compile(r"[^\W\d_]")
_MARGIN = re.compile(r"\d{1,2}(?:[ :]{1,3}\d{1,2}){0,6}")
_ENDS_SENTENCE = re.compile(r"[.,;:!?][\"”’)]{0,3}$")
_SUM = re.compile(r"[$£€¥] ?\d")
_ITEM = re.compile(r"\(?(?:\d{1,3}|[A-Za-z]|[ivx]{1,4})[.)] |[•●▪]")
_LINE_NUMBER = re.compile(r"(\d{1,2})(?=\s|$)")
_PLACE = 4
"""Points: headers and footers at heights that round to the same or the next multiple are one."""
_FEWEST_PAGES, _SHARE_OF_PAGES = 3, 5
"""A header or footer is on three pages and on a fifth of all: chapters have their own headers."""
_LONGEST = 160
"""Characters of a header or footer at most."""
_OUTER_ROWS = 3
"""Rows of a header or footer at most, where a wide gap sets it apart from the text."""
_NARROW = 0.6
"""Share of the text's width that a header within the print area is narrower than."""
_WIDE_GAP = 1.4
"""Times the usual distance of the rows of a page: a wider gap sets a row apart."""
_DENSE = 0.4
"""Share of the pages of a chapter, from its first to its last header, that have its header: left
and right pages may differ."""
_ROWS_ON = 0.6
"""Share of the pages that have a row of a table as their header: rows of one table may repeat."""
_MOSTLY = 0.7
"""Share of the headers that are set apart above which the others are so too."""
_FEWEST_SPACES = 4
"""Spaces of a sentence at least: a shorter line is a label."""
_OUTLIERS = 20
"""One line in so many may begin left of the text."""
_COLUMN_WIDTH = 6
"""Points: line numbers whose right edges round to the same multiple are one column."""
_FEWEST_NUMBERS = 10
"""Line numbers on a page; shorter columns of numbers are lists. Pleading paper has 25 to 28."""
_IN_SEQUENCE = 0.8
"""Share of line numbers that are one more than the number before: some are hidden by stamps."""


@dataclass(frozen=True, slots=True)
class Body:
    """Pages without their furniture.

    ``pages`` has the remaining lines of each page, ``labels`` the printed page label of each, ""
    for none. ``left_out`` counts the lines that were removed.
    """

    pages: list[list[Line]]
    labels: list[str]
    left_out: int


def without_headers_footers(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> Body:
    """Remove headers, footers, stamps of court filing systems, page numbers and line numbers.

    A header or footer is a short line that is at one place on several pages and the same on all of
    them, but for numbers that count with the pages. A sentence, a sum or a list item that differs
    by a number stays.

    Parameters
    ----------
    pages
        The lines of each page, in reading order.
    heights
        The height of each page in points.
    """
    kept = [_without_line_numbers(_without_margin(without_stamps(lines))) for lines in pages]
    kept = [without_stamps(lines) for lines in kept]
    repeated = _repeated(kept, heights)
    left = [[line for line in lines if id(line) not in repeated] for lines in kept]
    if any(left):  # else all pages are copies of one
        kept = left
    numbers = [_page_number(lines, height) for lines, height in zip(kept, heights, strict=True)]
    confirmed = _confirmed(numbers)
    labels = [""] * len(kept)
    for index, number in enumerate(numbers):
        if number and index in confirmed:
            kept[index] = [line for line in kept[index] if line is not number.line]
            labels[index] = number.label
    return Body(kept, labels, sum(map(len, pages)) - sum(map(len, kept)))


def without_stamps(lines: Sequence[Line]) -> list[Line]:
    """Remove the stamps of a court's filing system, also those in several pieces on one line."""
    rows: dict[int, list[Line]] = {}
    for line in lines:
        rows.setdefault(round(line.base), []).append(line)
    stamped = {
        base
        for base, row in rows.items()
        if _STAMP.match(" ".join(line.text for line in sorted(row, key=lambda line: line.left)))
    }
    return [line for line in lines if round(line.base) not in stamped]


def _at_edge(line: Line, height: float) -> bool:
    return line.bottom > (1 - _EDGE) * height or line.top < _EDGE * height


def _apart(lines: Sequence[Line]) -> set[int]:
    """Ids of the lines that a wide gap sets apart from the text, at the top and at the bottom."""
    rows = sorted({round(line.base) for line in lines})
    gaps = [above - below for below, above in pairwise(rows) if above - below > 1]
    if not gaps:
        return set()
    wide = _WIDE_GAP * sorted(gaps)[len(gaps) // 2]
    low, high = rows[: _OUTER_ROWS + 1], rows[-_OUTER_ROWS - 1 :]
    foot = max((below for below, above in pairwise(low) if above - below > wide), default=-1)
    head = min((above for below, above in pairwise(high) if above - below > wide), default=10**9)
    return {id(line) for line in lines if not foot < round(line.base) < head}


def _repeated(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> set[int]:
    """Ids of the lines that are headers or footers."""
    seen: defaultdict[tuple[str, int], list[tuple[int, Line]]] = defaultdict(list)
    apart: set[int] = set()
    edge: set[int] = set()
    for number, (lines, height) in enumerate(zip(pages, heights, strict=True)):
        set_apart = _apart(lines)
        apart |= set_apart
        wide = max((line.right for line in lines), default=0) - min(
            (line.left for line in lines), default=0
        )
        for line in lines:
            at_edge = _at_edge(line, height)
            if at_edge:
                edge.add(id(line))
            elif id(line) not in set_apart or line.right - line.left > _NARROW * wide:
                continue
            if len(line.text) <= _LONGEST and not _NUMBER.fullmatch(line.text):
                place = round(line.base / _PLACE)
                text = _DIGITS.sub("#", line.text.casefold())
                for near in (place - 1, place, place + 1):
                    seen[text, near].append((number, line))
    enough = max(_FEWEST_PAGES, len(pages) // _SHARE_OF_PAGES)
    found: set[int] = set()
    for entries in seen.values():
        alike = _alike(entries) if len(entries) >= _FEWEST_PAGES else []
        on = sorted({number for number, _ in alike})
        if len(on) < _FEWEST_PAGES:
            continue
        dense = len(on) >= _DENSE * (on[-1] - on[0] + 1)
        if any(line.row for _, line in alike) and len(on) < _ROWS_ON * len(pages):
            continue
        if sum(id(line) in apart for _, line in alike) > _MOSTLY * len(alike):
            apart |= {id(line) for _, line in alike}
        found |= {
            id(line)
            for _, line in alike
            if (id(line) in edge and len(on) >= enough)
            or (id(line) in edge and id(line) in apart and dense)
            or (id(line) in apart and len(on) >= _DENSE * len(pages))
        }
    return found


def _alike(entries: Sequence[tuple[int, Line]]) -> list[tuple[int, Line]]:
    """Those of ``entries`` whose numbers are the usual ones, or count with the pages.

    Their texts are equal apart from numbers. Each entry has the index of its page.
    """
    values = [[int(digits) for digits in _DIGITS.findall(line.text)] for _, line in entries]
    for position in range(len(values[0])):
        column = [numbers[position] for numbers in values]
        steps = [value - page for value, (page, _) in zip(column, entries, strict=True)]
        usual, times = Counter(column).most_common(1)[0]
        step, in_step = Counter(steps).most_common(1)[0]
        kept = [
            index
            for index, (_, line) in enumerate(entries)
            if (column[index] == usual and times >= in_step)
            or (steps[index] == step and in_step > times and not _is_body(line.text))
        ]
        entries, values = [entries[index] for index in kept], [values[index] for index in kept]
        if not entries:
            return []
    return list(entries)


def _is_body(text: str) -> bool:
    """Whether a line that differs from its neighbours by a number is text: no header is like it."""
    sentence = _ENDS_SENTENCE.search(text) and text.count(" ") >= _FEWEST_SPACES
    return bool(sentence or _SUM.search(text) or _ITEM.match(text))


@dataclass(frozen=True, slots=True)
class _PageNumber:
    line: Line
    label: str
    at_edge: bool


def _page_number(lines: Sequence[Line], height: float) -> _PageNumber | None:
    """The lowest line, else the highest, with its label, if it is a page number only."""
    if len(lines) < 2:
        return None
    lowest = min(lines, key=lambda line: line.bottom)
    highest = max(lines, key=lambda line: line.top)
    found = [
        _PageNumber(line, match["label"], _at_edge(line, height))
        for line in (lowest, highest)
        if (match := _NUMBER.fullmatch(line.text))
    ]
    return max(found, key=lambda number: number.at_edge, default=None)


def _confirmed(numbers: Sequence[_PageNumber | None]) -> set[int]:
    """Indices of the pages whose number is in sequence with another page's, or is marked as one.

    A lone "5" at the foot of a page may be the last cell of a table; "- 5 -" and "Page 5" are not.
    A number that is not at the edge of the page must be in sequence, at one height, on three pages.
    """
    values = {index: _value(number.label) for index, number in enumerate(numbers) if number}
    steps = Counter(value - index for index, value in values.items() if value is not None)
    inner = Counter(
        (value - index, round(number.line.base / _PLACE))
        for index, number in enumerate(numbers)
        if number and (value := values[index]) is not None
    )
    confirmed = set()
    for index, number in enumerate(numbers):
        if not number:
            continue
        step = (values[index] or 0) - index
        if number.at_edge:
            sure = steps[step] > 1 or len(number.line.text) > len(number.label)
        else:
            sure = inner[step, round(number.line.base / _PLACE)] >= _FEWEST_PAGES
        if sure:
            confirmed.add(index)
    return confirmed


def _value(label: str) -> int | None:
    if label.isdigit():
        return int(label)
    value = 0
    letters = [_ROMAN_VALUES.get(letter, 0) for letter in label.casefold()]
    if not all(letters):
        return None
    for letter, following in zip(letters, [*letters[1:], 0], strict=True):
        value += -letter if letter < following else letter
    # Not in one sequence with arabic numbers: a preface is numbered separately.
    return value + 100_000


_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


def _without_margin(lines: Sequence[Line]) -> list[Line]:
    """Remove a column of line numbers and times that stands wholly left of the text."""
    lefts = sorted(line.left for line in lines if len(_LETTER.findall(line.text)) > 2)
    if not lefts:
        return list(lines)
    edge = lefts[len(lefts) // _OUTLIERS]
    margin = [line for line in lines if _MARGIN.fullmatch(line.text) and line.right < edge]
    plain = sorted((line for line in margin if ":" not in line.text), key=lambda line: -line.base)
    if len(margin) < _FEWEST_NUMBERS or not _counts_up([int(line.text[-2:]) for line in plain]):
        return list(lines)
    left_out = {id(line) for line in margin}
    return [line for line in lines if id(line) not in left_out]


def _without_line_numbers(lines: Sequence[Line]) -> list[Line]:
    """Remove the line numbers 1, 2, 3 … in the left margin of pleading paper."""
    starts = [
        (line, int(match[1]))
        for line in lines
        if not line.row and (match := _LINE_NUMBER.match(line.text))
    ]
    columns: defaultdict[int, list[tuple[Line, int]]] = defaultdict(list)
    for line, value in starts:
        right = float(line.boxes[len(str(value)) - 1, 2])  # line numbers are aligned at the right
        for place in (round(right / _COLUMN_WIDTH), round(right / _COLUMN_WIDTH) + 1):
            columns[place].append((line, value))
    numbered: set[int] = set()
    for column in columns.values():
        down = sorted(column, key=lambda entry: -entry[0].base)
        values = [value for _, value in down]
        if len(values) >= _FEWEST_NUMBERS and _counts_up(values):
            numbered |= {id(line) for line, _ in down}
    return list(_stripped(lines, numbered)) if numbered else list(lines)


def _counts_up(values: Sequence[int]) -> bool:
    """Whether nearly every value is one more than the value before."""
    steps = sum(following == value + 1 for value, following in pairwise(values))
    return steps >= _IN_SEQUENCE * (len(values) - 1)


def _stripped(lines: Iterable[Line], numbered: set[int]) -> Iterable[Line]:
    for line in lines:
        if id(line) not in numbered:
            yield line
            continue
        match = _LINE_NUMBER.match(line.text)
        if match and match.end() < len(line.text):
            yield line.part(match.end(), len(line.text))
