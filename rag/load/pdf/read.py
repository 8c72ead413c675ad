"""Read a PDF: the lines of each page, without headers and footers, joined into one text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pypdfium2 as pdfium

from rag.errors import LoadError
from rag.load.parsed import Job, Parsed
from rag.load.pdf.attachments import attachments_of
from rag.load.pdf.chars import PageChars, open_pdf, read_chars, turned, upright
from rag.load.pdf.forms import attached_files, with_fields
from rag.load.pdf.grids import cells_of, grids_of
from rag.load.pdf.headers_footers import without_headers_footers, without_stamps
from rag.load.pdf.hidden import share_of_images, without_hidden
from rag.load.pdf.lines import Line, lines_of
from rag.load.pdf.ocr import read_by_ocr
from rag.load.pdf.reflow import reflow
from rag.load.pdf.tables import with_drawn_tables
from rag.load.readers import read_part
from rag.load.sidecar import Sidecar
from rag.types import Skipped

_UNREADABLE = re.compile(r"[\x00-\x01\x03-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ue000-\uf8ff]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_LATIN = re.compile(r"[a-zà-öø-ÿ]", re.IGNORECASE)
# The most frequent words of English, French, German, Spanish, Italian, Portuguese and Dutch.
_COMMON = frozenset(
    _WORD.findall(
        "the of and to in that is for on was as by with or be at not this from it are an his has "
        "le la les des et en du un une que dans pour der die und das von den mit el los las del se "
        "por il di che per non os da em para de het een van"
    )
)

# The limits were chosen by looking at filings, scans and files with broken fonts.
_FEWEST_CHARACTERS = 20
"""Least number of characters of a page on which unreadable ones are counted."""
_UNREADABLE_SHARE = 0.15
"""Share of unreadable characters above which a text layer is garbage."""
_FEWEST_WORDS = 60
"""Least number of words of a page on which frequent ones are counted; a short one may have none."""
_LATIN_SHARE = 0.5
"""Share of Latin letters below which a page may be in a language without these words."""
_COMMON_SHARE = 0.02
"""Share of frequent words below which a text layer is garbage; running text has many more."""
_SURELY_COMMON = 0.1
"""Share of frequent words above which a text layer with many unreadable codes is language."""
_FREQUENT, _FREQUENT_SHARE = "etaoinsrhdl", 0.55
"""Letters that are frequent in these languages, and their share of the letters of a text below
which they were replaced by others."""
_ENOUGH_TEXT = 50
"""A page with this many characters in its text layer, without court stamps, is not a scan."""
_SCAN_SHARE = 0.4
"""Share of the page above which its largest image makes it a scan."""
_INK_SCALE, _INK_LEVEL, _INK_SHARE = 0.5, 128, 0.002
"""Pixels for each point, grey level (0 to 255) of ink, and share of ink above which a page is not
blank: a line of text has more."""


_DEEPEST = 3
"""Levels of files within files that are read."""
_FAULTS = (ValueError, LookupError, ArithmeticError, RuntimeError)
"""What libraries raise on one hostile page: the other pages are read all the same."""


@dataclass(frozen=True, slots=True)
class PageRead:
    """The lines of one page and the way they were read.

    ``height`` is in points. ``ocr`` is the confidence of the engine, 0 to 1, or None if the text
    layer was read. ``warnings`` are for the reader of the document. ``turned`` is the clockwise
    rotation, in degrees, after which the lines are upright: 0, 90 or 270.
    """

    lines: list[Line]
    height: float
    ocr: float | None
    warnings: tuple[str, ...]
    turned: int = 0


def read_pdf(job: Job) -> Iterator[Parsed | Skipped]:
    """Read a PDF: text in reading order, with pages, printed labels, footnotes and headings.

    If OCR is on, it reads the scanned pages and those whose text layer is garbage. Files that are
    embedded in it follow as documents of their own.

    Raises
    ------
    LoadError
        If the PDF is damaged, encrypted, too long or without text.
    """
    pages: list[PageRead] = []
    with open_pdf(job.data) as document:
        if len(document) > job.limits.max_pages:
            raise LoadError(
                f"{len(document):,} pages, more than max_pages = {job.limits.max_pages:,}; "
                "raise it or split the file"
            )
        title = document.get_metadata_value("Title")
        for index in range(len(document)):
            pages.append(read_page(document, index, ocr=job.limits.ocr))
            job.on_page()
        attached = list(attachments_of(document, job.left))
    heights = [page.height for page in pages]
    body = without_headers_footers([page.lines for page in pages], heights)
    joined = reflow(body.pages)
    if not joined.text:
        reason = _why_empty(pages, ocr=job.limits.ocr)
        if not attached:
            raise LoadError(reason)
        yield Skipped("", reason)
        yield from _embedded(job, attached)
        return
    by_ocr = [(number, page.ocr) for number, page in enumerate(pages, 1) if page.ocr is not None]
    metadata: dict[str, object] = {}
    if by_ocr:
        metadata["ocr_pages"] = [number for number, _ in by_ocr]
        metadata["ocr_confidence"] = [confidence for _, confidence in by_ocr]
    stray = job.data.find(b"%PDF-")
    warnings = [f"{stray} stray bytes before its PDF header were passed over"] if stray > 0 else []
    warnings += [
        f"page {number}: {warning}"
        for number, page in enumerate(pages, start=1)
        for warning in page.warnings
    ]
    if body.left_out:
        metadata["left_out"] = body.left_out
    if warnings:
        metadata["warnings"] = warnings
    yield Parsed(
        joined.text,
        title=title or "",
        metadata=metadata,
        page_starts=joined.page_starts,
        page_labels=tuple(body.labels) if any(body.labels) else (),
        footnotes=joined.footnotes,
        headings=joined.headings,
    )
    yield from _embedded(job, attached)


def _embedded(job: Job, attached: Sequence[tuple[str, bytes | str]]) -> Iterator[Parsed | Skipped]:
    job.unpack(sum(len(content) for _, content in attached if isinstance(content, bytes)), "file")
    for name, content in attached:
        part = f"{job.part}!{name}"
        if isinstance(content, str):
            yield Skipped(part, content)
        elif part.count("!") > _DEEPEST:
            yield Skipped(part, "a file within files within files; save it on its own")
        else:
            own = replace(job, data=content, name=name, sidecar=Sidecar(), part=part)
            yield from read_part(own)


def read_page(document: pdfium.PdfDocument, index: int, *, ocr: bool) -> PageRead:
    """Read page ``index``, from 0; a page that cannot be read gives no lines and a warning."""
    try:
        page = document[index]
    except pdfium.PdfiumError as error:
        return PageRead([], 0.0, None, (f"cannot be read: {error}",))
    try:
        return _read_page(page, ocr=ocr)
    except (LoadError, pdfium.PdfiumError, *_FAULTS) as error:
        return PageRead([], page.get_height(), None, (f"cannot be read: {error}",))
    finally:
        page.close()


def _read_page(page: pdfium.PdfPage, *, ocr: bool) -> PageRead:
    chars = read_chars(page)
    seen = without_hidden(page, chars)
    warnings = []
    if seen.redacted:
        warnings.append(f"{seen.redacted} characters beneath black boxes were left out")
    if seen.invisible:
        warnings.append(f"{seen.invisible} characters that cannot be seen were left out")
    clips = attached_files(page)
    if clips:
        warnings.append(f"{clips} attached files were not read; save them beside the PDF")
    straight, degrees = upright(seen.page)
    rules = turned(seen.rules, seen.page.width, seen.page.height, degrees)[0]
    grids = grids_of(rules)
    cells = cells_of(straight.boxes, grids) if grids else None
    lines = with_drawn_tables(lines_of(straight, cells), grids)
    reason = _why_ocr(page, chars, lines)
    filled = lines if degrees else with_fields(page, lines)
    if len(filled) > len(lines):
        reason = reason if lines or share_of_images(page, chars) > _SCAN_SHARE else ""
        lines = filled
    if not reason:
        return PageRead(lines, straight.height, None, tuple(warnings), degrees)
    if not ocr:
        warnings.append(f"{reason}; OCR is switched off")
        lines = [] if _is_garbage(chars.text) else lines
        return PageRead(lines, chars.height, None, tuple(warnings))
    read = read_by_ocr(page)
    if not read.lines:
        return PageRead([], chars.height, None, (*warnings, f"{reason}; OCR found no text"))
    return PageRead(
        read.lines, chars.height, read.confidence, (*warnings, f"{reason}; read by OCR")
    )


def _why_ocr(page: pdfium.PdfPage, chars: PageChars, lines: list[Line]) -> str:
    """The reason to use OCR; empty if the text layer is good."""
    if _is_garbage(chars.text):
        return "its text layer is not language"
    written = sum(len(line.text) for line in without_stamps(lines))
    if written >= _ENOUGH_TEXT:
        return ""
    if share_of_images(page, chars) > _SCAN_SHARE:
        return "a scan"
    return "no text layer" if not written and _has_ink(page) else ""


def _is_garbage(text: str) -> bool:
    """Whether a text layer is garbage: unreadable codes, or letters that form no words.

    Its words decide. Among many unreadable codes there may still be language, and a table of names
    has no frequent words but the letters of a language.

    A font without a ToUnicode table gives control codes or wrong letters.
    """
    inked = "".join(text.split())
    words = _WORD.findall(text.casefold())
    common = sum(word in _COMMON for word in words)
    if len(inked) >= _FEWEST_CHARACTERS and len(
        _UNREADABLE.findall(text)
    ) > _UNREADABLE_SHARE * len(inked):
        return len(words) < _FEWEST_CHARACTERS or common < _SURELY_COMMON * len(words)
    if len(words) < _FEWEST_WORDS or len(_LATIN.findall(text)) < _LATIN_SHARE * len(inked):
        return False
    letters = "".join(words)
    frequent = sum(letters.count(letter) for letter in _FREQUENT)
    return common < _COMMON_SHARE * len(words) and frequent < _FREQUENT_SHARE * len(letters)


def _has_ink(page: pdfium.PdfPage) -> bool:
    picture = page.render(scale=_INK_SCALE, grayscale=True).to_numpy()
    return float((picture < _INK_LEVEL).mean()) > _INK_SHARE


def _why_empty(pages: list[PageRead], *, ocr: bool) -> str:
    if not pages:
        return "a PDF without pages"
    for number, page in enumerate(pages, start=1):
        if page.warnings and not ocr:
            return "a PDF without readable text, and OCR is switched off; set ocr = true"
        if page.warnings:
            return f"a PDF without readable text: page {number}: {'; '.join(page.warnings)}"
    return "a PDF whose pages are blank"
