"""The court that decided, or before which the document was laid, and its docket number."""

import re
from functools import cache

from rag.load.metadata.data import table
from rag.load.metadata.front import Front, smooth
from rag.load.metadata.names import named

_CAPTION = 1800
"""Characters at the start in which the court's name stands as a caption."""
_STATE = r"[A-Z][A-Za-z]{2,12}(?: (?:York|Jersey|Hampshire|Mexico|Carolina|Dakota|Virginia|Island|Rico|Columbia))?"
_BELOW = re.compile(
    r"\b(?:appeals?\s+from|appealed\s+from|petition\s+for\s+review|judge?ments?\s+of\s+the"
    r"|remand(?:ed)?\s+(?:from|to)|certiorari\s+to|clerk\s+of|discretionary\s+review"
    r"|transferred\s+from|on\s+appeal)\b",
    re.IGNORECASE,
)
_CIRCUIT = re.compile(
    r"(?:(?:united\s+states|u\.?\s?s\.?)\s+)?court\s+of\s+appeals?,?\s+(?:for\s+the\s+)?"
    r"(?P<n>(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|federal"
    r"|d\.?\s?c\.?|district\s+of\s+columbia)\s+circuit)\b",
    re.IGNORECASE,
)
_DISTRICT = re.compile(
    r"(?:united\s+states|u\.?\s?s\.?)\s+(?P<kind>district|bankruptcy)\s+court,?\s+(?:for\s+the\s+)?"
    r"(?P<n>(?:(?:northern|southern|eastern|western|middle|central)\s+)?district\s+of\s+(?:the\s+)?"
    rf"(?i:{_STATE}))",
    re.IGNORECASE,
)
_SUPREME = re.compile(
    r"^(?:in\s+the\s+)?supreme\s+court\s+of\s+the\s+united\s+states", re.IGNORECASE
)
_OF_STATE = re.compile(
    r"^(?:in\s+the\s+)?(?P<c>supreme\s+court|superior\s+court|court\s+of\s+appeals?"
    r"|court\s+of\s+chancery|circuit\s+court"
    r"|district\s+court|court\s+of\s+common\s+pleas|commonwealth\s+court|high\s+court"
    r"|federal\s+court)\s+of\s+(?:the\s+)?"
    r"(?:state\s+of\s+"
    r"|commonwealth\s+of\s+)?(?P<s>[A-Z][A-Za-z]+(?:\s[A-Z][A-Za-z]+)?)(?:,.{0,60})?$",
    re.IGNORECASE,
)
_STATE_OF = re.compile(
    r"^(?:in\s+the\s+)?(?P<s>(?-i:[A-Z][A-Za-z]+)(?:\s(?-i:[A-Z][A-Za-z]+))?)\s(?P<c>supreme\s+court|court\s+of\s+appeals?"
    r"|superior\s+court|court\s+of\s+criminal\s+appeals|district\s+court\s+of\s+appeal)$",
    re.IGNORECASE,
)
_DIVISION = re.compile(r"^(?:eastern|western|southern|northern) district$", re.IGNORECASE)
_SHORT = re.compile(
    r"(?<![\w.])(?P<n>(?:[NSEWCM]\.\s?D\.|D\.)\s?(?:[A-Z]\.\s?[A-Z]\.|[A-Z][a-z]+\.?))(?=\s+filed"
    r"|[),])"
)
_LABELLED = (
    r"(?:(?:civil|criminal|crim\.?|civ\.?|bankruptcy|adversary|misc\.?)\s+)?(?:case|action|appeal"
    r"|docket|file|index|claim|cause|appln?|application|notification|proceeding|inquiry"
    r"|neutral\s+citation)?"
    r"\s?(?:nos?\b\.?|nos?\.?:|numbers?\b|ref(?:erence)?\b\.?|citation)\s?:?\s{0,3}"
)
_VALUE = (
    r"(?P<n>[A-Z]{2,5}\s\d{1,4}\sof\s(?:19|20)\d\d"  # ACT 1 of 2026
    r"|\[(?:19|20)\d\d\]\s[A-Z]{2,8}\s(?:Civ\s"
    r"|Crim\s)?\d{1,5}(?:\s\([A-Za-z]{2,8}\))?"  # [2023] EWHC 12 (Comm)
    r"|(?:\d{1,2}:)?\d{2,4}\s?-?\s?(?:CV|CR|MJ|MC|Civ\.?|Cr\.?|cv|cr|mj|mc|MD"
    r"|md)\.?[-\s.]?\s?(?:\d{1,6}|_{2,6})[\w-]{0,12}(?:\s?\([A-Z]{2,4}\))?"
    r"|C\s\d\d-\d{4,5}\s?[A-Z]{0,4}"
    r"|[A-Z]{0,8}[-/]?\d[\w/:.-]{2,24}\d[\w-]{0,6}(?:\s?\([A-Z]{2,4}\))?(?:\s(?=[A-Z]{3}\b)[A-Z]{3}(?=\W|$))?"
    r"|[A-Z]{1,4}-\d[\w/-]{1,20}|[A-Z]{1,3}\d{5,8}|[A-Z]{2,4}-\d{4,6}(?:\s[A-Z]{3})?"
    r"|\d{2,4}-\d{2,6}|\d{5,8})"
)
_DOCKET = re.compile(rf"(?<![A-Za-z]){_LABELLED}{_VALUE}", re.IGNORECASE)
_BARE = re.compile(
    r"^(?P<n>(?:\d:)?\d\d-?(?:cv|cr|mj)-?\d{3,6}[\w-]{0,14}"
    r"|S?A?CR[ -]\d\d-\d{3,6}(?:-?\(?[A-Z]{2,4}\)?)?|MN-\d{5}"
    r"|(?:case\s)?[TC][-‑]\d{1,4}/\d\d(?:\sP)?|\[(?:19|20)\d\d\]\s[A-Z]{2,8}\s(?:Civ\s"
    r"|Crim\s)?\d{1,5}(?:\s\([A-Za-z]{2,8}\))?)\b",
    re.IGNORECASE,
)
_NOT_DOCKET = re.compile(
    r"\b(?:bar|sbn|csr|phone|tel|fax|frn|fei|ein|uen|acn|abn|registration|company"
    r"|companies\s+house|release|letter|report"
    r"|appendix|rule|page|question|state\s+file|opinion|exhibit|order|item|paragraph|form"
    r"|firm\s+reference|irn|individual\s+reference|doc\.?|dkt\.?"
    r"|document|certificate|licen[cs]e|crd|motion|limine|suite|pub\.?\s*l\.?|law|public\s+law"
    r"|chapter|volume)\W{0,6}$",
    re.IGNORECASE,
)
_SURE = re.compile(r"case|docket|civil|criminal|appeal|claim|file", re.IGNORECASE)
_RELEASE = re.compile(
    r"(?<!enforcement )\b(?:release|number|notice)\s{0,3}(?:no\.?|number|#)?\s{0,3}:?[*\s]{0,6}"
    r"(?!(?:19|20)\d\d\b(?!-))(?P<n>(?:[A-Z]{0,4}-?|\d\d-)\d[\d-]{2,12}(?:-[A-Z]{3})?)\b",
    re.IGNORECASE,
)
_RELEASE_HEAD = 400
"""Characters at the start in which a release number stands; others are mentioned further down."""


