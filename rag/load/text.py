"""Plain text and Markdown: decoded, without margin numbers and blank lines within paragraphs."""

import re
from collections.abc import Iterator

from charset_normalizer import from_bytes

from rag.errors import LoadError
from rag.load.characters import cleaned
from rag.load.double_spacing import without_double_spacing
from rag.load.line_numbers import without_line_numbers
from rag.load.parsed import Job, Parsed

_HEADING = re.compile(r"^#[ \t]+(\S.{0,200})$", re.MULTILINE)
# These encodings differ in a few accents only, too few to detect in a short text. Most such files
# are from Windows and read as cp1252.
_LATIN = re.compile(
    r"cp125[0247]|latin|iso8859_(?:1|2|9|15)$|cp(?:437|850|858)$|mac_(?:roman|latin2)$"
)
_SAMPLE = 200_000
"""Bytes by which an encoding is detected: detection takes time in proportion."""
_HIGH = re.compile(rb"[\x80-\xff]+")
_LONGEST_SIGN, _MOST_HIGH = 2, 0.05
"""Bytes of a run above ASCII, and share of such bytes, in a text in the Latin alphabet: it has
single quotes, dashes and accents. Other alphabets and Asian encodings have whole words."""
_MOST_NUL = 0.001
"""Share of NUL bytes in a text that a program left there by mistake."""
_BINARY = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_LONE_CR = re.compile(r"\r(?!\n)")
_FEWEST, _FEW_VALUES, _LONG = 4, 4, 32
"""Characters that tell UTF-16; different high bytes of a text of at least so many characters in one
alphabet: Latin and Cyrillic letters, signs."""


def read_text(job: Job) -> Iterator[Parsed]:
    """Read plain text; line ends are kept, margin numbers and double spacing are left out."""
    yield Parsed(without_double_spacing(without_line_numbers(decode(job.data))))


def read_markdown(job: Job) -> Iterator[Parsed]:
    """Read Markdown as plain text; the first heading of level 1 is the title."""
    text = without_line_numbers(decode(job.data))
    heading = _HEADING.search(text)
    yield Parsed(text, title=heading[1].strip().rstrip("#").strip() if heading else "")


def decode(data: bytes) -> str:
    """Decode ``data`` by its byte-order mark, else as UTF-8, else in the detected encoding.

    Carriage returns that stand alone become line feeds. Control characters are dropped; see
    ``cleaned``.

    Raises
    ------
    LoadError
        If the bytes are not text in any encoding.
    """
    return _LONE_CR.sub("\n", cleaned(_decoded(data)))


def wide_encoding(data: bytes) -> str:
    """The encoding of a text in UTF-16 or UTF-32, with a byte-order mark or without; else ""."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding if encoding != "utf-8-sig" else ""
    if b"\0" not in data:
        return ""
    return next((encoding for encoding in _UNMARKED if _is_in(data, encoding)), "")


def as_utf8(data: bytes) -> bytes:
    """A text in UTF-16 or UTF-32 as UTF-8; other bytes as they are."""
    return decode(data).encode() if wide_encoding(data) else data


def _decoded(data: bytes) -> str:
    encoding = wide_encoding(data)
    if encoding:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            raise LoadError(f"not text: marked as {encoding}, but {error.reason}") from error
    if b"\0" in data and (data.count(0) > len(data) * _MOST_NUL or _BINARY.search(data)):
        raise LoadError("not text: it contains NUL bytes")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode(_encoding(data[:_SAMPLE].replace(b"\0", b"")), errors="replace")


def _encoding(sample: bytes) -> str:
    """The likeliest encoding with one byte for a letter of the Latin alphabet."""
    runs = [len(run) for run in _HIGH.findall(sample)]
    if max(runs, default=0) <= _LONGEST_SIGN and sum(runs) <= _MOST_HIGH * len(sample):
        return "cp1252"
    best = from_bytes(sample).best()
    if best is None:
        raise LoadError("not text: no encoding fits its bytes") from None
    return "cp1252" if _LATIN.match(best.encoding) else best.encoding


def _is_in(data: bytes, encoding: str) -> bool:
    """Whether ``data`` is text in this encoding of two or four bytes a character."""
    width = 4 if "32" in encoding else 2
    high = data[width - 1 :: width] if encoding.endswith("le") else data[::width]
    if len(data) % width or len(high) < _FEWEST:
        return False
    one_alphabet = len(high) >= _LONG and len(set(high)) <= _FEW_VALUES
    if high.count(0) * 2 < len(high) and not one_alphabet:
        return False
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return "\0" not in text and all(c.isprintable() or c.isspace() for c in text[:_SAMPLE])


_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_UNMARKED = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
