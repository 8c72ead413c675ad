"""The parts of a text in which a document names itself: its first lines and its signature block."""

import re
from dataclasses import dataclass

from rag.load.metadata.data import table

# Characters that are searched, chosen by looking at releases, orders, opinions and notices.
HEAD = 4000
"""At the start: caption, type, docket and court are on the first page or two."""
_COVER = 3000
"""At the start, in which a cover sheet of a registry ends."""
_LONGEST_LINE = 300
"""Characters of a line that are looked at; longer ones are paragraphs."""
_LINES = 120
_SIGNATURE = 15_000
"""At the end, in which a signature block stands; annexes follow it."""
_BLOCK = 700
"""Characters of a signature block."""
_MARKS = " \t#*_=-–—•§|>\\"
_SIGNED = re.compile(
    r"^\W{0,40}\d{0,3}(?:dated?\b|signed\b|(?:yours\s{1,9})?(?:sincerely|faithfully)\b"
    r"|respectfully\b"
    r"|by\s{1,9}order\s{1,9}of\b|(?:for\s{1,9}and\s{1,9})?on\s{1,9}behalf\s{1,9}of\b"
    r"|by\s{1,9}the\s{1,9}commission\b)",
    re.IGNORECASE | re.MULTILINE,
)
_SITE = re.compile(r"\s{1,9}(?:[|–—_]|-(?=\s))\s{0,9}[\w. ]{2,40}$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the head without marks and odd spaces; ``start`` counts from the head's start."""

    start: int
    text: str


@dataclass(frozen=True, slots=True)
class Front:
    """The first lines and the signature block of a document.

    Attributes
    ----------
    title
        The title that the format gives, "" where it is none.
    cover
        The cover sheet that a registry put in front, "" for none.
    text
        The whole text behind the cover sheet.
    head
        Its first 4,000 characters.
    lines
        The lines of the head; a column to the right of ")" is a line of its own, and empty lines
        are kept as "".
    signature
        The block around the last signature, "" for none.
    """

    title: str
    cover: str
    text: str
    head: str
    lines: tuple[Line, ...]
    signature: str


def front(text: str, title: str) -> Front:
    """The front of ``text``."""
    cover = _cover(text)
    body = text[len(cover) :]
    head = body[:HEAD]
    return Front(title, cover, body, head, tuple(_lines(head))[:_LINES], _signature(body))


def without_site(title: str) -> str:
    """``title`` of a saved page without the site's name: "A v. B – CourtListener.com"."""
    found = _SITE.search(title)
    site = found[0].strip(" |–—_-") if found else ""
    short = "." in site or "_" in (found[0] if found else "")
    return title[: found.start()] if found and short and len(site.split()) <= 3 else title


def smooth(text: str) -> str:
    """``text`` on one line, with plain apostrophes."""
    return " ".join(text.replace("’", "'").replace("‘", "'").split())


def _cover(text: str) -> str:
    for pattern in _COVERS:
        found = pattern.search(text[:_COVER])
        if found:
            return text[: found.end()]
    return ""


_COVERS = [re.compile(pattern, re.IGNORECASE) for pattern in table("document_types.toml")["covers"]]


def _lines(head: str) -> list[Line]:
    lines: list[Line] = []
    position = 0
    for line in head.splitlines(keepends=True):
        start, position = position, position + len(line)
        for piece in re.split(
            r"(?:^|\s)(?:\)+|§)(?:\s|$)|(?<=\S)\s{4,}(?=\S)", line[:_LONGEST_LINE].rstrip()
        ):
            bare = piece.replace("**", "").strip(_MARKS)
            if bare.count(")") > bare.count("("):
                bare = bare.strip(f"){_MARKS}")
            cleaned = _unspaced(smooth(bare))
            if cleaned or (lines and lines[-1].text):
                lines.append(Line(start, cleaned))
    return lines


def _unspaced(line: str) -> str:
    """``P R O C E E D I N G S`` as one word."""
    words = line.split()
    single = sum(len(word) == 1 for word in words)
    return "".join(words) if len(words) > 4 and single == len(words) else line


def _signature(text: str) -> str:
    tail = text[-_SIGNATURE:]
    starts = [found.start() for found in _SIGNED.finditer(tail)]
    return "\n".join(tail[start : start + _BLOCK] for start in starts[-4:])
