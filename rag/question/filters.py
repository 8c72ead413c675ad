"""Filters: which documents are searched. They are checked once and are the same in every stage."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rag.errors import UsageError
from rag.types import Document

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions that a document must all meet. An empty tuple or None is no condition.

    ``agency``, ``type`` and ``document`` each hold the accepted values, casefolded. ``date_from``
    and ``date_to`` are inclusive days ``YYYYMMDD``. A document with the date ``2007`` passes every
    range that overlaps 2007. A document without a date passes no range.
    """

    agency: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    document: tuple[str, ...] = ()
    date_from: int | None = None
    date_to: int | None = None

    def __bool__(self) -> bool:
        return self != Filters()


def given_filters(**values: Any) -> dict[str, Any]:
    """Those of the filters that have a value, as `parse_filters` takes them."""
    return {key: value for key, value in values.items() if value}


def parse_filters(given: Mapping[str, Any] | None) -> Filters:
    """Check filters such as ``{"agency": "SEC", "date_from": "2019-01-01", …}``.

    ``agency``, ``type`` and ``document`` take a string or a list of strings. ``date_from`` and
    ``date_to`` take ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``, from the first day of ``date_from`` to
    the last day of ``date_to``. A value of None, an empty string or an empty list is ignored.

    Raises
    ------
    UsageError
        For an unknown key (the message names the nearest key), a value of the wrong type, or an
        invalid date.
    """
    parsed: dict[str, Any] = {}
    for key, value in (given or {}).items():
        if key not in Filters.__dataclass_fields__:
            near = difflib.get_close_matches(key, Filters.__dataclass_fields__, n=1)
            known = near or list(Filters.__dataclass_fields__)
            raise UsageError(f"unknown filter {key!r}. Known: {', '.join(known)}.")
        if value is None or value == "" or value == []:
            continue
        if key in ("date_from", "date_to"):
            days = day_range(str(value))
            if days is None:
                raise UsageError(
                    f"{key} = {value!r} is not a date. Write 2019, 2019-06 or 2019-06-30."
                )
            parsed[key] = days[0] if key == "date_from" else days[1]
        else:
            values = (value,) if isinstance(value, str) else tuple(value)
            if not all(isinstance(item, str) for item in values):
                raise UsageError(f"filter {key} = {value!r}: give a text or a list of texts.")
            parsed[key] = tuple(item.casefold() for item in values)
    return Filters(**parsed)


def within_days(filters: Filters, spans: Sequence[tuple[str, str]]) -> Filters:
    """The filters, narrowed to the days from the first to the last of ``spans`` of ISO dates.

    A span is open at an empty start and at the end ``~``. With several spans the days between them
    pass too.
    """
    if not spans:
        return filters
    firsts = [days[0] for first, _ in spans if (days := day_range(first))]
    lasts = [days[1] for _, last in spans if (days := day_range(last.rstrip("~")))]
    since = [min(firsts)] if len(firsts) == len(spans) else []
    until = [max(lasts)] if len(lasts) == len(spans) else []
    return replace(
        filters,
        date_from=max([*since, *_given(filters.date_from)], default=None),
        date_to=min([*until, *_given(filters.date_to)], default=None),
    )


def keys_of(document: Document) -> dict[str, Any]:
    """The values of a document that filters and preferences compare, as an index stores them.

    ``agency``, ``type`` and ``speaker`` (all speakers of the document) are tuples of casefolded
    texts. ``document`` is the casefolded id. ``first_day`` and ``last_day`` are the first and the
    last day ``YYYYMMDD`` of its date, 0 without a date.
    """
    first_day, last_day = day_range(str(document.metadata.get("date") or "")) or (0, 0)
    return {
        "agency": _folded(document.texts("agency")),
        "type": _folded(document.texts("type")),
        "speaker": tuple(
            dict.fromkeys(
                (
                    *_folded(document.texts("speaker")),
                    *(speaker.casefold() for _, speaker in document.speaker_starts),
                )
            )
        ),
        "document": document.doc_id.casefold(),
        "first_day": first_day,
        "last_day": last_day,
    }


def day_range(date: str) -> tuple[int, int] | None:
    """First and last day ``YYYYMMDD`` of ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``, else None.

    The last day of a month is 31 in every month: the numbers are only compared.

    >>> day_range("2019"), day_range("2019-06"), day_range("2019-06-30")
    ((20190101, 20191231), (20190601, 20190631), (20190630, 20190630))
    >>> day_range("soon") is None
    True
    """
    match = _DATE.fullmatch(date.strip())
    if not match:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    if (month is not None and not 1 <= month <= 12) or (day is not None and not 1 <= day <= 31):
        return None
    first = (year or 0) * 10000 + (month or 1) * 100 + (day or 1)
    return first, (year or 0) * 10000 + (month or 12) * 100 + (day or 31)


def _folded(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(text.casefold() for text in texts)


def _given(day: int | None) -> tuple[int, ...]:
    return () if day is None else (day,)
