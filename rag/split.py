"""From a document to its passages, every offset checked."""

import re
from bisect import bisect_right
from collections.abc import Iterator

from langchain_text_splitters import RecursiveCharacterTextSplitter

from rag.types import Document, Passage

SPLITTER_VERSION = 4
"""Raised whenever the same document would give other passages or other searched text."""

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

# So much of a document's start tells every passage whose case it is.
_LEAD = 300
# Lines of "====START OF PAGE 1====" and the like.
_RULER = re.compile(r"[=_*-]{5,}(?: ?(?:START|BEGINNING) OF PAGE #?\d+)?")

_MARKDOWN_HEADING = re.compile(r"^(#{1,6})[ \t]+(\S.{0,150})$", re.MULTILINE)


def split(document: Document, *, size: int) -> Iterator[Passage]:
    """The passages of ``document`` in the order of the text, each of at most ``size`` characters.

    White space at both ends of a passage is left out; a document of white space has no passage.
    Measured in characters, because offsets are right in characters and wrong in tokens.

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
    headings = _headings(document.text)
    starts = [start for start, _ in headings]
    for piece in splitter.create_documents([document.text]):
        start = piece.metadata["start_index"]
        end = start + len(piece.page_content)
        if start < 0 or document.text[start:end] != piece.page_content:
            raise RuntimeError(f"{document.doc_id}: a passage does not stand at its offset {start}")
        above = bisect_right(starts, start) - 1
        yield Passage(document, start, end, headings[above][1] if above >= 0 else ())


def searched_text(passage: Passage) -> str:
    """What is embedded and searched for a passage: what it stands in, then its own text.

    A passage of a release about Smith & Co. rarely names Smith & Co.; its title and its first lines
    do. Worth as much as a model (README, "Figures"). None of it is ever quoted.
    """
    return f"{context(passage)}\n{passage.text}"


def context(passage: Passage) -> str:
    """What stands in front of a passage for search only: title, headings, the document's start.

    The first passage goes without the start: its words would count twice, and the first lines of
    a release, all names, would come before every passage that says something.
    """
    document = passage.document
    is_first = passage.start < _LEAD and not document.text[: passage.start].strip()
    start = () if is_first else (_lead(document),)
    return "\n".join((document.title, *passage.heading, *start))


def _lead(document: Document) -> str:
    return " ".join(_RULER.sub(" ", document.text[:_LEAD]).split())


def _headings(text: str) -> list[tuple[int, tuple[str, ...]]]:
    """Offsets of the Markdown headings with the heading path that holds from there on."""
    path: list[tuple[int, str]] = []
    headings = []
    for match in _MARKDOWN_HEADING.finditer(text):
        level = len(match[1])
        path = [(above, title) for above, title in path if above < level]
        path.append((level, match[2].strip()))
        headings.append((match.start(), tuple(title for _, title in path)))
    return headings
