"""Infer metadata from the first lines of a document, where none is given."""

import re
from collections.abc import Mapping
from typing import Any

# Characters that are searched, chosen by looking at releases, orders, opinions and briefs.
_HEAD = 4000
"""At the start: caption, type, docket and court are on the first page or two."""
_TAIL = 2500
"""At the end: the date beside the signatures."""
_TOP = 800
"""At the start, for the document's own date: dates further down are those of events."""
_ROW_HEAD = 1500
"""At the start of a row: exports have no caption page."""
_RELEASE_HEAD = 400
"""At the start, for a release number or an announcement: others are mentioned further down."""
_AGENCY_HEAD, _VOICE_HEAD = 1500, 300
"""At the start, for the agency of an official document, and of a press release or a statement."""
_TITLE_HEAD = 3000
"""At the start, for a line that serves as title."""
_TITLE_LINES, _TITLE_WORDS, _TITLE_LENGTH = 30, (3, 25), 160
"""Lines that are searched for a title, and its words (least and most) and most characters: shorter
lines are labels, longer ones paragraphs."""
_RUNNING_TEXT = 5 * _HEAD
"""At the start, for a name of the caption in running text."""
_DATE_LINE = 100
"""Characters; a date on a shorter line stands by itself."""
_BEFORE_DATE = 40
"""Characters before a date that tell what it is the date of."""
_MONTH = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec"
)
_MONTHS = {name.casefold()[:3]: number for number, name in enumerate(_MONTH.split("|")[:12], 1)}
_DATE = re.compile(
    rf"\b(?:(?P<m>{_MONTH})\.?\s+(?P<d>\d{{1,2}})\s*,?\s*(?P<y>(?:19|20)\d\d)"
    rf"|(?P<d2>\d{{1,2}})\s+(?P<m2>{_MONTH})\.?,?\s+(?P<y2>(?:19|20)\d\d)"
    r"|(?P<m3>\d{1,2})/(?P<d3>\d{1,2})/(?P<y3>(?:19|20)\d\d)"
    r"|(?P<y4>(?:19|20)\d\d)-(?P<m4>\d\d)-(?P<d4>\d\d))\b",
    re.IGNORECASE,
)
_DATED = re.compile(r"^\W*(?:dated?|issued|entered)\s*:?\s*", re.IGNORECASE | re.MULTILINE)

_ISSUED = re.compile(r"(?:/|\bdated|\bfor|^\W*filed\W*)\s*$", re.IGNORECASE)
_ANNOUNCES = re.compile(
    r"\b(?:Commission|OFAC|Office|Department|Bureau|Network|Authority)\b[^.]{0,60}?"
    r"\b(?:announced|filed|charged|obtained|today|issued|instituted|settled)\b"
)
_OTHER_EVENT = re.compile(  # the date of another event: a deadline, the filing of a complaint
    r"(?:\b(?:before|by|until|since|than|through|after|effective|that)|\W\s*filed(?:\s+on)?|\bon)"
    r"\s*:?\s*$",
    re.IGNORECASE,
)


def _spaced(words: str) -> str:
    """A pattern for ``words`` with spaces anywhere: PDFs have them in letter-spaced words."""
    return r"\s*".join(map(re.escape, words.replace(" ", "")))


AGENCIES = {
    "SEC": r"Securities\s+and\s+Exchange\s+Commission",
    "OFAC": _spaced("Office of Foreign Assets Control") + r"|\bOFAC\b",
    "CFTC": r"Commodity\s+Futures\s+Trading\s+Commission|\bCFTC\b",
    "FinCEN": r"Financial\s+Crimes\s+Enforcement\s+Network|\bFinCEN\b",
    "FTC": r"Federal\s+Trade\s+Commission",
    "CFPB": r"Consumer\s+Financial\s+Protection\s+Bureau",
    "FINRA": r"Financial\s+Industry\s+Regulatory\s+Authority|\bFINRA\b",
    "DOJ": r"(?:U\.?S\.?|United\s+States)\s+Department\s+of\s+Justice",
    "FCA": r"Financial\s+Conduct\s+Authority",
    "OCC": r"Office\s+of\s+the\s+Comptroller\s+of\s+the\s+Currency",
}
_AGENCIES = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in AGENCIES.items()}

