"""A conversation as a file: Markdown, HTML and DOCX to read, JSON for machines.

Each file contains the record that ``rag verify`` checks.
"""

import html
import io
import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from docx import Document as Docx
from docx.shared import Pt, RGBColor

from rag import (
    as_sentence,
    attach_record,
    claim_lines,
    conversation_evidence,
    counted,
    date_in_words,
    record_lines,
    row_lines,
    summary_lines,
)
from ui.conversations import Conversation
from ui.formatting import filters_in_words
from ui.marks import starred
from ui.timeline import events_of
from ui.turns import Turn

# One line of the export: its kind and its words.
_Line = tuple[str, str]


def as_markdown(conversation: Conversation) -> str:
    """CommonMark; text from documents is escaped."""
    templates = {
        "title": "# {}",
        "question": "\n## {}",
        "claim": "\n{}",
        "quote": "\n> {}",
        "source": "\n{}",
        "note": "\n{}",
        "verdict": "\n**{}**",
        "mark": "\n*{}*",
        "quiet": "\n{}",
    }
    lines = [templates[kind].format(_markdown(words)) for kind, words in _lines(conversation)]
    return "\n".join([*lines, "\n```", *_record(conversation), "```"]) + "\n"


def as_html(conversation: Conversation) -> str:
    """One HTML page without scripts; it loads nothing from elsewhere."""
    tags = {"title": "h1", "question": "h2", "quote": "blockquote"}
    body = "\n".join(
        f'<{tags.get(kind, "p")} class="{kind}">{html.escape(words)}</{tags.get(kind, "p")}>'
        for kind, words in _lines(conversation)
    )
    record = html.escape("\n".join(_record(conversation)))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        '<meta http-equiv="content-security-policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">\n"
        f"<title>{html.escape(conversation.name)}</title>\n"
        "<style>body{font:16px/1.5 Georgia,serif;max-width:42rem;margin:3rem auto;padding:0 1rem}"
        "h1,h2,p{white-space:pre-wrap}pre{white-space:pre-wrap;overflow-wrap:anywhere}"
        "blockquote{margin:.25rem 0;padding-left:1rem;"
        "border-left:3px solid #ccc;white-space:pre-wrap}.claim{margin:1.25rem 0 0;"
        "font-weight:bold}.source,.quiet{font-size:.875rem;color:#555;margin:0}</style></head>\n"
        f"<body>\n{body}\n<details><summary>Record</summary><pre>{record}</pre></details>\n"
        "</body></html>\n"
    )


def as_docx(conversation: Conversation) -> bytes:
    """A Word document that reads like a memo: questions, quotes with citations, then the sources.

    The record is a part of the file beside the text.
    """
    styles = {"question": "Heading 1", "quote": "Quote"}
    file = Docx()
    for kind, words in _lines(conversation, short=True):
        words = _NOT_XML.sub("\ufffd", words)
        if kind == "title":
            file.add_heading(words, level=0)
            continue
        run = file.add_paragraph(style=styles.get(kind)).add_run(words)
        if kind in ("claim", "verdict"):
            run.bold = True
        elif kind in ("source", "quiet"):
            run.font.size, run.font.color.rgb = Pt(8), RGBColor(0x55, 0x55, 0x55)
        elif kind == "mark":
            run.italic = True
    _add_timeline(file, conversation)
    _add_sources(file, conversation)
    attach_record(file, _evidence(conversation))
    stream = io.BytesIO()
    file.save(stream)
    return stream.getvalue()


def _add_timeline(file: Any, conversation: Conversation) -> None:
    found = events_of(conversation)
    if not found:
        return
    file.add_heading("Timeline", level=1)
    table = file.add_table(rows=1, cols=3, style="Table Grid")
    rows = [("Date", "What happened", "Source")]
    rows += [(date_in_words(event.date), event.words, event.title) for event in found]
    for number, cells in enumerate(rows):
        row = table.rows[0] if number == 0 else table.add_row()
        for cell, words in zip(row.cells, cells, strict=True):
            cell.text = _NOT_XML.sub("\ufffd", words)


