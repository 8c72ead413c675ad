"""Mailboxes (mbox): each message is a document, with its attachments."""

import re
from collections.abc import Iterator
from dataclasses import replace

from rag.load.parsed import Job, Parsed
from rag.load.readers import read_part
from rag.types import Skipped

# A line "From …" after a blank line, with a header below it (RFC 4155).
_START = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\r\n]{1,500}\r?\n(?=[!-9;-~]{1,60}:)")
_ESCAPED = re.compile(rb"^>(?=>*From )", re.MULTILINE)


def read_mbox(job: Job) -> Iterator[Parsed | Skipped]:
    """Read the messages of a mailbox, in order; a faulty one is skipped alone."""
    for name, data in mbox_messages(job.data).items():
        yield from read_part(replace(job, data=data, name=f"{name}.eml", part=f"{job.part}!{name}"))
        job.on_page()


def mbox_messages(data: bytes) -> dict[str, bytes]:
    """The messages of a mailbox by name: ``message-1`` and so on. Empty if it is none."""
    starts = list(_START.finditer(data))
    if not starts or starts[0].start() > 0:
        return {}
    ends = [*(match.start() for match in starts[1:]), len(data)]
    return {
        f"message-{number}": _ESCAPED.sub(b"", data[match.end() : end])
        for number, (match, end) in enumerate(zip(starts, ends, strict=True), start=1)
    }
