"""Short names that documents give themselves: "Changpeng Zhao (CZ)"."""

import re
from collections.abc import Iterator

# A short form of capitals in parentheses, quoted or not …
_SHORT = re.compile(
    r"\(\s*(?:(?:the|or|collectively),?\s+)?[\"“'‘]*([A-Z][A-Za-z0-9&.-]{1,9})[\"”'’,.]*\s*\)"
)
# … right after a name of up to eight words.
_NAME = re.compile(r"(?:[A-Z][\w.&’'-]*,?\s+(?:(?:of|and|for|the|in|de)\s+)*){1,8}$")
_LONGEST_NAME = 150


def aliases(text: str) -> Iterator[tuple[str, str]]:
    """Pairs of a short form and its name, in lower-case words, as ``text`` defines them.

    Only short forms of at least two capitals that abbreviate the name beside them: their letters
    occur in it in this order, the first one at the beginning of a word (Schwartz and Hearst, "A
    simple algorithm for identifying abbreviation definitions", PSB 2003). A short form that is a
    word of the name ("Acme Holdings (Acme)") is found without knowing it.
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
    """The end of ``name`` that ``short`` abbreviates; None if it does not."""
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
    # "SEC" in "U.S. Securities": fewer letters than words do not stand for a whole name.
    return found if len(found.split()) > 1 and len(found.split()) <= len(letters) + 3 else None
