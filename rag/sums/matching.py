"""Whether a document, and a sum in it, is one that a question over many documents means."""

import re
from collections.abc import Sequence
from functools import lru_cache

from rag.types import Document, SumsAsked

_OPENING = 700
"""Characters of a document that name its parties."""
_BETWEEN = 3
"""Words between two words of a term, at most."""
_ENDING = 3
"""Letters that an ending has at most: "bank", "banking", not "bankruptcy"."""


def in_scope(asked: SumsAsked, document: Document) -> bool:
    """Whether the document has an agency, a type, a date and the words that the question names."""
    if asked.agencies and _folded(document.texts("agency")).isdisjoint(asked.agencies):
        return False
    if asked.types and _folded(document.texts("type")).isdisjoint(asked.types):
        return False
    date = str(document.metadata.get("date") or "")
    if asked.days and not any(first <= date < last for first, last in asked.days):
        return False
    return not asked.words or has_terms(asked.words, f"{document.title}\n{document.text}")


def of_parties(asked: SumsAsked, document: Document, who: str, quote: str) -> bool:
    """Whether the parties have the terms: in the payer, the title, the quote or the opening."""
    if not asked.parties:
        return True
    named = [who, document.title, *document.texts("parties"), *document.texts("speaker"), quote]
    return has_terms(asked.parties, "\n".join((*named, document.text[:_OPENING])))


def has_terms(terms: Sequence[str], text: str) -> bool:
    """Whether the text has every term, in any case."""
    lower = text.lower()
    return all(
        all(_stem(word) in lower for word in term.split()) and _pattern(term).search(lower)
        for term in terms
    )


@lru_cache(maxsize=256)
def _pattern(term: str) -> re.Pattern[str]:
    words = [rf"\b{_forms(word)}\b" for word in term.split()]
    between = rf"\W+(?:\w+\W+){{0,{_BETWEEN}}}?"
    forms = [between.join(words)]
    if len(words) == 2:
        forms.append(between.join(words[::-1]))
    return re.compile("|".join(forms))


def _forms(word: str) -> str:
    """A pattern for a word; for its forms too if it is in lower case ("banks": "bank's")."""
    if not word.islower():
        return re.escape(word.lower())
    if word.endswith("ies"):
        return re.escape(word[:-3]) + rf"(?:y|ie?)\w{{0,{_ENDING - 1}}}"
    return re.escape(_stem(word)) + rf"\w{{0,{_ENDING}}}"


def _stem(word: str) -> str:
    """The word in lower case without the ending of a plural."""
    lower = word.lower()
    if word != lower:
        return lower
    return lower[:-3] if lower.endswith("ies") else re.sub(r"(?<=\w{2}[^su])s$", "", lower)


def _folded(texts: Sequence[str]) -> set[str]:
    return {text.casefold() for text in texts}
