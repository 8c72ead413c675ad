"""Answers made of exact quotes: select, attribute, verify, or say that the documents do not say."""

from collections.abc import Sequence

from rag.answer.abstain import answers
from rag.answer.asked import asked
from rag.answer.attribute import attribute
from rag.answer.candidates import candidates
from rag.answer.score import READ, merged, scored
from rag.answer.select import select
from rag.answer.verify import cite, verified
from rag.types import Answer, Claim, Hit, Searched

__all__ = ["answer"]

_READ_EACH = 7
"""Candidates that the cross-encoder reads at least for each part of a question."""


def answer(
    question: str, hits: Sequence[Hit], *, searched: Searched, history: Sequence[str] = ()
) -> Answer:
    """Answer ``question`` from ``hits`` alone, in verified quotes.

    Parameters
    ----------
    hits
        What was retrieved, best first; their documents are read around the passages too.
    searched
        What was searched; passed on as the proof behind a ``not_found``.
    history
        The earlier questions of the conversation, oldest first.

    Returns
    -------
    Answer
        Claims best first, each one exact quote with its citation, speaker and status.
        ``not_found`` has no claims and keeps the hits, which do not answer.
    """
    wanted = asked(question, history)
    found = candidates(hits)
    parts = wanted.parts or (wanted,)
    rankings = [scored(part, found, read=max(_READ_EACH, READ // len(parts))) for part in parts]
    chosen = select(rankings, wanted.names) if answers(wanted, merged(rankings)) else []
    claims = []
    for item in chosen:
        found = item.candidate
        citation = cite(found.document, found.start, found.end)
        standing = attribute(found.document, found.start, found.end)
        claims.append(Claim(citation.quote, (citation,), standing.speaker, standing.status))
    checked = verified(claims)
    return Answer(
        question=question,
        outcome="answered" if checked else "not_found",
        claims=checked,
        hits=tuple(hits),
        searched=searched,
    )
