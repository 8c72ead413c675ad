"""The reply of a language model as sentences with the numbers that they cite."""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

_CITE = (
    r"[\[【]\s{0,9}\^?(?:quotes?|sources?|no\.?|#)?\s{0,9}"
    r"(\d{1,3}(?:\s{0,9}[,;&–-]\s{0,9}\d{1,3}){0,30})\s{0,9}(?:†[^\]】]{0,80})?[\]】]"
)
_CITES = re.compile(_CITE, re.IGNORECASE)
_GROUP = re.compile(rf"((?:\s{{0,9}}{_CITE}){{1,30}})\s{{0,9}}([.!?]?)", re.IGNORECASE)
_THINKS = re.compile(r"<\s*(?:think|thinking|reasoning|thought)\s*>", re.IGNORECASE)
_THOUGHT = re.compile(r"<\s*/\s*(?:think|thinking|reasoning|thought)\s*>", re.IGNORECASE)
_JSON = re.compile(r"\s*(?:\{|\[(?!\s*\^?\d+\s*[\],;&–-]))")
_FENCE = re.compile(r"\s{0,20}(?:```|~~~)[ \t]{0,20}\w{0,20}\s{0,20}$")
_BULLET = re.compile(r"^\s*(?:[-*•–]\s+|\d{1,2}[.)]\s+|#{1,6}\s+|>\s*)+")
_TEXT_KEYS = ("text", "sentence", "content", "answer", "statement")
_CITE_KEYS = (
    "cites", "citations", "citation", "quotes", "quote", "sources", "source", "refs", "references",
)  # fmt: skip
_MOST_OBJECTS, _MOST_ATTEMPTS = 50, 500


class Written(NamedTuple):
    """A sentence of a reply: plain text on one line, and the numbers that it cites, in order."""

    text: str
    cites: tuple[int, ...]


class ReplyReader:
    """Reads a reply while it comes. A line is held until it is complete.

    The form asked for is one sentence a line, ``text [1][3]``. Also read are lists, running text,
    ``【1】``, JSON objects and arrays, code fences, and blocks of thinking, which are left out.
    """

    def __init__(self) -> None:
        self._held = ""
        self._thinks = False
        self._json: list[str] | None = None
        self._begun = False

    def feed(self, piece: str) -> Iterator[Written]:
        """The sentences that are complete with ``piece``."""
        *complete, self._held = (self._held + piece).split("\n")
        for line in complete:
            yield from self._line(line)

    def close(self, *, cut: bool) -> Iterator[Written]:
        """The sentences that are complete at the end; of a ``cut`` reply without its last line."""
        last, self._held = self._held, ""
        if self._json is not None or not cut or (not self._begun and _JSON.match(last)):
            yield from self._line(last)
        if self._json is not None:
            yield from _from_json("\n".join(self._json))
            self._json = None

    def _line(self, line: str) -> Iterator[Written]:
        line = self._without_thinking(line)
        if not line.strip() or _FENCE.match(line):
            return
        if self._json is not None:
            self._json.append(line)
            return
        if not self._begun and _JSON.match(line):
            self._json = [line]
            return
        self._begun = True
        if line.lstrip().startswith("{"):
            yield from _from_json(line)
        else:
            yield from _from_text(line)

    def _without_thinking(self, line: str) -> str:
        kept = ""
        while line:
            mark = (_THOUGHT if self._thinks else _THINKS).search(line)
            if not self._thinks:
                kept += line[: mark.start()] if mark else line
            if mark is None:
                break
            self._thinks = not self._thinks
            line = line[mark.end() :]
        return _THOUGHT.sub(" ", kept)


def _from_text(line: str) -> Iterator[Written]:
    """The sentences of a line. Those without a number are held together with the next number."""
    line = _plain(_BULLET.sub("", line))
    start = 0
    for group in _GROUP.finditer(line):
        before = line[start : group.start()].rstrip()
        after = line[group.end() :].lstrip(" \"'“”‘’")
        ends = not after or ((group[3] or before[-1:] in ".!?") and not after[0].islower())
        if before and ends:
            yield from _written(line[start : group.end()])
            start = group.end()
    yield from _written(line[start:])


def _written(text: str) -> Iterator[Written]:
    cites = [int(n) for found in _CITES.finditer(text) for n in _numbers(found[1])]
    bare = re.sub(r"\s([.,;:!?])", r"\1", " ".join(_CITES.sub(" ", text).split()))
    bare = re.sub(r"([.!?])\1{1,20}$", r"\1", bare).strip()
    if re.search(r"\w", bare):
        yield Written(bare, tuple(dict.fromkeys(cites)))


def _numbers(text: str) -> list[int]:
    """The numbers of "1, 3" or "1-3"."""
    found: list[int] = []
    for part in re.split(r"[,;&]", text):
        first, *last = (int(n) for n in re.findall(r"\d+", part))
        found += (
            range(first, last[0] + 1) if last and first < last[0] < first + 20 else [first, *last]
        )
    return found


def _from_json(text: str) -> Iterator[Written]:
    """The sentences of all objects and strings in ``text`` that can be read as JSON."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = list(_objects(text))
    try:
        found = list(_sentences_of(value))
    except RecursionError:
        return
    yield from found


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """The complete objects with a text in broken JSON."""
    decoder = json.JSONDecoder()
    at = found = 0
    for _ in range(_MOST_ATTEMPTS):
        at = text.find("{", at)
        if at < 0 or found == _MOST_OBJECTS:
            return
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            at += 1
            continue
        yield value
        at, found = end, found + 1


def _sentences_of(value: Any) -> Iterator[Written]:
    if isinstance(value, str):
        yield from _from_text(value)
    elif isinstance(value, list):
        for one in value:
            yield from _sentences_of(one)
    elif isinstance(value, dict):
        text = next((value[key] for key in _TEXT_KEYS if isinstance(value.get(key), str)), None)
        given = [value[key] for key in _CITE_KEYS if key in value]
        if text is None:
            for one in value.values():
                if isinstance(one, list | dict):
                    yield from _sentences_of(one)
        elif given:
            numbers = [int(n) for n in re.findall(r"\d{1,3}(?!\d)", json.dumps(given))]
            inside = [*_written(_plain(text))]
            for written in inside[:1]:
                yield Written(written.text, tuple(dict.fromkeys((*numbers, *written.cites))))
        else:
            for line in text.splitlines():
                yield from _from_text(line)


def _plain(text: str) -> str:
    """The text on one line, without control characters and the marks of Markdown."""
    kept = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(re.sub(r"\*\*|__|`|^\*|(?<=\s)\*(?=\w)|(?<=\w)\*(?=\W|$)", "", kept).split())
