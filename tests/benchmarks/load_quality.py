"""Quality of the text of 20 pages that a person has looked at: words lost, added and moved.

    pip install pypdf pdfplumber 'markitdown[pdf]' docling-parse
    python tests/benchmarks/load_quality.py ../shared/data/pdf

The installed ones of these libraries are measured, and PDFium, which is always installed. docling
itself downloads models for the layout; docling-parse is its reader of words.

A person looked at the pages as pictures. The lists below have their furniture (running heads,
stamps, page numbers) and the words hidden below black boxes. The reference text of a page is the
majority of PDFium, pypdf, pdfplumber and pdfminer, without furniture and hidden words: the count of
each word is the median, and the order is that of the library closest to the others. Our reader has
no vote. Neither have markitdown, which uses pdfminer, and docling-parse.

Columns: ``lost`` are missing words. ``added`` are words too many: doubled words, or pieces of
joined or split words. ``moved`` are words out of order. ``furniture`` and ``hidden`` are such words
left in the text.
"""

import io
import re
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import median_low
from typing import Any

from rag.config import load_settings
from rag.load.documents import limits_of
from rag.load.parsed import Job, Parsed
from rag.load.pdf import read_pdf
from rag.load.sidecar import Sidecar

_VOTING = "Voting Copy – As approved by the Commission on 5/10/2024 (subject to pre-publication "
_VOTING += "technical corrections) "
_KALSHI = "Case 1:23-cv-03257-JMC Document 17-1 Filed 01/25/24 Page {} of 55 "
_GIFT = "GIFT SURPLUS, LLC V. STATE EX REL. COOPER 2022-NCSC-1 Opinion of the Court "
_XRAY = "Case 1:21-cv-01061-KLM Document 1 Filed 04/16/21 USDC Colorado Page 7 of 16 [7]"

PAGES: Mapping[tuple[str, int], tuple[str, str]] = {
    ("7512_73757_comment.pdf", 3): (_VOTING + "3", ""),
    ("7512_73757_comment.pdf", 31): (_VOTING + "31", ""),
    ("7512_73757_comment.pdf", 50): (_VOTING + "50", ""),
    ("FinCEN-TD-Bank-Consent-Order-2024.pdf", 1): ("", ""),
    ("FinCEN-TD-Bank-Consent-Order-2024.pdf", 16): ("16", ""),
    ("FinCEN-TD-Bank-Consent-Order-2024.pdf", 17): ("17", ""),
    ("7512_74437_comment.pdf", 1): ("", ""),
    ("7512_74437_comment.pdf", 2): ("- 2 -", ""),
    ("7512_74437_comment.pdf", 16): ("- 16 -", ""),
    ("7512_74442_comment.pdf", 2): (_KALSHI.format(2) + "-i-", ""),
    ("7512_74442_comment.pdf", 8): (_KALSHI.format(8) + "vii", ""),
    ("7512_74442_comment.pdf", 30): (_KALSHI.format(30) + "20", ""),
    ("broken-mime.pdf", 1): ("", ""),
    ("broken-mime.pdf", 5): (_GIFT, ""),
    ("broken-mime.pdf", 9): (_GIFT, ""),
    ("7512_74364_comment.pdf", 1): ("", ""),
    ("7512_74364_comment.pdf", 2): ("", ""),
    ("7512_74368_comment.pdf", 1): ("", ""),
    ("7512_74368_comment.pdf", 2): ("", ""),
    ("x-ray__rectangles_yes.pdf", 1): (
        _XRAY,
        "“No” “Yes”, but did not disclose all relevant medical history “No”",
    ),
}

_WORD = re.compile(r"[^\W_]+")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")

Words = list[str]


def words_of(text: str) -> Words:
    """Runs of letters and digits. Superscript digits become plain digits, as words of their own."""
    spaced = re.sub(r"([⁰¹²³⁴⁵⁶⁷⁸⁹]+)", r" \1 ", text).translate(_RAISED)
    return _WORD.findall(spaced)


def ours(path: Path, page: int) -> Words:
    """The text of the page, with its footnotes at the end as in print."""
    limits = limits_of(load_settings(ocr=False))
    (parsed,) = read_pdf(Job(path.read_bytes(), path.name, Sidecar(), limits))
    assert isinstance(parsed, Parsed)
    starts = [*parsed.page_starts, len(parsed.text)]
    body, notes = "", ""
    position = starts[page - 1]
    for start, end, note_page in parsed.footnotes:
        if note_page == page:
            notes += parsed.text[start:end] + "\n"
        if starts[page - 1] <= start < starts[page]:
            body += parsed.text[position:start]
            position = end
    return words_of(body + parsed.text[position : starts[page]] + "\n" + notes)