def court_of(front: Front, *, running_text: bool) -> tuple[str, str]:
    """The court and its country; ("", "") for none.

    Only a caption counts. A court from which an appeal comes is none.

    Parameters
    ----------
    running_text
        Whether a court named in a sentence counts too, as in a release on a lawsuit.
    """
    texts = [smooth(line) for line in front.cover.splitlines()]
    texts += [line.text for line in front.lines if line.start < _CAPTION]
    if front.title:
        texts.insert(0, front.title)
    lines = [text for text in texts if text]
    for index, line in enumerate(lines):
        before = " ".join(lines[max(0, index - 1) : index])[-60:]
        if _BELOW.search(before) or _BELOW.search(line) or len(line) > 130:
            continue
        two = " ".join(lines[index : index + 2])
        court = _in_caption(line, two, lines[index + 1 : index + 3])
        if court[0]:
            return court
    if running_text:
        for pattern in (_DISTRICT, _CIRCUIT):
            for match in pattern.finditer(front.head):
                if not _BELOW.search(front.head[max(0, match.start() - 60) : match.start()]):
                    return _federal(match, pattern), "US"
        short = _SHORT.search(front.head)
        if short:
            return " ".join(short["n"].split()), "US"
    return "", ""


def docket_of(front: Front, *, running_text: bool) -> str:
    """The number of the case, not of the one below it, and no bar or telephone number; "" for none."""
    lines = ([front.title] if front.title else []) + [line.text for line in front.lines]
    previous = ""
    for text in [*front.cover.splitlines()[-60:], *lines] if front.cover else lines:
        if len(text) > 200:
            continue
        if _BELOW.search(text):
            break
        bare = _BARE.match(text)
        if bare:
            return _number(bare["n"])
        for match in _DOCKET.finditer(f"{previous} {text}" if previous else text):
            before = (f"{previous} {text}" if previous else text)[: match.start()]
            number = _number(match["n"])
            other = _NOT_DOCKET.search(before[-30:]) or before.endswith("(")
            if (_SURE.match(match[0]) or not other) and _is_number(number):
                return number
        previous = (
            text if re.search(r"\b(?:no|number|ref|reference)\W*$", text, re.IGNORECASE) else ""
        )
    running = _DOCKET_RUNNING.search(front.head) if running_text else None
    return _number(running["n"]) if running else ""


