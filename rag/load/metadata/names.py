"""Names on one line, spelled as running text spells them."""

import re

_PUNCTUATION = " \t\n,.;:-–—)(*_=#|"
_SMALL = frozenset(("AND", "OF", "THE", "FOR", "IN", "ON", "TO", "ET", "AL"))
_ABBREVIATED = frozenset(
    (
        "LLC",
        "LLC,",
        "LLP",
        "N.A.",
        "LP",
        "L.P.",
        "USA",
        "II",
        "III",
        "IV",
        "PLC",
        "AG",
        "SA",
        "AB",
        "NV",
        "B.V.",
    )
)
_RUNNING_TEXT = 20_000
"""Characters at the start, for a name of the caption in running text."""


def named(text: str) -> str:
    """``text`` as a name on one line; a name all in capitals gets lower-case letters."""
    name = " ".join(text.split()).strip(_PUNCTUATION)
    if name.isupper() and len(name) > 5:
        words = [word.lower() if word in _SMALL else word.title() for word in name.split()]
        words = [word.upper() if word.upper() in _ABBREVIATED else word for word in words]
        name = re.sub(r"(['’])S\b", r"\1s", " ".join(words))
        name = name[:1].upper() + name[1:]
    return name


def as_written(name: str, text: str) -> str:
    """``name`` as running text spells it, such as KalshiEX LLC; the caption may be in capitals."""
    spelled = re.findall(re.escape(name), text[:_RUNNING_TEXT], re.IGNORECASE) if name else []
    return next((found for found in spelled if not found.isupper()), name)
