"""E-mails: headers as metadata, the body as text, each attachment as a document."""

import email
import email.policy
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import Any

from rag.errors import LoadError
from rag.load.html import text_of_page
from rag.load.parsed import Job, Parsed
from rag.load.readers import read_part
from rag.types import Skipped

_SHOWN = ("From", "To", "Cc", "Date", "Subject")


def read_email(job: Job) -> Iterator[Parsed | Skipped]:
    """Read an e-mail: its headers above its body, as a mail program prints it; then attachments.

    Raises
    ------
    LoadError
        If it has neither headers nor text.
    """
    message = email.message_from_bytes(job.data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    headers = {name: _header(message, name) for name in _SHOWN}
    body = message.get_body(preferencelist=("plain", "html"))
    text = "" if body is None else _content(body)
    top = "\n".join(f"{name}: {value}" for name, value in headers.items() if value)
    if not top and not text.strip():
        raise LoadError("an e-mail without headers or text")
    metadata: dict[str, Any] = {"title": headers["Subject"]} if headers["Subject"] else {}
    if headers["From"]:
        metadata["speaker"] = headers["From"].split("<")[0].strip(' "') or headers["From"]
    with suppress(ValueError, TypeError):
        metadata["date"] = parsedate_to_datetime(headers["Date"]).date().isoformat()
    yield Parsed(f"{top}\n\n{text}".strip("\n"), metadata=metadata)
    for number, attachment in enumerate(message.iter_attachments(), start=1):
        name = attachment.get_filename() or f"attachment-{number}"
        data = _bytes(attachment)
        yield from read_part(replace(job, data=data, name=name, part=f"!{name}"))


def _header(message: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(message.get(name, "")).split())
    except (ValueError, TypeError, IndexError, AttributeError, LookupError):
        return ""  # the parser of structured headers fails on some headers


def _content(body: Any) -> str:
    try:
        text = str(body.get_content())
    except (LookupError, UnicodeError):  # an unknown or wrong encoding
        text = (body.get_payload(decode=True) or b"").decode("utf-8", errors="replace")
    if body.get_content_type() == "text/html":
        return text_of_page(text)[0]
    return text.replace("\r\n", "\n")


def _bytes(attachment: Any) -> bytes:
    if attachment.get_content_type() == "message/rfc822":
        return bytes(attachment.get_payload(0).as_bytes())
    return attachment.get_payload(decode=True) or b""
