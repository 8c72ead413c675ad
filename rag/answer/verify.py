"""Nothing leaves unverified: every quote is compared with its place in its document."""

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
    """Whether the quote is, character for character, at its place in its document."""
    inside = 0 <= citation.start < citation.end <= len(citation.document.text)
    return inside and citation.document.text[citation.start : citation.end] == citation.quote


def verified(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """The claims whose citations all stand and whose own words are one of their quotes."""
    return tuple(
        claim
        for claim in claims
        if claim.citations
        and all(stands(citation) for citation in claim.citations)
        and any(claim.text == citation.quote for citation in claim.citations)
    )
