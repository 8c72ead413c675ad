"""Nothing leaves unverified: quotes are compared with their places, other words with the quotes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.answer.facts import unfounded
from rag.answer.support import supports
from rag.attribution.engine import attribute
from rag.types import Citation, Claim, Document, Status


@dataclass(frozen=True, slots=True)
class Verified:
    """What passed, and how much did not.

    Attributes
    ----------
    claims
        Each with its quotes at their places; where its words are its own, with all numbers, dates,
        amounts and names out of them, supported by them, and with their speaker and status.
    replaced
        How many claims in other words failed and have their quotes in their place.
    dropped
        How many had no quote that stands.
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
    """Whether the quote is, character for character, at its place in its document."""
    inside = 0 <= citation.start < citation.end <= len(citation.document.text)
    return inside and citation.document.text[citation.start : citation.end] == citation.quote


def verified(claims: Iterable[Claim]) -> Verified:
    """The claims that pass, in their order; a failing one is replaced by its quotes, or dropped."""
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
    """What is wrong with a claim whose quotes stand; None where nothing is.

    One of its quotes as its text is always right. Words of its own must take their numbers, dates,
    amounts and names from the quotes, be supported by them, and have their speaker and status.
    """
    quotes = [citation.quote for citation in claim.citations]
    if claim.text in quotes:
        return None
    missing = unfounded(claim.text, quotes)
    if missing:
        return f"its quotes do not hold {', '.join(missing)}"
    standing = claim.speaker, claim.status
    if any(_standing(citation)[:2] != standing for citation in claim.citations):
        return "its quotes are not of its speaker and status"
    if not supports(quotes, claim.text):
        return "its quotes do not support it"
    return None


def borne_out(text: str, quotes: Sequence[str]) -> bool:
    """Whether ``text`` is one of ``quotes``, or says nothing beyond them."""
    return text in quotes or (not unfounded(text, quotes) and supports(quotes, text))


def _quoted(citation: Citation) -> Claim:
    return Claim(citation.quote, (citation,), *_standing(citation))


def _standing(citation: Citation) -> tuple[str | None, Status, str]:
    """Speaker, status and the rule that gave them."""
    found = attribute(citation.document, citation.start, citation.end)
    return found.speaker, found.status, found.rule


def _key(claim: Claim) -> tuple[object, ...]:
    places = tuple((c.document.doc_id, c.start, c.end) for c in claim.citations)
    return claim.text, places