# The first pattern that matches gives the type. Types that only an agency writes come first.
_TYPES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE | re.MULTILINE))
    for name, pattern in (
        ("litigation_release", r"^.{0,80}\blitigation\s+release\s+no\b"),
        ("penalty_list", r"penalties\s+imposed\s+and|name\s+of\s+(?:entity|individual)\s+involved"),
        ("enforcement_release", r"(?<!auditing )\benforcement\s+release\b"),
        ("enforcement_release", _spaced("enforcement information ") + r"\s*(?:for|through)\b"),
        ("final_notice", r"^\W*final\s+notice\b"),
        ("order", r"^\W*(?:(?:consent|final|cease[- ]and[- ]desist)\s+)?order\b.{0,40}$"),
        ("order", r"^\W*(?:consent\s+)?order\s+(?:instituting|imposing|making|granting|denying)\b"),
        ("rule", r"notice\s+of\s+proposed\s+rulemaking|^action\s*:\s*(?:final|proposed)\s+rule"),
        ("opinion", r"opinion\s+of\s+the\s+court|delivered\s+the\s+opinion"),
        ("opinion", r"^(?:in\s+the\s+)?.{0,40}\bcourt\s+of\s+appeals?\b.{0,40}$"),
        ("complaint", r"(?-i:^.{0,60}\bCOMPLAINT\b.{0,20}$)"),
        (
            "brief",
            r"^.{0,80}\b(?:memorandum\s+(?:of|in)|brief\s+(?:of|for|in)|motion\s+for)\b.{0,90}$",
        ),
        ("press_release", r"^\W*(?:for\s+immediate\s+release|press\s+release|news\s+release)\b"),
        ("statement", r"^.{0,60}\bstatement\s+(?:of|by|from)\b|^.{0,40}'?s\s+response\b"),
        ("letter", r"^dear\s+\S"),
    )
)
_FROM_AGENCY = frozenset(
    {"litigation_release", "enforcement_release", "penalty_list", "final_notice", "order", "rule"}
)
_RELEASE = re.compile(
    r"(?<!enforcement )\b(?:release|number|notice)\s*(?:no\.?|number|#)?\s*:?\s*"
    r"(?P<n>[A-Z]{0,4}-?\d[\d-]{2,12})\b",
    re.IGNORECASE,
)
_DOCKET = re.compile(
    r"\b(?:nos?\.|number:?)\s*(?:civ\.?\s*)?"
    r"(?P<n>(?:\d{1,2}:)?\d{0,4}-?[A-Za-z]{1,6}[-\s.]?\d[\w:-]{2,20}"
    r"|\d{2,4}\s*-?\s*(?:CV|CR|Civ\.?|cv|cr)[-\s.]?\s*\d{2,6}[\w-]*|3-\d{4,6}|ED\d{4,8})",
    re.IGNORECASE,
)
_COURT = re.compile(
    r"(?:(?:United\s+States|U\.?\s?S\.?)\s+District\s+Court\s*,?\s*(?:for\s+the\s+)?"
    r"(?P<district>(?:(?:Northern|Southern|Eastern|Western|Middle|Central)\s+)?District\s+of\s+"
    r"(?:the\s+)?[A-Z][A-Za-z]+(?:\s+(?:York|Jersey|Hampshire|Mexico|Carolina|Dakota|Virginia|Island"
    r"|Rico|Columbia))?))"
    r"|(?P<court>(?:Supreme\s+Court|Court\s+of\s+Appeals?)\s+of\s+(?:the\s+)?[A-Z][a-z]+"
    r"(?:\s+[A-Z][a-z]+)?)"
    r"|(?<![\w.])(?-i:(?P<short>(?:[NSEWCM]\.\s?D\.|D\.)\s?(?:[A-Z]\.\s?[A-Z]\.|[A-Z][a-z]+\.?)))"
    r"(?=\s+filed|[),])",
    re.IGNORECASE,
)
_NAME = r"(?!(?:No|Plaintiff|Defendant|Number|Memorandum|See|In re)\b)[A-Z][^\n;:()]{1,160}?"
_VERSUS = re.compile(
    rf"(?:^|\n|\b(?:in|styled|captioned)\s)\W*(?P<a>{_NAME})\s*,?\s+v(?:s)?\.?\s+(?P<b>{_NAME})"
    r"(?=\s*(?:,?\s*et\s+al\b|,?\s*(?:Civil|Case|No\.|Nos\.|Docket|Index|Defendants?|Respondents?)"
    r"|,\s+\d|\(|\n\n|;|$))",
    re.MULTILINE,
)
_CAPTION = re.compile(
    r"\b(?:Plaintiffs?|Petitioners?|Appellants?)\b(?:\W*\n)*\W*v(?:s)?\.\W*\n\s*"
    r"(?P<b>[A-Z][^\n,]{2,160})",
)
_MATTER = re.compile(
    r"in\s+the\s+matter\s+of\s*:?(?:[\s)]|Number\s+\S+|No\.\s+\S+)*(?P<a>[A-Z][^\n;:()]{2,160}?)(?=\s*\)|\s*\n\n|\s*,?\s*\n|$)",
    re.IGNORECASE | re.MULTILINE,
)
_NO_TITLE = re.compile(
    r"microsoft\s+word|word\s+document$|untitled|document\s?\d*$|.*\.(?:docx?|pdf|xlsx?|wpd|rtf|html?)$|\S*$",
    re.IGNORECASE,
)
_EMPTY_CELLS = frozenset(("", "-", "none", "null", "nan", "n/a"))
"""Texts that programs write into an empty cell."""
_ABOUT = re.compile(r"^\W*re\b\s*:\s*(\S[^\n]{4,200})", re.IGNORECASE | re.MULTILINE)
_SIDE = re.compile(r"\b(?:plaintiff|petitioner|defendant|respondent)(?=s?['’])", re.IGNORECASE)
_PUNCTUATION = " \t\n,.;:-–—)(*_=#"


