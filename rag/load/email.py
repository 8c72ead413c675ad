"""E-mails: headers as metadata, each message of the body with its speaker, attachments apart."""

import email
import email.policy
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import Any

from rag.errors import LoadError
from rag.load.attachments import attachments_of
from rag.load.characters import cleaned
from rag.load.dates import iso_date
from rag.load.html import read_page, text_of_message
from rag.load.parsed import Job, Parsed
from rag.load.readers import read_part
from rag.load.text import as_utf8
from rag.load.thread import messages_of, name_of
from rag.types import Skipped

_SHOWN = ("From", "To", "Cc", "Date", "Subject")


def read_email(job: Job) -> Iterator[Parsed | Skipped]:
    """Read an e-mail: its headers above its body, as a mail program prints it; then attachments.

    A web page that a browser saved as one file (MHTML) is read as a web page.

    Messages that the body quotes or forwards have speakers of their own, see ``messages_of``.

    Raises
    ------
    LoadError
        If it has neither headers nor text.
    """
    message = email.message_from_bytes(as_utf8(job.data), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    page = message.get_body(preferencelist=("html",))
    if page is not None and message.get("Snapshot-Content-Location"):
        yield read_page(_decoded(page))  # a web page that a browser saved with its pictures
        return
    headers = {name: _header(message, name) for name in _SHOWN}
    body = message.get_body(preferencelist=("plain", "html"))
    text = "" if body is None else _content(body)
    if page is not None and not text.strip():  # some programs leave the plain part empty
        text = _content(page)
    top = "\n".join(f"{name}: {value}" for name, value in headers.items() if value)
    if not top and not text.strip():
        raise LoadError("an e-mail without headers or text")
    sender = name_of(headers["From"])
    metadata: dict[str, Any] = {"title": headers["Subject"]} if headers["Subject"] else {}
    if sender:
        metadata["speaker"] = sender
    if date := _date(headers["Date"]):
        metadata["date"] = date
    thread = messages_of(text.strip("\n"), sender)
    shift = len(top) + 2 * bool(top)
    yield Parsed(
        f"{top}\n\n{thread.text}".strip("\n"),
        metadata=metadata,
        speaker_starts=tuple((shift + offset, who) for offset, who in thread.speakers),
        headings=tuple((shift + offset, depth, who) for offset, depth, who in thread.messages),
    )
    for name, data in attachments_of(message).items():
        yield from read_part(replace(job, data=data, name=name, part=f"{job.part}!{name}"))


def _header(message: EmailMessage, name: str) -> str:
    try:
        return " ".join(cleaned(str(message.get(name, ""))).split())
    except (ValueError, TypeError, IndexError, AttributeError, LookupError):
        return ""  # the parser of structured headers fails on some headers


def _date(written: str) -> str:
    with suppress(ValueError, TypeError, OverflowError):
        return iso_date(parsedate_to_datetime(written).date().isoformat())
    return iso_date(written)


def _decoded(body: Any) -> str:
    try:
        return str(body.get_content())
    except (LookupError, UnicodeError):  # an unknown or wrong encoding
        return str((body.get_payload(decode=True) or b"").decode("utf-8", errors="replace"))


def _content(body: Any) -> str:
    text = _decoded(body)
    if body.get_content_type() == "text/html":
        return text_of_message(text)
    return cleaned(text).replace("\r\n", "\n").replace("\r", "\n")
