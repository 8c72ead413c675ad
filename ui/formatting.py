"""The words the page uses for statuses, dates and counts."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

STATUSES: Mapping[str, tuple[str, str]] = {
    "alleged": ("alleges", "An accusation. No court or agency has decided it."),
    "stated": ("says", "The speaker's own statement. Nobody has tested it."),
    "denied": ("denies", "The speaker disputes it."),
    "found": ("found", "Decided by the court or agency named."),
    "ordered": ("ordered", "Imposed by the court or agency named."),
    "settled": (
        "settled",
        "Agreed without a trial, as the speaker reports; as a rule neither admitted nor denied.",
    ),
    "admitted": ("admits", "The speaker concedes it."),
    "convicted": ("convicted", "A criminal conviction, as the speaker reports."),
    "dismissed": ("dismissed", "The charge was dropped or rejected, as the speaker reports."),
}
"""For each status the word on its badge, and what it means."""

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def date_in_words(value: object) -> str:
    """``2023-06-05`` as ``5 June 2023``; anything that is no such date comes back as it is."""
    parts = str(value or "").split("-")
    if not all(part.isdigit() for part in parts) or len(parts) > 3:
        return str(value or "")
    if len(parts) > 1 and not 1 <= int(parts[1]) <= 12:
        return str(value)
    words = [str(int(parts[2]))] if len(parts) == 3 else []
    words += [_MONTHS[int(parts[1]) - 1]] if len(parts) > 1 else []
    return " ".join([*words, parts[0]])


def type_in_words(value: object) -> str:
    """``litigation_release`` as ``litigation release``."""
    return str(value or "").replace("_", " ")


def count(number: int, noun: str) -> str:
    """``1 document``, ``8,588 documents``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def duration(seconds: float) -> str:
    """``1.4 s``; what rounds to nothing is ``less than 0.1 s``."""
    return f"{seconds:.1f} s" if seconds >= 0.1 else "less than 0.1 s"


def dollars(amount: str) -> str:
    """``325406`` as ``$325,406``, cents only where there are some."""
    exact = Decimal(amount)
    return f"${exact:,.0f}" if exact == exact.to_integral_value() else f"${exact:,.2f}"


def filters_in_words(filters: Mapping[str, Any]) -> list[str]:
    """One phrase for each filter in force, in the order they are given."""
    phrases = {
        "agency": "agency {}",
        "type": "type {}",
        "date_from": "from {}",
        "date_to": "until {}",
        "document": "only in {}",
    }
    return [
        phrases.get(key, key + " {}").format(
            " or ".join(map(type_in_words, value))
            if isinstance(value, list | tuple)
            else type_in_words(value)
        )
        for key, value in filters.items()
        if value
    ]
