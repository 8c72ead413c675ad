"""From lines to running text: paragraphs joined over lines and pages, footnotes set apart."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rag.load.pdf.headings import heading_of
from rag.load.pdf.lines import SOFT_HYPHEN, Line

_MARKER = re.compile(r"(?:[•●▪◦‣·]|¶\s*\d{1,4}|\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})[.)])(?=\s)")
_NUMBERED = re.compile(r"\(?(?:\d{1,2}|[A-Za-z]|[ivxIVX]{1,5})[.)]\s")
_NOTE = re.compile(r"(?:[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}|\d{1,3}(?=\s)|[*†‡])")
_RAISED = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}|[*†‡]")
_ENDS = re.compile(r"[.!?:;][\"”’')\]⁰¹²³⁴⁵⁶⁷⁸⁹]*$")
_LEADERS = re.compile(r"(?:\s*\.){5,}\s*")
_ENTRY = re.compile(r"\.{4,}\s*[\divxlc, ]+$")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_HYPHENS = ("-", "‐", SOFT_HYPHEN)


@dataclass(frozen=True, slots=True)
class Flow:
    """The text of a document with its places; see ``Document`` for all but the first."""

    text: str
    page_starts: tuple[int, ...]
    footnotes: tuple[tuple[int, int, int], ...]
    headings: tuple[tuple[int, int, str], ...]


@dataclass(slots=True)
class _Block:
    """A paragraph, or a line that stands alone: lines with the page (from 0) of each."""

    lines: list[tuple[Line, int]] = field(default_factory=list)
    gap: str = "\n\n"
    note: bool = False


def flow(pages: Sequence[Sequence[Line]]) -> Flow:
    """Join the lines of ``pages``, furniture left out, into one text.

    Paragraphs are parted by a blank line, lines broken on purpose by a line end. A footnote comes
    after the paragraph that it interrupts. A page of no text begins where the next one does.
    """
    size = _usual_size(pages)
    blocks: list[_Block] = []
    waiting: list[_Block] = []
    last_note: _Block | None = None
    for number, lines in enumerate(pages):
        body, notes = _without_notes(lines, size)
        for block in _paragraphs(body, number):
            last = _last_body(blocks)
            if last and block.lines[0][0] is body[0] and _goes_on(last.lines[-1][0], block, body):
                last.lines.extend(block.lines)
            else:
                blocks.extend(waiting)
                waiting = []
                blocks.append(block)
        for note in _notes(notes, number):
            if last_note and not _NOTE.match(note.lines[0][0].text):
                last_note.lines.extend(note.lines)
            else:
                waiting.append(note)
                last_note = note
    return _joined([*blocks, *waiting], len(pages))


def _usual_size(pages: Sequence[Sequence[Line]]) -> float:
    """The size that most characters have, in points."""
    sizes: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _last_body(blocks: Sequence[_Block]) -> _Block | None:
    return next((block for block in reversed(blocks) if not block.note), None)


def _without_notes(lines: Sequence[Line], size: float) -> tuple[list[Line], list[Line]]:
    """Part the small lines at the foot of a page, from the first with a note's mark on."""
    cut = len(lines)
    while cut and lines[cut - 1].size < 0.94 * size:
        cut -= 1
    small = list(lines[cut:])
    if not cut or not small:
        return list(lines), []
    first = next((i for i, line in enumerate(small) if _NOTE.match(line.text)), None)
    if first is None:
        return list(lines), []
    gap = lines[cut - 1].bottom - small[0].top
    if first and gap < 0.4 * small[0].size:
        cut += first  # the small lines before the first mark belong to the text
        small = small[first:]
    return list(lines[:cut]), small


def _notes(lines: Sequence[Line], page: int) -> Iterator[_Block]:
    block = _Block(note=True)
    raised = any(_RAISED.match(line.text) for line in lines)
    mark = _RAISED if raised else _NOTE
    left = min((line.left for line in lines), default=0.0)
    for line in lines:
        starts = mark.match(line.text) and (raised or line.left < left + 3 * line.size)
        if starts and block.lines:
            yield block
            block = _Block(note=True)
        block.lines.append((line, page))
    if block.lines:
        yield block


def _paragraphs(lines: Sequence[Line], page: int) -> Iterator[_Block]:
    """Part the lines of one page."""
    block = _Block()
    for index, line in enumerate(lines):
        if block.lines:
            gap = _gap(lines, index, len(block.lines))
            if gap:
                yield block
                block = _Block(gap=gap)
        block.lines.append((line, page))
    if block.lines:
        yield block


