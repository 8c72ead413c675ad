"""The messages of an e-mail thread in the body of one e-mail, each with its speaker and date."""

import re
from dataclasses import dataclass, field

from rag.load.dates import iso_date

_MARKS = re.compile(r"(?:[ \t]?>)+[ \t]?")
_WROTE = re.compile(
    r"(?:On|Am|Le|El|Op|Il|Em|Den|At)\b.{0,300}?"
    r"(?:wrote|writes|said|a écrit|escribió|ha scritto|escreveu"
    r"|(?:schrieb|schreef|skrev)(?:\s.{1,120})?)\s?:",
    re.IGNORECASE,
)
_WROTE_ALONE = re.compile(r"(?P<who>[^\n:]{2,120}?)\s(?:wrote|writes|schrieb|a écrit)\s?:", re.I)
_NAME_LAST = re.compile(r"\b(?:schrieb|schreef|skrev)\s+(?P<who>.{2,120}?)\s?:$", re.I)
_VERB = re.compile(
    r"\s?,?\s?(?:wrote|writes|said|a écrit|escribió|ha scritto|escreveu)\s?:$", re.IGNORECASE
)
_MARKER = re.compile(
    r"[-_*\s]{2,40}(?:original message|original appointment|forwarded message|forwarded by .{1,80}"
    r"|ursprüngliche nachricht|weitergeleitete nachricht|message d'origine|message transféré"
    r"|mensaje original|oorspronkelijk bericht)[-_*\s]{0,40}|begin forwarded message:",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"\*?(?P<name>from|sent|date|to|cc|bcc|subject|reply-to|von|gesendet|datum|an|betreff|de|envoyé"
    r"|date|à|objet|enviado|para|asunto|van|verzonden|aan|onderwerp)\*?\s?:\*?(?:\s|$)\s*(?P<value>.*)",
    re.IGNORECASE,
)
_SENDERS = frozenset({"from", "von", "de", "van"})
_SENT = frozenset({"sent", "date", "gesendet", "datum", "envoyé", "enviado", "verzonden"})
_FEWEST_HEADERS = 3
"""Headers in a block without a marker above it; two lines may be a memorandum."""
_BLANK = 1
"""Blank lines between two headers of a block."""
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,5}")
_IN_BRACKETS = re.compile(r"<[^<>]{0,200}>|\(mailto:[^()]{0,200}\)|\[mailto:[^\]]{0,200}\]")
_CLOCK = re.compile(r"\d{1,2}[:.h]\d\d")
# The date of "On Sun, Mar 3, 2024 at 8:12 PM Ada Pell": what is left is the name.
_DATE = re.compile(
    r"\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2}(?:st|nd|rd|th|\.)?\s(?:of\s|de\s)?"
    r"[^\W\d_]{3,10}\.?,?\s(?:de\s)?\d{4}|[^\W\d_]{3,10}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s\d{4}"
)
_NOT_A_NAME = re.compile(
    r"\b(?:on|am|le|el|op|il|em|den|at|um|à|a las|om|alle|às|kl|the|via|by"
    r"|(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)(?:day|nesday|sday|rsday|urday)?"
    r"|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|uhr"
    r"|lun|mar|mer|jeu|ven|sam|dim|[ap]\.?m\.?|utc|gmt|[ecmp][sd]t)(?=[\s,.:]|$)[.,:]?"
    r"|[+-]\d{4}(?=[\s,]|$)|\d{1,2}[:.h]\d\d(?::\d\d)?",
    re.IGNORECASE,
)
_WRAPPED = 4
"""Lines that "On … wrote:" may take."""
_LONGEST_OPENING = 400
"""Characters of "On … wrote:"."""
_UNKNOWN = "someone not named"


