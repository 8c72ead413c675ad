"""One small sound file of each format, as bytes, and the hostile files that are made of nothing."""

import gzip
import io
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import docx

from tests.unit.load.pages import Text, column, pdf_of, stream, written

CANARY = "canary-6f1d-that-lies-outside"
"""Words in a file outside the folder of documents; no document may hold them."""

_TEXT = (
    "On 3 May 2021 the Commission fined Alder Trading $5,000.\n\n"
    "“We deny it,” said Birch Capital. It consented to an order.\n"
)
_HTML = (
    "<html><head><title>Order</title></head><body><h1>Order</h1><table><tr><th>Firm<th>Fine"
    "<tr><td>Alder<td>$5,000</table><p>On 3 May 2021 the Commission fined Alder.</p>"
    "<ul><li>One<ul><li>Two</ul></ul></body></html>"
)


def packed(members: dict[str, bytes | str]) -> bytes:
    """A ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def samples() -> dict[str, bytes]:
    """Sound files by name, one of each format that is read."""
    rows = [{"id": "a", "date": "2021-05-03", "agency": "SEC", "text": _TEXT}, {"text": "Two."}]
    word = docx.Document()
    word.add_heading("Order", 1)
    word.add_paragraph(_TEXT)
    word.add_table(rows=1, cols=2).rows[0].cells[0].text = "$5,000"
    saved = io.BytesIO()
    word.save(saved)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@b.test", "c@d.test", "Order"
    mail.set_content(_TEXT)
    mail.add_alternative(_HTML, subtype="html")
    mail.add_attachment(
        b"Attached: Alder paid.", maintype="text", subtype="plain", filename="a.txt"
    )
    made = {
        "a.txt": _TEXT.encode(),
        "a.md": f"# Order\n\n{_TEXT}\n| Firm | Fine |\n|---|---|\n| Alder | $5 |\n".encode(),
        "a.html": _HTML.encode(),
        "a.jsonl": "".join(json.dumps(row) + "\n" for row in rows).encode(),
        "a.csv": b'id,date,agency,text\n1,3/5/2021,"SEC; CFTC",Alder paid.\n2,,,"Two\nlines"\n',
        "a.xml": f"<?xml version='1.0'?><order><p>{_TEXT}</p></order>".encode(),
        "a.docx": saved.getvalue(),
        "a.odt": _odt("<text:p>On 3 May 2021 the Commission fined Alder.</text:p>"),
        "a.pdf": pdf_of(
            column(72, 700, ["The Commission fined Alder $5,000.", "It denied the charge."]),
            [Text(72, 600, "Second page."), Text(72, 580, "2", size=8)],
        ),
        "a.eml": mail.as_bytes(),
        "a.mbox": b"From a\n" + mail.as_bytes() + b"\n\nFrom b\n" + mail.as_bytes(),
        "winmail.dat": _tnef((0x9002, b""), (0x8010, b"a.txt\0"), (0x800F, b"Al Roe paid.")),
        "a.txt.gz": gzip.compress(_TEXT.encode()),
    }
    made["a.zip"] = packed({name: made[name] for name in ("a.txt", "a.docx", "a.pdf", "a.eml")})
    return made


def _odt(body: str, before: str = "") -> bytes:
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "text", "table", "style")
    )
    content = (
        f"{before}<office:document-content {names}><office:body><office:text>{body}</office:text>"
        "</office:body></office:document-content>"
    )
    return packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def _tnef(*attributes: tuple[int, bytes]) -> bytes:
    parts = (struct.pack("<BHHI", 2, n, 0, len(d)) + d + b"\0\0" for n, d in attributes)
    return b"\x78\x9f\x3e\x22\0\0" + b"".join(parts)


def _word_with(name: str, change: Callable[[bytes], bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(samples()["a.docx"])) as old:
        return packed(
            {n: change(old.read(n)) if n == name else old.read(n) for n in old.namelist()}
        )


def _entities(outside: Path) -> str:
    return (
        f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{outside}"><!ENTITY p "lol">'
        + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "&p;" * 10}">' for n in range(9))
        + "]>"
    )


def _pages(count: int) -> bytes:
    kids = " ".join("3 0 R" for _ in range(count))
    return written(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            f"<< /Type /Pages /Count {count} /Kids [{kids}] >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>",
        ]
    )


def _pdf_with(catalog: str, pages: str, *others: str) -> bytes:
    return written([f"<< /Type /Catalog /Pages 2 0 R {catalog} >>", pages, *others])


def _messages_deep(count: int) -> bytes:
    mail = b"From: a@b.test\nSubject: inner\n\nThe innermost.\n"
    for number in range(count):
        mark = b"b%d" % number
        mail = (
            b"From: a@b.test\nSubject: s\nMIME-Version: 1.0\nContent-Type: multipart/mixed; "
            b'boundary="' + mark + b'"\n\n--' + mark + b"\nContent-Type: message/rfc822\n\n"
            + mail + b"\n--" + mark + b"--\n"
        )  # fmt: skip
    return mail


def hostile(folder: Path, outside: Path) -> dict[str, Callable[[], None]]:
    """For each kind of hostile document what writes it into ``folder``; the slow ones last."""

    def bytes_of(name: str, data: Callable[[], bytes] | bytes) -> Callable[[], None]:
        return lambda: (folder / name).write_bytes(data() if callable(data) else data) and None

    bombs = zlib.compress(bytes(60_000_000), 9)
    nested = b"The innermost."
    for number in range(20):
        nested = packed({f"{number}.zip" if number else "a.txt": nested})
    xml = _entities(outside).encode()
    tree = "<< /Type /Pages /Count 2 /Kids [2 0 R 3 0 R] /Parent 2 0 R >>"
    made: dict[str, Callable[[], None]] = {
        "ZIP bomb": bytes_of("a.zip", packed({"a.txt": bytes(60_000_000)})),
        "gzip bomb": bytes_of("a.txt.gz", lambda: gzip.compress(bytes(60_000_000))),
        "PDF stream bomb": bytes_of(
            "a.pdf",
            pdf_of([Text(72, 700, "x")])
            .replace(b"/Contents 5 0 R", b"/Contents 9 0 R")
            .replace(b"\nxref\n", b"\nlost\n")  # the objects are looked for
            + b"9 0 obj\n<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(bombs)
            + bombs
            + b"\nendstream\nendobj\n",
        ),
        "Word bomb": bytes_of(
            "a.docx", _word_with("word/document.xml", lambda b: b + b" " * 40_000_000)
        ),
        "twenty archives deep": bytes_of("a.zip", nested),
        "archive that names paths outside": bytes_of(
            "a.zip",
            packed({"../../escaped.txt": "Out.", "/escaped.txt": "Out.", "a\\..\\b.txt": "Out."}),
        ),
        "messages forty deep": bytes_of("a.eml", _messages_deep(40)),
        "entities and a file in XML": bytes_of(
            "a.xml", b"<?xml version='1.0'?>" + xml + b"<a>&x;&l8;</a>"
        ),
        "entities and a file in HTML": bytes_of(
            "a.html", b"<?xml version='1.0'?>" + xml + b"<html><body>&x;&l8;<p>ok</p></body></html>"
        ),
        "entities and a file in Word": bytes_of(
            "a.docx",
            _word_with(
                "word/document.xml", lambda b: b.replace(b"<w:document", xml + b"<w:document", 1)
            ),
        ),
        "entities and a file in OpenDocument": bytes_of(
            "a.odt", _odt("<text:p>&x;&l8;</text:p>", xml.decode())
        ),
        "XInclude of a file": bytes_of(
            "a.xml",
            f'<a xmlns:i="http://www.w3.org/2001/XInclude"><p>Own.</p><i:include href="{outside}" '
            'parse="text"/></a>'.encode(),
        ),
        "page that embeds files": bytes_of(
            "a.html",
            f'<iframe src="file://{outside}"></iframe><object data="{outside}"></object>'
            f'<link rel="import" href="{outside}"><p>Own.</p>'.encode(),
        ),
        "attachment outside the message": bytes_of(
            "a.eml",
            b"From: a@b.test\nMIME-Version: 1.0\nContent-Type: message/external-body; "
            b'access-type=local-file; name="%b"\n\nContent-Type: text/plain\n\n'
            % str(outside).encode(),
        ),
        "30,000 elements deep": bytes_of("a.html", b"<div>" * 30_000 + b"deep" + b"</div>" * 9),
        "100,000 brackets": bytes_of("a.jsonl", b'{"text": ' + b"[" * 100_000 + b"\n"),
        "tree of pages that is a cycle": bytes_of(
            "a.pdf", _pdf_with("", tree, "<< /Type /Pages /Count 1 /Kids [2 0 R] >>")
        ),
        "PDF that says it has 2,000,000,000 pages": bytes_of(
            "a.pdf", _pdf_with("", "<< /Type /Pages /Count 2000000000 /Kids [] >>")
        ),
        "page of an endless size": bytes_of(
            "a.pdf",
            _pdf_with(
                "",
                "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1e30 1e30] /Contents 4 0 R >>",
                stream("BT (x) Tj ET"),
            ),
        ),
        "PDF with scripts and a program to start": bytes_of(
            "a.pdf",
            _pdf_with(
                "/OpenAction << /S /Launch /F (/bin/sh) >> /AA << /O << /S /JavaScript "
                "/JS (app.launchURL('http://leak.test/')) >> >>",
                "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>",
            ),
        ),
        "a line of 8,000,000 characters": bytes_of("a.txt", b"x" * 8_000_000),
        "8,000,000 spaces": bytes_of("a.txt", b"a" + b" " * 8_000_000 + b"b"),
        "a cell of 4,000,000 characters": bytes_of(
            "a.csv", b'text\n"' + b"y " * 2_000_000 + b'"\n'
        ),
        "50,000 columns": bytes_of(
            "a.csv", b",".join(b"c%d" % n for n in range(50_000)) + b"\nx\n"
        ),
        "NUL and control characters": bytes_of(
            "a.txt", bytes(range(32)) * 40 + b"Alder \0paid\0 $5." + bytes(400)
        ),
        "surrogates in rows": bytes_of("a.jsonl", rb'{"id": "\ud800", "text": "One \udfff two."}'),
        "bytes that are no UTF-8": bytes_of(
            "a.txt", b"\xff\xfe\xfd Alder \xed\xa0\x80 paid \xc0\xaf."
        ),
        "reversed words": bytes_of("a.txt", "Alder \u202edeif\u202c \u2066paid\u2069 $5.".encode()),
        "names with markup": bytes_of(
            "<img src=x onerror=alert(1)> ![x](javascript:1) $x$ \x1b[2J.txt", b"Alder paid."
        ),
        "a name of 255 bytes": bytes_of("n" * 251 + ".txt", b"Alder paid."),
        "links out, to themselves, to devices": lambda: (
            [
                (folder / name).symlink_to(target)
                for name, target in {
                    "out.txt": outside,
                    "self.txt": "self.txt",
                    "zero.txt": "/dev/zero",
                    "passwd.txt": "/etc/passwd",
                    "up": folder.parent,
                }.items()
            ]
            and None
        ),
        "a pipe and a socket": lambda: _special(folder),
        "a sidecar that is a pipe": lambda: _piped(folder),
        "an empty file of each format": lambda: (
            [(folder / name).touch() for name in samples()] and None
        ),
        "a mailbox of 3,000 messages": bytes_of(
            "a.mbox", b"From a\nFrom: a@b.test\nSubject: s\n\nOne.\n\n" * 3_000
        ),
        "10,000 pages": bytes_of("a.pdf", lambda: _pages(10_000)),
        "4,990 pages": bytes_of("a.pdf", lambda: _pages(4_990)),
    }
    return made


def _special(folder: Path) -> None:
    import socket

    os.mkfifo(folder / "pipe.txt")
    here = os.getcwd()
    os.chdir(folder)  # the path of a socket has at most 107 bytes
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind("socket.txt")
    finally:
        os.chdir(here)


def _piped(folder: Path) -> None:
    (folder / "a.txt").write_text("Alder paid.")
    os.mkfifo(folder / "a.txt.toml")
