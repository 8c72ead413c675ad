"""The query of a question: words and phrases with their weights, and preferences."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rag.question.filters import day_range
from rag.question.weights import WEIGHTS, QuestionWeights
from rag.types import Preference, Question

PREFERENCES = ("date", "agency", "speaker", "latest", "amount", "focus", "wording", "first")
"""What can be ignored of a question: kinds of preferences, and ``first``, its number of rows."""

_LONGEST_NAME = 6
"""Words of a possible name, at most."""
_FUNCTION_WORDS = (
    "a about an and any are as at be been but by can could did do does for from had has have he "
    "her hers him his how i if in instead into is it its many me much my no not of on or our she "
    "should so some such tell than that the their them then there these they this those to us was "
    "we were what when where which who whom whose why will with would you your"
)
_STOPWORDS = frozenset(_FUNCTION_WORDS.split())
_WORD = re.compile(r"\w+")
_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»]{3,200})[\"”“»]")
# 1:24-cv-12316, LR-26445, 34-100123, 10b-5, 99-1234-CIV: parts joined by signs, at least one digit.
_IDENTIFIER = re.compile(r"\b(?=[\w:/.-]*\d)\w+(?:[-:/.]\w+)+\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DATE_WORDS = (
    "january february march april may june july august september october november december"
)
_MONTHS = {name: number for number, name in enumerate(_DATE_WORDS.split(), start=1)}
_MONTH = re.compile(
    rf"\b({'|'.join(_MONTHS)})\.?\s+(?:(\d{{1,2}})(?:st|nd|rd|th)?,?\s+)?((?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_ISO_DATE = re.compile(r"\b(?:19|20)\d\d-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?\b(?![-\d])")
_AMOUNT = re.compile(
    r"\bhow (?:much|big|large)\b|\b(?:amounts?|fine[ds]?|penalt\w*|disgorge\w*|pa(?:y|ys|id|ying)|"
    r"payments?|sums?|costs?|loss(?:es)?|profits?|gains?|proceeds|raised?|worth|dollars?|prices?|"
    r"interest|settle(?:d|ments?)?|restitution|forfeit\w*)\b|[$€£]",
    re.IGNORECASE,
)
_SAYING = re.compile(
    r"\b(?:according to|sa(?:y|ys|id)|stat(?:e|es|ed|ement|ements)|claim(?:s|ed)?|den(?:y|ies|ied)|"
    r"argu(?:e|es|ed)|describ(?:e|es|ed)|insist(?:s|ed)?|view|respon(?:d|ds|ded|se)|repl(?:y|ied)|"
    r"explain(?:s|ed)?|admit(?:s|ted)?|accuse[ds]?|call(?:s|ed)?|think|believe[sd]?|position|answer\w*|"
    r"mention(?:s|ed)?|name[ds]?)\b",
    re.IGNORECASE,
)
_LATEST = re.compile(
    r"\b(?:latest|newest|most recent(?:ly)?|last(?= action| case| release| settlement| decision)|"
    r"still|current(?:ly)?|up[- ]to[- ]date|as of (?:now|today)|(?:to|until) (?:this day|date)|"
    r"in force|in effect)\b",
    re.IGNORECASE,
)


def weighted_words(
    text: str,
    history: Sequence[str] = (),
    *,
    turns_away: bool = False,
    weights: QuestionWeights = WEIGHTS,
) -> dict[str, float]:
    """The lower-case words to search for, with their weights. Stop words are left out.

    Words of the earlier questions are searched for too: "and her broker?" names no person.
    """
    words = {word: weights.number if _is_number(word) else 1.0 for word in _content(text)}
    for earlier in history:
        for word in _content(earlier):
            words.setdefault(word, weights.turned_away if turns_away else weights.earlier)
    return words


def weighted_phrases(text: str, weights: QuestionWeights = WEIGHTS) -> dict[tuple[str, ...], float]:
    """Word sequences that should stand together: quotations and identifiers of several parts."""
    found = (_lower(part) for part in (*_QUOTED.findall(text), *_IDENTIFIER.findall(text)))
    return {phrase: weights.phrase for phrase in found if len(phrase) > 1}


def add_terms(
    words: dict[str, float],
    phrases: dict[tuple[str, ...], float],
    terms: Iterable[str],
    weights: QuestionWeights = WEIGHTS,
) -> None:
    """Add ``terms`` to the words and phrases, with the weight of a synonym. Known ones stay."""
    for term in terms:
        parts = _lower(term)
        if len(parts) > 1:
            phrases.setdefault(parts, weights.synonym)
        elif parts:
            words.setdefault(parts[0], weights.synonym)


def runs(text: str) -> list[str]:
    """Every run of one to six words of ``text``, in lower case: the possible names."""
    words = _lower(text)
    return [
        " ".join(words[first:last])
        for first in range(len(words))
        for last in range(first + 1, min(first + _LONGEST_NAME, len(words)) + 1)
    ]


def asks_saying(text: str) -> bool:
    """Whether ``text`` asks what somebody says."""
    return _SAYING.search(text) is not None


def said_preferences(text: str) -> Iterator[Preference]:
    """The preferences for dates, the latest and amounts. Agencies and speakers need an index."""
    dated = set()
    for match in _ISO_DATE.finditer(text):
        yield Preference("date", match[0], match[0])
        dated.add(match[0][:4])
    for match in _MONTH.finditer(text):
        month, day, year = match.groups()
        value = f"{year}-{_MONTHS[month.lower()]:02}" + (f"-{int(day):02}" if day else "")
        yield Preference("date", match[0], value)
        dated.add(year)
    for year in dict.fromkeys(_YEAR.findall(text)):
        if year not in dated:
            yield Preference("date", year, year)
    for kind, pattern in (("latest", _LATEST), ("amount", _AMOUNT)):
        if found := pattern.search(text):
            yield Preference(kind, found[0], kind)


def named_preferences(
    kind: str,
    values: Iterable[str],
    text: str,
    words: Mapping[str, float],
    weights: QuestionWeights = WEIGHTS,
) -> Iterator[Preference]:
    """A preference for each of ``values`` (agencies or speakers) that ``text`` names.

    A value is named if each of its words is in ``words`` with at least the weight of a synonym.
    """
    for value in values:
        parts = _lower(value)
        if parts and all(words.get(word, 0.0) >= weights.synonym for word in parts):
            yield Preference(kind, _as_said(parts, text), value)


def matter(question: Question) -> tuple[str, ...]:
    """The words of the matter that a question asks the latest of: its names, or else all its words.

    Words of the question's preferences ("latest", "OFAC", "2019") are left out.
    """
    said = {
        word
        for item in question.preferences
        if item.kind in ("latest", "agency", "date")
        for word in _lower(item.said)
    }
    named = _content(" ".join(name for name in question.names if name in question.text))
    kept = [word for word in named if word not in said]
    own = kept or [word for word in _content(question.text) if word not in said]
    return tuple(word for word in dict.fromkeys(own) if word not in _STOPWORDS)


def preferred_days(question: Question) -> tuple[tuple[int, int], ...]:
    """Ranges ``(first, last)`` of days ``YYYYMMDD`` that the question prefers."""
    ranges = (day_range(value) for value in question.preferred("date"))
    return tuple(days for days in ranges if days is not None)


def _lower(text: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in _WORD.findall(text))


def _is_number(word: str) -> bool:
    return word.isdigit() and len(word) >= 3 and not _YEAR.fullmatch(word)


def _content(text: str) -> Sequence[str]:
    words = _lower(text)
    # A question of stop words alone ("who was who?") keeps them.
    return [word for word in words if word not in _STOPWORDS] or words


def _as_said(words: Sequence[str], text: str) -> str:
    """The words as written in ``text`` if they are adjacent there; else joined by spaces."""
    found = re.search(r"\b" + r"\W+".join(words) + r"\b", text, re.IGNORECASE)
    return found[0] if found else " ".join(words)
