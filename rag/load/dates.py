"""Dates as people write them in an export, as ISO dates.

The parser is our own: a general one (dateparser) also takes "next week", "5" or "May" for a date.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Literal

Order = Literal["day first", "month first"]
"""Of dates with slashes or hyphens, such as 3/5/2024."""

_PLAIN_LETTERS = str.maketrans("äáàâéèêëçôóúûü", "aaaaeeeecoouuu")
_NAMES = (
    "jan january januar januari janvier enero gennaio janeiro|"
    "feb february februar februari février febrero febbraio fevereiro|"
    "mar march märz maerz mrz mars marzo maart março|"
    "apr april avril abril aprile|"
    "may mai mayo maggio mei maio|"
    "jun june juni juin junio giugno junho|"
    "jul july juli juillet julio luglio julho|"
    "aug august août agosto augustus|"
    "sep sept september septembre septiembre settembre setembro|"
    "oct october oktober okt octobre octubre ottobre outubro|"
    "nov november novembre noviembre novembro|"
    "dec december dezember dez décembre diciembre dicembre dezembro"
)
_MONTHS = {
    spelled: number
    for number, names in enumerate(_NAMES.split("|"), 1)
    for name in names.split()
    for spelled in (name, name.translate(_PLAIN_LETTERS))
}
MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
"""A pattern: the names of the months in eight languages, long ones first, in lower case."""
_WEEKDAY = re.compile(
    r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,?\s|(?:montag|dienstag|mittwoch|donnerstag|freitag"
    r"|samstag|sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche),?\s"
)
_TIME = re.compile(
    r"(?:t|[ ,]{1,3}(?:at )?)\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?: ?[ap]\.?m\.?)?"
    r"(?: ?(?:z|utc|gmt|[+-]\d\d:?\d\d|[a-z]{2,4}))?(?: ?\([a-z ]{2,30}\))?$"
)
_YEAR_FIRST = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?)?")
_DIGITS = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_DOTS = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4}|\d\d)")
# A year of two digits only with slashes: 04-03-24 may begin with the year.
_SLASHES = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4}|(?<=/)\d\d(?!\d))")
_MONTH_FIRST = re.compile(r"([a-z]{3,10})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_DAY_FIRST = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|\.|º)?(?: day)?[ -](?:of |de )?([a-z]{3,10})\.?,?"
    r"[ -](?:de )?(\d{4}|\d\d)"
)
_MONTH_ONLY = re.compile(r"([a-z]{3,10})\.?,? (?:de )?(\d{4})")
_EPOCH = re.compile(r"\d{12,13}")
_LONGEST = 80
"""Characters; a longer cell is no date."""
_FIRST_YEAR, _LAST_YEAR = 1000, 2999
_CENTURY = 70
"""Two digits from here on are a year of the 1900s, as POSIX has it from 69."""


def iso_date(written: object, order: Order = "month first") -> str:
    """``written`` as ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; "" for what is no date.

    A time of day and a weekday are passed over; the date is the one that is written, in its own
    time zone. ``05.03.2024`` has the day first. ``3/5/2024`` is read by ``order``, and by its
    numbers where one is above 12. Digits alone are a year, YYYYMMDD, or milliseconds since 1970.
    """
    text = " ".join(str(written).split()).casefold().translate(_PLAIN_LETTERS)
    if len(text) > _LONGEST:
        return ""
    if _EPOCH.fullmatch(text):
        known = date.fromordinal(int(text) // 86_400_000 + _FIRST_DAY)
        return iso_day(known.year, known.month, known.day)
    text = _TIME.sub("", _WEEKDAY.sub("", text, count=1)).strip(" ,.")
    if match := _YEAR_FIRST.fullmatch(text):
        return iso_day(match[1], match[2], match[3])
    if match := _DIGITS.fullmatch(text):
        return iso_day(match[1], match[2], match[3])
    if match := _DOTS.fullmatch(text):
        return iso_day(_full_year(match[3]), match[2], match[1])
    if match := _SLASHES.fullmatch(text):
        first, second = int(match[1]), int(match[3])
        day_first = first > 12 or (order == "day first" and second <= 12)
        day, month = (first, second) if day_first else (second, first)
        return iso_day(_full_year(match[4]), month, day)
    if match := _MONTH_FIRST.fullmatch(text):
        return iso_day(match[3], _MONTHS.get(match[1]), match[2])
    if match := _DAY_FIRST.fullmatch(text):
        return iso_day(_full_year(match[3]), _MONTHS.get(match[2]), match[1])
    if (match := _MONTH_ONLY.fullmatch(text)) and match[1] in _MONTHS:
        return iso_day(match[2], _MONTHS[match[1]], None)
    return ""


def iso_day(year: object, month: object, day: object) -> str:
    """A day, or a month where ``day`` is None, or a year where both are, as an ISO date.

    "" for a day that no calendar has, such as 31 February, and for a year that no document is of:
    programs write 0001-01-01 and 9999-12-31 for no date.
    """
    if not _FIRST_YEAR <= int(str(year)) <= _LAST_YEAR:
        return ""
    if month is None:
        return "" if day is not None else str(int(str(year)))
    try:
        found = date(int(str(year)), int(str(month)), int(str(day or 1)))
    except ValueError:
        return ""
    return found.isoformat() if day else found.isoformat()[:7]


def month_number(name: str) -> int:
    """1 to 12 for the name of a month, in any case.

    Raises
    ------
    KeyError
        If it is none that ``MONTH`` matches.
    """
    return _MONTHS[name.casefold()]


def is_ambiguous(written: object) -> bool:
    """Whether the day and the month of ``written`` could change places, as in ``3/5/2024``."""
    match = _SLASHES.match(str(written).strip())
    first, second = (int(match[1]), int(match[3])) if match else (0, 0)
    return max(first, second) <= 12 and first != second


def order_of(column: Iterable[object]) -> Order | None:
    """Which of day and month comes first in a column of dates; None if no date of it tells.

    A date with a number above 12 tells. If the dates contradict each other, None.
    """
    found: set[Order] = set()
    for written in column:
        match = _SLASHES.match(str(written).strip())
        if match and int(match[1]) > 12 >= int(match[3]):
            found.add("day first")
        elif match and int(match[3]) > 12 >= int(match[1]):
            found.add("month first")
    return found.pop() if len(found) == 1 else None


def _full_year(written: str) -> int:
    year = int(written)
    return year if len(written) == 4 else year + (1900 if year >= _CENTURY else 2000)


_FIRST_DAY = date(1970, 1, 1).toordinal()
