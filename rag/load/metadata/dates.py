"""The date of a document: its own, not one of an event that it tells of."""

import re
from collections.abc import Iterable, Iterator

from rag.load.dates import MONTH, iso_day, month_number
from rag.load.metadata.front import Front

# Characters that are searched, chosen by looking at releases, orders, opinions and notices.
_TOP = 800
"""At the start, for the document's own date: dates further down are those of events."""
_LABELS = 4000
"""At the start, for a date with a label that says it is the document's."""
_TAIL = 2500
"""At the end: the date beside the signatures."""
_COVER, _LITTLE = 3000, 45
"""At the start, for a date alone on its line, and what else may stand there: a place, a time."""
_DATE_LINE = 100
"""Characters; a date on a shorter line stands by itself."""
_BEFORE = 40
"""Characters before a date that tell what it is the date of."""
_DAY = r"\d{1,2}\s?(?:st|nd|rd|th|h|er|º)?"
_YEAR = r"(?:19|20)\d\d"
_DATE = re.compile(
    rf"(?:\b(?P<m>{MONTH})\.?\s{{0,3}}-?\s{{0,3}}(?P<d>{_DAY})\s{{0,3}},?\s{{0,3}}(?P<y>{_YEAR})"
    rf"|(?<![\d.,])(?P<d2>{_DAY}\.?)\s{{0,3}}(?:day\s{{1,3}})?(?:(?:of|de)\s{{1,3}})?"
    rf"(?P<m2>{MONTH})\.?,?\s{{0,3}}(?:de\s{{1,3}})?(?P<y2>{_YEAR})"
    rf"|(?<![\d./-])(?P<a>\d{{1,2}})(?P<sep>[/.])(?P<b>\d{{1,2}})(?P=sep)(?P<y3>{_YEAR})"
    rf"|(?<![\d./-])(?P<y4>{_YEAR})-(?P<m4>\d\d)-(?P<d4>\d\d))(?:(?!\d)|(?=\d\s{{1,4}}[A-Z]{{3}}))",
    re.IGNORECASE,
)
_CONTENTS = re.compile(r"(?:\.\s?){3}[\divxlc]{1,5}\s{0,3}$|…")
_CELL_NAME = re.compile(r"(?:^|;\s)([^:;|\n]{1,60}):")
_FEWEST_CELLS = 3
"""Of a row of a table; two are a name and its value."""
_SHORT = re.compile(r"(?<![\d/])(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<y>\d\d)(?![\d/])")
_NAMED_BY = re.compile(  # the first words of a heading, up to its date
    r"^\W{0,9}(?:the\s)?(?:\w+\s){0,3}(?:decision|d[ée]lib[ée]ration|judge?ment|determination|order"
    r"|opinion|award)\b"
    r"(?:(?!\b(?:decision|judge?ment|order|opinion|notice|amend\w*)\b)[^.;:]){0,90}"
    r"\b(?:of|dated|du|vom)\s{1,3}$",
    re.IGNORECASE,
)
_HEADINGS = 20
"""Lines at the start in which the heading of a decision stands."""
_MONTH_ALONE = re.compile(rf"^(?P<m>{MONTH})\.?,?\s{{1,3}}(?P<y>{_YEAR})$", re.IGNORECASE)
_OWN = re.compile(  # a label of the document's own date, the surest first
    r"\b(?:decided|decision\s{1,9}date|date\s{1,9}of\s{1,9}(?:decision|judge?ment|issue"
    r"|publication|order)"
    r"|adopted(?:\s{1,9}on)?"
    r"|opinion\s{1,9}(?:issued|filed)|handed\s{1,9}down|judge?ment\s{1,9}date|issued(?:\s{1,9}on)?"
    r"|dated?(?:\s{1,9}of\s{1,9}order)?"
    r"|entered)\b\s{0,3}[:.]?[*\s]{0,6}(?:(?:this|the|on)\s{1,3}){0,2}$",
    re.IGNORECASE,
)
_SURE = re.compile(
    r"\b(?:decided|decision|adopted|judge?ment|handed\s{1,9}down|opinion)\b", re.IGNORECASE
)
_DATED = re.compile(
    r"(?:^\W{0,40}(?:dated?|done|issued|entered|executed(?:\s{1,9}on)?|signed(?:\s{1,9}on)?"
    r"|so\s{1,9}ordered)"
    r"|(?<=[.:;)_\d])\s?(?-i:Dated?|DATED?))\b"
    r"[\s:.]{0,6}(?:(?:at|in)\s{1,9}[A-Z][\w., ]{2,40}?[,\s]{1,3})?(?:(?:on|this|the)\s{1,3}){0,2}",
    re.IGNORECASE | re.MULTILINE,
)
_ISSUED = re.compile(r"(?:/|\bdated|\bfor|^\W{0,10}filed\W{0,10})\s{0,9}$", re.IGNORECASE)
_OTHER_EVENT = re.compile(  # the date of another event: a deadline, a hearing, a law
    r"(?:\b(?:before|by|until|since|than|through|after|effective|that|argued|heard|submitted"
    r"|expires|direction|hearing\s{1,9}(?:of|on|held)"
    r"|regulations?|received|on\s{1,9}or\s{1,9}about|started|updated|reviewed|as\s{1,9}of"
    r"|released?\s{1,9}on)"
    r"|\W\s{0,9}filed(?:\s{1,9}on)?"
    r"|\bon|\bfrom|\band)\s{0,9}:?\s{0,9}(?:dated\s{1,9})?$",
    re.IGNORECASE,
)
_HEARD_AT = re.compile(  # "Date: 4 May 2024 / Time: 9:00 / Courtroom: 3": a hearing to come
    r"\W{0,9}(?:hearing\s)?time\s{0,3}:[^:]{0,20}:?[^:]{0,60}\b"
    r"(?:place|courtroom|ctrm|crtrm|department|dept|judge|location|before)\b",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(
    r"^[,\s]{1,4}(?:the\s{1,9})?[^.\n]{0,90}?\b(?:announced|issued|published|fined|imposed)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(r"[A-Z][\w.,() ]{2,40}?[,(–—-]?\s?")
_LEADS = re.compile(r"\)?\s{0,2}(?:\.{2,3}|…|[-–—:])")
_FILED = re.compile(r"(?:^|[^\w])filed\W{0,6}$", re.IGNORECASE)
_COURT_FILING = re.compile(r"\bdoc(?:ument|:)?\b|\bcase\b|\bpage\b", re.IGNORECASE)
_DECIDES = frozenset(
    "opinion order judgment decision determination dissent concurrence statement_of_reasons "
    "notice_of_appearance"
    " stipulation consent_order consent_judgment".split()
)
_RELEASES = frozenset({"litigation_release", "enforcement_release", "penalty_list"})


def date_of(front: Front, kind: str, *, day_first: bool) -> str:
    """The document's own date as ISO text, ``YYYY-MM`` where it has no day; "" if it is not clear.

    Parameters
    ----------
    kind
        The type of the document.
    day_first
        Whether 3/08/2026 is the third of August, as everywhere but in the United States.
    """
    head = f"{front.title}\n\n{front.head}" if front.title else front.head
    if kind in _DECIDES and (named := _in_heading(front, day_first)):
        return named
    own = kind and kind not in _RELEASES
    return (
        (_labelled(head[:_LABELS], day_first, sure=True) if kind in _DECIDES else "")
        or date_of_row(head, front.text, day_first=day_first)
        or _filed(front, kind, day_first)
        or (_alone(front, day_first) if own else "")
        or (_labelled(head[:_LABELS], day_first, sure=False) if own else "")
        or (_signed(front, day_first) if own else "")
        or (_announced(front, day_first) if own else "")
        or (_dateline(front, day_first) if own else "")
        or _month(front)
        or (_labelled(front.cover, day_first, sure=False) if front.cover else "")
    )


def date_of_row(head: str, text: str, *, day_first: bool = False) -> str:
    """The date on a line of its own at the top, or beside the signatures; "" if none is clear."""
    top = head[:_TOP]
    for found in _dates(top):
        start = top.rfind("\n", 0, found.start()) + 1
        end = top.find("\n", found.end())
        alone = (end if end >= 0 else len(top)) - start < _DATE_LINE
        before = top[max(start, found.start() - _BEFORE) : found.start()]
        issued = _ISSUED.search(before)
        cited = issued and "dated" in issued[0].casefold() and _in_sentence(before, issued[0])
        if (issued and not cited) or (alone and not cited and not _OTHER_EVENT.search(before)):
            return _iso(found, day_first)
    tail = text[-_TAIL:]
    for dated in _dated(tail, text):
        match = _DATE.match(tail, dated.end())
        if match:
            return _iso(match, day_first)
    return ""


def is_date(line: str) -> bool:
    """Whether ``line`` is a date and little else, also with a weekday or a place before it."""
    found = _DATE.search(line)
    return bool(found) and len(line) - (found.end() - found.start()) < 30 if found else False


def without_date(title: str) -> str:
    """``title`` without a date at its end, set off by a dash, a comma or brackets."""
    for found in _DATE.finditer(title):
        before = title[: found.start()]
        if not title[found.end() :].strip(" ).]") and re.search(r"[-–—,(|/]\s{0,9}$", before):
            return before.rstrip(" -–—,(|/")
    return title


def _dates(text: str) -> Iterator[re.Match[str]]:
    """The dates in ``text`` but those in tables of contents and in tables of several rows."""
    return _not_listed(_DATE.finditer(text), text, text)


def _dated(tail: str, text: str) -> Iterator[re.Match[str]]:
    """The words in the ``tail`` of ``text`` that a signature's date follows."""
    return _not_listed(_DATED.finditer(tail), tail, text)


def _not_listed(found: Iterable[re.Match[str]], text: str, whole: str) -> Iterator[re.Match[str]]:
    for one in found:
        start = text.rfind("\n", 0, one.start()) + 1
        end = text.find("\n", one.end())
        line = text[start : end if end >= 0 else len(text)]
        labelled = _DATE.match(text, one.end())
        heard = _HEARD_AT.match(text, (labelled or one).end())
        if not heard and not _is_listed(line, whole, one.start() - start):
            yield one


def _is_listed(line: str, text: str, at: int) -> bool:
    """Whether ``line`` of ``text`` is an entry of a list of things, each with its date.

    Such are tables of contents and tables of several rows; ``at`` is the date's place in the line.
    """
    if _CONTENTS.search(line):
        return True
    cells = [cell for cell in line.split("|") if cell.strip()]
    if len(cells) >= _FEWEST_CELLS:
        return not re.search(r":\W{0,9}$", line[:at])
    names = _CELL_NAME.findall(line)
    return len(names) > 1 and f"\n{text}".count(f"\n{names[0]}:") > 1


def _labelled(text: str, day_first: bool, *, sure: bool) -> str:
    for found in _dates(text):
        before = text[max(0, found.start() - _BEFORE) : found.start()]
        label = _OWN.search(before)
        if label and (not sure or _SURE.search(label[0])):
            line = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
            if len(line) < _DATE_LINE and not _in_sentence(line, label[0]):
                return _iso(found, day_first)
    return ""


def _in_sentence(line: str, label: str) -> bool:
    """Whether words stand before the label: "the notice dated …" is another document's date."""
    before = line[: max(0, len(line) - len(label))]
    return bool(re.search(r"[a-z)]\s{0,3}[,(]?\s{0,3}$", before)) and ":" not in label


def _in_heading(front: Front, day_first: bool) -> str:
    """The date in the heading of a decision: "Decision of the Board of 3 May 2024 on …"."""
    for text in (front.title, *(line.text for line in front.lines[:_HEADINGS])):
        found = _DATE.search(text)
        if found and _NAMED_BY.match(text[: found.start()]):
            return _iso(found, day_first)
    return ""


def _filed(front: Front, kind: str, day_first: bool) -> str:
    if kind not in _DECIDES:
        return ""
    for found in _dates(front.head[:1500]):
        before = front.head[max(0, found.start() - 20) : found.start()]
        if _FILED.search(before):
            return _iso(found, day_first)
    return ""


def _signed(front: Front, day_first: bool) -> str:
    """The date of the last signature."""
    text = front.text
    tail = text[-min(40_000, len(text) * 2 // 5) :]
    last = ""
    for dated in _dated(tail, text):
        match = _DATE.match(tail, dated.end())
        short = _SHORT.match(tail, dated.end())
        if match:
            last = _iso(match, day_first) or last
        elif short:
            year = int(short["y"])
            last = _ymd(
                2000 + year if year < 60 else 1900 + year, short["a"], short["b"], day_first
            )
    if last:
        return last
    behind = [
        found
        for found in _dates(tail)
        if re.match(r"\s{1,3}(?:Date|DATE)\b", tail[found.end() :][:9])
    ]
    if behind:
        return _iso(behind[-1], day_first)
    for found in reversed(list(_dates(front.signature))):
        line_end = front.signature.find("\n", found.end())
        rest = front.signature[found.end() : line_end if line_end >= 0 else None]
        start = front.signature.rfind("\n", 0, found.start()) + 1
        if len(rest.strip()) < 30 and not front.signature[start : found.start()].strip():
            return _iso(found, day_first)
    return ""


def _alone(front: Front, day_first: bool) -> str:
    """The first line of the first page that is a date and little else, as on a cover."""
    previous = ""
    for line in front.lines:
        found = _DATE.search(line.text)
        little = found and line.start < _COVER and len(line.text) - len(found[0]) < _LITTLE
        heard = found and _HEARD_AT.match(front.head, front.head.find(found[0]) + len(found[0]))
        if found and little and not heard and not _is_listed(line.text, front.head, found.start()):
            before = f"{previous} {line.text[: found.start()]}"
            if not _OTHER_EVENT.search(before[-_BEFORE:]):
                return _iso(found, day_first)
        previous = line.text or previous
    return ""


def _announced(front: Front, day_first: bool) -> str:
    for found in _dates(front.head[:_TOP]):
        before = front.head[max(0, found.start() - 6) : found.start()]
        after = front.head[found.end() : found.end() + 130]
        if re.search(r"(?:^|\n|\W)On $", before) and _ANNOUNCED.match(after):
            return _iso(found, day_first)
    return ""


def _dateline(front: Front, day_first: bool) -> str:
    """The date after the place where a press release begins: "Singapore, 28 December 2023 …"."""
    for line in front.lines[:20]:
        found = _DATE.search(line.text[:90])
        if not found or not _PLACE.fullmatch(line.text[: found.start()]):
            continue
        if _is_listed(line.text, front.head, found.start()):
            continue
        if _LEADS.match(line.text[found.end() :]):
            return _iso(found, day_first)
    return ""


def _month(front: Front) -> str:
    for line in front.lines[:30]:
        found = _MONTH_ALONE.match(line.text)
        if found:
            return f"{found['y']}-{month_number(found['m']):02}"
    return ""


def _iso(match: re.Match[str], day_first: bool) -> str:
    groups = match.groupdict()
    if groups["y3"]:
        numbers = groups["a"], groups["b"]
        return _ymd(int(groups["y3"]), *numbers, day_first or groups["sep"] == ".")
    year = next(groups[key] for key in ("y", "y2", "y4") if groups[key])
    month = next(groups[key] for key in ("m", "m2", "m4") if groups[key])
    day = int(re.match(r"\d+", next(groups[key] for key in ("d", "d2", "d4") if groups[key]))[0])  # type: ignore[index]
    number = int(month) if month.isdigit() else month_number(month)
    return iso_day(year, number, day)


def _ymd(year: int, first: str, second: str, day_first: bool) -> str:
    month, day = (int(second), int(first)) if day_first else (int(first), int(second))
    if month > 12 >= day:
        month, day = day, month
    return iso_day(year, month, day)
