"""From a document to its passages, every offset checked."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from langchain_text_splitters import RecursiveCharacterTextSplitter

from rag.text.sentences import sentences
from rag.types import Document, Passage

SPLITTER_VERSION = 8
"""Raised whenever the same document would give other passages, or other texts to search."""

# Best place to cut first: paragraph, sentence, line, clause, word, anywhere. A sentence goes before
# a line, because old releases break their lines wherever the width ran out.
_SEPARATORS = [
    r"\n\s*\n",
    r"(?<=[a-z0-9)”\"][.!?])(?<!\bv\.)(?<!\b(?:No|Co|Mr|Ms|Dr|vs|St)\.)(?<!\b(?:Inc|Ltd|Mrs|Sec|Rel)\.)"
    r"(?<!\bCorp\.)\s+(?=[A-Z(“\"])",
    r"\n",
    r"(?<=[;:,])\s+",
    r"\s+",
    "",
]

_PARAGRAPH_END = re.compile(r"\n\s*\n")
# A sentence may be so many times as long as a passage to be one whole.
_STRETCH = 1.2

# So much of a document's start tells every passage whose case it is.
_LEAD = 300
# Lines of "====START OF PAGE 1====" and the like.
_RULER = re.compile(r"[=_*-]{5,}(?: ?(?:START|BEGINNING) OF PAGE #?\d+)?")

_MARKDOWN_HEADING = re.compile(r"^(#{1,6})[ \t]+(\S.{0,150})$", re.MULTILINE)


def split(document: Document, *, size: int) -> Iterator[Passage]:
    """The passages of ``document`` in the order of the text, each of at most ``size`` characters.

    A sentence is parted only where it is longer than a passage by more than a fifth; one that is
    longer by less is a passage of its own, the only kind longer than ``size``. White space at both
    ends of a passage is left out; a document of white space has no passage. Measured in characters,
    because offsets are right in characters and wrong in tokens.

    Raises
    ------
    RuntimeError
        If the splitter returns a text that does not stand at the offset it claims.
    """
    splitter = RecursiveCharacterTextSplitter(
        chunk_size=size,
        # An overlap bought nothing, and with one the splitter finds a repeated word too early.
        chunk_overlap=0,
        separators=_SEPARATORS,
        is_separator_regex=True,
        keep_separator="start",
        add_start_index=True,
    )
    firsts = []
    for piece in splitter.create_documents([document.text]):
        start = piece.metadata["start_index"]
        if start < 0 or not document.text.startswith(piece.page_content, start):
            raise RuntimeError(f"{document.doc_id}: a passage does not stand at its offset {start}")
        firsts.append(start)
    headings = _headings(document)
    starts = [start for start, _ in headings]
    for start, end in _with_whole_sentences(document.text, firsts, size):
        above = bisect_right(starts, start) - 1
        yield Passage(document, start, end, headings[above][1] if above >= 0 else ())


def searched_text(passage: Passage) -> str:
    """The words by which a passage is found: those of what it stands in, then its own.

    A passage of a release about Smith & Co. rarely names Smith & Co.; its title and its first lines
    do. Worth as much as a model (README, "Figures"). None of it is ever quoted.

    The first passage goes without the first lines: its words would count twice, and the first
    lines of a release, all names, would come before every passage that says something.
    """
    document = passage.document
    is_first = passage.start < _LEAD and not document.text[: passage.start].strip()
    start = () if is_first else (_lead(document.text[:_LEAD]),)
    return "\n".join((document.title, *passage.heading, *start, passage.text))


def embedded_texts(passages: Sequence[Passage]) -> list[tuple[str, str]]:
    """For each passage of one document the two texts whose vectors make its own.

    The first is the passage behind its headings. The second, title and first lines, is the same for
    all of them, so that it is embedded once (README, "Figures"). A lone passage is its document,
    and both are the passage behind its title.
    """
    if len(passages) == 1:
        (lone,) = passages
        whole = "\n".join((lone.document.title, *lone.heading, lone.text))
        return [(whole, whole)]
    document = passages[0].document
    beginning = f"{document.title}\n{_lead(document.text[:_LEAD])}"
    return [("\n".join((*p.heading, p.text)), beginning) for p in passages]


def _with_whole_sentences(text: str, firsts: list[int], size: int) -> Iterator[tuple[int, int]]:
    """Spans of the passages that begin at ``firsts``, those moved that lie inside a sentence.

    Such a sentence goes to the passage before it or to the one behind where that has room.
    """
    cuts = list(firsts)
    for start, end in _parted_sentences(text, firsts):
        if end - start > _STRETCH * size:
            continue
        low, high = bisect_right(cuts, start), bisect_left(cuts, end)
        begin = cuts[low - 1]
        after = cuts[high] if high < len(cuts) else len(text)
        cuts[low:high] = []
        if begin < start and end - begin > size:
            cuts.insert(low, start)
            begin = start
        rest = end + len(text[end:after]) - len(text[end:after].lstrip())
        if rest < after and len(text[begin:after].rstrip()) > size:
            cuts.insert(bisect_right(cuts, begin), rest)
    for start, end in pairwise([*cuts, len(text)]):
        yield start, start + len(text[start:end].rstrip())


def _parted_sentences(text: str, firsts: list[int]) -> Iterator[tuple[int, int]]:
    """Sentences with one of ``firsts`` inside, in paragraphs cut elsewhere than behind a stop."""
    ends = [0, *(match.end() for match in _PARAGRAPH_END.finditer(text)), len(text)]
    for left, right in pairwise(ends):
        inside = firsts[bisect_right(firsts, left) : bisect_left(firsts, right)]
        if all(text[left:first].rstrip()[-1:] in ".!?" for first in inside):
            continue
        for start, end in sentences(text, left, right):
            start += len(text[start:end]) - len(text[start:end].lstrip())  # more kinds of space
            if bisect_right(inside, start) < bisect_left(inside, end):
                yield start, end


@lru_cache(maxsize=16)
def _lead(start: str) -> str:
    """The same for all passages of a document, which are asked about one after another."""
    return " ".join(_RULER.sub(" ", start).split())


def _headings(document: Document) -> list[tuple[int, tuple[str, ...]]]:
    """Offsets of the headings with the heading path that holds from there on."""
    path: list[tuple[int, str]] = []
    headings = []
    found = document.headings or [
        (match.start(), len(match[1]), match[2].strip())
        for match in _MARKDOWN_HEADING.finditer(document.text)
    ]
    for offset, depth, title in found:
        path = [(above, words) for above, words in path if above < depth]
        path.append((depth, title))
        headings.append((offset, tuple(words for _, words in path)))
    return headings
