"""Whether the documents say: from the names and kinds of thing asked for and the best sentences."""

import re
from collections.abc import Sequence

from rag.answer.asked import Asked
from rag.answer.score import Scored
from rag.answer.words import stem, words

_RELEVANT = 0.0
_HARD_KINDS = frozenset({"amount", "number", "duration", "date", "judge"})


def answers(question: Asked, ranked: Sequence[Scored]) -> bool:
    """Whether some of the ranked sentences answer the question at all."""
    if not ranked or max(item.relevance for item in ranked) < _RELEVANT:
        return False
    if unnamed(question, ranked):
        return False
    needed = _HARD_KINDS & set(question.kinds)
    return not needed or any(item.given for item in ranked[:5])


def unnamed(question: Asked, ranked: Sequence[Scored]) -> tuple[str, ...]:
    """Names in the question that occur in none of the documents the sentences are from."""
    documents = {item.candidate.document.doc_id: item.candidate.document for item in ranked}
    held = {
        stem(word)
        for document in documents.values()
        for word in words(f"{document.title} {document.doc_id} {document.text}")
    }
    return tuple(
        name
        for name in question.names
        if not any(stem(word) in held for word in words(name) if re.search(r"\w\w", word))
    )
