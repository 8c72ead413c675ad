"""The title of a document: its parties and type, its subject, or its heading."""

import re

from rag.load.metadata.authorities import Register
from rag.load.metadata.courts import is_court
from rag.load.metadata.dates import is_date, without_date
from rag.load.metadata.document_types import Kind, is_bare_type, is_type_line
from rag.load.metadata.front import Front, smooth

_NO_TITLE = re.compile(
    r"\A(?:microsoft\s{1,9}word|word\s{1,9}document$|untitled|\[?document\s?(?:title|\d{0,9})?\]?$"
    r"|\S{0,300}$"
    r"|.{0,300}\.(?:docx?|pdf|xlsx?|wpd|rtf|html?|ecl|indd|tiff?)$|.{0,80}\w\.\.\.\w"
    r"|(?:via|by)\s{1,9}(?:electronic|e-?mail|ecf|hand|ups|federal express|fedex|certified|cftc"
    r"|regulations)\b"
    r"|doc(?:ument)?\b\W{0,3}\d|notice\s{1,9}of\s{1,9}(?:lodge?ment|filing)$"
    r"|table\s{1,9}of\s{1,9}contents$"
    r"|contents$|open\s{1,9}source\s{1,9}edition$"
    r"|(?:\w+\s){0,9}acts?\s(?:19|20)\d\d$|case\s{1,9}no\b|filed\b|page\s?\d)",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"^\s{0,9}(?:from\s{1,9}gdprhub|jump\s{1,9}to|source\b|home\b|skip\s{1,9}to|search$|menu$"
    r"|top$)",
    re.IGNORECASE,
)
_LINES, _WORDS, _LENGTH = 30, (3, 25), 160
"""Lines that are searched for a title, and its words (least and most) and most characters: shorter
lines are labels, longer ones paragraphs."""
_HEADLINE = 40
"""Characters more, and words in proportion, of a line that does not end as a sentence."""
_ABOUT = re.compile(
    r"^\W{0,10}(?:re|subject)\b\s{0,3}:\s{0,5}(\S[^\n]{3,200})", re.IGNORECASE | re.MULTILINE
)
_LABEL = re.compile(
    r"^(?:to|from|of|by|date|dated|via|cc|attn|re|no|nos|file|registry|address|telephone|tel|fax"
    r"|email|rin|agency|action|authority"
    r"|jurisdiction|relevant law|type|outcome|started|decided|published|case ref|reference"
    r"|firm reference number|frn|irn|product|recipient"
    r"|organisation|delivery method|before|present|argued|filed|note on this document"
    r"|release number|please note|media contact|contact|mr|ms|mrs|dr|washington|pages?)\b\s?[:.#]?",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"^[\w ]{2,30}\b(?:no|number|date|ref)\.?\s?:|^(?:for the )?(?:\w+ )?district of \w+(?: \w+)?$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"\b[A-Z]{2} \d{5}\b|\b(?:street|st\.|avenue|ave\.?|road|suite|floor|p\.?o\.? box|square)\b",
    re.IGNORECASE,
)
_GENERIC = re.compile(
    r"^(?:\w+ )?(?:news|press|media) release$|^public statements? (?:&|and) remarks$|^proceedings$"
    r"|^headmatter$|^office of public affairs$"
    r"|^united states of america$|^commonwealth of \w+$|^division of \w+(?: \w+)?$"
    r"|^non-?confidential version$",
    re.IGNORECASE,
)
_COMPOSED = frozenset(
    "final_notice decision_notice warning_notice supervisory_notice penalty_notice "
    "enforcement_notice reprimand notice_of_intent"
    " consent_order order decision determination judgment consent_judgment warning_letter".split()
)
_MARKED = re.compile(r"^# (\S.{5,200})$", re.MULTILINE)
_OF_THE = 22
"""Characters of a heading beside the authority's name, where it says nothing else."""
_BARE = 6
"""Words of a heading that only names a type; what it is about stands on another line."""
_ABOUT_WORDS = 14
"""Words of the line that tells what a bare heading is about; a longer one is a sentence."""
_GOES_ON = re.compile(
    r"(?:to|imposing|concerning|regarding|against|relating\sto|in\srespect\sof)\s(?=.*[A-Z])"
)
"""The start, in lower case, of the second line of a heading."""
_TAKEN = re.compile(r",?\s(?:taken|held|commencing|beginning)(?:\s(?:on|at|by|before)\b.*)?$")
"""When and where a deposition was taken, at the end of its heading."""
_SAME_CASE = 3
"""Most lines of one heading."""


def is_no_title(title: str) -> bool:
    """Whether ``title`` is empty or made by a program: a file name, a word, a docket line."""
    return not title.strip() or _NO_TITLE.match(title.strip()) is not None


def is_letterhead(title: str, known: Register) -> bool:
    """Whether ``title`` only names a court, an authority or a law, or is a date or a type alone."""
    line = smooth(title).strip(" #*_=")
    generic = _GENERIC.match(line) or re.match(
        r"(?i)^in the matter of the general data protection regulation$", line
    )
    bare = is_type_line(line) and len(line.split()) < 3
    parts = [part.strip() for part in re.split(r"\s[-–—|:]\s", line)]
    return (
        bool(generic)
        or bare
        or all(
            is_court(part) or known.is_name(part) or (is_date(part) and not is_type_line(part))
            for part in parts
        )
    )


