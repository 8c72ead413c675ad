"""Requests that are no question to the documents: greetings, help, a summary, another language."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from rag.types import Request

_PATH = Path(__file__).with_name("requests.toml")
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST = 300
"""Characters of a request, at most. A longer text is a question."""
_SCRIPT_SHARE = 0.5
"""Share of letters outside the Latin script from which a question is in another language."""
_OTHER_SCRIPT = (
    "The documents are searched in English. Ask in English, for example: “How much was the company "
    "fined?”"
)


def request(text: str) -> Request | None:
    """The request that the whole ``text`` makes; None if it is a question to the documents.

    >>> request("Hello!").kind
    'greeting'
    >>> request("Summarise the order against Acme").subject
    'the order against Acme'
    >>> request("Say hello to the fine of Acme") is None
    True
    """
    plain = re.sub(r"\s+", " ", text.replace("'", "’")).strip().rstrip("?!. ").casefold()
    if not re.search(r"\w", text):
        return Request("noise")
    if len(plain) <= _LONGEST:
        for kind, pattern in _patterns():
            if found := pattern.fullmatch(plain):
                return Request(kind, _subject(text, found.groupdict().get("subject")))
    reply = _in_other_language(text)
    return Request("language", reply) if reply else None


def points_at_document(subject: str) -> bool:
    """Whether a subject names no document but points at one ("this order")."""
    return bool(re.fullmatch(_data()["this"]["pattern"], subject.strip().casefold()))


def _subject(text: str, found: str | None) -> str:
    """The words of ``text`` that the pattern found in its plain form."""
    if not found:
        return ""
    words = r"\s+".join(map(re.escape, found.split()))
    match = re.search(words, text, re.IGNORECASE)
    return (match[0] if match else found).strip()


def _in_other_language(text: str) -> str | None:
    """The reply in the language of the question; None for English, or if it cannot be told.

    Words with a capital are left out: they may be a name ("Los Angeles", "Die Bank").
    """
    letters = [character for character in text if character.isalpha()]
    if sum(ord(character) > 0x24F for character in letters) > _SCRIPT_SHARE * len(letters):
        return _OTHER_SCRIPT
    found = _WORD.findall(text)
    words = [word.casefold() for at, word in enumerate(found) if word.islower() or at == 0]
    english, languages = _languages()
    language = max(languages, key=lambda one: _counted(words, one.words))
    most = _counted(words, language.words)
    asked = most >= 2 and most > _counted(words, english) and _counted(words, language.asks)
    return language.reply if asked else None


class _Language(NamedTuple):
    """A language with its words, those among them that ask, and the reply in it."""

    words: frozenset[str]
    asks: frozenset[str]
    reply: str


def _counted(words: Sequence[str], listed: frozenset[str]) -> int:
    return sum(word in listed for word in words)


@cache
def _languages() -> tuple[frozenset[str], tuple[_Language, ...]]:
    """The words of English, and the other languages."""
    languages = (
        _Language(
            frozenset(f"{row['asks']} {row['words']}".split()),
            frozenset(row["asks"].split()),
            row["reply"],
        )
        for row in _data()["language"]
    )
    return frozenset(_data()["english"]["words"].split()), tuple(languages)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(_PATH.read_text(encoding="utf-8"))


@cache
def _patterns() -> list[tuple[Any, re.Pattern[str]]]:
    return [
        (row["kind"], re.compile(pattern))
        for row in _data()["request"]
        for pattern in row["patterns"]
    ]
