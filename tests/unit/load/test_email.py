"""E-mails and ZIP archives: each part is a document."""

import io
import struct
import zipfile
from email.message import EmailMessage

import pytest

from rag.errors import LoadError
from rag.load.parsed import Parsed
from rag.types import Skipped
from tests.unit.load.pages import Text, pdf_of
from tests.unit.load.reading import read, read_one


def message() -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Jo Doe <jo@acme.test>"
    mail["To"] = "sec@sec.test"
    mail["Subject"] = "Our response"
    mail["Date"] = "Mon, 05 Jun 2023 10:00:00 -0400"
    mail.set_content("We deny it.\n")
    return mail


def test_headers_stand_above_the_body_and_are_metadata() -> None:
    (parsed,) = read(message().as_bytes(), "mail.eml")

    assert isinstance(parsed, Parsed)
    assert parsed.metadata == {
        "title": "Our response",
        "speaker": "Jo Doe",
        "date": "2023-06-05",
    }
    assert parsed.text.startswith("From: Jo Doe <jo@acme.test>\nTo: sec@sec.test\nDate: ")
    assert parsed.text.endswith("\n\nWe deny it.")


def test_an_attachment_is_a_document_of_its_own_and_a_bad_one_is_skipped() -> None:
    mail = message()
    exhibit = pdf_of([Text(72, 700, "Exhibit one.")])
    mail.add_attachment(exhibit, maintype="application", subtype="pdf", filename="ex1.pdf")
    mail.add_attachment(b"", maintype="application", subtype="pdf", filename="ex2.pdf")

    _, first, second = read(mail.as_bytes(), "mail.eml")

    assert isinstance(first, Parsed)
    assert (first.part, first.text, first.page_starts) == ("!ex1.pdf", "Exhibit one.", (0,))
    assert second == Skipped("!ex2.pdf", "empty: zero bytes")


def test_quotations_of_an_html_body_have_their_own_speakers() -> None:
    mail = message()
    mail.set_content(
        "<p>We deny it.</p><div class='gmail_quote'><div>On Fri, Jun 2, 2023 at 9:00 AM Al Roe "
        "&lt;<a href='mailto:al@roe.test'>al@roe.test</a>&gt; wrote:<br></div><blockquote>"
        "<p>You took it.</p><p style='display:none'>Pixel</p></blockquote></div><p>We did not.</p>",
        subtype="html",
    )

    (parsed,) = read(mail.as_bytes(), "mail.eml")

    assert isinstance(parsed, Parsed)
    spoken = [(parsed.text[at:].split("\n")[0][:12], who) for at, who in parsed.speaker_starts]
    assert spoken == [("On Fri, Jun ", "Al Roe (quoted by Jo Doe)"), ("We did not.", "Jo Doe")]
    assert "\n\nYou took it.\n\nWe did not." in parsed.text


def test_a_page_that_a_browser_saved_is_read_as_a_page() -> None:
    mail = EmailMessage()
    mail["From"] = "<Saved by Blink>"
    mail["Snapshot-Content-Location"] = "https://agency.test/news"
    mail["Subject"], mail["Date"] = "News", "Mon, 05 Jun 2023 10:00:00 -0400"
    mail.set_content(
        '<html><head><title>Alder fined</title><meta name="DC.date" content="2023-05-04"></head>'
        "<body><nav>Home</nav><main><p>Alder was fined $5.</p></main></body></html>",
        subtype="html",
    )
    mail.make_related()
    mail.add_related(b"GIF8", "image", "gif", cid="<a>")

    (parsed,) = read(mail.as_bytes(), "news.mhtml")

    assert isinstance(parsed, Parsed)
    assert (parsed.title, parsed.text) == ("Alder fined", "Alder was fined $5.")
    assert parsed.metadata == {"date": "2023-05-04"}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_each_message_of_a_mailbox_is_a_document_with_its_attachments(end: str) -> None:
    second = message()
    second.replace_header("From", "Al Roe <al@roe.test>")
    for _ in range(2):
        second.add_attachment(b"Exhibit.", maintype="text", subtype="plain", filename="a.txt")
    box = b"".join(b"From x Mon Jun  5\n" + bytes(m) + b"\n" for m in (message(), second))
    first, _, last = box.rpartition(b"Mon, 05 Jun 2023 10:00:00 -0400")
    box = (first + b"June 6, 2023" + last).replace(b"\n", end.encode())

    one, other, exhibit, again = read(box, "box.mbox")

    assert isinstance(one, Parsed)
    assert isinstance(other, Parsed)
    assert (one.part, one.metadata["speaker"], one.metadata["date"]) == (
        *("!message-1", "Jo Doe", "2023-06-05"),
    )
    assert (other.part, other.metadata["speaker"], other.metadata["date"]) == (
        *("!message-2", "Al Roe", "2023-06-06"),
    )
    assert [item.part for item in (exhibit, again) if isinstance(item, Parsed)] == [
        *("!message-2!a.txt", "!message-2!2-a.txt"),
    ]


