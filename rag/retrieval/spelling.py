"""Names of a question spelled as the index spells them: wrong letters, short forms, capitals."""

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from rag.index.protocols import Build
from rag.text.stemming import stems

_WORD = re.compile(r"[^\W\d_]{4,}")
_ENDING = re.compile(
    r"(?<=[a-z]{4})(?:ers?|ors?|ings?|ed|able|ments?|ness|ly|ists?|ish|y|ies)$", re.IGNORECASE
)
"""Words of the index with another ending are no names: "spoofer", where it has "spoofing"."""
_LETTERS = 5
"""Least letters of a misspelt name: shorter words resemble too many others."""
_TWO_ERRORS = 9
"""Least letters of a name in which two letters may be wrong instead of one."""
_LOOKED_AT = 5
"""Documents that are looked at for the right spelling."""
_PIECE = re.compile(r"[A-Z][a-z]*?(?=(?:of|and)?[A-Z]|$)|of|and")
"""The pieces of a short form: Stan·Chart, B·of·A."""


class Spelling:
    """The spelling of one build."""

    def __init__(self, build: Build) -> None:
        self._build = build
        self._known = lru_cache(maxsize=256)(self._look_up)

    def of(self, text: str) -> tuple[str, Mapping[str, str]]:
        """The text with its names as in the index, and each changed word with what replaced it.

        A word is changed only if no document has it. A text in capitals alone is put in lower case.
        """
        if text.isupper() and len(_WORD.findall(text)) > 1:
            text = text.lower()
        changed = {
            word: known
            for word in dict.fromkeys(_WORD.findall(text))
            if (known := self._known(word)) is not None
        }
        if changed:
            text = _WORD.sub(lambda match: changed.get(match[0], match[0]), text)
        return text, changed

    def _look_up(self, word: str) -> str | None:
        """The name meant by a word that no document has; None if there is none."""
        frequency = self._build.lexical.frequency
        if not stems(word) or frequency(word) or frequency(_ENDING.sub("", word)):
            return None
        return self._written_out(word) or self._respelled(word)

    def _written_out(self, word: str) -> str | None:
        """The name in the titles whose words begin with the pieces of a short form."""
        pieces = _PIECE.findall(word)
        if len(pieces) < 2 or "".join(pieces) != word:
            return None
        name = re.compile(r"\s+".join(rf"\b{piece}[a-z]*" for piece in pieces))
        found = Counter(
            match[0]
            for title in self._build.documents.titles()
            for match in name.finditer(title)
            if match[0].replace(" ", "") != word
        )
        return found.most_common(1)[0][0] if found else None

    def _respelled(self, word: str) -> str | None:
        """The name that differs by a letter, or by two in a long word."""
        if len(word) < _LETTERS:
            return None
        most = 2 if len(word) >= _TWO_ERRORS else 1
        documents = self._build.documents
        rows = [row for row, _ in self._build.lexical.documents_with_all([word], _LOOKED_AT)]
        found: Counter[str] = Counter()
        for doc_id in documents.ids(rows):
            document = documents.document(doc_id)
            text = f"{document.title}\n{document.text}" if document else ""
            for other, count in Counter(_WORD.findall(text)).items():
                if (
                    other[0].isupper()
                    and abs(len(other) - len(word)) <= most
                    and other.lower().removesuffix("s") not in text
                    and distance(word.lower(), other.lower()) <= most
                ):
                    found[other.title() if other.isupper() else other] += count
        return min(
            found,
            key=lambda other: (distance(word.lower(), other.lower()), -found[other], other),
            default=None,
        )


def distance(one: str, other: str) -> int:
    """Letters to add, drop, change or swap with the next to make one word of the other.

    Swapped neighbours count once ("optimal string alignment").

    >>> distance("standrad", "standard"), distance("binnance", "binance")
    (1, 1)
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        above, row, before_last = row, [i], before
        for j, wanted in enumerate(other, start=1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != wanted))
            swapped = i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted
            row.append(min(cost, before_last[j - 2] + 1) if swapped else cost)
        before = above
    return row[-1]
