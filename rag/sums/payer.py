"""The person or company that a document says must pay a sum."""

import re

from rag.types import Document

_NAME = (
    r"[A-Z][\w.&'’-]*(?:(?:\s+|,\s+(?=Inc|Ltd|LLC|LP|L\.|S\.|Jr))"
    r"(?:(?:of|and|the|de|van|von|&)\s+){0,2}[A-Z0-9][\w.&'’-]*){0,7}"
)
_ROLE = r"(?:(?:defendants?|respondents?|relief\s+defendants?|brothers|the)\s+)?"
_ORDERED = re.compile(
    rf"\b(?:order(?:s|ed|ing)|requir(?:es|ed|ing)|direct(?:s|ed|ing)|caus(?:es|ed))\s+{_ROLE}"
    rf"(?P<who>{_NAME})(?:\s*\([^)]*\))?\s+to\s+(?:each\s+)?(?:pay|remit|disgorge)\b"
)
_AGAINST = re.compile(
    rf"\b(?:against|upon|on|fined|fines|fining)\s+{_ROLE}(?P<who>{_NAME})(?:\s?\([^)]{{0,200}}\))?"
    rf"(?:\s+(?:in|of|for|a|to|totall?ing|amounting)\b[^$€£]*|\s?,?\s?)$"
)
_AGAINST_BEHIND = re.compile(
    rf"[^.;]{{0,60}}?\b(?:against|upon|on|to\s+be\s+paid\s+by)\s+{_ROLE}(?P<who>{_NAME})"
)
_SUBJECT = re.compile(
    rf"(?:^|[.;:]\s+|\bthat\s+|,\s+and\s+)(?:[Tt]he\s+|[Dd]efendants?\s+|[Rr]espondents?\s+)?"
    rf"(?P<who>{_NAME})(?:\s*\([^)]*\))?(?:,[^$€£;:]{{1,200}}?,)?\s+(?:has\s+|have\s+|had\s+|also\s+|"
    r"further\s+|today\s+|was\s+|were\s+|is\s+|are\s+|will\s+|must\s+|shall\s+|each\s+)*"
    r"(?:agree[sd]?|pa(?:y|ys|id)|consent(?:s|ed)?|settle[sd]?|remit(?:s|ted)?|ordered|required|fined|"
    r"sentenced|penali[sz]ed|directed|disgorge[sd]?)\b"
)
_AFTER_COMMA = re.compile(
    rf",\s+(?P<who>{_NAME})\s+(?:has\s+|have\s+|additionally\s+|also\s+)*"
    r"(?:agree[sd]?|consent(?:s|ed)?|settle[sd]?|pa(?:ys|id)|(?:was|were)\s+ordered)\b"
)
_TITLE = re.compile(
    rf"\bv\.?\s+(?P<against>{_NAME})|^(?:\W*)(?P<subject>{_NAME}?)\s+(?:[Aa]grees?|[Ss]ettles?|"
    r"[Tt]o\s+[Pp]ay|[Pp]ays?|[Ff]ined|[Pp]enali[sz]ed|[Oo]rdered)\b"
    rf"|\b(?:[Ff]ines?|[Pp]enali[sz]es|[Aa]gainst|[Ss]ettle(?:s|ment)\s+[Ww]ith)\s+(?P<object>{_NAME})"
)
_NAME_ALONE = re.compile(
    r"(?:The\s+|[a-z][a-z.]*\.\s+)?[A-Z][\w.&'’-]+"
    r"(?:,?\s+(?:of|and|the|de|&|plc|[A-Z0-9(][\w.&'’()-]*)){0,9}"
)
_NO_NAME = re.compile(
    r"\b(?:Releases?|Litigation|Orders?|Penalt(?:y|ies)|Notices?|Decisions?|Judgments?|Settle\w*|"
    r"Charge[sd]?|Court|Action|Information|Enforcement|Agreement|Report|Summary|v|vs|LR|Fine[sd]?|"
    r"Announce\w*|SEC|OFAC|Against|Commission|Complaint|Violations?|Defendants?|File[sd]?)\b"
    r"|\d{3}|\w\.(?:txt|pdf|md|html?)$",
    re.I,
)
_NOBODY = re.compile(
    r"(?:The|An?|He|She|It|They|His|Her|Its|Their|This|That|These|In|On|Under|As|Of|At|For|By|To|Each|"
    r"Both|Final|Judge|Court|District|Judgments?|Orders?|Commission|Commissioner|Department|Office|"
    r"Defendants?|Respondents?|Company|Bank|Without|Pursuant|January|February|March|April|May|June|"
    r"July|August|September|October|November|December|Article|Section|Rule|Act)\b"
    r"(?:\s+(?:Court|Judgments?|Orders?|Commission|of\b.*))?$|(?:Magistrate\s+)?Judge\b",
    re.I,
)
AUTHORITY = re.compile(
    r"\b(?:Commission|Commissioner|United\s+States|State\s+of|People\s+of|Secretary|Authority|"
    r"Department|Attorney\s+General|Board|Bureau|Agency|Office|Government|SEC|OFAC|Regulator|Crown|"
    r"Securities\s+and\s+Exchange)\b|^(?:In\s+re|Number)\b",
    re.I,
)
"""The name of an authority, which is no payer."""


