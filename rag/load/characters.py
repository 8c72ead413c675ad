"""Characters that no text shows, and counts in small type: notes and exponents."""

import re

# Windows-1252 in a text that was decoded as Latin-1: quotes and dashes stand as control characters.
# Five of the 32 codes are empty in Windows-1252; they are dropped with the other controls.
_WINDOWS = {
    code: bytes([code]).decode("cp1252", errors="ignore") or None for code in range(0x80, 0xA0)
}
_CONTROLS: dict[int, str | None] = {
    code: None
    for code in (*range(0x20), 0x7F, 0xAD, 0x200B, 0x2060, 0xFEFF, 0xFFFE, 0xFFFF)
    if chr(code) not in "\t\n\v\f\r"
}
_TABLE = _CONTROLS | _WINDOWS | dict.fromkeys((0, *range(0xD800, 0xE000)), "\ufffd")
_WRONG = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b\u2060\ud800-\udfff\ufeff\ufffe\uffff]")
_SHOWN_HYPHEN = re.compile(r"\xad(?=[ \t]{0,9}\r?\n)")
"""A soft hyphen at the end of a line is printed."""
_RAISED = str.maketrans("0123456789-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻")
_LOWERED = str.maketrans("0123456789-−", "₀₁₂₃₄₅₆₇₈₉₋₋")
_COUNT = re.compile(r"\s*[\[(]?[-−]?\d[\d,]{0,20}[\])]?\s*")
_PAGE_BREAKS = str.maketrans("\v\f", "\n\n")


def cleaned(text: str) -> str:
    """``text`` without control characters but white space.

    NUL and lone surrogates become U+FFFD, as in a PDF: they stand where a character was lost, and
    "$1␀0" without its NUL would be another sum. NULs at the end are padding, and are dropped.

    Soft hyphens, zero-width spaces, word joiners and byte-order marks are dropped too;
    a soft hyphen at the end of a line is printed, and becomes a hyphen.

    U+0080 to U+009F become the quotes, dashes and other signs that Windows-1252 has there.
    """
    if not _WRONG.search(text):
        return text
    return _SHOWN_HYPHEN.sub("-", text.rstrip("\0")).translate(_TABLE)


def for_xml(text: str) -> str:
    """``cleaned`` text that lxml takes: XML allows no vertical tab and no form feed either."""
    return cleaned(text).translate(_PAGE_BREAKS)


def in_small_type(words: str, *, raised: bool) -> str:
    """A count in small type, as a note or an exponent (``[14]`` as ``¹⁴``); other words as is."""
    if not _COUNT.fullmatch(words):
        return words
    return words.strip(" []()").translate(_RAISED if raised else _LOWERED)
