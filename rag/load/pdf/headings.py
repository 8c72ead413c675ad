"""Headings of a PDF: recognised by bold or capital letters; their numbering gives the depth."""

import re

_LONGEST = 250
"""Characters; a longer paragraph in capitals or bold is running text, such as a warning."""
_FEWEST_LETTERS = 4
"""Shorter lines are labels and initials."""
_TITLE = 150
"""Characters of a heading that are kept: passages are searched with it."""
_LETTERS = re.compile(r"[^\W\d_]")
_ENDS_SENTENCE = re.compile(r"[.,;][\"”’)]*$")
_LEADERS = re.compile(r" \.\.\. ")
# From the outermost level inwards. "I." counts as a Roman number: as a letter it is rare.
_NUMBERS = (
    re.compile(r"(?:part|section|article|count)\s+[\divxlc]+\b", re.IGNORECASE),
    re.compile(r"[IVX]{1,9}\.\s"),
    re.compile(r"[A-Z]\.\s"),
    re.compile(r"\d{1,2}\.\s"),
    re.compile(r"[a-z][.)]\s"),
    re.compile(r"\((?:\d{1,2}|[a-z]|[ivx]+)\)\s"),
)
_DEEPEST = len(_NUMBERS) + 1


def heading_of(text: str, *, bold: bool) -> tuple[int, str] | None:
    """Depth (from 1, the outermost) and text of a heading; None for running text.

    Parameters
    ----------
    text
        A paragraph.
    bold
        Whether all lines of the paragraph are bold.
    """
    title = " ".join(text.split())
    letters = "".join(_LETTERS.findall(title))
    capitals = letters.isupper()
    if len(letters) < _FEWEST_LETTERS or len(title) > _LONGEST or _LEADERS.search(title):
        return None
    if not bold and not capitals:
        return None
    depth = next((i for i, number in enumerate(_NUMBERS, 1) if number.match(title)), 0)
    if not depth:
        if _ENDS_SENTENCE.search(title):
            return None
        depth = 1 if capitals else _DEEPEST
    return depth, title[:_TITLE]
