"""Answers as files: JSON, Markdown, HTML and DOCX, each with the evidence record inside."""

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from textwrap import shorten
from typing import Any

from rag.answer.evidence import (
    claim_lines,
    evidence,
    one_line,
    record_lines,
    row_lines,
    table_lines,
)
from rag.answer.summary_record import summary_lines
from rag.answer.word_part import attach_record
from rag.errors import RagError, UsageError
from rag.types import Answer, as_sentence, counted


def save(answer: Answer, path: Path | str, *, asked_at: datetime | None = None) -> Path:
    """Write ``answer`` to ``path`` and return the path. The suffix selects the format.

    The suffixes are .json, .md, .html and .docx.

    Raises
    ------
    UsageError
        If the suffix is another one.
    RagError
        If the file cannot be written.
    """
    path = Path(path)
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        raise UsageError(f"{path}: unknown suffix. Save an answer as {', '.join(_WRITERS)}.")
    record = evidence(answer, asked_at=asked_at)
    try:
        path.write_bytes(writer(record))
    except OSError as error:
        raise RagError(f"{path}: cannot be written ({error.strerror}).") from error
    return path


def to_json(record: Mapping[str, Any]) -> str:
    """The record of an answer (see `evidence`) as indented JSON."""
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"


def to_markdown(record: Mapping[str, Any]) -> str:
    """The record as Markdown. Text from documents is escaped, so none of it acts as markup."""
    lines = [f"# {markdown_text(record['question'])}", "", markdown_text(_summary(record)), ""]
    above = (*table_lines(record), *summary_lines(record))
    lines += [line for words in above for line in (markdown_text(words), "")]
    for number, (heading, quotes, citations) in enumerate(_entries(record), start=1):
        lines += [f"{number}\\. **{markdown_text(heading)}**", ""]
        lines += [line for words in quotes for line in (f"> {markdown_text(words)}", "")]
        lines += [f"{markdown_text(_source(c))}\n" for c in citations]
    lines += [f"- {markdown_text(remark)}" for remark in _remarks(record)]
    lines += [
        "",
        f"_{markdown_text(_provenance(record))}_",
        "",
        "```",
        *record_lines(record),
        "```",
    ]
    return "\n".join(lines) + "\n"


def to_html(record: Mapping[str, Any]) -> str:
    """The record as one HTML page, without scripts, links or styles from other places."""
    esc = html.escape
    body = [f"<h1>{esc(record['question'])}</h1>", f"<p>{esc(_summary(record))}</p>"]
    above = (*table_lines(record), *summary_lines(record))
    body += [*(f"<p>{esc(words)}</p>" for words in above), "<ol>"]
    for heading, quotes, citations in _entries(record):
        sources = "<br>".join(esc(_source(citation)) for citation in citations)
        words = "".join(f"<blockquote>{esc(words)}</blockquote>" for words in quotes)
        body.append(f"<li><strong>{esc(heading)}</strong>{words}<small>{sources}</small></li>")
    body.append("</ol>")
    body += [f"<p>{esc(remark)}</p>" for remark in _remarks(record)]
    body.append(f"<p><small>{esc(_provenance(record))}</small></p>")
    lines = esc("\n".join(record_lines(record)))
    body.append(f"<details><summary>Record</summary><pre>{lines}</pre></details>")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{esc(record['question'])}</title><style>{_STYLE}</style></head><body>\n"
        + "\n".join(body)
        + "\n</body></html>\n"
    )


def to_docx(record: Mapping[str, Any]) -> bytes:
    """The record as a Word document."""
    import io

    from docx import Document as Docx
    from docx.shared import Pt

    document = Docx()
    document.core_properties.title = one_line(record["question"])[:250]
    document.add_heading(one_line(record["question"]), level=1)
    for words in (_summary(record), *table_lines(record), *summary_lines(record)):
        document.add_paragraph(words)
    for number, (heading, quotes, citations) in enumerate(_entries(record), start=1):
        document.add_paragraph().add_run(f"{number}. {heading}").bold = True
        for words in quotes:
            document.add_paragraph(words, style="Quote")
        for citation in citations:
            document.add_paragraph().add_run(_source(citation)).font.size = Pt(8)
    for remark in _remarks(record):
        document.add_paragraph(remark)
    document.add_paragraph().add_run(_provenance(record)).font.size = Pt(8)
    attach_record(document, record)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


_WRITERS: dict[str, Callable[[Mapping[str, Any]], bytes]] = {
    ".json": lambda record: to_json(record).encode(),
    ".md": lambda record: to_markdown(record).encode(),
    ".html": lambda record: to_html(record).encode(),
    ".docx": to_docx,
}
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|$~&!{}()@]|:(?=\S)|(?<=www)\.)", re.IGNORECASE)
"""What Markdown or HTML could read as markup, or a reader of it as an address."""
_TITLE = 160
"""Longer titles of documents are shortened to this many characters."""
_STYLE = "body{max-width:44rem;margin:2rem auto;font:1rem/1.5 serif}pre{white-space:pre-wrap}"


def _entries(
    record: Mapping[str, Any],
) -> Iterator[tuple[str, Sequence[str], Sequence[Mapping[str, Any]]]]:
    """The entries of a file: the rows of a table, then the claims, then those of the summary.

    For each its heading, the lines under it, and its citations.
    """
    for row in record["rows"]:
        heading, *lines = row_lines(row)
        yield heading, lines, [row]
    added = (record.get("summary") or {}).get("added", ())
    for claim in (*record["claims"], *added):
        heading, *lines = claim_lines(claim)
        yield heading, lines, claim["citations"]


def _summary(record: Mapping[str, Any]) -> str:
    searched = record["searched"]
    scope = (
        f"Searched {counted(searched['documents'], 'document')} "
        f"({counted(searched['passages'], 'passage')})."
    )
    if record["rows"]:
        return scope  # the total of the table follows
    outcomes = {
        "answered": "What the documents say:",
        "partial": "What the documents say, in part:",
        "not_found": "The documents do not say.",
        "reply": "",
    }
    verdict = one_line(record.get("verdict") or "") or outcomes[record["outcome"]]
    return f"{verdict} {scope}".strip()


def _source(citation: Mapping[str, Any]) -> str:
    page = f", p. {citation['page']}" if citation["page"] else ""
    date = f" ({citation['date']})" if citation["date"] else ""
    return one_line(
        f"{citation['title']}{page}{date}; {citation['doc_id']}, characters "
        f"{citation['start']} to {citation['end']}; {citation['source']}, "
        f"SHA-256 {citation['sha256']}"
    )


def _remarks(record: Mapping[str, Any]) -> list[str]:
    nearest = record["nearest"] if record["outcome"] == "not_found" else []
    titles = dict.fromkeys(
        shorten(one_line(hit["title"]), _TITLE, placeholder=" …") for hit in nearest
    )
    return [
        *(as_sentence(one_line(missing)) for missing in record["missing"]),
        *(one_line(note) for note in record["notes"]),
        *(f"Nearest, but no answer: {title}" for title in titles),
    ]


def _provenance(record: Mapping[str, Any]) -> str:
    return (
        f"Asked {record['asked_at']}, index build {record['build']}. "
        "Check this file against its sources with: rag verify FILE"
    )


def markdown_text(text: str) -> str:
    """The text on one line, escaped so that Markdown and HTML show it as it is.

    Addresses are escaped too: many readers of Markdown make links of them.
    """
    escaped = _SPECIAL.sub(r"\\\1", one_line(text))
    return re.sub(r"^([-+=])|^(\d+)(\.)", r"\2\\\1\3", escaped)
