"""The evidence record of an answer, and its check against the sources without an index."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from unicodedata import category

from rag.answer.summary_record import faults, rests_on_model, summary_lines
from rag.answer.word_part import attached_record
from rag.config import load_settings
from rag.errors import UsageError
from rag.load import LOADER_VERSION, find, load
from rag.text.money import money_as_text
from rag.types import STATUSES, Answer, Document

FORMAT = "enforcement-rag evidence 2"
_UNSEALED = "enforcement-rag evidence 1"
"""The older format, without a digest of the record."""
BEGIN, END = "BEGIN EVIDENCE RECORD", "END EVIDENCE RECORD"
"""The lines before and after the record in a Markdown, HTML or Word file."""


_ROW_FIELDS = frozenset({"value", "currency", "kind", "who", "dollars"})
"""Fields of a row of a table beside its citation. Earlier versions had ``dollars``."""


def evidence(answer: Answer, *, asked_at: datetime | None = None) -> dict[str, Any]:
    """The record of ``answer``: all that a later check needs. JSON-ready.

    Parameters
    ----------
    asked_at
        The time of the question, with its time zone; None for now.
    """
    moment = (asked_at or datetime.now(UTC)).astimezone(UTC)
    return _sealed({"format": FORMAT, **_record_of(answer.to_dict(), moment)})


def conversation_evidence(
    name: str, answers: Iterable[tuple[Mapping[str, Any], datetime]]
) -> dict[str, Any]:
    """One record for all answers of a conversation. JSON-ready.

    Parameters
    ----------
    answers
        For each answer its dictionary (`rag.Answer.to_dict`) and the time of its question.
    """
    records = [_record_of(answer, moment) for answer, moment in answers]
    return _sealed({"format": FORMAT, "conversation": name, "answers": records})


def _record_of(answer: Mapping[str, Any], asked_at: datetime) -> dict[str, Any]:
    return {
        "asked_at": asked_at.astimezone(UTC).isoformat(timespec="seconds"),
        "build": answer["searched"]["build"],
        "loader": LOADER_VERSION,
        "question": answer["question"],
        "outcome": answer["outcome"],
        "verdict": answer.get("verdict", ""),
        "thing": answer.get("thing"),
        "claims": [_claim(claim) for claim in answer["claims"]],
        "summary": _summary(answer),
        "table": _table(answer),
        "rows": _rows(answer),
        "missing": answer["missing"],
        "notes": answer["notes"],
        "nearest": [
            {
                "doc_id": hit["passage"]["document"]["doc_id"],
                "title": hit["passage"]["document"]["title"],
                "start": hit["passage"]["start"],
                "end": hit["passage"]["end"],
            }
            for hit in answer["hits"]
        ],
        "searched": answer["searched"],
    }


def _claim(claim: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "text": claim["text"],
        "speaker": claim["speaker"],
        "status": claim["status"],
        "reason": claim.get("reason", ""),
        "citations": [_citation(citation) for citation in claim["citations"]],
    }


def _summary(answer: Mapping[str, Any]) -> dict[str, Any] | None:
    """The summary of a language model, with its own claims in the form of a record."""
    found = answer.get("summary")
    return {**found, "added": [_claim(claim) for claim in found["added"]]} if found else None


def _table(answer: Mapping[str, Any]) -> dict[str, Any] | None:
    """The lead and the scope of the table, in words; None without a table."""
    table = answer.get("table")
    return {"lead": table["lead"], "scope": table["scope"]} if table else None


def _rows(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of the table: for each its citation, and the sum with its kind if it has one."""
    table = answer.get("table")
    rows = table["rows"] if table else ()
    return [
        _citation(row) | {name: row[name] for name in _ROW_FIELDS if name in row} for row in rows
    ]


