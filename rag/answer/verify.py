"""Verification: quotes are compared with their documents, generated sentences with the quotes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.answer.facts import unfounded
from rag.answer.support import supports
from rag.attribution.engine import attribute
from rag.types import Citation, Claim, Document, Status


@dataclass(frozen=True, slots=True)
class Verified:
    """The claims that passed, and the numbers of those that did not.

    Attributes
    ----------
    claims
        Every quote is at its place. A generated sentence passes `fault` as well.
    replaced
        Number of generated sentences that failed; their quotes are shown instead.
    dropped
        Number of claims without a quote, or with a quote that is not at its place.
    """

    claims: tuple[Claim, ...]
    replaced: int
    dropped: int


def cite(document: Document, start: int, end: int) -> Citation:
    """The citation of ``document.text[start:end]``.

    Raises
    ------
    ValueError
        If the span is empty or lies outside the text.
    """
    if not 0 <= start < end <= len(document.text):
        raise ValueError(f"no characters {start} to {end} in {document.doc_id}")
    return Citation(document, start, end, document.text[start:end])


def stands(citation: Citation) -> bool:
    """Whether the quote is at its place in its document, character for character."""
    inside = 0 <= citation.start < citation.end <= len(citation.document.text)
    return inside and citation.document.text[citation.start : citation.end] == citation.quote


def verified(claims: Iterable[Claim]) -> Verified:
    """Verify claims, in their order. A claim that fails is replaced by its quotes or dropped.

    Claims with the same text and the same citations are kept once.
    """
    passed: dict[tuple[object, ...], Claim] = {}
    replaced = dropped = 0
    for claim in claims:
        quotes = [citation for citation in claim.citations if stands(citation)]
        if not quotes or len(quotes) < len(claim.citations):
            dropped += 1
        elif fault(claim) is None:
            passed.setdefault(_key(claim), claim)
        else:
            replaced += 1
            for citation in quotes:
                quoted = _quoted(citation)
                passed.setdefault(_key(quoted), quoted)
    return Verified(tuple(passed.values()), replaced, dropped)


def fault(claim: Claim) -> str | None:
    """The fault of a claim whose quotes are at their places, in words; None without one.

    A text that is one of the quotes has no fault. A generated sentence must take its numbers,
    dates, amounts and names from the quotes, have their speaker and status, and be supported by
    them.
    """
    quotes = [citation.quote for citation in claim.citations]
    if claim.text in quotes:
        return None
    missing = unfounded(claim.text, quotes)
    if missing:
        return f"its quotes do not contain {', '.join(missing)}"
    standing = claim.speaker, claim.status
    if any(_standing(citation)[:2] != standing for citation in claim.citations):
        return "its quotes have another speaker or status"
    if not supports(quotes, claim.text):
        return "its quotes do not support it"
    return None


def supported(text: str, quotes: Sequence[str]) -> bool:
    """Whether ``text`` is one of ``quotes``, or contains nothing that they do not support."""
    return text in quotes or (not unfounded(text, quotes) and supports(quotes, text))


def _quoted(citation: Citation) -> Claim:
    return Claim(citation.quote, (citation,), *_standing(citation))


def _standing(citation: Citation) -> tuple[str | None, Status, str]:
    """Speaker, status, and the rule that gave both."""
    found = attribute(citation.document, citation.start, citation.end)
    return found.speaker, found.status, found.rule


def _key(claim: Claim) -> tuple[object, ...]:
    places = tuple((c.document.doc_id, c.start, c.end) for c in claim.citations)
    return claim.text, places