@dataclass(frozen=True, slots=True)
class Thread:
    """The text of a body with its messages.

    Attributes
    ----------
    text
        The body without the marks ``>`` before quoted lines.
    speakers
        ``(offset, speaker)`` where the speaker changes, ascending; from the start to the first one
        it is the sender. A quoted speaker reads ``Ada Pell (quoted by Bo Rusk)``.
    messages
        ``(offset, depth, words)`` of each quoted message: who wrote it and when. Also of each place
        where an earlier message goes on.
    """

    text: str
    speakers: tuple[tuple[int, str], ...] = ()
    messages: tuple[tuple[int, int, str], ...] = ()


@dataclass(slots=True)
class _State:
    """Who speaks at each depth of quotation; index 0 is the text of the sender."""

    names: list[str] = field(default_factory=list)  # kept where the sender answers in between

    def at(self, depth: int) -> str:
        return self.names[depth] if depth < len(self.names) else _UNKNOWN

    def set(self, depth: int, name: str) -> None:
        while len(self.names) <= depth:
            self.names.append(_UNKNOWN)
        self.names[depth] = name
        del self.names[depth + 1 :]


def messages_of(body: str, sender: str) -> Thread:
    """Part ``body`` into the messages of ``sender`` and of those whom he quotes.

    A quoted message is told by marks (``>``) before its lines, by "On … wrote:", by a marker
    ("-----Original Message-----", "Begin forwarded message:"), or by three headers or more that
    begin with its sender. Without marks it goes on to the end, or to the next such sign.
    """
    lines = _unmarked_lines(body)
    state = _State([sender])
    pieces: list[str] = []
    speakers: list[tuple[int, str]] = []
    messages: list[tuple[int, int, str]] = []
    offset, index, before = 0, 0, sender
    while index < len(lines):
        level, line = lines[index]
        found = _opening(lines, index) if line.strip() else None
        if found is not None:
            taken, name, date, inner = found
            state.set(inner, name)
            messages.append((offset, 1 + inner, ", ".join(filter(None, (name, date)))))
        elif line.strip():
            taken, inner = 1, level
        else:
            taken, inner = 1, None
        if inner is not None:
            speaker = state.at(inner)
            if speaker != before:
                said = speaker
                if sender and speaker != sender:
                    said = f"{speaker} (quoted by {sender})"
                speakers.append((offset, said or _UNKNOWN))
                before = speaker
                if found is None:
                    messages.append((offset, 1 + inner, said or _UNKNOWN))
        for _, shown in lines[index : index + taken]:
            pieces.append(shown)
            offset += len(shown) + 1
        index += taken
    return Thread("\n".join(pieces), tuple(speakers), tuple(messages))


def name_of(written: str) -> str:
    """The name in ``Ada Pell <ada@pell.test>``, or the address where there is no name."""
    bare = " ".join(_IN_BRACKETS.sub(" ", written).split()).strip(" \"'*,;:")
    if not bare:
        address = _ADDRESS.search(written)
        return address[0] if address else ""
    address = _ADDRESS.search(bare)
    name = _ADDRESS.sub(" ", bare).strip(" \"'*,;:()") if address else bare
    return " ".join(name.split()) or (address[0] if address else "")


def _unmarked_lines(body: str) -> list[tuple[int, str]]:
    """Each line with its depth; a lone line such as ">50 % of the shares" is not quoted."""
    written = body.split("\n")
    lines = [_unmarked(line) for line in written]
    for index, (level, line) in enumerate(lines):
        around = [lines[at][0] for at in (index - 1, index + 1) if 0 <= at < len(lines)]
        if level and line[:1].isdigit() and not any(around):
            lines[index] = (0, written[index].rstrip("\r"))
    return lines


def _unmarked(line: str) -> tuple[int, str]:
    """How deep ``line`` is quoted, and the line without its marks."""
    line = line.rstrip("\r")
    match = _MARKS.match(line)
    return (match[0].count(">"), line[match.end() :]) if match else (0, line)


