"""The counts of lists and notes as they are written: letters and Roman numerals."""

_LARGEST = 3999
"""Roman numerals end here; a larger count is written in digits."""
_MOST_REPEATED = 20
"""Times that a letter is repeated (aa, bbb); a larger count is written in digits."""


def roman(count: int) -> str:
    """``count`` in small Roman numerals, from 1 to 3,999; else in digits."""
    if not 0 < count <= _LARGEST:
        return str(count)
    written = ""
    for value, letters in _ROMAN:
        while value <= count:
            written += letters
            count -= value
    return written


def letters(count: int) -> str:
    """``count`` in small letters as Word and OpenDocument have them: a, b, … z, aa, bb."""
    times, place = divmod(count - 1, 26)
    if not 0 <= times < _MOST_REPEATED:
        return str(count)
    return chr(ord("a") + place) * (1 + times)


def whole(written: str | None, default: int) -> int:
    """An attribute as a count from 0 to 99,999; ``default`` for anything else."""
    digits = (written or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 6 else default


_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