def release_of(head: str) -> str:
    """The release number at the start; a year is none."""
    match = _RELEASE.search(head[:_RELEASE_HEAD])
    return _number(match["n"]) if match else ""


def is_court(line: str) -> bool:
    """Whether ``line`` is the name of a court, as in a caption."""
    return bool(_in_caption(line, line, [])[0]) or bool(
        re.fullmatch(
            r"(?i)(?:in the )?(?:united states|u\.s\.) (?:district|bankruptcy) court", line
        )
    )


# As releases write it within a sentence: "No. 1:25-cv-00123", "File No. 3-12345".
_DOCKET_RUNNING = re.compile(
    r"\b(?:nos?\.|number:?)\s*(?:civ\.?\s*)?"
    r"(?P<n>(?:\d{1,2}:)?\d{0,4}-?[A-Za-z]{1,6}[-\s.]?\d[\w:-]{2,20}"
    r"|\d{2,4}\s*-?\s*(?:CV|CR|Civ\.?|cv|cr)[-\s.]?\s*\d{2,6}[\w-]*|3-\d{4,6}|ED\d{4,8})",
    re.IGNORECASE,
)


def _in_caption(line: str, two: str, following: list[str]) -> tuple[str, str]:
    for text in (line, two):
        if re.match(
            r"(?:(?:in|before|for)\s+the\s+)?(?:united\s+states|u\.?\s?s\.?|court\s+of\s+app)",
            text,
            re.IGNORECASE,
        ):
            for pattern in (_CIRCUIT, _DISTRICT):
                match = pattern.search(text[:160])
                if match:
                    return _federal(match, pattern), "US"
    if _SUPREME.match(line):
        return "U.S. Supreme Court", "US"
    plain = re.sub(r"^(?:in|before)\s+the\s+", "", line, flags=re.IGNORECASE).casefold()
    for pattern_names, name, country in _courts():
        if any(plain.startswith(one) for one in pattern_names) and len(plain) < 90:
            return name, country
    match = _OF_STATE.match(line)
    if match and not re.search(r"\bunited\b", match["s"], re.IGNORECASE):
        return f"{named(match['c'].upper())} of {named(match['s'].upper())}", "US"
    match = _STATE_OF.match(line)
    if match:
        court = f"{named(match['s'].upper())} {named(match['c'].upper())}"
        division = following[0] if following and _DIVISION.match(following[0]) else ""
        return (f"{court}, {named(division.upper())}" if division else court), "US"
    return "", ""


def _federal(match: re.Match[str], pattern: re.Pattern[str]) -> str:
    if pattern is _CIRCUIT:
        circuit = re.sub(r"(?i)^d\.?\s?c\.?\b", "District of Columbia", match["n"])
        return f"U.S. Court of Appeals for the {named(circuit.upper())}"
    return f"U.S. {match['kind'].title()} Court for the {named(match['n'].upper())}"


@cache
def _courts() -> list[tuple[tuple[str, ...], str, str]]:
    return [
        (
            tuple(
                re.sub(r"^in the ", "", one.casefold())
                for one in (*entry.get("names", ()), entry["name"])
            ),
            entry["name"],
            entry["country"],
        )
        for entry in table("courts.toml")["court"]
    ]


def _number(text: str) -> str:
    return re.sub(r"(?i)^case\s", "", " ".join(text.split())).strip(" \t\n,.;:-–—)*_=#") + (
        ")" if text.rstrip().endswith(")") and "(" in text else ""
    )


def _is_number(text: str) -> bool:
    """No year and no telephone number."""
    return (
        not re.fullmatch(r"(?:19|20)\d\d", text)
        and not re.fullmatch(r"\(?\d{3}\)?[ -]\d{3}-\d{4}", text)
        and bool(re.search(r"\d", text))
    )
