"""The attachments of an e-mail, each with a name of its own."""

from email.message import EmailMessage
from typing import Any

from rag.load.characters import cleaned


def attachments_of(message: EmailMessage) -> dict[str, bytes]:
    """The bytes of each attachment by its name, in order.

    One without a name is ``attachment-2`` by its place. A name that recurs gets its place in front.
    """
    found: dict[str, bytes] = {}
    for number, attachment in enumerate(message.iter_attachments(), start=1):
        name = cleaned(attachment.get_filename() or "") or f"attachment-{number}"
        found[name if name not in found else f"{number}-{name}"] = _bytes(attachment)
    return found


def _bytes(attachment: Any) -> bytes:
    if attachment.get_content_type() == "message/rfc822":
        return bytes(attachment.get_payload(0).as_bytes())
    return attachment.get_payload(decode=True) or b""
