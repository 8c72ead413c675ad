"""Headings of a PDF: told by bold letters or capitals, their depth by how they are numbered."""

import re

_LONGEST = 250
_TITLE = 150
_LETTERS = re.compile(r"[^\W\d_]")
_ENDS_SENTENCE = re.compile(r"[.,;][\"”’)]*$")
_LEADERS = re.compile(r" \.\.\. ")
# From the outside in; "I." may be a letter too, but hardly ever is.
_NUMBERS = (
    re.compile(r"(?:part|section|article|count)\s+[\divxlc]+\b", re.IGNORECASE),
    re.compile(r"[IVX]+\.\s"),
    re.compile(r"[A-Z]\.\s"),
    re.compile(r"\d{1,2}\.\s"),
    re.compile(r"[a-z][.)]\s"),
    re.compile(r"\((?:\d{1,2}|[a-z]|[ivx]+)\)\s"),
)
_DEEPEST = len(_NUMBERS) + 1


def heading_of(text: str, *, bold: bool) -> tuple[int, str] | None:
    """The depth of a paragraph as a heading, from 1, and its words; None for running text.

    Parameters
    ----------
    text
        A paragraph.
    bold
        Whether all of its lines are bold.
    """
    title = " ".join(text.split())
    letters = "".join(_LETTERS.findall(title))
    capitals = letters.isupper()
    if len(letters) < 4 or len(title) > _LONGEST or _LEADERS.search(title):
        return None
    if not bold and not capitals:
        return None
    depth = next((i for i, number in enumerate(_NUMBERS, 1) if number.match(title)), 0)
    if not depth:
        if _ENDS_SENTENCE.search(title):
            return None
        depth = 1 if capitals else _DEEPEST
    return depth, title[:_TITLE]
