"""Join lines into running text: paragraphs across lines and pages, footnotes after them."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rag.load.pdf.headings import heading_of
from rag.load.pdf.lines import SOFT_HYPHEN, Line
from rag.load.pdf.tables import with_rows
from rag.load.transcript import names_speaker

_MARKER = re.compile(
    r"(?:[•●▪◦‣·o\uf0b7]|¶{1,2} ?\d{1,4}\.?"
    r"|\(?(?:\d{1,4}|[A-Za-z]|[ivxIVX]{1,5})(?:[.)]|\.?\([A-Za-z\d]{1,4}\))"
    r"|\[\d{1,4}\]"
    r"|(?:[A-Z]\.?)?\d{1,3}(?:\.\d{1,3}){1,4}[.)]?(?:\([A-Za-z\d]{1,4}\)){0,3}"
    r"|(?:Article|Art\.|Section|Sec\.|Clause|Rule|Regulation|Paragraph|§{1,2}) ?"
    r"\d{1,4}[A-Z]?(?:\.\d{1,3}){0,3}(?:\([A-Za-z\d]{1,4}\)){0,3}[.:]?)(?=\s)"
)
"""The number or sign of a list item or paragraph; numbers may have several levels (``4.92.3.``)."""
_REFERENCE = re.compile(
    r"(?:[A-Z][a-z]{2,9}\.? ?\d|§|\d{1,4}\(|\d{1,3}(?:\.\d{1,3}){1,3}\)?(?= [a-z(%]))"
)
"""A reference to a section, or a sum, that a sentence may go on with on the next page."""
_NUMBERED = re.compile(r"\(?(?:\d{1,2}|[A-Za-z]|[ivxIVX]{1,5})[.)]\s")
_NOTE = re.compile(r"(?:[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}|\d{1,3}(?=\s)|[*†‡])")
_GLUED = re.compile(r"(?<=[^\W\d_][.,;:)”\"’])\d{1,3}(?= [A-Z“\"(\[]|$)")
"""A number that is glued to the end of a sentence may be that of a footnote."""
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_RAISED_NUMBER = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}")
_PLAIN_NUMBER = re.compile(r"(\d{1,3})(?= [^\d\W])")
_RAISED = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}|[*†‡]")
_ENDS = re.compile(r"[.!?:;][\"”’')\]⁰¹²³⁴⁵⁶⁷⁸⁹]*$")
_ANSWER = re.compile(r"[QA]\.? ")
_CUT = re.compile(r"(?:--|—|–)$")
_LEADERS = re.compile(r"(?<!\s)(?:\s*\.){5,}\s*")
_PAGE_LABEL = "0123456789ivxlcIVXLC,-– "
"""The characters of page labels at the end of an entry of a table of contents."""
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_WHOLE_WORD = rf"(?<![^\W\d_])(?<![^\W\d_]-){_WORD.pattern}"
_LAST_WORD = re.compile(rf"{_WHOLE_WORD}$")
_BROKEN = re.compile(rf"({_WHOLE_WORD}){SOFT_HYPHEN}(?=({_WORD.pattern}))")
_DASH = re.compile(r"(?<=[^\W_])[–—]$")
"""A dash without spaces that ends a line, within ``8–9`` or ``games—again``."""
_HYPHENS = ("-", "‐", SOFT_HYPHEN)
_BLANK_LINE, _LINE_END = "\n\n", "\n"

# Shares of a line's size unless said otherwise. They were chosen by looking at real filings, orders
# and reports; no typographic rule gives them.
_OTHER_SIZE = 0.12
"""Lines that differ more in size belong to different paragraphs."""
_SAME_SIZE = 0.06
"""Lines that differ less in size have a pitch that is typical of the text."""
_FREQUENT_SIZE, _LONG_LINE = 0.2, 40
"""Share of the characters of a page that have the size of its text; characters of a line of it."""
_NOTE_SIZE = 0.94
"""Footnotes are smaller than this share of the usual size."""
_SAME_ROW = 0.3
"""Baselines that differ less are one row, such as the cells of a table."""
_PITCH = 1.6
"""Assumed pitch of a line without neighbours: 1.25 times this is double spacing (a pitch of 2)."""
_PARAGRAPH_PITCH = 1.25
"""Times the usual pitch: a wider pitch separates paragraphs."""
_FEWEST_ENTRIES = 4
"""Entries with dots that make a page a table of contents."""
_LONG_ENTRY = 0.7
"""Share of the right edge that the first line of an entry of two lines reaches."""
_FEWEST_PITCHES = 5
"""Distances of lines that give a usual one for the page."""
_LIST_PITCH = 1.1
"""Times the usual pitch: a wider pitch separates list items by a blank line."""
_WIDEST_PITCH = 3
"""A wider pitch separates paragraphs, even in double-spaced text (a pitch of 2)."""
_INDENT = 0.6
"""A smaller difference between left edges is no indent."""
_APART = 1.4
"""Times the median pitch of a page: a wider gap sets footnotes in the size of the text apart."""
_LONGEST_MARK = 16
"""Characters of what may hang left of a paragraph, such as ``Condition 2:``."""
_TAB = 1.0
"""A wider gap after these characters is a tab."""
_NOTE_GAP = 0.4
"""After a smaller gap, small lines before the first mark belong to the text, not to the notes."""
_NOTE_INDENT = 3
"""The mark of a footnote is at most this far right of the leftmost footnote line."""
_WORD_SPACE = 0.3
"""Width of a space, where the fit of a word on the line before is measured."""
_RAGGED = 0.25
"""Tolerance of the right edge, where the fit of a word is measured."""
_RIGHT_EDGE = 1.5
"""Right ends of justified lines differ by less than this."""
_NEAR_LINES = 4
"""Lines before and after a line that give the right edge of its block."""


@dataclass(frozen=True, slots=True)
class RunningText:
    """The text of a document; the other fields are as in ``Document``."""

    text: str
    page_starts: tuple[int, ...]
    footnotes: tuple[tuple[int, int, int], ...]
    headings: tuple[tuple[int, int, str], ...]


@dataclass(slots=True)
class _Block:
    """A paragraph or footnote: its lines with their pages (from 0), and the separator before it."""

    lines: list[tuple[Line, int]] = field(default_factory=list)
    gap: str = _BLANK_LINE
    note: bool = False


def reflow(pages: Sequence[Sequence[Line]]) -> RunningText:
    """Join the lines of ``pages``, without headers and footers, into one text.

    A blank line separates paragraphs; a line end separates lines that the author broke. A footnote
    follows the paragraph that it interrupts. A page without text starts where the next one starts.

    Parameters
    ----------
    pages
        The lines of each page, in reading order.
    """
    size = _usual_size(pages)
    blocks: list[_Block] = []
    pending: list[_Block] = []
    last_note: _Block | None = None
    for number, lines in enumerate(pages):
        open_note = last_note is not None and not _ENDS.search(last_note.lines[-1][0].text)
        body, notes = _without_notes(lines, _size_on(lines, size), open_note=open_note)
        if not notes:
            body, notes = _without_large_notes(lines, open_note=open_note)
        body = with_rows(body)
        for block in _paragraphs(body, number):
            last = _last_body(blocks)
            if last and block.lines[0][0] is body[0] and _continues(last.lines[-1][0], block, body):
                last.lines.extend(block.lines)
            else:
                blocks.extend(pending)
                pending = []
                blocks.append(block)
        for note in _notes(notes, number):
            if last_note and not _NOTE.match(note.lines[0][0].text):
                last_note.lines.extend(note.lines)
            else:
                pending.append(note)
                last_note = note
    return _joined([*blocks, *pending], len(pages))


def _usual_size(pages: Sequence[Sequence[Line]]) -> float:
    """The size of most characters, in points; 0 without lines."""
    sizes: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _size_on(lines: Sequence[Line], usual: float) -> float:
    """The size of the text of a page: ``usual``, or its largest frequent one if that is smaller.

    An annex may be set in smaller letters than the document that it is bound with.
    """
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
        if abs(line.size - usual) < _SAME_SIZE * usual and len(line.text) > _LONG_LINE:
            return usual
    frequent = [size for size in sizes if sizes[size] > _FREQUENT_SIZE * sizes.total()]
    return min(usual, max(frequent, default=usual))


def _last_body(blocks: Sequence[_Block]) -> _Block | None:
    return next((block for block in reversed(blocks) if not block.note), None)


def _without_notes(
    lines: Sequence[Line], size: float, *, open_note: bool
) -> tuple[list[Line], list[Line]]:
    """Split a page into text and footnotes: small lines at its end, the first one with a mark.

    If the last footnote of the page before ends within a sentence (``open_note``), small lines
    before the first mark are its end.
    """
    cut = len(lines)
    while cut and lines[cut - 1].size < _NOTE_SIZE * size and not lines[cut - 1].row:
        cut -= 1
    small = list(lines[cut:])
    if not cut or not small:
        return list(lines), []
    first = next((i for i, line in enumerate(small) if _NOTE.match(line.text)), None)
    if first != 0 and open_note and not small[0].bold:
        return list(lines[:cut]), small
    if first is None:
        return list(lines), []
    gap = lines[cut - 1].bottom - small[0].top
    if first and gap < _NOTE_GAP * small[0].size:
        cut += first  # the small lines before the first mark belong to the text
        small = small[first:]
    return list(lines[:cut]), small


def _without_large_notes(
    lines: Sequence[Line], *, open_note: bool
) -> tuple[list[Line], list[Line]]:
    """Split a page into text and footnotes in the size of the text.

    The first footnote begins with a number that is raised in the text above it. Its own is raised
    too, and the line before it ends a sentence or is further away than lines are; or it is plain,
    the line before is further away, and it does not number the next paragraph. Without a number,
    lines at the end
    of a page that a wide gap sets apart are the end of the footnote of the page before
    (``open_note``).
    """
    pitch = _median_pitch(lines)
    for index, line in enumerate(lines[1:], start=1):
        mark = _RAISED_NUMBER.match(line.text)
        gap = lines[index - 1].base - line.base
        apart = gap > _APART * pitch > 0
        if not mark and apart and 2 * index >= len(lines):
            plain = _PLAIN_NUMBER.match(line.text)
            mark = plain if plain and not _numbers_next(lines, index, int(plain[1])) else None
        if mark and gap > 0 and (apart or _ENDS.search(lines[index - 1].text)):
            number = mark[0].translate(_SUPERSCRIPTS)
            cited = any(number in _cited(other.text) for other in lines[:index])
            if cited and all(other.base <= line.base for other in lines[index + 1 :]):
                start = _start_of_rest(lines[:index], pitch) if open_note else index
                return list(lines[:start]), list(lines[start:])
    if open_note:
        start = _start_of_rest(lines, pitch)
        return list(lines[:start]), list(lines[start:])
    return list(lines), []


def _numbers_next(lines: Sequence[Line], index: int, number: int) -> bool:
    """Whether ``number`` at the start of line ``index`` follows that of the paragraph above it."""
    edge = lines[index].left
    numbers = (
        int(match[1])
        for line in reversed(lines[:index])
        if abs(line.left - edge) < line.size and (match := _PLAIN_NUMBER.match(line.text))
    )
    return next(numbers, number) + 1 == number


def _cited(text: str) -> list[str]:
    """The raised numbers in ``text``, without one at its start."""
    return [match[0] for match in _RAISED_NUMBER.finditer(text) if match.start()]


def _start_of_rest(lines: Sequence[Line], pitch: float) -> int:
    """Index of the first of the last lines that a wide gap sets apart; the number of lines if none.

    They are at most half of the lines, and the text before them is not set apart in such a way.
    """
    gaps = [index for index in range(1, len(lines)) if _is_wide(lines, index, pitch)]
    few = 2 * (len(lines) - gaps[0]) <= len(lines) if len(gaps) == 1 else False
    return gaps[0] if few and lines[gaps[0]].text[:1].islower() else len(lines)


def _is_wide(lines: Sequence[Line], index: int, pitch: float) -> bool:
    return lines[index - 1].base - lines[index].base > _APART * pitch > 0


def _notes(lines: Sequence[Line], page: int) -> Iterator[_Block]:
    block = _Block(note=True)
    raised = any(_RAISED.match(line.text) for line in lines)
    mark = _RAISED if raised else _NOTE
    left = min((line.left for line in lines), default=0.0)
    for line in lines:
        starts = mark.match(line.text) and (raised or line.left < left + _NOTE_INDENT * line.size)
        if starts and block.lines:
            yield block
            block = _Block(note=True)
        block.lines.append((line, page))
    if block.lines:
        yield block


def _paragraphs(lines: Sequence[Line], page: int) -> Iterator[_Block]:
    """The paragraphs of one page, in order."""
    block = _Block()
    entries = _entries(lines)
    for index, line in enumerate(lines):
        if block.lines:
            gap = _gap(lines, index, len(block.lines))
            if index - 1 in entries:
                gap = gap or _LINE_END
            elif index in entries and entries[index] and not _MARKER.match(line.text):
                gap = ""
            if gap:
                yield block
                block = _Block(gap=gap)
        block.lines.append((line, page))
    if block.lines:
        yield block


def _entries(lines: Sequence[Line]) -> dict[int, bool]:
    """Indices of the last lines of entries of a table of contents.

    The value is true if the line before may be the first line of the entry. Dots lead to the page
    label; on a page with several such lines, a label at the same right edge needs none.
    """
    dotted = [index for index, line in enumerate(lines) if _is_dotted(line.text)]
    entries = dict.fromkeys(dotted, False)
    if len(dotted) < _FEWEST_ENTRIES:
        return entries
    edge = sorted(lines[index].right for index in dotted)[len(dotted) // 2]
    for index, line in enumerate(lines):
        if line.text[-1:].isdigit() and abs(line.right - edge) < _RIGHT_EDGE * line.size:
            entries[index] = False
    for index in entries:
        above = lines[index - 1] if index and index - 1 not in entries else None
        if above is not None and above.right > _LONG_ENTRY * edge:
            pitch = above.base - lines[index].base
            entries[index] = 0 < pitch < _PITCH * above.size
    return entries


def _is_dotted(text: str) -> bool:
    """Whether dots lead to a page label at the end of ``text``."""
    lead = text.rstrip(_PAGE_LABEL)
    return len(lead) < len(text) and lead.endswith(("...", ". .", "…"))


def _gap(lines: Sequence[Line], index: int, run: int) -> str:
    """The separator before line ``index``: a blank line, a line end, or "" within a paragraph.

    ``run`` counts the lines of the paragraph so far; the last of them is line ``index - 1``.
    """
    above, line = lines[index - 1], lines[index]
    if line.row or above.row:
        near = line.base < above.base and above.bottom - line.top < _WIDEST_PITCH * line.size
        return _LINE_END if line.row and above.row and near else _BLANK_LINE
    if abs(above.size - line.size) > _OTHER_SIZE * max(above.size, line.size):
        return _BLANK_LINE
    pitch = above.base - line.base
    if abs(pitch) < _SAME_ROW * line.size:
        return ""  # cells of one row
    usual = _usual_pitch(lines, index, run)
    far = pitch < 0 or pitch > min(_PARAGRAPH_PITCH * usual, _WIDEST_PITCH * line.size)
    if far or _bold_changes(lines, index, run):
        return _BLANK_LINE
    if names_speaker(line.text) or _is_answer(above, line):
        return _BLANK_LINE
    if _MARKER.match(line.text) and _ENDS.search(above.text):
        indented = line.left - above.left > _INDENT * line.size
        return _BLANK_LINE if indented or pitch > _LIST_PITCH * usual else _LINE_END
    text_left = _text_left(above) if run == 1 else None
    if text_left is not None and line.left > above.left:
        separator = _gap_in_list_item(lines, index, text_left)
        if separator is not None:
            return separator
    if _runs_on(lines, index):
        return ""
    return _gap_by_indent(lines, index, run)


def _usual_pitch(lines: Sequence[Line], index: int, run: int) -> float:
    """The usual distance between baselines around line ``index``, in points.

    It is the smaller of two: above the line before, within its paragraph, and below line ``index``.
    """
    above, line = lines[index - 1], lines[index]
    pitches = []
    if run > 1:
        pitches.append(lines[index - 2].base - above.base)
    if index + 1 < len(lines) and abs(lines[index + 1].size - line.size) < _SAME_SIZE * line.size:
        pitches.append(line.base - lines[index + 1].base)
    same_row = _SAME_ROW * line.size
    usual = min((pitch for pitch in pitches if pitch > same_row), default=0.0)
    if usual or run > 1:
        return usual or _PITCH * line.size
    return max(_PITCH * line.size, _median_pitch(lines))


def _median_pitch(lines: Sequence[Line]) -> float:
    """The median distance of the baselines of neighbouring lines of one size, in points."""
    pitches = sorted(
        above.base - below.base
        for above, below in pairwise(lines)
        if above.base - below.base > _SAME_ROW * below.size
    )
    return pitches[len(pitches) // 2] if len(pitches) >= _FEWEST_PITCHES else 0.0


def _gap_in_list_item(lines: Sequence[Line], index: int, text_left: float) -> str | None:
    """The separator before the second line of a list item; None if its indent does not decide.

    ``text_left`` is the left edge of the item's text, after its number.
    """
    above, line = lines[index - 1], lines[index]
    if abs(line.left - text_left) < _INDENT * line.size:
        return _LINE_END if _ENDS.search(above.text) and _breaks_early(lines, index) else ""
    return "" if line.left < text_left and not _breaks_early(lines, index) else None


def _runs_on(lines: Sequence[Line], index: int) -> bool:
    """Whether a sentence runs on from a full line before line ``index``, whatever their indents."""
    above, line = lines[index - 1], lines[index]
    return (
        (_starts_lower_case(line) or above.text.endswith(_HYPHENS))
        and not _ENDS.search(above.text)
        and not _MARKER.match(line.text)
        and not _breaks_early(lines, index)
    )


def _gap_by_indent(lines: Sequence[Line], index: int, run: int) -> str:
    """The separator by the indent of line ``index`` and the length of the line before it.

    Of several cells in the row before, the one with the nearest left edge counts: the spaces of a
    justified line in a narrow column are as wide as gutters.
    """
    above, line = lines[index - 1], lines[index]
    first = index - 1
    while first > index - run and abs(lines[first - 1].base - above.base) < _SAME_ROW * above.size:
        first -= 1
    indent = min((line.left - cell.left for cell in lines[first:index]), key=abs)
    step = _INDENT * line.size
    if indent > step or (indent < -step and first > index - run):
        return _BLANK_LINE
    if not _breaks_early(lines, index) or (
        _starts_lower_case(line) and not _ENDS.search(above.text)
    ):
        return ""
    return _BLANK_LINE if abs(indent) > step else _LINE_END


def _bold_changes(lines: Sequence[Line], index: int, run: int) -> bool:
    """Whether a bold heading begins or ends between line ``index`` and the line before.

    Bold letters may also run within a paragraph, from the end of one line to the next.
    """
    above, line = lines[index - 1], lines[index]
    if above.bold and line.bold:
        return _NUMBERED.match(line.text) is not None
    if above.bold:
        return all(other.bold for other in lines[index - run : index]) and not _starts_lower_case(
            line
        )
    return line.bold and bool(_ENDS.search(above.text) or _breaks_early(lines, index))


def _is_answer(above: Line, line: Line) -> bool:
    """Whether ``line`` begins a question or an answer of a transcript after a sentence."""
    return bool(_ANSWER.match(line.text) and (_ENDS.search(above.text) or _CUT.search(above.text)))


def _starts_lower_case(line: Line) -> bool:
    return line.text[:1].islower()


def _text_left(line: Line) -> float | None:
    """Left edge of the text after the number or sign that hangs left of it; None without one.

    Any few characters before a wide gap hang, whatever they are.
    """
    mark = _MARKER.match(line.text)
    if mark:
        return float(line.boxes[min(mark.end() + 1, len(line.boxes) - 1), 0])
    at = line.text.find(" ", 1, _LONGEST_MARK)
    while 0 < at < len(line.boxes) - 1:
        left = float(line.boxes[at + 1, 0])
        if left - float(line.boxes[at - 1, 2]) > _TAB * line.size:
            return left
        at = line.text.find(" ", at + 1, _LONGEST_MARK)
    return None


def _breaks_early(lines: Sequence[Line], index: int) -> bool:
    """Whether the first word of line ``index`` would have fitted on the line before it."""
    above, line = lines[index - 1], lines[index]
    margin = _right_margin(lines, index)
    word = line.text.split(" ", 1)[0]
    width = float(line.boxes[len(word) - 1, 2]) - line.left
    return above.right + _WORD_SPACE * line.size + width < margin - _RAGGED * line.size


def _right_margin(lines: Sequence[Line], index: int) -> float:
    """Right edge of the block around ``index`` if it is justified, else of the page, in points."""
    size = lines[index].size
    near = [
        other.right
        for other in lines[max(0, index - _NEAR_LINES) : index + _NEAR_LINES]
        if abs(other.size - size) < _OTHER_SIZE * size
    ]
    edge = max(near)
    if sum(right > edge - _RIGHT_EDGE * size for right in near) >= max(3, len(near) / 2):
        return edge
    return max(line.right for line in lines)


def _continues(last: Line, block: _Block, body: Sequence[Line]) -> bool:
    """Whether the first block of a page continues the last paragraph of the page before."""
    first = block.lines[0][0]
    if abs(last.size - first.size) > _OTHER_SIZE * first.size or last.row or first.row:
        return False
    if _MARKER.match(first.text) and (_ENDS.search(last.text) or not _REFERENCE.match(first.text)):
        return False
    if last.text.endswith(_HYPHENS) or _starts_lower_case(first):
        return True
    if last.bold != first.bold:
        return False
    usual = min(line.left for line in body)
    indented = first.left > usual + _INDENT * first.size
    return not indented and not _ENDS.search(last.text) and len(body) > 1


def _joined(blocks: Sequence[_Block], pages: int) -> RunningText:
    """The text of ``blocks`` with its offsets; ``pages`` is the number of pages."""
    hyphens = _Hyphens(line.text for block in blocks for line, _ in block.lines)
    pieces: list[str] = []
    length = 0
    starts: list[int | None] = [None] * pages
    footnotes: list[tuple[int, int, int]] = []
    headings: list[tuple[int, int, str]] = []

    def add(piece: str) -> None:
        nonlocal length
        pieces.append(piece)
        length += len(piece)

    marks = _marks(blocks)

    def raised(match: re.Match[str]) -> str:
        return match[0].translate(_SUPERSCRIPTS) if match[0] in marks else match[0]

    before = _Block()
    for block in blocks:
        if pieces:
            add(_BLANK_LINE if block.note or before.note else block.gap)
        before = block
        begin, first = length, len(pieces)
        for index, (line, page) in enumerate(block.lines):
            text = _LEADERS.sub(" ... ", line.text)
            if line.row:
                text = hyphens.mended(text)
            if marks and not block.note:
                text = _GLUED.sub(raised, text)
            following = block.lines[index + 1][0].text if index + 1 < len(block.lines) else ""
            if block.note and page != block.lines[index - 1][1] and index:
                footnotes.append((begin, length, block.lines[index - 1][1] + 1))
                begin = length
            elif not block.note and starts[page] is None:
                starts[page] = length
            add(hyphens.join(text, following))
        if block.note:
            footnotes.append((begin, length, block.lines[-1][1] + 1))
            continue
        bold = all(line.bold for line, _ in block.lines)
        heading = heading_of("".join(pieces[first:]), bold=bold)
        if heading:
            headings.append((begin, *heading))
    filled: list[int] = []
    following_start = length
    for start in reversed(starts):
        following_start = following_start if start is None else min(start, following_start)
        filled.append(following_start)
    return RunningText("".join(pieces), tuple(reversed(filled)), tuple(footnotes), tuple(headings))


def _marks(blocks: Sequence[_Block]) -> set[str]:
    """The numbers of the footnotes."""
    texts = (block.lines[0][0].text for block in blocks if block.note)
    found = (_NOTE.match(text) for text in texts)
    return {match[0].translate(_DIGITS) for match in found if match}


class _Hyphens:
    """Decides whether a hyphen at a line end belongs to the word.

    The other words of the document decide. A word that occurs elsewhere with the hyphen keeps it; a
    word that occurs without it loses it. A word that does not occur elsewhere loses it if most of
    the others do.
    """

    def __init__(self, lines: Iterator[str]) -> None:
        self._words: set[str] = set()
        broken: list[tuple[str, str]] = []
        before = ""
        for line in lines:
            words = [word.casefold() for word in _WORD.findall(line)]
            if before and words:
                broken.append((before, words.pop(0)))
            before = words.pop() if words and line.endswith(_HYPHENS) else ""
            self._words.update(words)
        split = sum(a + b in self._words for a, b in broken)
        whole = sum(f"{a}-{b}" in self._words for a, b in broken)
        self._splits = split > whole

    def join(self, line: str, following: str) -> str:
        """``line`` with the space or hyphen before the line ``following``, "" for the last line."""
        if not following:
            return line.replace(SOFT_HYPHEN, "-")
        if _DASH.search(line) and following[0].isalnum():
            return line
        if not line.endswith(_HYPHENS):
            return f"{line} "
        stem = line[:-1]
        first = _WORD.match(following)
        before = _LAST_WORD.search(stem)
        if not first or not before:
            return f"{stem}-" if before or line.endswith(SOFT_HYPHEN) else f"{line} "
        return f"{stem}-" if self._keeps(before[0], first[0]) else stem

    def mended(self, text: str) -> str:
        """``text`` without its soft hyphens: hyphens where they belong to the word."""
        return _BROKEN.sub(
            lambda match: f"{match[1]}-" if self._keeps(match[1], match[2]) else match[1], text
        )

    def _keeps(self, before: str, after: str) -> bool:
        left, right = before.casefold(), after.casefold()
        if f"{left}-{right}" in self._words or not after[0].islower():
            return True
        return left + right not in self._words and not self._splits
