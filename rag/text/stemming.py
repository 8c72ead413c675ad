"""Stems: words without endings and typographic variants, so that they can be compared."""

import re
from functools import lru_cache

import tantivy

_WORD = re.compile(
    r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ0-9’'&.-]*[A-Za-z0-9]|[A-Za-z]|[$€£]?\d[\d,.]*\d|[$€£]?\d"
)
_FUNCTION_WORDS = """
a about above after again all also am an and any are aren't as at be because been before being both
but by can could did didn't do does doesn't doing down during each exactly few for from further had
has have having he her here hers him his how i if in instead into is isn't it its itself just me
might more most much my no nor not now of off on once only or other our out over own per please
really s same say says said she should so some such t tell than that the their them then there
these they this those through to too under until up us very was we were what when where which while
who whom whose why will with would you your according anyone anything something someone many
actually ever regarding concerning against between
"""
_STOP = frozenset(_FUNCTION_WORDS.split())
# Synonyms of the field: a question says "fine", a release "civil penalty".
_SYNONYMS = """
penalty fine penal
settle agree consent
charge sue accuse allege
prison jail incarcerate imprison sentence
bar ban prohibit
company firm
program programme scheme
invest investor
boss ceo chief
pay paid remit
crypto cryptocurrency
"""
_SNOWBALL = (
    tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw())
    .filter(tantivy.Filter.lowercase())
    .filter(tantivy.Filter.stemmer("english"))
    .build()
)


def _snowball(word: str) -> str:
    return "".join(_SNOWBALL.analyze(word))


_SAME = {
    _snowball(word): _snowball(group.split()[0])
    for group in _SYNONYMS.strip().splitlines()
    for word in group.split()
}


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The word without case, possessive and endings. Synonyms of the field share a stem."""
    bare = word.lower().replace("’", "'").removesuffix("'s").strip(".'-&").replace("'", "")
    if bare[:1].isdigit() or bare[:1] in "$€£":
        return bare.strip("$€£").replace(",", "")
    found = _snowball(bare)
    return _SAME.get(found, found)


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
