"""What is asked: the words of a question, what its history adds, and what it prefers."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rag.question.filters import day_range
from rag.question.synonyms import synonyms as synonyms_of
from rag.types import Preference

# A word of an earlier question counts for this much of one in the question itself …
_EARLIER = 0.5
# … and for this much where the question turns away from it ("No, I mean the other one").
_TURNED_AWAY = 0.15
# What the documents may write for a word of the question …
_SYNONYM = 0.4
# … and a release or docket number, of three digits at least and no year.
_NUMBER = 2.0
# A quoted phrase, a docket or release number: its words in this order, all of them.
_PHRASE = 3.0

PREFERENCES = ("date", "agency", "speaker", "latest", "amount")
"""Kinds of preferences that a question can say."""

_FUNCTION_WORDS = (
    "a about an and any are as at be been but by can could did do does for from had has have he "
    "her hers him his how i if in into is it its many me much my no not of on or our she should "
    "so some such tell than that the their them then there these they this those to us was we "
    "were what when where which who whom whose why will with would you your"
)
_STOPWORDS = frozenset(_FUNCTION_WORDS.split())
_WORD = re.compile(r"\w+")
_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»]{3,200})[\"”“»]")
# 1:24-cv-12316, LR-26445, 34-100123, 10b-5, 99-1234-CIV: parts joined by signs, with a digit.
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
    r"\b(?:latest|newest|most recent(?:ly)?|last(?= action| case| release)|"
    r"current(?:ly)?(?= (?:status|state|stand)))\b",
    re.IGNORECASE,
)
_TURN = re.compile(
    r"^\s*(?:no\b|not\b|sorry\b|rather\b|actually\b|instead\b|other than\b)|"
    r"\bI (?:mean|meant)\b|\bthe other\b|\binstead\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Query:
    """A question as it is searched for.

    Attributes
    ----------
    asked
        The question itself: what the cross-encoder reads beside a passage, whose title says what
        it is about.
    text
        The question after the earlier ones: what is embedded.
    words
        Lower-case words with their weights, 1 for an ordinary word of the question; stop words are
        left out.
    phrases
        Word sequences that should stand together, with their weights: quotations, identifiers.
    preferences
        What it prefers besides its words, in the order in which it says so, by kind.
    asks_saying
        Whether it is asked what somebody says: then a text of that speaker is preferred.
    """

    asked: str
    text: str
    words: Mapping[str, float]
    phrases: Mapping[tuple[str, ...], float] = field(default_factory=dict)
    preferences: tuple[Preference, ...] = ()
    asks_saying: bool = False

    @property
    def days(self) -> tuple[tuple[int, int], ...]:
        """Ranges ``(first, last)`` of days ``YYYYMMDD`` that are preferred."""
        ranges = (day_range(value) for value in self.preferred("date"))
        return tuple(days for days in ranges if days is not None)

    def preferred(self, kind: str) -> tuple[str, ...]:
        """The values of the preferences of this kind."""
        return tuple(item.value for item in self.preferences if item.kind == kind)

    def preferring(self, kind: str, values: Iterable[str]) -> "Query":
        """The query preferring those of ``values`` (agencies, speakers) that it names.

        A value is named when all its words were said, or others for them, and not turned from.
        """
        named = tuple(
            Preference(kind, _as_said(words, self.text), value)
            for value in values
            if (words := _WORD.findall(value.lower()))
            and all(self.words.get(word, 0.0) >= _SYNONYM for word in words)
        )
        return replace(self, preferences=self.preferences + named)

    def ignoring(self, kinds: Collection[str]) -> "Query":
        """The query without its preferences of these kinds."""
        kept = tuple(item for item in self.preferences if item.kind not in kinds)
        return replace(self, preferences=kept)

    def also(self, terms: Iterable[str]) -> "Query":
        """The query with other words and phrases for what it asks, at less weight."""
        words, phrases = dict(self.words), dict(self.phrases)
        for term in terms:
            parts = tuple(word.lower() for word in _WORD.findall(term))
            if len(parts) > 1:
                phrases.setdefault(parts, _SYNONYM)
            elif parts:
                words.setdefault(parts[0], _SYNONYM)
        return replace(self, words=words, phrases=phrases)

    def terms(self) -> list[str]:
        """Every run of one to six words of ``text``, lower-case: what may be a name."""
        words = [word.lower() for word in _WORD.findall(self.text)]
        return [
            " ".join(words[first:last])
            for first in range(len(words))
            for last in range(first + 1, min(first + 6, len(words)) + 1)
        ]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "asked": self.asked,
            "text": self.text,
            "words": dict(self.words),
            "phrases": [" ".join(phrase) for phrase in self.phrases],
            "preferences": [item.to_dict() for item in self.preferences],
            "asks_saying": self.asks_saying,
        }


def understand(question: str, history: Sequence[str] = (), *, synonyms: bool = True) -> Query:
    """What a question asks for, without a language model.

    Parameters
    ----------
    question
        As typed: a sentence or keywords. None of it is query syntax but the quotation marks.
    history
        The earlier questions of the conversation, oldest first. Their words are searched for
        too, at half the weight, so that "and her broker?" finds whose; less where the question
        turns away from them.
    synonyms
        Whether to search for what the documents may write instead, too.
    """
    words = {word: _NUMBER if _is_number(word) else 1.0 for word in _content(question)}
    turned = bool(_TURN.search(question))
    for earlier in history:
        for word in _content(earlier):
            words.setdefault(word, _TURNED_AWAY if turned else _EARLIER)
    phrases = {
        phrase: _PHRASE
        for found in (*_QUOTED.findall(question), *_IDENTIFIER.findall(question))
        if len(phrase := tuple(word.lower() for word in _WORD.findall(found))) > 1
    }
    query = Query(
        asked=question,
        text=" ".join((*history, question)),
        words=words,
        phrases=phrases,
        preferences=tuple(_preferences(question)),
        asks_saying=bool(_SAYING.search(question if turned else " ".join((question, *history)))),
    )
    return query.also(synonyms_of(question)) if synonyms else query


def _is_number(word: str) -> bool:
    return word.isdigit() and len(word) >= 3 and not _YEAR.fullmatch(word)


def _content(text: str) -> list[str]:
    words = [word.lower() for word in _WORD.findall(text)]
    # A question of stop words alone ("who was who?") is searched for as it stands.
    return [word for word in words if word not in _STOPWORDS] or words


def _preferences(text: str) -> Iterator[Preference]:
    """What the words alone say is preferred; agencies and speakers are known to the index."""
    dated = set()
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


def _as_said(words: Sequence[str], text: str) -> str:
    """The words as ``text`` has them, where they stand together; else as they are."""
    found = re.search(r"\b" + r"\W+".join(words) + r"\b", text, re.IGNORECASE)
    return found[0] if found else " ".join(words)