def _gap(lines: Sequence[Line], index: int, run: int) -> str:
    """What parts line ``index`` from the one before, whose paragraph has ``run`` lines so far."""
    above, line = lines[index - 1], lines[index]
    if abs(above.size - line.size) > 0.12 * max(above.size, line.size):
        return "\n\n"
    pitch = above.base - line.base
    if abs(pitch) < 0.3 * line.size:
        return ""  # cells of one row
    if pitch < 0 or _turns_bold(lines, index, run):
        return "\n\n"
    pitches = []
    if run > 1:
        pitches.append(lines[index - 2].base - above.base)
    if index + 1 < len(lines) and abs(lines[index + 1].size - line.size) < 0.06 * line.size:
        pitches.append(line.base - lines[index + 1].base)
    usual = min((p for p in pitches if p > 0.3 * line.size), default=1.6 * line.size)
    if pitch > 1.25 * usual or pitch > 3 * line.size:
        return "\n\n"
    if _ENTRY.search(above.text):
        return "\n"
    indent = line.left - above.left
    step = 0.6 * line.size
    ended = _ENDS.search(above.text)
    if _MARKER.match(line.text) and ended:
        return "\n\n" if indent > step or pitch > 1.1 * usual else "\n"
    hangs = run == 1 and _MARKER.match(above.text) and indent > 0
    if hangs and abs(line.left - _text_left(above)) < step:
        return "\n" if ended and _broken(lines, index) else ""
    if hangs and line.left < _text_left(above) and not _broken(lines, index):
        return ""
    if indent > step or (indent < -step and run > 1):
        return "\n\n"
    if not _broken(lines, index) or (not ended and _small(line)):
        return ""
    return "\n\n" if abs(indent) > step else "\n"


def _turns_bold(lines: Sequence[Line], index: int, run: int) -> bool:
    """Whether a heading in bold letters begins or ends between line ``index`` and the one before.

    Bold letters may also stand within a paragraph, from the end of a line to the end of another.
    """
    above, line = lines[index - 1], lines[index]
    if above.bold and line.bold:
        return _NUMBERED.match(line.text) is not None
    if above.bold:
        return all(other.bold for other in lines[index - run : index]) and not _small(line)
    return line.bold and bool(_ENDS.search(above.text) or _broken(lines, index))


def _small(line: Line) -> bool:
    return line.text[:1].islower()


def _text_left(line: Line) -> float:
    """Where the text after a list mark begins."""
    mark = _MARKER.match(line.text)
    at = mark.end() + 1 if mark else 0
    return float(line.boxes[min(at, len(line.boxes) - 1), 0])


def _broken(lines: Sequence[Line], index: int) -> bool:
    """Whether the first word of line ``index`` would have fitted on the line before."""
    above, line = lines[index - 1], lines[index]
    margin = _right_margin(lines, index)
    word = line.text.split(" ", 1)[0]
    width = float(line.boxes[len(word) - 1, 2]) - line.left
    return above.right + 0.3 * line.size + width < margin - 0.25 * line.size


def _right_margin(lines: Sequence[Line], index: int) -> float:
    """Where lines around ``index`` end: the block's edge if it has a clear one, else the page's."""
    size = lines[index].size
    near = [
        other.right
        for other in lines[max(0, index - 4) : index + 4]
        if abs(other.size - size) < 0.12 * size
    ]
    edge = max(near)
    if sum(right > edge - 1.5 * size for right in near) >= max(3, len(near) / 2):
        return edge
    return max(line.right for line in lines)


def _goes_on(last: Line, block: _Block, body: Sequence[Line]) -> bool:
    """Whether the first block of a page continues the paragraph that ended the page before."""
    first = block.lines[0][0]
    if abs(last.size - first.size) > 0.12 * first.size or _MARKER.match(first.text):
        return False
    if last.text.endswith(_HYPHENS) or _small(first):
        return True
    if last.bold != first.bold:
        return False
    usual = min(line.left for line in body)
    indented = first.left > usual + 0.6 * first.size
    return not indented and not _ENDS.search(last.text) and len(body) > 1


def _joined(blocks: Sequence[_Block], pages: int) -> Flow:
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

    before = _Block()
    for block in blocks:
        if pieces:
            add("\n\n" if block.note or before.note else block.gap)
        before = block
        begin, first = length, len(pieces)
        for index, (line, page) in enumerate(block.lines):
            text = _LEADERS.sub(" ... ", line.text)
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
    return Flow("".join(pieces), tuple(reversed(filled)), tuple(footnotes), tuple(headings))


class _Hyphens:
    """Decides for each hyphen at a line end whether the word is written with it.

    The document itself is the dictionary: a word that occurs in it elsewhere without the hyphen
    loses it, one that occurs with it keeps it. A word that does not occur elsewhere follows the
    habit of the document: where most could be settled as split words, it is one.
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
        """``line`` as it stands before ``following``, with what parts the two."""
        if not following:
            return line.replace(SOFT_HYPHEN, "-")
        if not line.endswith(_HYPHENS):
            return f"{line} "
        stem = line[:-1]
        first = _WORD.match(following)
        before = re.search(rf"{_WORD.pattern}$", stem)
        if not first or not before:
            return f"{stem}-" if before or line.endswith(SOFT_HYPHEN) else f"{line} "
        left, right = before[0].casefold(), first[0].casefold()
        if f"{left}-{right}" in self._words or not first[0][0].islower():
            return f"{stem}-"
        if left + right in self._words or self._splits:
            return stem
        return f"{stem}-"
