"""Remove headers, footers, page numbers, line numbers and court stamps from pages."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
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
_DIGITS = re.compile(r"\d+")
_LINE_NUMBER = re.compile(r"(\d{1,2})(?=\s|$)")
_PLACE = 4
"""Points: headers and footers at heights that round to the same or the next multiple are one."""
_FEWEST_PAGES, _SHARE_OF_PAGES = 3, 5
"""A header or footer is on three pages and on a fifth of all: chapters have their own headers."""
_COLUMN_WIDTH = 6
"""Points: line numbers whose right edges round to the same multiple are one column."""
_FEWEST_NUMBERS = 10
"""Line numbers on a page; shorter columns of numbers are lists. Pleading paper has 25 to 28."""
_IN_SEQUENCE = 0.8
"""Share of line numbers that are one more than the number before: some are hidden by stamps."""


def without_headers_footers(
    pages: Sequence[Sequence[Line]], heights: Sequence[float]
) -> tuple[list[list[Line]], list[str]]:
    """Remove headers, footers, stamps of court filing systems, page numbers and line numbers.

    Parameters
    ----------
    pages
        The lines of each page, in reading order.
    heights
        The height of each page in points.

    Returns
    -------
    tuple[list[list[Line]], list[str]]
        The remaining lines of each page, and the printed page label of each page, "" for none.
    """
    kept = [_without_line_numbers(lines) for lines in pages]
    kept = [without_stamps(lines) for lines in kept]
    repeated = _repeated(kept, heights)
    kept = [
        [line for line in lines if _key(line) not in repeated or not _at_edge(line, height)]
        for lines, height in zip(kept, heights, strict=True)
    ]
    numbers = [_page_number(lines, height) for lines, height in zip(kept, heights, strict=True)]
    confirmed = _confirmed(numbers)
    labels = [""] * len(kept)
    for index, number in enumerate(numbers):
        if number and index in confirmed:
            kept[index] = [line for line in kept[index] if line is not number[0]]
            labels[index] = number[1]
    return kept, labels


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


def _key(line: Line) -> tuple[str, int]:
    """Equal for lines with the same text, apart from numbers, at the same height."""
    return _DIGITS.sub("#", line.text.casefold()), round(line.base / _PLACE)


def _repeated(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> set[tuple[str, int]]:
    """Keys of the lines at the edge that are on enough pages, at this or a neighbouring height."""
    seen: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
    for number, (lines, height) in enumerate(zip(pages, heights, strict=True)):
        for line in lines:
            if _at_edge(line, height) and not _NUMBER.fullmatch(line.text):
                text, place = _key(line)
                for near in (place - 1, place, place + 1):
                    seen[text, near].add(number)
    enough = max(_FEWEST_PAGES, len(pages) // _SHARE_OF_PAGES)
    return {key for key, numbers in seen.items() if len(numbers) >= enough}


def _page_number(lines: Sequence[Line], height: float) -> tuple[Line, str] | None:
    """The lowest line, else the highest, with its label, if it is a page number only."""
    if len(lines) < 2:
        return None
    lowest = min(lines, key=lambda line: line.bottom)
    highest = max(lines, key=lambda line: line.top)
    for line in (lowest, highest):
        match = _NUMBER.fullmatch(line.text)
        if match and _at_edge(line, height):
            return line, match["label"]
    return None


def _confirmed(numbers: Sequence[tuple[Line, str] | None]) -> set[int]:
    """Indices of the pages whose number is in sequence with another page's, or is marked as one.

    A lone "5" at the foot of a page may be the last cell of a table; "- 5 -" and "Page 5" are not.
    """
    values = {index: _value(number[1]) for index, number in enumerate(numbers) if number}
    steps = Counter(value - index for index, value in values.items() if value is not None)
    return {
        index
        for index, number in enumerate(numbers)
        if number
        and (steps[(values[index] or 0) - index] > 1 or len(number[0].text) > len(number[1]))
    }


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


def _without_line_numbers(lines: Sequence[Line]) -> list[Line]:
    """Remove the line numbers 1, 2, 3 … in the left margin of pleading paper."""
    starts = [(line, int(match[1])) for line in lines if (match := _LINE_NUMBER.match(line.text))]
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
