"""The bytes that a document was read from."""

import zipfile
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from rag.config import Settings
from rag.errors import LoadError
from rag.load import find, load, original
from rag.types import Document
from tests.unit.load.pages import Text, pdf_of

PDF = pdf_of([Text(72, 600, "Acme was fined.")])


def documents_in(path: Path) -> list[Document]:
    items = list(load(find([path]), Settings(ocr=False)))
    assert all(isinstance(item, Document) for item in items)
    return [item for item in items if isinstance(item, Document)]


def test_a_file_a_member_and_an_attachment_are_found_again(tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "See attached", "a@b.test", "c@d.test"
    mail.set_content("Attached.")
    mail.add_attachment(PDF, maintype="application", subtype="pdf", filename="ex.pdf")
    (tmp_path / "a!b.pdf").write_bytes(PDF)
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("folder/mail.eml", mail.as_bytes())

    (alone,) = documents_in(tmp_path / "a!b.pdf")
    _, attached = documents_in(tmp_path / "all.zip")

    assert original(alone) == PDF
    assert attached.source.endswith("all.zip!folder/mail.eml!ex.pdf")
    assert original(attached) == PDF


def test_a_message_of_a_mailbox_and_a_mail_inside_a_mail_are_found_again(tmp_path: Path) -> None:
    inner, outer = EmailMessage(), EmailMessage()
    for mail, words in ((inner, "Alder paid."), (outer, "See within.")):
        mail["Subject"], mail["From"], mail["To"] = words, "a@b.test", "c@d.test"
        mail.set_content(f"{words}\nFrom the start.")
    outer.add_attachment(inner)
    last = EmailMessage()
    last["Subject"], last["From"], last["To"] = "Last", "a@b.test", "c@d.test"
    path = tmp_path / "all.mbox"
    path.write_bytes(b"".join(b"From x\n" + bytes(m) + b"\n" for m in (outer, last)))

    documents = documents_in(path)

    places = [document.source.removeprefix(str(path)) for document in documents]
    assert places == ["!message-1", "!message-1!attachment-1", "!message-2"]
    assert all(b"Subject: " in original(document) for document in documents)


def test_a_file_that_is_gone_or_has_changed_is_an_error_that_says_what_to_do(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(PDF)
    (document,) = documents_in(path)
    path.write_bytes(PDF + b" ")

    with pytest.raises(LoadError, match="has changed since it was indexed. Run: rag index"):
        original(document)
    path.unlink()
    with pytest.raises(LoadError, match="no longer exists. Run: rag index"):
        original(replace(document))


def test_what_has_become_larger_than_a_build_reads_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "Alder paid.")
    (document,) = documents_in(path)
    monkeypatch.setenv("RAG_MAX_FILE_BYTES", "100000")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", bytes(50_000_000))

    with pytest.raises(LoadError, match=r"all\.zip!a\.txt: larger than max_file_bytes = 100,000"):
        original(document)
    path.write_bytes(bytes(200_000))
    with pytest.raises(LoadError, match="larger than max_file_bytes"):
        original(document)


@pytest.mark.parametrize(
    "content", [b"PK\3\4" + b"\xff" * 60, b"%PDF-1.7 x", b"\x78\x9f\x3e\x22", b""]
)
def test_a_file_that_became_hostile_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "Alder paid.")
    (document,) = documents_in(path)
    path.write_bytes(content)

    with pytest.raises(LoadError, match=r"all\.zip!a\.txt(:| can no longer)"):
        original(document)
