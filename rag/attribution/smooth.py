"""A sentence as the patterns read it: on one line, with plain signs and whole words."""

import re

# Abbreviations lose their full stop: the patterns take a full stop as the end of a clause.
_ABBREVIATED = re.compile(
    r"\b([A-Z]|U\.S|Inc|Corp|Ltd|Co|Nos?|Jr|Sr|Mr|Mrs|Ms|Dr|Hon|v|Wm|Jan|Dec|para|art|reg)\."
)
# Words of rules that PDFs have with a space inside ("determi ned").
_BROKEN = re.compile(
    r"\b(?:"
    + "|".join(
        " ?".join(word)
        for word in ("determined", "determination", "violations", "violation", "settle", "assessed")
    )
    + r")\b"
)
_HYPHEN = re.compile(r"(?<!\s)\s+-\s*(?=[a-z])|(?<=[a-z])-\s+(?=[a-z])")
# "⁵The Commissioner argues", "Acme submits 396that", "it submitted 113 that": a footnote's number.
_FOOTNOTE = re.compile(
    r"^[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}\s?(?=[A-Z])|(?<=[a-z] )\d{1,3}(?=that\b)"
    r"|(?<=[a-z][ds])\s{1,9}\d{1,3}(?=\s{1,9}that\b)"
)
_SIGN = re.compile(r" ([.,;:])")
_QUOTES = str.maketrans("’‘“”", "''\"\"")


def smooth(text: str) -> str:
    """The text on one line, with plain quotation marks and whole words."""
    text = _FOOTNOTE.sub("", text)
    text = _HYPHEN.sub("-", text.translate(_QUOTES))
    text = _SIGN.sub(r"\1", " ".join(text.split()))
    text = _ABBREVIATED.sub(r"\1", text)
    return _BROKEN.sub(lambda match: match.group().replace(" ", ""), text)
