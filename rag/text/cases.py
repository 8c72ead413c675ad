"""The numbers of the court cases that a document is about."""

import re

from rag.types import Document

_HEAD = 1500
"""Characters at the beginning of a document that name its own case."""
_CASE = re.compile(
    r"\b(?:(?P<court>\d{1,2}):)?(?P<year>\d{2,4})[- ]?(?:cv|civ|cr|mc|c)\b\.?[- ]*(?:No\.? ?)?"
    r"(?P<number>\d{2,5})\b|"
    r"\b(?:civil|criminal) (?:action|case),? (?:file )?no\. ?"
    r"(?P<its_year>\d{2})-(?P<its_number>\d{2,5})\b",
    re.IGNORECASE,
)
"""``1:23-cv-00959``, ``05 Civ. 1234``, ``Civil Action No. 05-12268-RCL``."""


def cases(document: Document) -> frozenset[tuple[int, int]]:
    """The cases that ``document`` names at its beginning: two-digit year and number of each."""
    head = f"{document.title} {document.metadata.get('docket', '')} {document.text[:_HEAD]}"
    return frozenset(
        (int(match["year"] or match["its_year"]) % 100, int(match["number"] or match["its_number"]))
        for match in _CASE.finditer(head)
    )
