"""Verification: each quote is compared with its document, character for character."""

from collections.abc import Iterable

from rag.types import Citation, Claim, Document


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


def verified(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """The claims whose text is their quote, and whose quotes are at their places, in their order.

    A claim with the same citations as an earlier one is left out.
    """
    passed: dict[tuple[tuple[str, int, int], ...], Claim] = {}
    for claim in claims:
        quotes = [citation.quote for citation in claim.citations if stands(citation)]
        if claim.text in quotes and len(quotes) == len(claim.citations):
            places = tuple((c.document.doc_id, c.start, c.end) for c in claim.citations)
            passed.setdefault(places, claim)
    return tuple(passed.values())
