"""Text that is safe on a terminal: characters that control it are shown as their codes."""

import json
import re
import unicodedata
from typing import Any

_SPACES = frozenset(("Zs", "Zl", "Zp", "Co"))
"""Kinds of characters that are printed as a space: spaces, and characters of a font's own."""
_JOINERS = "\u200c\u200d"
"""Format characters that words of some languages need; they move nothing."""
_SURROGATE_BYTES = range(0xDC80, 0xDD00)
"""Code points by which Python stands for the bytes of a file name that is not UTF-8."""
_NOT_ASCII = re.compile(r"[^\x20-\x7e\n]")


def visible(text: str, keep: str = "") -> str:
    r"""``text`` on one line, with control characters, marks of direction and surrogates as codes.

    Parameters
    ----------
    keep
        Control characters that stay, such as the line end of a text of several lines.

    >>> visible("a\x1b[31m\n\u202eb")
    'a\\x1b[31m\\n\\u202eb'
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in keep else _shown(c) for c in text)


def visible_json(record: Any) -> str:
    """``record`` as indented JSON; the codes are JSON's own, so that a program reads the same."""
    written = json.dumps(record, ensure_ascii=False, indent=2)
    return _NOT_ASCII.sub(lambda match: _in_json(match[0]), written)


def is_text(text: str) -> bool:
    """Whether ``text`` can be written as UTF-8: it has no lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(character: str) -> str:
    kind = unicodedata.category(character)
    if kind in _SPACES:
        return " "
    if character in _JOINERS:
        return character
    code = ord(character)
    if code in _SURROGATE_BYTES:
        return f"\\x{code - 0xDC00:02x}"
    return character.encode("unicode_escape").decode()


def _in_json(character: str) -> str:
    return character if character.isprintable() else json.dumps(character)[1:-1]
