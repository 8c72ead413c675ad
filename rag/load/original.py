"""The bytes that a document was read from, compared with their digest."""

import email
import email.policy
import hashlib
import io
import zipfile
from email.message import EmailMessage
from pathlib import Path
from typing import IO

from rag.config import load_settings
from rag.errors import LoadError
from rag.load.attachments import attachments_of
from rag.load.mbox import mbox_messages
from rag.load.text import as_utf8
from rag.load.tnef import SIGNATURE, tnef_files
from rag.types import Document


def original(document: Document) -> bytes:
    """The bytes that ``document`` was read from, also from inside an archive or an e-mail.

    The file may have been replaced since: it and what lies in it is read up to ``max_file_bytes``.

    Raises
    ------
    LoadError
        If the file does not exist, cannot be read, is larger than that, or has changed since the
        document was read.
    """
    path, *members = _parts(document.source)
    most = load_settings().max_file_bytes
    try:
        with path.open("rb") as file:
            data = _at_most(file, most)
        for member in members:
            data = _member(data, member, most)
    except LoadError as error:
        raise LoadError(f"{document.source}: {error}") from error
    except Exception as error:  # libraries raise anything on hostile bytes
        raise LoadError(f"{document.source} can no longer be read: {error}") from error
    if hashlib.sha256(data).hexdigest() != document.sha256:
        raise LoadError(f"{document.source} has changed since it was indexed. Run: rag index")
    return data


def _parts(source: str) -> tuple[Path, *tuple[str, ...]]:
    """The file, and the names of nested members; the name of a file may contain ``!`` too."""
    pieces = source.split("!")
    for count in range(len(pieces), 0, -1):
        path = Path("!".join(pieces[:count]))
        if path.is_file():
            return path, *pieces[count:]
    raise LoadError(f"{source} no longer exists. Run: rag index")


def _at_most(file: IO[bytes], most: int) -> bytes:
    data = file.read(most + 1)
    if len(data) > most:
        raise LoadError(f"larger than max_file_bytes = {most:,}. Run: rag index")
    return data


def _member(data: bytes, name: str, most: int) -> bytes:
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(name) as file:
            return _at_most(file, most)
    if b"%PDF-" in data[:1024]:
        from rag.load.pdf.attachments import attachment as embedded  # starts PDFium

        return embedded(data, name)
    if data.startswith(SIGNATURE):
        return tnef_files(data)[name]
    if name in (messages := mbox_messages(data)):
        return messages[name]
    message = email.message_from_bytes(as_utf8(data), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return attachments_of(message)[name]
