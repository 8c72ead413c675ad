"""Answers made of exact quotes: select, attribute, verify, or say that the documents do not say."""

from collections.abc import Sequence

from rag.answer.abstain import answers, missing
from rag.answer.asked import asked
from rag.answer.attribute import attribute
from rag.answer.candidates import candidates
from rag.answer.docket import newer
from rag.answer.score import READ, Scored, merged, scored
from rag.answer.select import select
from rag.answer.verify import cite, verified
from rag.types import Answer, Claim, Hit, Outcome, Searched

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
        ``partial`` names in ``missing`` what it lacks; ``not_found`` has no claims and keeps the
        hits, which do not answer.
    """
    wanted = asked(question, history)
    found = candidates(hits)
    parts = wanted.parts or (wanted,)
    rankings = [scored(part, found, read=max(_READ_EACH, READ // len(parts))) for part in parts]
    ranked = merged(rankings)
    chosen = select(rankings, wanted.names) if answers(wanted, rankings) else []
    claims = verified(_claim(item) for item in chosen)
    left_open = missing(wanted, chosen, ranked) if claims else ()
    outcome: Outcome = "not_found" if not claims else "partial" if left_open else "answered"
    return Answer(
        question=question,
        outcome=outcome,
        claims=claims,
        hits=tuple(hits),
        searched=searched,
        missing=left_open,
        notes=_notes(chosen, hits) if claims else (),
    )


def _claim(item: Scored) -> Claim:
    found = item.candidate
    citation = cite(found.document, found.start, found.end)
    standing = attribute(found.document, found.start, found.end)
    return Claim(citation.quote, (citation,), standing.speaker, standing.status)


def _notes(chosen: Sequence[Scored], hits: Sequence[Hit]) -> tuple[str, ...]:
    """Remarks for the reader: a premise denied, a newer release on the same case."""
    notes = []
    if any(item.contradicts for item in chosen[:2]):
        notes.append("The documents contradict what the question takes for granted.")
    cited = [item.candidate.document for item in chosen]
    for document in newer(cited, (hit.passage.document for hit in hits))[:1]:
        notes.append(
            f"A newer document on the same case: {document.title} "
            f"({document.metadata['date']}, {document.doc_id})."
        )
    return tuple(notes)
