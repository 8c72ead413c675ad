"""Types, times and filters in the words of the page."""

from collections.abc import Mapping
from typing import Any


def type_in_words(value: object) -> str:
    """A type of document without underscores; several types with commas.

    >>> type_in_words("litigation_release")
    'litigation release'
    >>> type_in_words(["order", "press_release"])
    'order, press release'
    """
    values = value if isinstance(value, list | tuple) else [value or ""]
    return ", ".join(map(str, values)).replace("_", " ")


def duration(seconds: float) -> str:
    """A time such as ``1.4 s``, or ``less than 0.1 s``."""
    return f"{seconds:.1f} s" if seconds >= 0.1 else "less than 0.1 s"


def filters_in_words(filters: Mapping[str, Any]) -> list[str]:
    """One phrase for each filter, in the given order; empty filters are left out."""
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