def tnef_of(*attributes: tuple[int, bytes]) -> bytes:
    body = b"".join(
        struct.pack("<BHHI", 2, name, 0, len(data)) + data + b"\0\0" for name, data in attributes
    )
    return b"\x78\x9f\x3e\x22\0\0" + body


def test_the_files_of_a_winmail_dat_are_read_or_it_is_named() -> None:
    long_name = "ledger 2023.txt\0".encode("utf-16-le")
    name = b"\x1f\0\x07\x37\x01\0\0\0" + struct.pack("<I", len(long_name)) + long_name
    files = tnef_of(
        *((0x9002, b""), (0x8010, b"ledger~1.txt\0"), (0x800F, b"Al Roe paid."), (0x9005, name)),
        *((0x9002, b""), (0x8010, b"b.txt\0"), (0x800F, b"Jo did not.")),
    )
    mail = message()
    for data in (files, tnef_of((0x800C, b"Body"))):
        mail.add_attachment(data, maintype="application", subtype="ms-tnef", filename="winmail.dat")

    _, ledger, other, none = read(mail.as_bytes(), "mail.eml")

    assert isinstance(ledger, Parsed)
    assert (ledger.part, ledger.text) == ("!winmail.dat!ledger 2023.txt", "Al Roe paid.")
    assert isinstance(other, Parsed)
    assert isinstance(none, Skipped)
    assert none.reason.startswith("Outlook attachments (TNEF)")


def archive_of(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "."), data)
    return out.getvalue()


def test_the_members_of_an_archive_have_their_own_sidecars_and_faults() -> None:
    data = archive_of(
        b__txt=b"Bolt was fined.",
        a__txt=b"Acme was fined.",
        a__txt__toml=b'id = "acme"\n[[speakers]]\nfrom = "was"\nspeaker = "SEC"',
        c__pdf=b"%PDF-1.4 broken",
        rows__jsonl=b'{"text": "One."}\n{"text": ""}',
    )

    acme, bolt, broken, row, no_row = read(data, "all.zip")

    assert isinstance(acme, Parsed)
    assert (acme.part, acme.metadata, acme.speaker_starts) == (
        "!a.txt",
        {"id": "acme"},
        ((5, "SEC"),),
    )
    assert isinstance(bolt, Parsed)
    assert (bolt.part, bolt.title) == ("!b.txt", "b.txt")
    assert isinstance(broken, Skipped)
    assert broken.source == "!c.pdf"
    assert isinstance(row, Parsed)
    assert row.part == "!rows.jsonl:1"
    assert isinstance(no_row, Skipped)
    assert no_row.source == "!rows.jsonl:2"


def test_an_archive_that_unpacks_to_too_much_is_refused_unread() -> None:
    data = archive_of(a=b"0" * 150_000_000, b=b"0" * 100_000_000)

    with pytest.raises(LoadError, match="unpacks to 250,000,000 bytes"):
        read(data, "all.zip")


def test_archives_are_opened_two_deep_and_no_deeper() -> None:
    inner = archive_of(a__txt=b"Deep.")
    deep = archive_of(three__zip=archive_of(two__zip=archive_of(one__zip=inner)))

    (item,) = read(deep, "deep.zip")
    (shallow,) = read(archive_of(one__zip=inner), "two.zip")

    assert isinstance(item, Skipped)
    assert "an archive inside an archive" in item.reason
    assert isinstance(shallow, Parsed)
    assert shallow.part == "!one.zip!a.txt"


def test_the_page_is_read_where_the_plain_part_is_empty() -> None:
    mail = (
        "From: Bo Rusk <bo@rusk.test>\nTo: Ada Pell <ada@pell.test>\nSubject: Fees\n"
        "MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\n \n--b\nContent-Type: text/html\n\n"
        "<p>The fee is <b>due</b>.</p>\n--b--\n"
    )

    assert read_one(mail.encode(), "a.eml").text.endswith("\n\nThe fee is due.")
