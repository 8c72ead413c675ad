"""Which documents a question is asked of: the filters, checked once and the same in every stage."""

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
    """Conditions that all must hold; an empty tuple or None asks for nothing.

    ``agency``, ``type`` and ``document`` each hold the accepted values, compared without case.
    ``date_from`` and ``date_to`` are inclusive days ``YYYYMMDD``. A document that is only known to
    be of 2007 passes any range that touches 2007; one without a date passes none.
    """

    agency: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    document: tuple[str, ...] = ()
    date_from: int | None = None
    date_to: int | None = None

    def __bool__(self) -> bool:
        return self != Filters()


def parse_filters(given: Mapping[str, Any] | None) -> Filters:
    """Check and settle ``{"agency": "SEC", "date_from": "2019-01-01", …}``.

    ``agency``, ``type`` and ``document`` take a string or a list of strings; the dates take
    ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD`` and mean the first (``date_from``) or last
    (``date_to``) day of it. A value of None counts as absent.

    Raises
    ------
    UsageError
        For an unknown key (with the nearest), a value of the wrong kind, or a date that is none.
    """
    settled: dict[str, Any] = {}
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
                    f"{key} = {value!r} is no date. Write 2019, 2019-06 or 2019-06-30."
                )
            settled[key] = days[0] if key == "date_from" else days[1]
        else:
            values = (value,) if isinstance(value, str) else tuple(value)
            if not all(isinstance(item, str) for item in values):
                raise UsageError(f"filter {key} = {value!r}: give text or a list of texts.")
            settled[key] = tuple(item.casefold() for item in values)
    return Filters(**settled)


def within_days(filters: Filters, spans: Sequence[tuple[str, str]]) -> Filters:
    """The filters, narrowed to the first and last day of ``spans`` of ISO dates; ``~`` is open.

    With several spans the days between them pass too.
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
    """The values of a document that filters are compared with, as they are stored in an index.

    ``agency``, ``type`` and ``speaker`` (everyone who speaks in it) are tuples of casefolded texts,
    ``document`` is the casefolded id,
    ``first_day`` and ``last_day`` the days ``YYYYMMDD`` its date may mean (0 for no date).
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
    """First and last day ``YYYYMMDD`` of ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; None if no date.

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