def pypdfium2(path: Path, page: int) -> Words:
    """PDFium's text."""
    document: Any = import_module("pypdfium2").PdfDocument(path)
    text = document[page - 1].get_textpage().get_text_range()
    return words_of(re.sub("[\x02\ufffe]\r?\n?", "-", text))


def pypdf(path: Path, page: int) -> Words:
    """pypdf with its defaults."""
    return words_of(import_module("pypdf").PdfReader(path).pages[page - 1].extract_text())


def pdfplumber(path: Path, page: int) -> Words:
    """pdfplumber with its defaults."""
    with import_module("pdfplumber").open(path) as document:
        return words_of(document.pages[page - 1].extract_text())


def pdfminer(path: Path, page: int) -> Words:
    """pdfminer.six with its layout analysis, as markitdown uses it."""
    extract = import_module("pdfminer.high_level").extract_text
    return words_of(extract(str(path), page_numbers=[page - 1]))


def markitdown(path: Path, page: int) -> Words:
    """markitdown on a file with only this page, because it does not separate pages."""
    whole = import_module("pypdfium2").PdfDocument(path)
    single = import_module("pypdfium2").PdfDocument.new()
    single.import_pages(whole, [page - 1])
    data = io.BytesIO()
    single.save(data)
    data.seek(0)
    return words_of(import_module("markitdown").MarkItDown().convert_stream(data).markdown)


def docling_parse(path: Path, page: int) -> Words:
    """The lines of docling's parser, in its order."""
    unit = import_module("docling_core.types.doc.page").TextCellUnit.LINE
    document = import_module("docling_parse.pdf_parser").DoclingPdfParser().load(str(path))
    cells = document.get_page(page).iterate_cells(unit_type=unit)
    return words_of("\n".join(cell.text for cell in cells))


def main() -> None:
    """Print a line for each library, and the pages on which our reader makes errors."""
    folder = Path(sys.argv[1])
    voters = [r for r in (pypdfium2, pypdf, pdfplumber, pdfminer) if find_spec(r.__name__)]
    others: Sequence[Callable[[Path, int], Words]] = [
        *voters,
        *(reader for reader in (markitdown, docling_parse) if find_spec(reader.__name__)),
    ]
    totals: dict[str, Counter[str]] = {reader.__name__: Counter() for reader in (ours, *others)}
    said = 0
    for (name, page), (furniture, hidden) in PAGES.items():
        read = {reader.__name__: reader(folder / name, page) for reader in (ours, *others)}
        votes = [read[reader.__name__] for reader in voters]
        left_out = Counter(words_of(furniture)) + Counter(words_of(hidden))
        counts = [Counter(vote) for vote in votes]
        truth = Counter(
            {word: median_low([c[word] for c in counts]) for word in set().union(*counts)}
        )
        truth -= left_out
        said += truth.total()
        order = max(votes, key=lambda vote: sum(_alike(vote, other) for other in votes))
        for reader_name, words in read.items():
            faults = _faults(words, truth, order, words_of(furniture), words_of(hidden))
            totals[reader_name] += faults
            if reader_name == "ours" and faults.total():
                print(f"ours, {name} p. {page}: {dict(+faults)}")
    columns = ("lost", "added", "moved", "furniture", "hidden")
    print(f"\n{len(PAGES)} pages, {said:,} words\n")
    print("| library | " + " | ".join(columns) + " |\n" + "|---" * 6 + "|")
    for reader_name, total in totals.items():
        print(f"| {reader_name} | " + " | ".join(f"{total[key]:,}" for key in columns) + " |")


def _faults(
    words: Words, truth: Counter[str], order: Words, furniture: Words, hidden: Words
) -> Counter[str]:
    got = Counter(words)
    surplus = got - truth
    left_in = surplus & Counter(furniture)
    shown = (surplus - left_in) & Counter(hidden)
    common = got & truth
    kept, reference = _only(words, common), _only(order, common)
    return Counter(
        lost=(truth - got).total(),
        added=(surplus - left_in - shown).total(),
        moved=max(0, len(kept) - _in_order(kept, reference)),
        furniture=left_in.total(),
        hidden=shown.total(),
    )


def _only(words: Words, wanted: Counter[str]) -> Words:
    """``words`` with each word at most as often as in ``wanted``; the first ones are dropped."""
    left = Counter(wanted)
    kept = []
    for word in reversed(words):
        if left[word] > 0:
            left[word] -= 1
            kept.append(word)
    return kept[::-1]


def _in_order(one: Words, other: Words) -> int:
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks)


def _alike(one: Words, other: Words) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


if __name__ == "__main__":
    main()