def _opening(lines: list[tuple[int, str]], index: int) -> tuple[int, str, str, int] | None:
    """If a quoted message opens here: lines of its opening, its name, its date, its depth."""
    level, line = lines[index]
    if _MARKER.fullmatch(line.strip()):
        start = _next_shown(lines, index + 1)
        inner = lines[start][0] if start < len(lines) else level
        block = _headers(lines, start, inner)
        if block is not None:
            end, name, date = block
            return end - index, name, date, inner
        wrote = _wrote(lines, start) if start < len(lines) else None
        if wrote is not None:
            taken, name, date, inner = wrote
            return start + taken - index, name, date, inner
        return 1, _UNKNOWN, "", level
    header = _HEADER.fullmatch(line.strip())
    if header and header["name"].casefold() in _SENDERS:
        block = _headers(lines, index, level)
        if block is not None and _shown(lines[index : block[0]]) >= _FEWEST_HEADERS:
            return block[0] - index, block[1], block[2], level
    return _wrote(lines, index)


def _headers(lines: list[tuple[int, str]], start: int, level: int) -> tuple[int, str, str] | None:
    """The end of a block of headers, with the name and the date in it; None without a sender.

    In HTML each may be a paragraph, with blank lines between them.
    """
    name = date = ""
    index, end = start, start
    while index < len(lines) and index - end <= _BLANK and lines[index][0] == level:
        if not lines[index][1].strip():
            index += 1
            continue
        header = _HEADER.fullmatch(lines[index][1].strip())
        if header is None:
            break
        key = header["name"].casefold()
        if key in _SENDERS and not name:
            name = name_of(header["value"])
        elif key in _SENT and not date:
            date = _date_in(header["value"])
        index += 1
        end = index
    return (end, name, date) if name else None


def _shown(lines: list[tuple[int, str]]) -> int:
    """Number of lines that are not blank."""
    return sum(bool(line.strip()) for _, line in lines)


def _wrote(lines: list[tuple[int, str]], index: int) -> tuple[int, str, str, int] | None:
    """As ``_opening`` for "On … wrote:", which may be wrapped."""
    level = lines[index][0]
    joined = ""
    for taken in range(1, _WRAPPED + 1):
        if index + taken > len(lines) or lines[index + taken - 1][0] != level:
            return None
        piece = lines[index + taken - 1][1].strip()
        if not piece:
            return None
        joined = f"{joined} {piece}".strip()
        if len(joined) > _LONGEST_OPENING:
            return None
        if joined.endswith(":"):
            break
    else:
        return None
    ahead = _next_shown(lines, index + taken)
    deeper = ahead < len(lines) and lines[ahead][0] > level
    if _WROTE.fullmatch(joined):
        sure = deeper or level > 0 or _ADDRESS.search(joined) or _CLOCK.search(joined)
        name = _who(joined)
        if sure and name:
            return taken, name, _date_in(joined), level + 1 if deeper else level
    alone = _WROTE_ALONE.fullmatch(joined)
    if alone and taken == 1 and deeper and len(alone["who"].split()) <= 8:
        return taken, name_of(alone["who"]), "", level + 1
    return None


def _who(line: str) -> str:
    last = _NAME_LAST.search(line)
    if last:
        return name_of(last["who"])
    without_verb = _VERB.sub("", line)
    rest = _NOT_A_NAME.sub(" ", _DATE.sub(" ", _IN_BRACKETS.sub(" ", without_verb)))
    rest = _ADDRESS.sub(" ", rest)
    name = " ".join(rest.split()).strip(" \"'*,;:()-")
    address = _ADDRESS.search(without_verb)
    return name or (address[0] if address else "")


def _date_in(written: str) -> str:
    match = _DATE.search(written)
    return iso_date(match[0]) if match else ""


def _next_shown(lines: list[tuple[int, str]], index: int) -> int:
    """Index of the first line from ``index`` on that is not blank."""
    while index < len(lines) and not lines[index][1].strip():
        index += 1
    return index
