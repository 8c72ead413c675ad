"""The lead line and the scope of a table over many documents, in words."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from rag.question.filters import Filters
from rag.text.dates import date_in_words
from rag.text.money import money_as_text
from rag.types import Amount, SumsAsked, counted

_NONE = Filters()
_NAMED = 3
"""Payers that the lead of a list names, at most."""
_WHO = 80
"""Characters of a name in a lead, at most."""


def lead(
    asked: SumsAsked,
    amounts: Sequence[Amount],
    totals: Sequence[tuple[str, Decimal, int]],
    *,
    documents: int,
    filters: Filters = _NONE,
) -> str:
    """What was asked for and to what it was narrowed, in one sentence.

    Parameters
    ----------
    amounts
        All sums of the table, in its order.
    documents
        Number of documents in the table.
    filters
        The filters in force.
    """
    within = _within(asked, filters)
    if not asked.kinds:
        return f"{counted(documents, 'document')}{within}{_which(asked, documents)}."
    if not amounts:
        return f"No document{within} states a {_kind(asked)} that was imposed or agreed."
    number = counted(len(amounts), "amount")
    where = counted(documents, "document")
    if asked.wanted in ("largest", "smallest"):
        return _extreme(asked, amounts, within)
    if asked.wanted == "total":
        if len(totals) == 1:
            ((code, total, _),) = totals
            return f"{money_as_text(total, code)} is the sum of {number} in {where}{within}."
        sums = [
            f"{money_as_text(total, code)} ({counted(n, 'amount')})" for code, total, n in totals
        ]
        return f"{_joined(sums)} in {where}{within}; currencies are not added together."
    states = "states" if documents == 1 else "state"
    if asked.wanted == "count":
        return f"{where}{within} {states} a {_kind(asked)}: {number} in all."
    payers = list(dict.fromkeys(_payer(row) for row in amounts))
    more = f" and {len(payers) - _NAMED:,} more" if len(payers) > _NAMED else ""
    names = "; ".join(payers[:_NAMED]) + more
    return f"{where}{within} {states} a {_kind(asked)}, {number} in all: {names}."


def scope(
    asked: SumsAsked,
    *,
    looked: int,
    stated: int,
    rows: int,
    shown: int,
    undated: int,
    unread: Sequence[str],
    filters: Filters = _NONE,
) -> str:
    """Sentences for the reader: the documents read, those not read, and how sums are counted."""
    text = f"Looked at {counted(looked, 'document')}{_within(asked, filters)}"
    if asked.kinds:
        number = f"{stated:,}" if shown else "none"
        states = "states" if stated < 2 else "state"
        text += f"; {number} {states} a {_kind(asked)} that was imposed or agreed."
    else:
        text += "."
    if undated and asked.days:
        text += f" {counted(undated, 'document')} without a date could not be placed in time."
    if unread and asked.kinds:
        names = ", ".join(unread[:_NAMED]) + (" and others" if len(unread) > _NAMED else "")
        text += f" {counted(len(unread), 'document')} could not be read for sums: {names}."
    if shown and asked.kinds:
        text += " A sum counts once a document; a case told in several documents counts in each."
    if shown < rows:
        order = "first" if not asked.kinds else _order(asked)
        text += f" The table holds the {order} {shown:,} of {rows:,}."
    return text


def _extreme(asked: SumsAsked, amounts: Sequence[Amount], within: str) -> str:
    firsts = list({row.currency: row for row in reversed(amounts)}.values())[::-1]
    kinds = _kind(asked) if len(firsts) > 1 or asked.first else firsts[0].kind
    of = f" of {len(amounts):,}" if len(amounts) > 1 else ""
    if len(firsts) == 1:
        return f"The {_order(asked)} {kinds}{of}{within} is {_told(firsts[0])}."
    return f"The {_order(asked)} {kinds}{within} in each currency: {'; '.join(map(_told, firsts))}."


def _told(row: Amount) -> str:
    date = str(row.citation.document.metadata.get("date") or "")
    facts = [_payer(row), *([date_in_words(date)] if date else [])]
    return f"{money_as_text(row.value, row.currency)} ({', '.join(facts)})"


def _payer(row: Amount) -> str:
    words = " ".join((row.who or row.citation.document.title).replace("\u200b", "").split())
    return words if len(words) <= _WHO else words[: _WHO - 2].rsplit(" ", 1)[0] + " …"


def _order(asked: SumsAsked) -> str:
    return "smallest" if asked.wanted == "smallest" else "largest"


def _kind(asked: SumsAsked) -> str:
    return " or ".join(asked.kinds)


def _which(asked: SumsAsked, documents: int) -> str:
    return ", the newest first" if asked.wanted == "list" and documents > 1 else ""


def _within(asked: SumsAsked, filters: Filters) -> str:
    """The conditions in parentheses, with a space before; "" without any."""
    within = [
        *(agency.upper() for agency in _once(asked.agencies, filters.agency)),
        *(one.replace("_", " ") for one in _once(asked.types, filters.type)),
        *(_span(first, last) for first, last in asked.days),
        *_filtered_days(filters),
        *(f"with “{term}”" for term in asked.words),
        *(f"party “{term}”" for term in asked.parties),
        *([counted(len(filters.document), "chosen document")] if filters.document else []),
        *(f"in {code}" for code in asked.currencies),
        *([f"more than {asked.above:,}"] if asked.above is not None else []),
        *([f"less than {asked.below:,}"] if asked.below is not None else []),
    ]
    return f" ({', '.join(within)})" if within else ""


def _span(first: str, last: str) -> str:
    if first == last.rstrip("~"):
        return date_in_words(first)
    since = "after" if first.endswith("~") else "from"
    words = [f"{since} {date_in_words(first.rstrip('~'))}" if first else ""]
    until = "until" if last.endswith("~") else "before"
    words += [f"{until} {date_in_words(last.rstrip('~'))}" if last.rstrip("~") else ""]
    return " ".join(filter(None, words))


def _filtered_days(filters: Filters) -> Iterator[str]:
    """The dates of the filters: "from 2019", "until June 2020"; one year alone as "2019"."""
    first, last = filters.date_from, filters.date_to
    if first and last and (first % 10_000, last % 10_000) == (101, 1231) and last - first == 1130:
        yield str(first // 10_000)
        return
    if first:
        yield f"from {_day(first, whole_month=1, whole_year=101)}"
    if last:
        yield f"until {_day(last, whole_month=31, whole_year=1231)}"


def _day(day: int, *, whole_month: int, whole_year: int) -> str:
    """A day ``YYYYMMDD`` in words: the year alone, or the month, if the range begins or ends it."""
    year, month, date = f"{day:08}"[:4], f"{day:08}"[4:6], day % 100
    if day % 10_000 == whole_year:
        return year
    return date_in_words(f"{year}-{month}" if date == whole_month else f"{year}-{month}-{date:02}")


def _once(*values: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(value for part in values for value in part))


def _joined(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