def verify_file(path: Path | str, seeds: Path | str | None = None) -> list[str]:
    """The problems of a saved answer, in words; empty if it passes every check.

    - Each source is read again, without an index. Each quote is compared with its place there,
      character by character.
    - The text of a claim is its quote.
    - The sentences of a language model pass the checks that need no model again.
    - In Markdown, HTML and Word files the text shown is compared with the record.
    - A digest of the record reveals any other change.

    Parameters
    ----------
    path
        A file that ``rag ask --save`` or the chat wrote.
    seeds
        A folder to search for sources that are missing at their recorded paths.

    Raises
    ------
    UsageError
        If the file does not exist or holds no record of an answer.
    """
    path = Path(path)
    shown, record = _read(path)
    try:
        return _problems(shown, record, _Sources(None if seeds is None else Path(seeds)))
    except KeyError as error:
        raise UsageError(f"{path}: its record is incomplete (no {error}).") from error


def marks_of_models(path: Path | str) -> list[str]:
    """The marks in a saved answer that rest on a language model or on none, in words.

    Raises
    ------
    UsageError
        If the file does not exist or holds no record of an answer.
    """
    _, record = _read(Path(path))
    lines = []
    for asked, answer in enumerate(record.get("answers", [record]), start=1):
        of_answer = f"question {asked}, " if "answers" in record else ""
        lines += [f"{of_answer}{line}" for line in rests_on_model(answer)]
    return lines


def _problems(shown: str | None, record: Mapping[str, Any], documents: "_Sources") -> list[str]:
    problems = []
    if record["format"] == FORMAT and record.get("record_sha256") != _digest(record):
        problems.append("the record was changed: its SHA-256 differs from the saved one")
    answers = record.get("answers", [record])
    for asked, answer in enumerate(answers, start=1):
        of_answer = f"question {asked}, " if "answers" in record else ""
        added = (answer.get("summary") or {}).get("added", ())
        for number, claim in enumerate((*answer["claims"], *added), start=1):
            name = f"{of_answer}claim {number}"
            if claim["text"] not in [citation["quote"] for citation in claim["citations"]]:
                problems.append(f"{name}: its text is not its quote")
            if shown is not None and any(line not in shown for line in claim_lines(claim)):
                problems.append(f"{name}: the text shown is not that of the record")
            for citation in claim["citations"]:
                problems.extend(f"{name}: {problem}" for problem in documents.check(citation))
        problems.extend(f"{of_answer}{fault}" for fault in faults(answer, documents.find))
        if shown is not None and any(line not in shown for line in summary_lines(answer)):
            problems.append(f"{of_answer}summary: the text shown is not that of the record")
        verdict = "" if answer.get("rows") else one_line(answer.get("verdict") or "")
        if shown is not None and verdict not in shown:
            problems.append(f"{of_answer}verdict: the text shown is not that of the record")
        if shown is not None and any(line not in shown for line in table_lines(answer)):
            problems.append(f"{of_answer}table: the text shown is not that of the record")
        for number, row in enumerate(answer.get("rows", ()), start=1):
            name = f"{of_answer}row {number}"
            # Rows of the first versions have no sum of their own.
            lines = row_lines(row) if row.keys() & _ROW_FIELDS else [quoted(row["quote"])]
            if shown is not None and any(line not in shown for line in lines):
                problems.append(f"{name}: the text shown is not that of the record")
            problems.extend(f"{name}: {problem}" for problem in documents.check(row))
    loaders = {answer["loader"] for answer in answers}
    if problems and loaders - {LOADER_VERSION}:
        problems.append(
            f"the record was made with loader version {min(loaders)}, this is version "
            f"{LOADER_VERSION}: offsets in PDF and HTML files may differ"
        )
    return problems


def one_line(text: str) -> str:
    """``text`` on one line, white space as single spaces.

    A control character that no reader can show, such as NUL, becomes U+FFFD: nothing of a quote
    vanishes. Format characters, such as those that turn the direction of writing, are left out.
    """
    kept = "".join(
        c if c.isprintable() or c.isspace() else "\ufffd" * (category(c) == "Cc") for c in text
    )
    return re.sub(r"\s+", " ", kept).strip()


