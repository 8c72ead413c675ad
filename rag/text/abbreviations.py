"""Abbreviations that a document defines: "Changpeng Zhao (CZ)"."""

import re
from collections.abc import Iterator

# A short form with a capital in parentheses, quoted or not …
_SHORT = re.compile(
    r"\(\s*(?:(?:the|or|collectively),?\s+)?[\"“'‘]*([A-Z][A-Za-z0-9&.-]{1,9})[\"”'’,.]*\s*\)"
)
# … directly after a name of up to eight words.
_NAME = re.compile(r"(?:[A-Z][\w.&’'-]{0,60},?\s+(?:(?:of|and|for|the|in|de)\s+){0,4}){1,8}$")
# Characters searched for the name before a short form; eight words are shorter.
_LONGEST_NAME = 150
# A name may have this many words more than its short form has letters ("of", "and", "the").
_MORE_WORDS = 3


def aliases(text: str) -> Iterator[tuple[str, str]]:
    """Yield each pair of a short form and its name that ``text`` defines, as lower-case words.

    A short form has at least two capitals, and its letters occur in the name before it in the same
    order, the first one at the start of a word (Schwartz and Hearst, "A simple algorithm for
    identifying abbreviation definitions", PSB 2003). A short form that is a word of the name
    ("Acme Holdings (Acme)") is left out: a search for the word finds the name anyway.
    """
    for match in _SHORT.finditer(text):
        short = match[1].strip(".")
        before = _NAME.search(text[max(0, match.start() - _LONGEST_NAME) : match.start()])
        if before is None or sum(sign.isupper() for sign in short) < 2:
            continue
        name = _abbreviated(short, " ".join(before[0].split()).rstrip(","))
        if name is not None and short.lower() not in name.lower().split():
            yield _words(short), _words(name)


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _abbreviated(short: str, name: str) -> str | None:
    """The last words of ``name`` that ``short`` abbreviates; None if there are none."""
    letters = [sign.lower() for sign in short if sign.isalnum()]
    lowered = name.lower()
    at = len(name)
    for place, letter in reversed(list(enumerate(letters))):
        at = lowered.rfind(letter, 0, at)
        while at > 0 and place == 0 and lowered[at - 1].isalnum():
            at = lowered.rfind(letter, 0, at)
        if at < 0:
            return None
    found = name[at:]
    # "SEC" fits letters of the one word "Securities", and of long names by chance.
    return found if 1 < len(found.split()) <= len(letters) + _MORE_WORDS else None
