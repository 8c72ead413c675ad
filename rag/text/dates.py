"""Dates in words."""

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
