"""Detecting formats by bytes."""

import gzip
import io
import zipfile

import pytest

from rag.errors import LoadError
from rag.load.file_type import kind_of, unzip_gzip


def zip_of(*names: str, content: str = "x") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b"%PDF-1.4\n", "a.txt", "pdf"),
        (b"\r\n%PDF-1.5\n", "a.txt", "pdf"),
        (zip_of("[Content_Types].xml", "word/document.xml"), "a.pdf", "docx"),
        (zip_of("[Content_Types].xml", "word/document2.xml"), "a", "docx"),
        (zip_of("content.xml", "META-INF/manifest.xml"), "a.docx", "odt"),
        (zip_of("a.txt"), "a.docx", "zip"),
        (zip_of("content.xml"), "a", "zip"),
        (b"\x78\x9f\x3e\x22\0\0", "a.dat", "tnef"),
        (b"From x\nSubject: a\n\nb\n\nFrom y\nSubject: c\n\nd", "a", "mbox"),
        (b"From x\nFrom: a@b.c\nTo: d@e.f\nSubject: c\n\nd", "a", "eml"),
        ("a,b\n1,2\n".encode("utf-16-le"), "a.csv", "csv"),
        ("<html><p>x".encode("utf-16"), "a", "html"),
        (zip_of("a.pdf", content="%PDF-1.4"), "a", "zip"),
        (gzip.compress(b"x"), "a", "gzip"),
        (b"<!DOCTYPE html><p>x", "a.txt", "html"),
        (b'{"text": "x"}\n', "a.txt", "jsonl"),
        (b"From: a@b.c\nTo: d@e.f\nSubject: x\n\nbody", "a.txt", "eml"),
        (b'<?xml version="1.0"?><html xmlns="x"><p>x', "a.xml", "html"),
        (b'<?xml version="1.0"?><act><body>x', "a.html", "xml"),
        (b"a,b\n1,2\n", "a.csv", "csv"),
        (b"# Title\n", "a.md", "md"),
        (b"From: here to eternity\n", "a", "txt"),
    ],
)
def test_the_bytes_decide_and_the_name_only_between_plain_texts(
    data: bytes, name: str, kind: str
) -> None:
    assert kind_of(data, name) == kind


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "zero bytes"),
        (b" \n\t", "nothing but white space"),
        (b"\xd0\xcf\x11\xe0rest", "an old Word"),
        (b"{\\rtf1", "an RTF file"),
        (b"\xffWPC\x10", "a WordPerfect file; save it as .docx or .pdf"),
        (b"SQLite format 3\0", "a database; export its tables as .csv"),
        (b"\x89PNG\r\n", "an image"),
        (zip_of("[Content_Types].xml", "xl/workbook.xml"), "an Excel file; save the sheet as .csv"),
        (b"PK\x03\x04broken", "a damaged ZIP"),
    ],
)
def test_an_unsupported_format_has_a_reason_that_says_what_to_do(data: bytes, reason: str) -> None:
    with pytest.raises(LoadError, match=reason):
        kind_of(data, "a.pdf")


def test_gzip_is_unpacked_up_to_the_limit_and_no_further() -> None:
    packed = gzip.compress(b"a" * 1000) + gzip.compress(b"b" * 24)

    assert unzip_gzip(packed, 1024) == b"a" * 1000 + b"b" * 24
    with pytest.raises(LoadError, match="more than 1,000 bytes"):
        unzip_gzip(packed, 1000)
    with pytest.raises(LoadError, match="ends too early"):
        unzip_gzip(packed[:20], 1024)
    with pytest.raises(LoadError, match="damaged gzip"):
        unzip_gzip(b"\x1f\x8b\x08\x00" + b"\xff" * 40, 1024)
