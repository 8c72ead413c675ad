"""Split a document into passages, and make the texts by which a passage is searched."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from rag.text.sentences import sentences
from rag.types import Document, Passage

SPLITTER_VERSION = 8
"""Raised whenever the same document gives other passages or other texts to search."""

# The best places to split come first: paragraph, sentence, line, clause, word, anywhere. Sentence
# comes before line, because old releases wrap their lines at a fixed width.
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
# A sentence up to this many times the passage size is not split. Longer ones are mostly lists.
_STRETCH = 1.2

# Characters of a document's start that are searched with each passage: they name the parties.
_LEAD = 300
# Ruled lines and page banners such as "====START OF PAGE 1====".
_RULER = re.compile(r"[=_*-]{5,}(?: ?(?:START|BEGINNING) OF PAGE #?\d+)?")

_MARKDOWN_HEADING = re.compile(r"^(#{1,6})[ \t]+(\S.{0,150})$", re.MULTILINE)


def split(document: Document, *, size: int) -> Iterator[Passage]:
    """Yield the passages of ``document`` in the order of the text.

    A passage has at most ``size`` characters, with one exception: a sentence of up to 1.2 times
    ``size`` is a passage of its own. Only longer sentences are split. Passages have no outer white
    space, and a document of white space has no passages. Sizes count characters, because the
    offsets of the splitter are exact in characters and wrong in tokens.

    Raises
    ------
    RuntimeError
        If a text of the splitter differs from the document at its offset.
    """
    # This import takes .15 s. Only a build splits.
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        chunk_size=size,
        # Overlap did not improve retrieval. With it, the splitter also reports the offset of an
        # earlier repetition.
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
            raise RuntimeError(f"{document.doc_id}: the text at {start} is not the passage's")
        firsts.append(start)
    headings = _headings(document)
    starts = [start for start, _ in headings]
    for start, end in _with_whole_sentences(document.text, firsts, size):
        above = bisect_right(starts, start) - 1
        yield Passage(document, start, end, headings[above][1] if above >= 0 else ())


def searched_text(passage: Passage) -> str:
    """The text in which BM25 searches a passage: title, headings, start of the document, passage.

    A passage of a release about Smith & Co. rarely names Smith & Co.; the title and the first lines
    do. This is worth as much as a model (README, "Figures"). It is searched, never quoted.

    The first passage gets no first lines: its words would count twice, and the names at the start
    of a release would rank above every passage with a statement.
    """
    document = passage.document
    is_first = passage.start < _LEAD and not document.text[: passage.start].strip()
    start = () if is_first else (_lead(document.text[:_LEAD]),)
    return "\n".join((document.title, *passage.heading, *start, passage.text))


def embedded_texts(passages: Sequence[Passage]) -> list[tuple[str, str]]:
    """For each passage of one document, the two texts whose vectors are added to give its vector.

    The first is the headings and the passage. The second is the title and the first lines of the
    document; it is the same for all passages, so that it is embedded once (README, "Figures"). If
    the document has one passage, both texts are title, headings and passage.

    Parameters
    ----------
    passages
        All passages of one document, in order; at least one.
    """
    if len(passages) == 1:
        (lone,) = passages
        whole = "\n".join((lone.document.title, *lone.heading, lone.text))
        return [(whole, whole)]
    document = passages[0].document
    beginning = f"{document.title}\n{_lead(document.text[:_LEAD])}"
    return [("\n".join((*p.heading, p.text)), beginning) for p in passages]


def _with_whole_sentences(text: str, firsts: list[int], size: int) -> Iterator[tuple[int, int]]:
    """Spans of the passages that begin at ``firsts``, without the splits inside a sentence.

    Such a sentence joins the passage before it or after it, if it fits. Otherwise it is a passage
    of its own.
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
    """Sentences with one of ``firsts`` inside; a paragraph split only after full stops has none."""
    ends = [0, *(match.end() for match in _PARAGRAPH_END.finditer(text)), len(text)]
    for left, right in pairwise(ends):
        inside = firsts[bisect_right(firsts, left) : bisect_left(firsts, right)]
        if all(text[left:first].rstrip()[-1:] in ".!?" for first in inside):
            continue
        for start, end in sentences(text, left, right):
            start += len(text[start:end]) - len(text[start:end].lstrip())  # Unicode spaces too
            if bisect_right(inside, start) < bisect_left(inside, end):
                yield start, end


@lru_cache(maxsize=16)
def _lead(start: str) -> str:
    """``start`` on one line; cached, because all passages of a document ask for it in turn."""
    return " ".join(_RULER.sub(" ", start).split())


def _headings(document: Document) -> list[tuple[int, tuple[str, ...]]]:
    """The offset of each heading and the path of headings that holds from there on, in order."""
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