def title_of(
    front: Front, kind: Kind, parties: list[str], agency: str, speaker: str, known: Register
) -> str:
    """A title for a document that has none of its own; "" where its first lines give none."""
    words = kind.name.replace("_", " ")
    if len(parties) == 2:
        named = " v. ".join(parties)
        return f"{named}: {words}" if words else named
    about = _ABOUT.search(front.text[:3000])
    if kind.name in ("letter", "plea_agreement", "non_prosecution_agreement") and about:
        subject = without_date(" ".join(about[1].split()).strip(" *"))
        return subject if kind.name == "letter" else f"{subject}: {words}"
    heading = _heading(front, kind.heading)
    if len(parties) == 1:
        if kind.name in _COMPOSED and words:
            return (
                f"{agency} {words}: {parties[0]}".strip()
                if agency
                else f"{_upper(words)}: {parties[0]}"
            )
        if heading and kind.heading >= 0:
            whole = len(heading.split()) > _BARE or parties[0].casefold() in heading.casefold()
            return heading if whole else f"{heading}: {parties[0]}"
        named = f"In the matter of {parties[0]}"
        return f"{named}: {words}" if words else named
    if kind.name in ("affidavit", "declaration") and speaker:
        return f"{_upper(words)} of {speaker}"
    marked = _MARKED.search(front.text[:3000])
    if marked and not is_no_title(marked[1]) and not is_letterhead(marked[1], known):
        return without_date(" ".join(marked[1].replace("*", "").split()))
    bare = len(heading.split()) < _BARE and is_bare_type(heading)
    printed = heading
    named_in = known.mentions(heading)
    if named_in and agency and len(heading) - (named_in[0].end - named_in[0].start) < _OF_THE:
        heading, bare = f"{agency} {words}", True  # "Decision of the …"
    if heading and not bare and len(heading.split()) > 2 and not is_letterhead(heading, known):
        return heading
    line = _first_line(front, known, printed)
    if kind.name == "press_release" and line:
        return line
    if heading and bare and not line:
        return f"{agency} {words}" if agency else _plainly(heading)
    if heading and bare and (line.endswith(".") or len(line.split()) > _ABOUT_WORDS):
        line = ""
    if heading and bare and speaker and kind.name in ("undertaking", "undertaking_offer"):
        return f"{_plainly(heading)}: {speaker}"
    if heading and line and bare:
        return f"{_plainly(heading)}: {line}" if len(line) < 110 else line
    return line or heading


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def _plainly(heading: str) -> str:
    return _upper(heading.lower()) if heading.isupper() else heading


def _heading(front: Front, index: int) -> str:
    """The heading that begins at the line ``index``, with the lines that it runs on to."""
    if index < 0:
        return front.title if index == -2 else ""
    lines = [line.text for line in front.lines[index:] if line.text]
    heading = lines[0] if lines else ""
    for line in lines[1:_SAME_CASE]:
        if _GOES_ON.match(line) and len(heading) + len(line) <= _LENGTH + _HEADLINE:
            heading = f"{heading} {line}"
            continue
        small = sum(word[0].islower() and len(word) > 3 for word in line.split())
        goes_on = (
            heading.isupper() == line.isupper()
            and 3 * small <= len(line.split())
            and len(heading) > 25
            and not heading.endswith((".", ":"))
        )
        if not goes_on or len(line) > 90 or len(heading) + len(line) > _LENGTH or _stops(line):
            break
        heading = f"{heading} {line}"
    heading = _TAKEN.sub("", heading).strip(" *_")
    return heading if len(heading) <= _LENGTH + _HEADLINE else ""


def _stops(line: str) -> bool:
    return bool(
        re.match(
            r"(?i)^(?:prepared|submitted|given|volume|part|appendix|special counsel|by\b|case|no\b"
            r"|to\b|from\b|dated?|\d|\W"
            r"|in the|contents|page)",
            line,
        )
        or is_date(line)
        or line.endswith((".", "?"))
        or re.match(r"[QA]\b", line) is not None
    )


def _first_line(front: Front, known: Register, heading: str = "") -> str:
    least, most = _WORDS[0] - bool(heading), _WORDS[1]
    for line in front.lines[:_LINES]:
        text = without_date(line.text.strip(" #*_=-"))
        more = 0 if text.endswith(".") else _HEADLINE
        fits = len(text) <= _LENGTH + more and least <= len(text.split()) <= most + more // 6
        if (
            fits
            and text not in heading
            and text[0].isupper() | text[0].isdigit()
            and not text.endswith((":", ","))
            and not re.match(r"\d{1,2}\.\s", text)
            and len(re.findall(r"[^\W\d_]{3,}", text)) > 1
            and not _LABEL.match(text)
            and not _NUMBERED.match(text)
            and not _SOURCE.match(text)
            and text.count(" | ") < 2
            and not _ADDRESS.search(text)
            and not is_date(text)
            and not is_no_title(text)
            and not is_letterhead(text, known)
        ):
            return text
    return ""
