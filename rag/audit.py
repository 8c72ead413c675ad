"""The audit log: one line of JSON for each question, appended to a file and never changed."""

import getpass
import json
import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rag.errors import RagError
from rag.types import Answer, Citation, Hit


def log_question(
    path: Path | None,
    *,
    who: str,
    door: str,
    collection: str,
    build: str,
    question: str,
    outcome: str,
    citations: Iterable[Mapping[str, Any]] = (),
) -> None:
    """Append one line to the audit log; nothing without a path.

    It is written before an answer is shown. So an answer that is not in the log was not shown.

    Parameters
    ----------
    path
        The file; it is made at the first line, readable by its owner alone.
    who, door, collection, build
        Who asks, by which way ("page", "http" …), and what is searched.
    outcome
        That of the answer; ``search`` for passages alone, ``read`` for the text of a document,
        ``failed`` after an error, ``stopped`` if the reader left first.
    citations
        Records with ``doc_id``, ``start`` and ``end``: see `places_cited` and `places_found`.

    Raises
    ------
    RagError
        If the line cannot be written.
    """
    if path is None:
        return
    entry = {
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "who": who,
        "door": door,
        "collection": collection,
        "build": build,
        "question": question,
        "outcome": outcome,
        "citations": list(citations),
    }
    line = json.dumps(entry).encode() + b"\n"
    try:
        # One write at the end of the file: lines of several processes do not mix.
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            written = os.write(file, line)
        finally:
            os.close(file)
    except OSError as error:
        raise RagError(_unwritten(path, error.strerror or str(error))) from error
    if written != len(line):
        raise RagError(_unwritten(path, "the disk is full"))


def places_cited(answer: Answer) -> list[dict[str, Any]]:
    """The places that an answer cites: those of its claims, then those of the rows of its table."""
    rows = answer.table.rows if answer.table is not None else ()
    return [
        *(_place(one) for claim in answer.claims for one in claim.citations),
        *(_place(row.citation) for row in rows),
    ]


def places_found(hits: Iterable[Hit]) -> list[dict[str, Any]]:
    """The places of hits."""
    return [
        {
            "doc_id": hit.passage.document.doc_id,
            "start": hit.passage.start,
            "end": hit.passage.end,
        }
        for hit in hits
    ]


def user() -> str:
    """The name of the user of this machine, for programs that run as one; empty without one."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def _place(citation: Citation) -> dict[str, Any]:
    return {
        "doc_id": citation.document.doc_id,
        "start": citation.start,
        "end": citation.end,
    }


def _unwritten(path: Path, reason: str) -> str:
    return (
        f"the audit log {path} cannot be written ({reason}), so nothing is shown. "
        "Make it writable, or change the setting audit_log."
    )