def quoted(words: str) -> str:
    """Words of a document on one line, between quotation marks."""
    return f"“{one_line(words)}”"


def claim_lines(claim: Mapping[str, Any]) -> list[str]:
    """The lines that show a claim of a record in a Markdown, HTML or Word file.

    First the speaker, the status and the rule that gave them; then the quotes.
    """
    quotes = [citation["quote"] for citation in claim["citations"]]
    speaker = one_line(claim["speaker"] or "The document")
    verb = STATUSES[claim["status"]].verb
    # Older records have no reason.
    reason = f"; {one_line(claim['reason'])}" if claim.get("reason") else ""
    return [f"{speaker} ({verb}{reason}):", *map(quoted, quotes)]


def table_lines(record: Mapping[str, Any]) -> list[str]:
    """The lead of a record's table, if it has rows, and its scope; empty without a table."""
    table = record.get("table")
    if not table:
        return []
    return [one_line(table["lead"])] * bool(record["rows"]) + [one_line(table["scope"])]


def row_lines(row: Mapping[str, Any]) -> list[str]:
    """The lines that show a row of a table: a heading, then the quote.

    The heading is the sum with its kind and its payer, or the title of the document.
    """
    value = row.get("value", row.get("dollars"))
    if value is None:
        title = row["title"] if "title" in row else row["document"]["title"]
        return [one_line(title), quoted(row["quote"])]
    who = f": {one_line(row['who'])}" if row.get("who") else ""
    shown = money_as_text(Decimal(value), row.get("currency", "USD"))
    return [f"{shown}, {row['kind']}{who}", quoted(row["quote"])]


def record_lines(record: Mapping[str, Any]) -> tuple[str, str, str]:
    """The last lines of a Markdown, HTML or Word file: the record between its two marks."""
    return BEGIN, json.dumps(record, separators=(",", ":")), END


def _sealed(record: dict[str, Any]) -> dict[str, Any]:
    return {**record, "record_sha256": _digest(record)}