def infer(text: str, title: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """Infer the metadata that ``known`` does not have: agency, type, date, release and so on.

    The first 4,000 characters are searched, for a date also the last 2,500. A value that is not
    clear is left out: a wrong date or speaker is worse than none.

    Parameters
    ----------
    text
        The document's text.
    title
        Title that the format gives, "" for none.
    known
        Given metadata; its keys are not inferred.

    Returns
    -------
    dict[str, Any]
        The inferred ones of the keys ``title agency type date release docket parties court
        speaker``. ``title`` only if ``is_no_title(title)``.
    """
    named = not is_no_title(title)
    head = f"{title}\n\n{text[:_HEAD]}" if named else text[:_HEAD]
    types = known.get("type") or _type(head)
    kind = str(types[0] if isinstance(types, list) else types)
    parties = [_as_written(name, text) for name in _parties(head)]
    found: dict[str, Any] = {"type": kind, "parties": parties, "court": _court(head)}
    found["docket"] = _matched(_DOCKET, head)
    found |= infer_row(text, title, known)
    found["agency"], found["speaker"] = _agency_and_speaker(head, kind, parties)
    if not named:
        found["title"] = _title(text, kind, parties)
    return {key: value for key, value in found.items() if value and key not in known}


def infer_row(text: str, title: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """As ``infer`` for a row of an export: only date, release and title; columns give the rest."""
    found: dict[str, Any] = {}
    head = f"{title}\n\n{text[:_ROW_HEAD]}"
    if "date" not in known:
        found["date"] = _date(head, text)
    if "release" not in known:
        found["release"] = _matched(_RELEASE, head[:_RELEASE_HEAD])
    if title.strip().casefold() in _EMPTY_CELLS:
        found["title"] = _title(text, "", [])
    return {key: value for key, value in found.items() if value}


def is_no_title(title: str) -> bool:
    """Whether ``title`` is empty or made by a program: a file name, a single word."""
    return not title.strip() or _NO_TITLE.match(title.strip()) is not None


def _type(head: str) -> str:
    return next((name for name, pattern in _TYPES if pattern.search(head)), "")


def _date(head: str, text: str) -> str:
    top = head[:_TOP]
    for found in _DATE.finditer(top):
        start = top.rfind("\n", 0, found.start()) + 1
        end = top.find("\n", found.end())
        alone = (end if end >= 0 else len(top)) - start < _DATE_LINE
        before = top[max(start, found.start() - _BEFORE_DATE) : found.start()]
        if _ISSUED.search(before) or (alone and not _OTHER_EVENT.search(before)):
            return _iso(found)
    tail = text[-_TAIL:]
    for dated in _DATED.finditer(tail):
        match = _DATE.match(tail, dated.end())
        if match:
            return _iso(match)
    return ""


def _iso(match: re.Match[str]) -> str:
    groups = match.groupdict()
    year = next(groups[key] for key in ("y", "y2", "y3", "y4") if groups[key])
    month = next(groups[key] for key in ("m", "m2", "m3", "m4") if groups[key])
    day = next(groups[key] for key in ("d", "d2", "d3", "d4") if groups[key])
    number = int(month) if month.isdigit() else _MONTHS[month.casefold()[:3]]
    if not 1 <= number <= 12 or not 1 <= int(day) <= 31:
        return ""
    return f"{year}-{number:02}-{int(day):02}"


def _matched(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return " ".join(match["n"].split()).strip(_PUNCTUATION) if match else ""


def _court(head: str) -> str:
    match = _COURT.search(head)
    if not match:
        return ""
    district, court, short = match["district"], match["court"], match["short"]
    if district:
        return f"U.S. District Court for the {_name(district)}"
    return _name(court) if court else " ".join((short or "").split())


def _parties(head: str) -> list[str]:
    caption, versus = _CAPTION.search(head), _VERSUS.search(head)
    if caption and not (versus and versus.start() < caption.start()):
        before = head[: caption.start()].strip()
        block = before[before.rfind("\n\n") + 1 :].strip()
        return [_name(block.split("\n")[0]), _name(caption["b"])]
    if versus:
        return [_name(versus["a"]), _name(versus["b"])]
    matter = _MATTER.search(head)
    return [_name(matter["a"])] if matter else []


def _as_written(name: str, text: str) -> str:
    """``name`` as running text spells it, such as KalshiEX LLC; the caption may be in capitals."""
    spelled = re.findall(re.escape(name), text[:_RUNNING_TEXT], re.IGNORECASE)
    return next((found for found in spelled if not found.isupper()), name)


def _name(text: str) -> str:
    """``text`` as a name on one line; a name all in capitals gets lower-case letters."""
    name = " ".join(text.split()).strip(_PUNCTUATION)
    if name.isupper() and len(name) > 5:
        words = [word.lower() if word in _SMALL else word.title() for word in name.split()]
        words = [word.upper() if word.upper() in _ABBREVIATED else word for word in words]
        name = " ".join(words)
        name = name[:1].upper() + name[1:]
    return name


_SMALL = frozenset(("AND", "OF", "THE", "FOR", "IN", "ON", "TO"))
_ABBREVIATED = frozenset(
    ("LLC", "LLC,", "N.A.", "LP", "L.P.", "USA", "II", "III", "PLC", "AG", "SA")
)


def _agency_in(text: str) -> str:
    """The agency that ``text`` names first, "" for none."""
    places = {
        name: match.start()
        for name, pattern in _AGENCIES.items()
        if (match := pattern.search(text))
    }
    return min(places, key=lambda name: places[name]) if places else ""


def _agency_and_speaker(head: str, kind: str, parties: list[str]) -> tuple[str, str]:
    """The agency that issued the document or is a party, and the speaker if it is not the agency.

    A complaint, a brief or a letter speaks for its author. If the author is unknown, no agency is
    returned either: otherwise the document would count as the agency's own.
    """
    agency = _agency_in(head[:_AGENCY_HEAD])
    if kind in _FROM_AGENCY:
        return agency, ""
    if kind in ("complaint", "brief") and len(parties) == 2:
        side = _SIDE.search(head) if kind == "brief" else None
        own = 1 if side and side[0].casefold() in ("defendant", "respondent") else 0
        agency = _agency_in(parties[own])
        return (agency, "") if agency else (_agency_in(parties[1 - own]), parties[own])
    if kind in ("press_release", "statement") or _ANNOUNCES.search(head[:_RELEASE_HEAD]):
        return _agency_in(head[:_VOICE_HEAD]), ""
    return "", ""


def _title(text: str, kind: str, parties: list[str]) -> str:
    if parties:
        named = " v. ".join(parties) if len(parties) == 2 else f"In the matter of {parties[0]}"
        return f"{named}: {kind.replace('_', ' ')}" if kind else named
    about = _ABOUT.search(text[:_TITLE_HEAD])
    if kind == "letter" and about:
        return " ".join(about[1].split()).strip(" *")
    least, most = _TITLE_WORDS
    for line in text[:_TITLE_HEAD].splitlines()[:_TITLE_LINES]:
        line = " ".join(line.split()).strip(" #*_=-")
        short = len(line) <= _TITLE_LENGTH and least <= len(line.split()) <= most
        if short and not _DATE.match(line):
            return line
    return ""
