"""Stems: words without endings and typographic variants, so that they can be compared."""

import re
from functools import lru_cache

_WORD = re.compile(
    r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ0-9’'&.-]*[A-Za-z0-9]|[A-Za-z]|[$€£]?\d[\d,.]*\d|[$€£]?\d"
)
_FUNCTION_WORDS = """
a about above after again all also am an and any are aren't as at be because been before being both
but by can could did didn't do does doesn't doing down during each exactly few for from further had
has have having he her here hers him his how i if in into is isn't it its itself just me might more
most much my no nor not now of off on once only or other our out over own per please really s same
say says said she should so some such t tell than that the their them then there these they this
those through to too under until up us very was we were what when where which while who whom whose
why will with would you your according anyone anything something someone many actually ever
regarding concerning against between
"""
_STOP = frozenset(_FUNCTION_WORDS.split())
_ENDINGS = (
    "ments", "ment", "ations", "ation", "ings", "ing", "edly", "ers", "ies", "ied", "ed", "ly",
    "ions", "ion", "es", "s", "er", "e", "y",
)  # fmt: skip
# Synonyms of the field, as stems: a question says "fine", a release "civil penalty".
_SYNONYMS = (
    ("penalt", "fin", "penal"),
    ("settl", "agre", "consent"),
    ("charg", "su", "accus", "alleg"),
    ("prison", "jail", "incarcerat", "imprison", "sentenc"),
    ("bar", "ban", "prohibit"),
    ("compan", "firm"),
    ("program", "programm", "schem"),
    ("invest", "investor"),
    ("boss", "ceo", "chief"),
    ("pa", "paid", "pay", "remit"),
    ("crypto", "cryptocurrenc"),
)
_SAME = {stem: group[0] for group in _SYNONYMS for stem in group}


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The word without case, possessive and common endings. Synonyms of the field share a stem."""
    bare = word.lower().replace("’", "'").removesuffix("'s").strip(".'-&").replace("'", "")
    if bare[:1].isdigit() or bare[:1] in "$€£":
        return bare.strip("$€£").replace(",", "")
    for ending in _ENDINGS:
        if bare.endswith(ending) and len(bare) - len(ending) >= 4:
            bare = bare.removesuffix(ending)
            break
    if len(bare) > 4 and bare[-1] == bare[-2]:
        bare = bare[:-1]
    return _SAME.get(bare, bare)


def folded(text: str) -> str:
    """The text in lower case and on one line, to search it for exact words."""
    return " ".join(text.casefold().split())


def words(text: str) -> list[str]:
    """The words, numbers and amounts of ``text``, in order, as written."""
    return _WORD.findall(text)


def stems(text: str) -> frozenset[str]:
    """Stems of the words of ``text``, without stop words."""
    return frozenset(
        stem(word) for word in words(text) if word.lower().replace("’", "'") not in _STOP
    )
