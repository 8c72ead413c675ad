"""A text as words in their order, with the ends of its sentences."""

import re
from dataclasses import dataclass

from rag.text.sentences import sentences
from rag.text.stemming import stem, stems

_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:['&.-][^\W_]+)*|[$€£¥]?\d[\d,.]*\d|[,;:()\[\]]")
SIGNS = frozenset(",;:()[]")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text, in order.

    Attributes
    ----------
    plain
        In lower case, with plain apostrophes.
    stem
        Its stem; empty for a stop word and for a sign.
    name
        Whether it is a name: capitalised inside a sentence.
    """

    plain: str
    stem: str
    name: bool


def tokens(text: str) -> list[Token]:
    """The words and signs of a text, with a full stop at the end of each sentence."""
    plain = text.replace("’", "'")
    found: list[Token] = []
    for start, end in sentences(plain):
        opens = True
        for match in _TOKEN.finditer(plain, start, end):
            token = match.group()
            if token in SIGNS:
                found.append(Token(token, "", False))
                continue
            meaning = bool(stems(token))
            name = token[0].isupper() and not opens
            found.append(Token(token.lower(), stem(token) if meaning else "", name))
            opens = False
        found.append(Token(".", "", False))
    return found
