"""What is asked: the words of a question, what its history adds, and what it prefers."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rag.synonyms import synonyms as synonyms_of

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
    r"\b(?:latest|newest|most recent(?:ly)?|last(?= action| case| release))\b", re.I
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
    text
        What the models read: the question, after the earlier ones where it needs them.
    words
        Lower-case words with their weights, 1 for an ordinary word of the question; stop words are
        left out.
    phrases
        Word sequences that should stand together, with their weights: quotations, identifiers.
    days
        Ranges ``(first, last)`` of days ``YYYYMMDD`` that the question names.
    asks_amount
        Whether a sum of money is asked for.
    asks_saying
        Whether it is asked what somebody says: then a text of that speaker is preferred.
    asks_latest
        Whether the newest is asked for.
    """

    text: str
    words: Mapping[str, float]
    phrases: Mapping[tuple[str, ...], float] = field(default_factory=dict)
    days: tuple[tuple[int, int], ...] = ()
    asks_amount: bool = False
    asks_saying: bool = False
    asks_latest: bool = False

    def names(self, value: str) -> bool:
        """Whether all words of ``value`` (an agency, a speaker) were said, and not turned from."""
        words = _WORD.findall(value.lower())
        return bool(words) and all(self.words.get(word, 0.0) >= _EARLIER for word in words)

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
            "text": self.text,
            "words": dict(self.words),
            "phrases": [" ".join(phrase) for phrase in self.phrases],
            "days": [list(days) for days in self.days],
            "asks_amount": self.asks_amount,
            "asks_saying": self.asks_saying,
            "asks_latest": self.asks_latest,
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
        text=" ".join((*history, question)),
        words=words,
        phrases=phrases,
        days=_days(question),
        asks_amount=bool(_AMOUNT.search(question)),
        asks_saying=bool(_SAYING.search(question if turned else " ".join((question, *history)))),
        asks_latest=bool(_LATEST.search(question)),
    )
    return query.also(synonyms_of(question)) if synonyms else query


def _is_number(word: str) -> bool:
    return word.isdigit() and len(word) >= 3 and not _YEAR.fullmatch(word)


def _content(text: str) -> list[str]:
    words = [word.lower() for word in _WORD.findall(text)]
    # A question of stop words alone ("who was who?") is searched for as it stands.
    return [word for word in words if word not in _STOPWORDS] or words


def _days(text: str) -> tuple[tuple[int, int], ...]:
    days = []
    for month, day, year in _MONTH.findall(text):
        first = int(year) * 10000 + _MONTHS[month.lower()] * 100
        days.append((first + int(day or 1), first + int(day or 31)))
    dated = {first // 10000 for first, _ in days}
    for year in map(int, _YEAR.findall(text)):
        if year not in dated:
            days.append((year * 10000 + 101, year * 10000 + 1231))
    return tuple(dict.fromkeys(days))
