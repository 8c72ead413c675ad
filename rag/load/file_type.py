"""Detect the format of a file by its bytes; the name decides only between kinds of plain text."""

import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator

from rag.errors import LoadError
from rag.load.text import as_utf8

_HTML = re.compile(rb"<(!doctype html|html|head|body)[\s>]", re.IGNORECASE)
_XHTML = re.compile(rb"<(!doctype html|html)[\s>]", re.IGNORECASE)
_MAIL = re.compile(
    rb"^(from|to|cc|subject|date|received|return-path|mime-version|message-id|content-type)[ \t]*:",
    re.IGNORECASE,
)
_ODF = b"application/vnd.oasis.opendocument."
# Word on the web numbers the part.
_WORD = re.compile(r"word/document\d{0,3}\.xml")
# The first line of each message of a mailbox, with a header below it.
_MBOX = re.compile(rb"^From [^\r\n]{1,500}\r?\n(?=[!-9;-~]{1,60}:)", re.MULTILINE)
# Bytes that are searched for the headers of e-mail, and for the start of HTML; both come first.
_HEAD, _HTML_HEAD = 4096, 2048
# Bytes of the first line that are tested for JSON: a longer row is no row of an export.
_LONGEST_ROW = 1_000_000
# Least number of headers of an e-mail, and of one named ``.eml``; memoranda may begin with two.
_FEWEST_HEADERS, _FEWEST_HEADERS_OF_EML = 3, 2
_UNSUPPORTED = (
    (b"\xd0\xcf\x11\xe0", "an old Word, Excel or Outlook file; save it as .docx, .pdf or .eml"),
    (b"{\\rtf", "an RTF file; save it as .docx or .pdf"),
    (b"\x89PNG", "an image; print it to a PDF"),
    (b"\xff\xd8\xff", "an image; print it to a PDF"),
    (b"GIF8", "an image; print it to a PDF"),
    (b"II*\x00", "an image; print it to a PDF"),
    (b"MM\x00*", "an image; print it to a PDF"),
    (b"\xffWPC", "a WordPerfect file; save it as .docx or .pdf"),
    (b"SQLite format 3\0", "a database; export its tables as .csv"),
    (b"7z\xbc\xaf", "a 7-Zip archive; pack it as .zip"),
    (b"Rar!", "a RAR archive; pack it as .zip"),
)


def kind_of(data: bytes, name: str) -> str:
    """The format of ``data``.

    One of pdf, docx, odt, zip, gzip, tnef, html, xml, eml, mbox, jsonl, csv, md and txt.

    Raises
    ------
    LoadError
        For an empty file and for an unsupported format.
    """
    if not data:
        raise LoadError("empty: zero bytes")
    # Before PDF: an archive may begin with an uncompressed PDF.
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_zip(data)
    if data.startswith(b"\x1f\x8b"):
        return "gzip"
    if data.startswith(b"\x78\x9f\x3e\x22"):
        return "tnef"
    # Readers accept a PDF header anywhere in the first 1,024 bytes (PDF 1.7, appendix H.3.4.1).
    if b"%PDF-" in data[:1024]:
        return "pdf"
    for magic, what in _UNSUPPORTED:
        if data.startswith(magic):
            raise LoadError(f"not supported: {what}")
    if not data.strip():
        raise LoadError("empty: nothing but white space")
    return _kind_of_text(as_utf8(data), name.lower())


def unzip_gzip(data: bytes, limit: int) -> bytes:
    """The bytes inside a gzip file with one or more members.

    Raises
    ------
    LoadError
        If it is damaged, or unpacks to more than ``limit`` bytes.
    """
    pieces: list[bytes] = []
    size = 0
    try:
        for piece in _gunzip(data, limit + 1):
            size += len(piece)
            if size > limit:
                raise LoadError(f"unpacks to more than {limit:,} bytes; raise max_file_bytes")
            pieces.append(piece)
    except zlib.error as error:
        raise LoadError(f"a damaged gzip file: {error}") from error
    return b"".join(pieces)


def _gunzip(data: bytes, limit: int) -> Iterator[bytes]:
    while data:
        unpacker = zlib.decompressobj(wbits=31)
        yield unpacker.decompress(data, limit)
        if not unpacker.eof:
            if unpacker.unconsumed_tail:
                return  # the limit is exceeded, as the caller sees
            raise LoadError("a damaged gzip file: it ends too early")
        data = unpacker.unused_data


def _kind_of_zip(data: bytes) -> str:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        names = set(archive.namelist())
        mimetype = archive.read("mimetype")[:100] if "mimetype" in names else b""
    except (
        *(zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError, zlib.error),
    ) as error:
        raise LoadError(f"a damaged ZIP or Office file: {error}") from error
    if "content.xml" in names and (mimetype.startswith(_ODF) or "META-INF/manifest.xml" in names):
        if mimetype.startswith(_ODF + b"text") or not mimetype:
            return "odt"
        raise LoadError("not supported: an OpenDocument file other than a text; save it as .pdf")
    if "[Content_Types].xml" not in names:
        return "zip"
    if any(_WORD.fullmatch(name) for name in names):
        return "docx"
    if any(name.startswith("xl/") for name in names):
        raise LoadError("not supported: an Excel file; save the sheet as .csv")
    raise LoadError("not supported: an Office file other than Word; save it as .pdf")


def _kind_of_text(data: bytes, name: str) -> str:
    head = data[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    named = name.removesuffix(".gz").rpartition(".")[2]
    if head.startswith(b"<?xml") and not _XHTML.search(head[:_HTML_HEAD]):
        return "xml"
    if _HTML.search(head[:_HTML_HEAD]) and head.startswith(b"<"):
        return "html"
    if _is_json_object(data):
        return "jsonl"
    if head.startswith(b"From ") and len(_MBOX.findall(data)) > 1:
        return "mbox"
    headers = sum(1 for line in head.split(b"\n\n")[0].splitlines() if _MAIL.match(line))
    if headers >= (_FEWEST_HEADERS_OF_EML if named == "eml" else _FEWEST_HEADERS):
        return "eml"
    kinds = {"csv": "csv", "tsv": "csv", "md": "md", "markdown": "md", "jsonl": "jsonl"}
    kinds |= {"htm": "html", "html": "html", "xhtml": "html"}
    return kinds.get(named, "txt")


def _is_json_object(data: bytes) -> bool:
    line = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:_LONGEST_ROW].split(b"\n", 1)[0]
    if not line.startswith(b"{"):
        return False
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False
