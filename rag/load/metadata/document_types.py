"""The type of a document by its heading, from the patterns of ``document_types.toml``."""

import re
from dataclasses import dataclass
from functools import cache

from rag.load.metadata.data import table
from rag.load.metadata.front import Front, smooth

_WITHIN = 3000
_HEADLINE = 220
_MOST = 0.7
_HEADING = 170
"""Characters of a line that may be a heading; a longer one is a paragraph."""
_ANNOUNCEMENT = re.compile(
    r"(?:takes?\s{1,9}action|fines?|announces?|charges?|sues?|imposes?|orders?|proposes?|finds?"
    r"|settles?"
    r"|secures?|obtains?|publishes|launches|reprimands?|penalises|penalizes|bans?|warns?|files"
    r"|cites?"
    r"|agrees?\s{1,9}to\s{1,9}pay|to\s{1,9}pay|pays?|sentenced|pleads?\s{1,9}guilty|convicted"
    r"|fined|banned"
    r"|accepts)\b",
    re.IGNORECASE,
)
_TODAY = re.compile(
    r"\b(?:(?:has|have)\s{1,9}(?:today\s{1,9})?(?:announced|fined|issued|cited|imposed|filed"
    r"|published"
    r"|charged|ordered|banned)"
    r"|today\s{1,9}announced|announced\s{1,9}(?:today|a\b|that|the)|announced\s{1,9}its"
    r"|is\s{1,9}taking\s{1,9}action)",
    re.IGNORECASE,
)
_FOR_THE_PRESS = re.compile(
    r"\b(?:media|press)\s{1,9}(?:contacts?|office|enquiries|inquiries)\b"
    r"|\boffice\s{1,9}of\s{1,9}public\s{1,9}affairs\b"
    r"|\bnotes?\s{1,9}(?:to|for)\s{1,9}editors\b|[\"”],?\s{1,3}(?:said|added|commented)\b|\b(?:said"
    r"|commented|added)\s?:\s{0,4}[\"“]",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(?:document\s{1,9}(?:lodged|type|title)|type\s{1,9}of\s{1,9}document)\s{0,9}:\s{0,9}",
    re.IGNORECASE,
)
_DEAR = re.compile(r"^\W{0,10}dear\s{1,9}\S", re.IGNORECASE | re.MULTILINE)
_FIELD = re.compile(r"^(?:type|outcome|product|subject|topics?|tags?)\s?:$", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:re|subject|sub|via|cc|attn|dates?|comment\s{1,9}period)\b", re.IGNORECASE)
_ENTRY = re.compile(
    r"\.{3}|\s\d{1,3}$|\bsee\b|^(?:source|tags?|product|reference|to|of)\W", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Kind:
    """The type of a document.

    Attributes
    ----------
    name
        As stored in the metadata; "" where it is not known.
    voice
        Whose the words are: ``authority court party author parties witness hearing``, or "".
    heading
        Index of the line of ``Front.lines`` that says so; -1 where none does, and -2 for the title.
    """

    name: str = ""
    voice: str = ""
    heading: int = -1


@dataclass(frozen=True, slots=True)
class _Type:
    name: str
    voice: str
    within: int
    instead: str
    first: tuple[re.Pattern[str], ...]
    lines: tuple[re.Pattern[str], ...]
    letter: tuple[re.Pattern[str], ...]
    text: tuple[re.Pattern[str], ...]
    when: tuple[re.Pattern[str], ...]


def kind_of(front: Front) -> Kind:
    """The type of a document.

    Phrases of one type alone decide first, then the earliest heading, then "Dear …", and last what
    stands somewhere on the first pages.
    """
    head = f"{front.title}\n\n{front.head}" if front.title else front.head
    for one in _types():
        if any(pattern.search(head) for pattern in one.first):
            return Kind(one.name, one.voice, _line_of(front, one))
    dear = _DEAR.search(front.head)
    heading = _by_heading(front, dear.start() if dear else len(front.head))
    if heading.name:
        return next(
            (
                Kind(one.name, one.voice, heading.heading)
                for one in _types()
                if one.instead == heading.name
                and any(pattern.search(front.head) for pattern in one.when)
            ),
            heading,
        )
    if dear:
        for one in _types():
            if any(pattern.search(front.text[:3000]) for pattern in one.letter):
                return Kind(one.name, one.voice)
        return Kind("letter", voice_of("letter"))
    first = front.title or next((line.text for line in front.lines if line.text), "")
    is_headline = len(first) < _HEADLINE and not first.endswith(".")
    for_the_press = _FOR_THE_PRESS.search(front.text[:20_000]) is not None
    is_headline = is_headline and _ANNOUNCEMENT.search(first) is not None
    if is_headline and for_the_press and _TODAY.search(front.head[:1500]):
        return Kind("press_release", voice_of("press_release"), -2)
    for one in _types():
        if any(pattern.search(front.head) for pattern in one.text):
            return Kind(one.name, one.voice)
    if _TODAY.search(front.head[:500]):
        return Kind("", "authority")
    return Kind()


def voice_of(name: str) -> str:
    """Whose the words of a document of that type are; "" for an unknown type."""
    return next((one.voice for one in _types() if one.name == name), "")


def is_type_line(line: str) -> bool:
    """Whether ``line`` is the heading of some type, such as FINAL NOTICE."""
    return any(pattern.search(line) for one in _types() for pattern in one.lines)


def is_bare_type(line: str) -> bool:
    """Whether ``line`` says little more than a type: PHASE 1 DETERMINATION, and not of what."""
    longest = max(
        (
            len(found[0])
            for one in _types()
            for pattern in one.lines
            if (found := pattern.search(line))
        ),
        default=0,
    )
    return longest > _MOST * len(line)


def _by_heading(front: Front, end: int) -> Kind:
    lodged = [smooth(line) for line in front.cover.splitlines() if _LABEL.match(smooth(line))]
    title = [(-1, -1, line) for line in lodged] + ([(-2, -1, front.title)] if front.title else [])
    lines = [(index, line.start, line.text) for index, line in enumerate(front.lines)]
    for index, start, text in title + lines:
        if start >= end:
            break
        text = _LABEL.sub("", text)
        if not text or len(text) > _HEADING or _ABOUT.match(text) or _ENTRY.search(text):
            continue
        if index > 0 and _FIELD.match(front.lines[index - 1].text):
            continue
        for one in _types():
            if start < one.within and any(pattern.search(text) for pattern in one.lines):
                return Kind(one.name, one.voice, _line_of(front, one) if index == -1 else index)
    return Kind()


def _line_of(front: Front, one: _Type) -> int:
    patterns = (*one.first, *one.lines)
    return next(
        (
            index
            for index, line in enumerate(front.lines)
            if any(pattern.search(line.text) for pattern in patterns)
        ),
        -1,
    )


@cache
def _types() -> tuple[_Type, ...]:
    def compiled(entry: dict[str, list[str]], key: str) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(one, re.IGNORECASE | re.MULTILINE) for one in entry.get(key, ()))

    return tuple(
        _Type(
            entry["name"],
            entry["voice"],
            entry.get("within", _WITHIN),
            entry.get("instead", ""),
            *(compiled(entry, key) for key in ("first", "lines", "letter", "text", "when")),
        )
        for entry in table("document_types.toml")["type"]
    )