def _digest(record: Mapping[str, Any]) -> str:
    """SHA-256 of the record without its digest, as JSON with sorted keys and no spaces."""
    content = {key: value for key, value in record.items() if key != "record_sha256"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _citation(citation: Mapping[str, Any]) -> dict[str, Any]:
    document = citation["document"]
    return {
        "doc_id": document["doc_id"],
        "title": document["title"],
        "date": document["metadata"].get("date"),
        "url": document["metadata"].get("url"),
        "source": document["source"],
        "sha256": document["sha256"],
        "start": citation["start"],
        "end": citation["end"],
        "page": citation["page"],
        "quote": citation["quote"],
    }


class _Sources:
    """Finds the sources of citations, reads each once, and compares quotes with them."""

    def __init__(self, seeds: Path | None) -> None:
        self._seeds = seeds
        self._read: dict[Path, Sequence[Document]] = {}

    def find(self, citation: Mapping[str, Any]) -> Document | None:
        """The document of a citation; None if its source is missing or holds another text."""
        files = self._files(citation["source"])
        found = _match(citation, [one for path in files for one in self._documents(path)])
        if found is None:
            return None
        start, end = citation["start"], citation["end"]
        return found if found.text[start:end] == citation["quote"] else None

    def check(self, citation: Mapping[str, Any]) -> Iterator[str]:
        """The problems of one citation, in words."""
        files = list(self._files(citation["source"]))
        if not files:
            where = "" if self._seeds is None else f" and is not in {self._seeds}"
            yield f"its source is missing: {citation['source']} does not exist{where}"
            return
        documents = [document for path in files for document in self._documents(path)]
        document = _match(citation, documents)
        if document is None:
            yield f"{citation['source']} contains no document {citation['doc_id']!r}"
            return
        if document.sha256 != citation["sha256"]:
            yield (
                f"{document.source} has changed: SHA-256 {document.sha256[:12]}…, "
                f"recorded {citation['sha256'][:12]}…"
            )
        start, end, quote = citation["start"], citation["end"], citation["quote"]
        found = document.text[start:end] if 0 <= start < end else ""
        if found != quote:
            yield (
                f"characters {start} to {end} of {document.doc_id} read "
                f"“{_brief(found)}”, not “{_brief(quote)}”"
            )

    def _files(self, source: str) -> Iterator[Path]:
        names = list(_names(source))
        own = next((file for file in names if file.is_file()), None)
        if own is not None:
            yield own
        elif self._seeds is not None:
            below = sorted(path for path in self._seeds.rglob("*") if path.is_file())
            moved = ([p for p in below if p.name == file.name] for file in names)
            yield from next(filter(None, moved), [])

    def _documents(self, path: Path) -> Sequence[Document]:
        if path not in self._read:
            loaded: Iterable[Any] = load(find([path]), load_settings())
            self._read[path] = [item for item in loaded if isinstance(item, Document)]
        return self._read[path]


def _names(source: str) -> Iterator[Path]:
    """The files that a source may mean: a file's own name may look like that of a member or row."""
    pieces = source.split("!")
    for count in range(len(pieces), 0, -1):
        name = "!".join(pieces[:count])
        yield from dict.fromkeys((Path(name), Path(re.sub(r":\d+$", "", name))))


def _match(citation: Mapping[str, Any], documents: Sequence[Document]) -> Document | None:
    """The document with the same bytes, else with the same id, else the only one."""
    for document in documents:
        if document.sha256 == citation["sha256"]:
            return document
    for document in documents:
        if document.doc_id == citation["doc_id"]:
            return document
    return documents[0] if len(documents) == 1 else None


def _brief(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= 160 else f"{line[:80]} … {line[-60:]}"


def _read(path: Path) -> tuple[str | None, dict[str, Any]]:
    """The text shown, on one line (None for a JSON file), and the record."""
    if not path.is_file():
        raise UsageError(f"{path}: no such file. Save an answer with: rag ask … --save {path.name}")
    suffix = path.suffix.lower()
    try:
        text = _docx_text(path) if suffix == ".docx" else path.read_text(encoding="utf-8")
    except (OSError, ValueError, KeyError) as error:
        raise UsageError(f"{path}: cannot be read as a saved answer ({error}).") from error
    if suffix == ".json":
        return None, _record(text, path)
    if suffix in {".html", ".htm"}:
        text = _html_text(text)
    if suffix == ".docx" and (record := attached_record(path)):
        return one_line(text), _record(record, path)
    shown, _, rest = text.partition(BEGIN)
    if not rest:
        raise UsageError(f"{path}: no record of an answer in it (no line {BEGIN!r}).")
    if suffix == ".md":
        shown = re.sub(r"^> ?", "", shown, flags=re.MULTILINE)
        shown = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", shown)
    return one_line(shown), _record(rest.partition(END)[0].strip("` \n-"), path)


def _record(text: str, path: Path) -> dict[str, Any]:
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path}: its record is not JSON ({error}).") from error
    if not isinstance(record, dict) or record.get("format") not in (FORMAT, _UNSEALED):
        raise UsageError(f"{path}: not a saved answer; its format is not {FORMAT!r}.")
    return record


def _docx_text(path: Path) -> str:
    from docx import Document as Docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        return "\n".join(paragraph.text for paragraph in Docx(str(path)).paragraphs)
    except PackageNotFoundError as error:
        raise ValueError("not a Word file") from error


def _html_text(text: str) -> str:
    parser = _Text()
    parser.feed(text)
    return "".join(parser.pieces)


class _Text(HTMLParser):
    """Collects the text of an HTML page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)