def _add_sources(file: Any, conversation: Conversation) -> None:
    """The cited documents, each once, with their files and digests."""
    cited = {
        citation["document"]["sha256"]: citation["document"]
        for turn in conversation.turns
        if turn.answer is not None
        for citation in (
            *(one for claim in turn.answer["claims"] for one in claim["citations"]),
            *(turn.table["rows"] if turn.table else ()),
        )
    }
    if cited:
        file.add_heading("Sources", level=1)
    for document in cited.values():
        name = document["source"].rsplit("/", 1)[-1]
        words = f"{_title(document)} [{name}, sha256 {document['sha256']}]"
        file.add_paragraph(_NOT_XML.sub("\ufffd", words), style="List Bullet")
    note = (
        "The record of this file is attached to it. Check it against its sources: rag verify FILE"
    )
    file.add_paragraph().add_run(note).font.size = Pt(8)


def as_memo(conversation: Conversation) -> bytes:
    """The starred and noted quotes as a Word document."""
    return as_docx(starred(conversation))


def as_json(conversation: Conversation) -> str:
    """The record alone: questions, times, builds, quotes, places and digests."""
    return json.dumps(_evidence(conversation), indent=1) + "\n"


def _record(conversation: Conversation) -> tuple[str, str, str]:
    return record_lines(_evidence(conversation))


def _evidence(conversation: Conversation) -> dict[str, Any]:
    return conversation_evidence(
        conversation.name,
        (
            (turn.answer, datetime.fromisoformat(turn.asked_at))
            for turn in conversation.turns
            if turn.answer is not None
        ),
    )


_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _markdown(words: str) -> str:
    return re.sub(r"[\\`*_{}\[\]()<>#+!|~$&-]", r"\\\g<0>", " ".join(words.split()))


def _lines(conversation: Conversation, *, short: bool = False) -> Iterator[_Line]:
    """The lines of an export; with ``short``, a source is cited without its file."""
    yield "title", conversation.name
    for turn in conversation.turns:
        yield "question", turn.question
        if turn.answer is None:
            yield "note", turn.error or "There was no answer yet when this was saved."
        else:
            yield from _answer(turn, turn.answer, short=short)


def _answer(turn: Turn, found: Mapping[str, Any], *, short: bool) -> Iterator[_Line]:
    if turn.table is not None:
        yield from _table(turn.table, short=short)
    if not turn.table_answers and (found["outcome"] == "not_found" or found.get("verdict")):
        yield "verdict", " ".join((found.get("verdict") or "The documents do not say.").split())
    for words in summary_lines(found):
        yield "note", words
    number = 0
    added = (found.get("summary") or {}).get("added", ())
    for place, claim in enumerate((*found["claims"], *added), start=1):
        who, *shown = claim_lines(claim)
        yield "claim", who
        for words in shown:
            yield "quote" if words.startswith("“") else "note", words
        for citation in claim["citations"]:
            number += 1
            yield "source", f"[{number}] {_reference(citation, short=short)}"
        mark = turn.mark(place)
        if mark["star"]:
            yield "mark", "★ starred"
        if mark["note"]:
            yield "mark", f"Note: {' '.join(mark['note'].split())}"
    for missing in turn.missing:
        yield "note", as_sentence(missing)
    for note in found["notes"]:
        yield "note", note
    searched = found["searched"]
    within = filters_in_words(searched["filters"])
    yield (
        "quiet",
        f"Asked {turn.asked_at}; searched {counted(searched['documents'], 'document')}"
        + (f" ({', '.join(within)})" if within else "")
        + f", build {searched['build']}.",
    )


def _table(table: Mapping[str, Any], *, short: bool) -> Iterator[_Line]:
    if table["rows"]:
        yield "note", table["lead"]
    for number, row in enumerate(table["rows"], start=1):
        who, words = row_lines(row)
        yield "claim", who
        yield "quote", words
        yield "source", f"[T{number}] {_reference(row, short=short)}"
    yield "quiet", table["scope"]


def _title(document: Mapping[str, Any]) -> str:
    return str(document["title"]).strip("\u200b ")


def _reference(citation: Mapping[str, Any], *, short: bool) -> str:
    document = citation["document"]
    metadata = document["metadata"]
    date = date_in_words(metadata.get("date"))
    parts = [
        document["title"],
        f"Release {metadata['release']}" if metadata.get("release") else "",
        f"p. {citation['page']}" if citation["page"] else "",
        "" if short else f"characters {citation['start']}–{citation['end']}",
    ]
    return (
        ", ".join(part for part in parts if part)
        + (f" ({date})" if date else "")
        + (
            ""
            if short
            else f" [{document['source'].rsplit('/', 1)[-1]}, sha256 {document['sha256']}]"
        )
    )
