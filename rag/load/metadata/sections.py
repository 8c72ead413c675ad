"""Sections that give the other side's account, facts, findings or sanctions, by their headings."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

from rag.load.metadata.authorities import register
from rag.load.metadata.data import table
from rag.load.metadata.document_types import is_type_line

Section = tuple[int, int, str, str]
"""Start, end, kind and heading."""

_WRAPPED = 50
"""Characters of a line that may be wrapped."""
_LONGEST = 110
"""Characters of a heading."""
_NUMBER = re.compile(
    r"^\W{0,4}(?:(?:annex|appendix|schedule|part|section|chapter)\s{1,9}[\w.]{1,6}\W{0,4}"
    r"|(?P<n>\d{1,2}(?:\.\d{1,2}){0,3})[.)]?\s{1,8}|(?P<l>[A-Z]|[IVX]{1,6})[.)]\s{1,8}"
    r"|\((?:[a-z]|[ivx]{1,5}|\d{1,2})\)\s{1,8})",
    re.IGNORECASE,
)
_MARKED = re.compile(r"^(#{1,6})\s{1,8}(\S.{0,200})$", re.MULTILINE)
_PARAGRAPH = re.compile(r"\W{0,3}(?:[\d.]{1,12}|[A-Za-z]|[IVXivx]{1,6})[.)]?\s")
_UNDERLINED = re.compile(r"^(?![#\s])([^\n]{3,110})\n([=-])\2{2,120}[ \t]*$", re.MULTILINE)
_BOLD = re.compile(r"^\*\*([^*\n]{3,110})\*\*$", re.MULTILINE)
_BOLD_DEPTH = 7
"""Below all marks: Markdown has six."""
_LINE = re.compile(r"^[^\n]{3,110}$", re.MULTILINE)
_SENTENCE = re.compile(
    r"\b(?:has|have|had|is|was|were|are|that|this|it|they|he|she|which|will|would|appears"
    r"|understands|considered|notes|submits|argues)\b"
    r"|[a-z]{3}[.;]\s",
    re.IGNORECASE,
)
_OWNER = re.compile(r"(?:the\s)?([\w.,& -]{2,60}?)’s?(?=\s)", re.IGNORECASE)
_CAPTION = 1500
"""Characters at the start in which a document's own heading stands."""
_CONTENTS = re.compile(r"\.{3}|\.\s\.|…|\s\d{1,4}\s{0,3}$")


def sections_of(text: str, headings: Sequence[tuple[int, int, str]]) -> tuple[Section, ...]:
    """The sections of ``text`` whose heading is one of ``sections.toml``, in order.

    A section ends at the next heading of its depth or above. Lines of a table of contents are none.

    Parameters
    ----------
    headings
        ``(offset, depth, words)`` as the format gives them; where there are none, headings are
        lines that are numbered, marked with ``#`` or in capitals.
    """
    found = list(headings) or _marked(text) or _plain(text)
    known = {start for start, _, _ in found}
    found += [one for one in _plain(text) if one[0] not in known and kind_of_section(one[2])]
    found.sort()
    sections: list[Section] = []
    ends = [*(start for start, _, _ in found[1:]), len(text)]
    for index, (start, depth, words) in enumerate(found):
        kind = kind_of_section(words)
        if not kind or (not sections and _is_own_heading(start, words, kind)):
            continue
        end = next(
            (
                at
                for at, below, other in found[index + 1 :]
                if below <= depth or kind_of_section(other) not in ("", kind)
            ),
            len(text),
        )
        if end - start > len(words) + 5 or ends[index] == len(text):
            sections.append((start, end, kind, " ".join(words.split())[:_LONGEST]))
    return tuple(sections)


def _is_own_heading(start: int, words: str, kind: str) -> bool:
    """Whether the heading is the document's own, below its caption: ORDER OF SUSPENSION."""
    if start >= _CAPTION or kind not in ("findings", "sanction") or _NUMBER.match(words):
        return False
    return is_type_line(words.strip(" *_#"))


def kind_of_section(heading: str) -> str:
    """The kind of a section by its heading; "" for none of those known."""
    plain = " ".join(heading.replace("*", "").replace("'", "’").split())
    words = _NUMBER.sub("", plain, count=1).strip(" .:–—-#")
    annex = bool(re.match(r"(?i)\W{0,4}(?:annex|appendix|schedule)\b", heading))
    if not words or len(words) > _LONGEST or (_CONTENTS.search(heading) and not annex):
        return ""
    if _SENTENCE.search(words) or not (words[0].isupper() or words[0].isdigit()):
        return ""
    owner = _OWNER.match(words)
    if owner and (owner[1] in _abbreviations() or register().named(owner[1])):
        words = f"The Authority’s{words[owner.end() :]}"
    return next(
        (
            kind
            for kind, patterns, never in _kinds()
            if any(one.fullmatch(words) for one in patterns)
            and not any(one.search(words) for one in never)
        ),
        "",
    )


def _marked(text: str) -> list[tuple[int, int, str]]:
    """Headings as Markdown has them: behind ``#``, underlined, or a line in bold."""
    found = [(one.start(), len(one[1]), one[2]) for one in _MARKED.finditer(text)]
    found += [(one.start(), 1 + (one[2] == "-"), one[1]) for one in _UNDERLINED.finditer(text)]
    if found:
        found += [(one.start(), _BOLD_DEPTH, one[1]) for one in _BOLD.finditer(text)]
    return sorted(found)


def _plain(text: str) -> list[tuple[int, int, str]]:
    """Lines that look like headings: numbered, or in capitals, short, without a full stop."""
    return list(_headings(text))


def _is_wrapped(line: str, following: str) -> bool:
    """Whether a long line goes on below, as in text that was wrapped at a fixed width."""
    return len(line) > _WRAPPED and not line.isupper() and not _PARAGRAPH.match(following)


def _headings(text: str) -> Iterator[tuple[int, int, str]]:
    lines = list(_LINE.finditer(text))
    free = {second.start() for first, second in pairwise(lines) if second.start() - first.end() > 1}
    free |= {found.start() for found in lines[:1]}
    runs_on = {
        first.start()
        for first, second in pairwise(lines)
        if second.start() - first.end() == 1
        and (second[0].strip()[:1].islower() or _is_wrapped(first[0], second[0]))
    }
    for found in lines:
        if found.start() in runs_on:
            continue
        line = found[0].strip(" \t*_")
        number = _NUMBER.match(line)
        words = line[number.end() :] if number else line
        if not words or len(words.split()) > 14 or words.endswith((".", ",", ";", ":")):
            continue
        if _CONTENTS.search(line):
            continue
        if number and (words[0].isupper() or words.isupper()):
            yield found.start(), 1 + (number["n"] or "").count("."), line
        elif words.isupper() and len(words) > 5 and words[0].isalpha():
            yield found.start(), 1, line
        elif found.start() in free and kind_of_section(words):
            yield found.start(), 2, line


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(
        name for one in register().authorities.values() for name in (one.key, *one.short)
    )


@cache
def _kinds() -> tuple[tuple[str, tuple[re.Pattern[str], ...], tuple[re.Pattern[str], ...]], ...]:
    return tuple(
        (
            entry["kind"],
            tuple(re.compile(one, re.IGNORECASE) for one in entry["patterns"]),
            tuple(re.compile(one, re.IGNORECASE) for one in entry.get("not", ())),
        )
        for entry in table("sections.toml")["section"]
    )
