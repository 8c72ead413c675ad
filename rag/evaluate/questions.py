"""Labelled questions, read from JSON lines and checked."""

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import UsageError


@dataclass(frozen=True, slots=True)
class Span:
    """A place that answers: a span of characters, a quote, or a whole document.

    ``start`` and ``end`` are half-open offsets into the text of the document. Without them the
    ``quote`` is searched for, on ``page`` (from 1) first; white space, style of quotation marks and
    case are ignored. Without offsets and quote the whole document answers.
    """

    doc_id: str
    start: int | None = None
    end: int | None = None
    quote: str | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """One labelled question.

    ``history`` holds the earlier questions of the conversation, oldest first. ``gold`` are the
    spans that answer together. ``alternatives`` can replace them: in kinds that begin with
    ``multi`` an alternative replaces one gold span, in other kinds all of them. ``must`` lists sets
    of strings; the answer must contain a string of each set. ``must_not`` lists strings that it
    must not contain.
    """

    qid: str
    kind: str
    text: str
    history: tuple[str, ...] = ()
    gold: tuple[Span, ...] = ()
    alternatives: tuple[Span, ...] = ()
    answerable: bool = True
    must: tuple[tuple[str, ...], ...] = ()
    must_not: tuple[str, ...] = ()
    speaker: str | None = None
    modality: str | None = None

    @property
    def documents(self) -> frozenset[str]:
        """Ids of the documents that answer."""
        return frozenset(span.doc_id for span in self.gold + self.alternatives)


def read_questions(paths: Iterable[Path | str]) -> list[LabelledQuestion]:
    """The questions in ``.jsonl`` or ``.jsonl.gz`` files, in order.

    A row needs ``question`` and, unless ``answerable`` is false, ``gold``: a list of
    ``{"doc_id": …, "start": …, "end": …}`` or ``{"doc_id": …, "quote": …, "page": …}``. The other
    fields of :class:`LabelledQuestion` are optional; ``gold_alt`` holds the alternatives. Unknown
    fields are ignored.

    Raises
    ------
    UsageError
        If a file cannot be read or a row is invalid. The message names the line.
    """
    questions: list[LabelledQuestion] = []
    seen: dict[str, str] = {}
    for path in map(Path, paths):
        for number, line in enumerate(_lines(path), start=1):
            if not line.strip():
                continue
            place = f"{path}:{number}"
            try:
                question = _question(json.loads(line), place)
            except (json.JSONDecodeError, RecursionError) as error:
                raise UsageError(f"{place}: not JSON ({error}). Correct the line.") from error
            if question.qid in seen:
                raise UsageError(
                    f"{place}: qid {question.qid!r} is already in {seen[question.qid]}."
                )
            seen[question.qid] = place
            questions.append(question)
    if not questions:
        raise UsageError("no questions. Name files of JSON lines: rag eval questions.jsonl")
    return questions


def _lines(path: Path) -> Iterator[str]:
    try:
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rt", encoding="utf-8-sig") as file:
            yield from file
    except (OSError, UnicodeDecodeError, EOFError) as error:
        raise UsageError(f"{path}: cannot be read ({error}).") from error


def _question(row: Any, place: str) -> LabelledQuestion:
    if not isinstance(row, dict):
        raise UsageError(f"{place}: not an object. A row looks like {_EXAMPLE}")
    text = row.get("question")
    if not isinstance(text, str) or not text.strip():
        raise UsageError(f"{place}: no question. A row looks like {_EXAMPLE}")
    answerable = row.get("answerable", True)
    if not isinstance(answerable, bool):
        raise UsageError(f"{place}: answerable = {answerable!r}: write true or false.")
    gold = _spans(row, "gold", place)
    if answerable and not gold:
        raise UsageError(f"{place}: no gold span, though answerable. A row looks like {_EXAMPLE}")
    return LabelledQuestion(
        qid=str(row.get("qid", place)),
        kind=str(row.get("kind", "question")),
        text=text,
        history=_strings(row, "history", place),
        gold=gold,
        alternatives=_spans(row, "gold_alt", place),
        answerable=answerable,
        must=tuple(_strings({"must": item}, "must", place) for item in _list(row, "must", place)),
        must_not=_strings(row, "must_not", place),
        speaker=row.get("speaker"),
        modality=row.get("modality"),
    )


def _spans(row: Mapping[str, Any], key: str, place: str) -> tuple[Span, ...]:
    return tuple(_span(item, f"{place}: {key}") for item in _list(row, key, place))


def _span(item: Any, place: str) -> Span:
    if not isinstance(item, dict) or not isinstance(item.get("doc_id"), str):
        raise UsageError(f"{place}: {item!r} has no doc_id. A row looks like {_EXAMPLE}")
    known = {key: item[key] for key in Span.__dataclass_fields__ if key in item}
    span = Span(**known)
    numbers = (span.start, span.end, span.page)
    if any(number is not None and type(number) is not int for number in numbers):
        raise UsageError(f"{place}: start, end and page of {item!r} are not all whole numbers.")
    if (span.start is None) != (span.end is None):
        raise UsageError(f"{place}: {item!r} has only one of start and end.")
    if span.start is not None and span.end is not None and not 0 <= span.start < span.end:
        raise UsageError(f"{place}: no character between start {span.start} and end {span.end}.")
    if span.quote is not None and not (isinstance(span.quote, str) and span.quote.strip()):
        raise UsageError(f"{place}: quote = {span.quote!r} is not a text.")
    return span


def _strings(row: Mapping[str, Any], key: str, place: str) -> tuple[str, ...]:
    items = _list(row, key, place)
    if not all(isinstance(item, str) for item in items):
        raise UsageError(f"{place}: {key} = {items!r}: give a list of texts.")
    return tuple(items)


def _list(row: Mapping[str, Any], key: str, place: str) -> list[Any]:
    items = row.get(key)
    if items is None:
        return []
    if not isinstance(items, list):
        raise UsageError(f"{place}: {key} = {items!r}: give a list.")
    return items


_EXAMPLE = (
    '{"qid": "q1", "question": "Who was fined?", '
    '"gold": [{"doc_id": "order.pdf", "page": 3, "quote": "…"}]}'
)