def payer(document: Document, start: int, first: int, last: int, end: int) -> str:
    """Who pays the sum at ``text[first:last]`` in the sentence ``text[start:end]``; "" if unknown.

    The only party of a case that is no authority is the payer, or a title that is a name alone.
    Otherwise the words of the sentence decide, then the title, then all parties.
    """
    parties = parties_of(document)
    if len(parties) == 1:
        return parties[0]
    title = " ".join(document.title.replace("\u200b", "").split())
    if not parties and _NAME_ALONE.fullmatch(title) and not _NO_NAME.search(title):
        return title
    found = named_payer(document, start, first, last, end)
    return found or titled(document) or "; ".join(parties)


def parties_of(document: Document) -> list[str]:
    """The parties that are no authority; the only party of a case in any event."""
    parties = document.texts("parties")
    others = [party for party in parties if not AUTHORITY.search(party)]
    return others or [party for party in parties if len(parties) == 1 and "Number" not in party]


def named_payer(document: Document, start: int, first: int, last: int, end: int) -> str:
    """Who pays by the words of the sentence alone; "" if they do not say. Parameters as above."""
    before = " ".join(document.text[start:first].split()) + " "
    behind = " ".join(document.text[last:end].split())
    return (
        _last(_ORDERED, before)
        or _last(_AGAINST, before)
        or _last(_SUBJECT, before)
        or _last(_AFTER_COMMA, before)
        or _named(_AGAINST_BEHIND.match(behind))
    )


def titled(document: Document) -> str:
    """The party that the title names ("SEC v. Acme", "Acme agrees to pay"); "" without one."""
    for match in _TITLE.finditer(" ".join(document.title.replace("\u200b", "").split())):
        name = _clean(match["against"] or match["subject"] or match["object"] or "")
        if name:
            return name
    return ""


def _last(pattern: re.Pattern[str], text: str) -> str:
    return next((name for match in [*pattern.finditer(text)][::-1] if (name := _named(match))), "")


def _named(match: re.Match[str] | None) -> str:
    return _clean(match["who"]) if match is not None else ""


def _clean(name: str) -> str:
    name = re.sub(r"^[\W_]+", "", name)
    name = re.sub(r"(?:['’]s|[,.](?!\w)|\s{1,9}(?:and|of|the|&)){1,9}$", "", name.strip())
    name = re.sub(r"(?<=\b(?:Inc|Ltd))$|(?<=\bCorp)$|(?<=\bCo)$", ".", name)
    return "" if _NOBODY.match(name) or AUTHORITY.search(name) or len(name) < 3 else name
