"""Plain text and Markdown: decoded, otherwise unchanged."""

import re
from collections.abc import Iterator

from charset_normalizer import from_bytes

from rag.errors import LoadError
from rag.load.parsed import Job, Parsed

_HEADING = re.compile(r"^#[ \t]+(\S.{0,200})$", re.MULTILINE)
# These encodings differ in a few accents only, too few to detect in a short text. Most such files
# are from Windows and read as cp1252.
_LATIN = re.compile(
    r"cp125[0247]|latin|iso8859_(?:1|2|9|15)$|cp(?:437|850|858)$|mac_(?:roman|latin2)$"
)
_SAMPLE = 200_000
"""Bytes by which an encoding is detected: detection takes time in proportion."""


def read_text(job: Job) -> Iterator[Parsed]:
    """Read plain text; line ends and blank lines are kept."""
    yield Parsed(decode(job.data))


def read_markdown(job: Job) -> Iterator[Parsed]:
    """Read Markdown as plain text; the first heading of level 1 is the title."""
    text = decode(job.data)
    heading = _HEADING.search(text)
    yield Parsed(text, title=heading[1].strip().rstrip("#").strip() if heading else "")


def decode(data: bytes) -> str:
    """Decode ``data`` by its byte-order mark, else as UTF-8, else in the detected encoding.

    Raises
    ------
    LoadError
        If the bytes are not text in any encoding.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise LoadError(f"not text: marked as {encoding}, but {error.reason}") from error
    if b"\0" in data:
        raise LoadError("not text: it contains NUL bytes")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        best = from_bytes(data[:_SAMPLE]).best()
        if best is None:
            raise LoadError("not text: no encoding fits its bytes") from None
        encoding = "cp1252" if _LATIN.match(best.encoding) else best.encoding
        return data.decode(encoding, errors="replace")


_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
