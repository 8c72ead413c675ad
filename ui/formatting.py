"""The words the page uses for types, times and filters."""

from collections.abc import Mapping
from typing import Any


def type_in_words(value: object) -> str:
    """``litigation_release`` as ``litigation release``."""
    return str(value or "").replace("_", " ")


def duration(seconds: float) -> str:
    """``1.4 s``; what rounds to nothing is ``less than 0.1 s``."""
    return f"{seconds:.1f} s" if seconds >= 0.1 else "less than 0.1 s"


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
