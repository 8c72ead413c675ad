"""What stands on a page but is not its text: running heads, page and line numbers, stamps."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from rag.load.pdf.lines import Line

_EDGE = 0.14
"""Share of the page's height, at the top and at the bottom, where running lines are looked for."""
_ROMAN = r"[ivxlc]{1,7}"
_NUMBER = re.compile(
    rf"(?:page|pg\.?|p\.)?\s*[-–—\u00ad\[(]*\s*(?P<label>\d{{1,4}}|{_ROMAN}|[A-Z]-\d{{1,3}})\s*[-–—\u00ad\])]*"
    r"(?:\s*(?:of|/)\s*\d{1,4})?",
    re.IGNORECASE,
)
_STAMP = re.compile(
    r"(?=.*\b(?:filed|entered|page(?:id)?|pg)\b)"
    r"(?:usca\w*\s+)?(?:case|appeal|document)\b.{0,20}?\d.*\b(?:doc(?:ument)?|page|pg)\b.*\d",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
_LINE_NUMBER = re.compile(r"(\d{1,2})(?=\s|$)")


def without_furniture(
    pages: Sequence[Sequence[Line]], heights: Sequence[float]
) -> tuple[list[list[Line]], list[str]]:
    """Leave out running heads and feet, stamps of a court's filing system, page and line numbers.

    Parameters
    ----------
    pages
        The lines of each page.
    heights
        The height of each page in points.

    Returns
    -------
    tuple[list[list[Line]], list[str]]
        The lines that remain, and for each page the label that was printed on it, "" for none.
    """
    kept = [_without_line_numbers(lines) for lines in pages]
    kept = [without_stamps(lines) for lines in kept]
    running = _running(kept, heights)
    kept = [
        [line for line in lines if _key(line) not in running or not _at_edge(line, height)]
        for lines, height in zip(kept, heights, strict=True)
    ]
    numbers = [_page_number(lines, height) for lines, height in zip(kept, heights, strict=True)]
    trusted = _trusted(numbers)
    labels = [""] * len(kept)
    for index, number in enumerate(numbers):
        if number and index in trusted:
            kept[index] = [line for line in kept[index] if line is not number[0]]
            labels[index] = number[1]
    return kept, labels


def without_stamps(lines: Sequence[Line]) -> list[Line]:
    """Leave out what a court's filing system stamps on a page, in pieces on one line or whole."""
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
    """Equal for lines that read the same, numbers aside, at the same height of their pages."""
    return _DIGITS.sub("#", line.text.casefold()), round(line.base / 4)


def _running(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> set[tuple[str, int]]:
    """Keys of the edge lines that come on enough pages, with the neighbouring heights."""
    seen: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
    for number, (lines, height) in enumerate(zip(pages, heights, strict=True)):
        for line in lines:
            if _at_edge(line, height) and not _NUMBER.fullmatch(line.text):
                text, place = _key(line)
                for near in (place - 1, place, place + 1):
                    seen[text, near].add(number)
    enough = max(3, len(pages) // 5)
    return {key for key, numbers in seen.items() if len(numbers) >= enough}


def _page_number(lines: Sequence[Line], height: float) -> tuple[Line, str] | None:
    """The lowest, else the highest line, if it is nothing but a page number."""
    if len(lines) < 2:
        return None
    lowest = min(lines, key=lambda line: line.bottom)
    highest = max(lines, key=lambda line: line.top)
    for line in (lowest, highest):
        match = _NUMBER.fullmatch(line.text)
        if match and _at_edge(line, height):
            return line, match["label"]
    return None


def _trusted(numbers: Sequence[tuple[Line, str] | None]) -> set[int]:
    """Indices of the pages whose number counts on with that of another page, or says it is one.

    A lone "5" at the foot of a page may be the last cell of a table; "- 5 -" is not.
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
    # Kept apart from arabic numbers: a preface counts on its own.
    return value + 100_000


_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


def _without_line_numbers(lines: Sequence[Line]) -> list[Line]:
    """Drop the numbers 1, 2, 3 … that pleading paper prints in its left margin."""
    starts = [(line, int(match[1])) for line in lines if (match := _LINE_NUMBER.match(line.text))]
    columns: defaultdict[int, list[tuple[Line, int]]] = defaultdict(list)
    for line, value in starts:
        right = float(line.boxes[len(str(value)) - 1, 2])  # such numbers are flush right
        for place in (round(right / 6), round(right / 6) + 1):
            columns[place].append((line, value))
    numbered: set[int] = set()
    for column in columns.values():
        down = sorted(column, key=lambda entry: -entry[0].base)
        values = [value for _, value in down]
        if len(values) >= 10 and _counts_up(values):
            numbered |= {id(line) for line, _ in down}
    return list(_stripped(lines, numbered)) if numbered else list(lines)


def _counts_up(values: Sequence[int]) -> bool:
    """Whether nearly every value is one more than the one before."""
    steps = sum(following == value + 1 for value, following in pairwise(values))
    return steps >= 0.8 * (len(values) - 1)


def _stripped(lines: Iterable[Line], numbered: set[int]) -> Iterable[Line]:
    for line in lines:
        if id(line) not in numbered:
            yield line
            continue
        match = _LINE_NUMBER.match(line.text)
        if match and match.end() < len(line.text):
            yield line.part(match.end(), len(line.text))
