"""The way on after a refusal: close spellings of unknown names, and documents with known ones."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Protocol

from rag.types import Document, Mention, Question, WayOn

_NAMES, _DOCUMENTS, _SPELLINGS = 3, 3, 3
"""At most this many names are looked up, documents named for each, and spellings offered."""
_READ = 10
"""Documents that are searched for a close spelling, at most."""
_ALIKE = 0.75
"""Ratio of `difflib.SequenceMatcher` from which two spellings are close."""
_LONGER = 3
"""Characters by which the lengths of two spellings differ, at most."""
_RUN = re.compile(r"[A-Z][\w’'.-]*\w(?: (?:of |and |& )?[A-Z][\w’'.-]*\w){0,3}")


class Holding(Protocol):
    """Documents by the names that they hold, within the filters of one question."""

    def documents_with(self, name: str, k: int, *, misspelt: bool = False) -> list[Document]:
        """At most ``k`` documents that hold the name, or one that is spelled like it."""
        ...


def way_on(question: Question, holding: Holding) -> WayOn:
    """Where to go on after ``not_found``: empty if the question names nothing.

    A name that some document holds gives the first documents with it. Another one gives names that
    are spelled like it.
    """
    mentions: list[Mention] = []
    spellings: list[str] = []
    names = [name for name in question.names if name[0].isalpha()]
    for name in names[:_NAMES]:
        found = holding.documents_with(name, _DOCUMENTS)
        mentions += [Mention(name, one.doc_id, one.title) for one in found]
        if not found:
            near = holding.documents_with(name, _READ, misspelt=True)
            spellings += _spelled_like(name, near)
    return WayOn(tuple(dict.fromkeys(spellings))[:_SPELLINGS], tuple(mentions))


def _spelled_like(name: str, documents: Sequence[Document]) -> Iterator[str]:
    """The names in the documents that are spelled like ``name``, the most frequent first.

    Of several spellings of one name the most frequent is given.
    """
    low = name.casefold()
    found = Counter(
        re.sub(r"[’']s?$", "", run)
        for document in documents
        for match in _RUN.finditer(f"{document.title}\n{document.text}")
        for run in {match[0], match[0].split()[0], match[0].split()[-1]}
        if abs(len(run) - len(name)) <= _LONGER
    )
    close = [run for run in found if _ratio(low, run) >= _ALIKE]
    chosen: list[str] = []
    for run in sorted(close, key=lambda run: (-found[run], run)):
        if all(_ratio(run, other) < _ALIKE for other in chosen):
            chosen.append(run)
            yield run


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one.casefold(), other.casefold()).ratio()
