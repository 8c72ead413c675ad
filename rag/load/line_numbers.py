"""Margin numbers of pleadings and transcripts in plain text, and the stamps between their pages."""

import re
from itertools import pairwise

_NUMBERED = re.compile(r"[ \t]{0,12}(\d{1,2})(?:[ \t]+(?=\S)|[ \t]*$)")
_STAMP = re.compile(
    # Of a court's filing system (Case … Page 2 of 2), of a production (HARBOR-0000123), a page.
    r"[ \t]*(?:Case\s[\w:-]{6,40}\s.{0,200}\bPage\s.{0,60}|[A-Z][A-Z_-]{1,30}[-_ ]?\d{5,9}"
    r"|(?:Page\s)?-?\s?\d{1,4}\s?-?)[ \t]*"
)
_SHORTEST, _LONGEST = 15, 40
"""Lines of a page: pleadings have 25 to 28, transcripts 25; a last page has fewer."""
_FEWEST, _FEWEST_BROKEN = 6, 2
"""Numbered lines, and sentences that go on over two of them, of a page with fewer lines."""
_BETWEEN = 2
"""Lines without a number between two with one: text set at half the distance of the numbers."""
_ENDS = (".", ":", ";", "?", "!", '"', "”", ")")


def without_line_numbers(text: str) -> str:
    """``text`` without numbers in the margin, if it has at least one page with such numbers.

    Numbers in the margin count up from 1 on each page, line by line, without a full stop. Stamps
    between the pages are left out too. A text without such a page comes back as it is.
    """
    lines = text.splitlines(keepends=True)
    numbers = [_NUMBERED.match(line.rstrip("\r\n")) for line in lines]
    pages = _pages(lines, [int(match[1]) if match else 0 for match in numbers])
    if not any(_is_page(page, lines, numbers) for page in pages):
        return text
    in_margin = {index for page in pages for index in page}
    bare = [
        line[match.end() :] if index in in_margin and match else line
        for index, (line, match) in enumerate(zip(lines, numbers, strict=True))
    ]
    inside = {i for page in pages for i in range(page[0], page[-1])}
    first, last = min(in_margin), max(in_margin)
    kept: list[str] = []
    for index, line in enumerate(bare):
        near = first <= index <= last + _BETWEEN and index not in inside
        if near and index not in in_margin and _STAMP.fullmatch(line.rstrip("\r\n")):
            continue
        if not line.strip() and _goes_on(kept, bare, index):
            continue
        kept.append(line.lstrip(" \t") if index in in_margin else line)
    return "".join(kept)


def _pages(lines: list[str], numbers: list[int]) -> list[list[int]]:
    """For each page, the indices of its numbered lines."""
    pages: list[list[int]] = []
    page: list[int] = []
    unnumbered = 0
    for index, number in enumerate(numbers):
        if page and number == len(page) + 1 <= _LONGEST:
            page.append(index)
            unnumbered = 0
        elif number == 1:
            pages.append(page)
            page, unnumbered = [index], 0
        elif lines[index].strip():
            unnumbered += 1
            if unnumbered > _BETWEEN:
                pages.append(page)
                page = []
    pages.append(page)
    return [page for page in pages if len(page) > 1]


def _is_page(page: list[int], lines: list[str], numbers: list[re.Match[str] | None]) -> bool:
    """Whether the numbers are those of lines: of many, or of lines that break within sentences."""
    if len(page) >= _SHORTEST:
        return True
    words = [lines[i][match.end() :].strip() for i in page if (match := numbers[i])]
    broken = sum(b[:1].islower() and not a.endswith(_ENDS) for a, b in pairwise(words) if a)
    return len(page) >= _FEWEST and broken >= _FEWEST_BROKEN


def _goes_on(kept: list[str], lines: list[str], index: int) -> bool:
    """Whether the blank line at ``index`` follows another one, or stands within a sentence."""
    before = next((line.strip() for line in reversed(kept) if line.strip()), "")
    if not kept or not kept[-1].strip():
        return True
    ahead = (line.strip() for line in lines[index + 1 : index + 60] if line.strip())
    following = next((line for line in ahead if not _STAMP.fullmatch(line)), "")
    return following[:1].islower() and not before.endswith(_ENDS)
