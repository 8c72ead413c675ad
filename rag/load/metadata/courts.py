"""The court that decided, or before which the document was laid, and its docket number."""

import re
from functools import cache

from rag.load.metadata.data import table
from rag.load.metadata.front import Front, smooth
from rag.load.metadata.names import named

_CAPTION = 1800
"""Characters at the start in which the court's name stands as a caption."""
_STATE = (
    r"[A-Z][A-Za-z]{2,12}"
    r"(?: (?:York|Jersey|Hampshire|Mexico|Carolina|Dakota|Virginia|Island|Rico|Columbia))?"
)
_BELOW = re.compile(
    r"\b(?:appeals?\s{1,9}from|appealed\s{1,9}from|petition\s{1,9}for\s{1,9}review"
    r"|judge?ments?\s{1,9}of\s{1,9}the\s{1,9}(?:district|circuit|trial|superior|lower|high"
    r"|court\s{1,9}below)"
    r"|remand(?:ed)?\s{1,9}(?:from|to)|certiorari\s{1,9}to|clerk\s{1,9}of"
    r"|discretionary\s{1,9}review"
    r"|transferred\s{1,9}from|on\s{1,9}appeal)\b",
    re.IGNORECASE,
)
_CIRCUIT = re.compile(
    r"(?:(?:united\s{1,9}states"
    r"|u\.?\s?s\.?)\s{1,9})?court\s{1,9}of\s{1,9}appeals?,?\s{1,9}(?:for\s{1,9}the\s{1,9})?"
    r"(?P<n>(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|federal"
    r"|d\.?\s?c\.?|district\s{1,9}of\s{1,9}columbia)\s{1,9}circuit)\b",
    re.IGNORECASE,
)
_DISTRICT = re.compile(
    r"(?:united\s{1,9}states|u\.?\s?s\.?)\s{1,9}(?P<kind>district"
    r"|bankruptcy)\s{1,9}court,?\s{1,9}(?:for\s{1,9}the\s{1,9})?"
    r"(?P<n>(?:(?:northern|southern|eastern|western|middle"
    r"|central)\s{1,9})?district\s{1,9}of\s{1,9}(?:the\s{1,9})?"
    rf"(?i:{_STATE}))",
    re.IGNORECASE,
)
_SUPREME = re.compile(
    r"^(?:in\s{1,9}the\s{1,9})?supreme\s{1,9}court\s{1,9}of\s{1,9}the\s{1,9}united\s{1,9}states",
    re.IGNORECASE,
)
_OF_STATE = re.compile(
    r"^(?:in\s{1,9}the\s{1,9})?(?P<c>supreme\s{1,9}court|superior\s{1,9}court"
    r"|court\s{1,9}of\s{1,9}appeals?"
    r"|court\s{1,9}of\s{1,9}chancery|circuit\s{1,9}court"
    r"|district\s{1,9}court|court\s{1,9}of\s{1,9}common\s{1,9}pleas|commonwealth\s{1,9}court"
    r"|high\s{1,9}court"
    r"|federal\s{1,9}court)\s{1,9}of\s{1,9}(?:the\s{1,9})?"
    r"(?:state\s{1,9}of\s{1,9}"
    r"|commonwealth\s{1,9}of\s{1,9})?(?P<s>[A-Z][A-Za-z]+(?:\s[A-Z][A-Za-z]+)?)(?:,.{0,60})?$",
    re.IGNORECASE,
)
_STATE_OF = re.compile(
    r"^(?:in\s{1,9}the\s{1,9})?(?P<s>(?-i:[A-Z][A-Za-z]+)(?:\s(?-i:[A-Z][A-Za-z]+))?)\s(?P<c>supreme\s{1,9}court|court\s{1,9}of\s{1,9}appeals?"
    r"|superior\s{1,9}court|court\s{1,9}of\s{1,9}criminal\s{1,9}appeals"
    r"|district\s{1,9}court\s{1,9}of\s{1,9}appeal)$",
    re.IGNORECASE,
)
_DIVISION = re.compile(r"^(?:eastern|western|southern|northern) district$", re.IGNORECASE)
_SHORT = re.compile(
    r"(?<![\w.])(?P<n>(?:[NSEWCM]\.\s?D\.|D\.)\s?(?:[A-Z]\.\s?[A-Z]\."
    r"|[A-Z][a-z]+\.?))(?=\s{1,9}filed"
    r"|[),])"
)
_LABELLED = (
    r"(?:(?:civil|criminal|crim\.?|civ\.?|bankruptcy|adversary|misc\.?)\s{1,9})?(?:case|action"
    r"|appeal"
    r"|docket|file|index|claim|cause|appln?|application|notification|proceeding|inquiry"
    r"|neutral\s{1,9}citation)?"
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
    r"^(?:in\s|joined\s)?(?P<n>(?:\d:)?\d\d-?(?:cv|cr|mj)-?\d{3,6}[\w-]{0,14}"
    r"|\d{2}\s(?:civ|cr|crim|mag)\.?\s\d{1,5}(?:\s\([A-Z]{2,4}\))?"
    r"|S?A?CR[ -]\d\d-\d{3,6}(?:-?\(?[A-Z]{2,4}\)?)?|MN-\d{5}"
    r"|(?:cases?\s)?[TC][-‑]\d{1,4}/\d\d(?:\sP)?|case\s(?:\d{5}|[A-Z]{1,3}\.\d{4,6})"
    r"|\[(?:19|20)\d\d\]\s[A-Z]{2,8}\s(?:Civ\s|Crim\s)?\d{1,5}(?:\s\([A-Za-z]{2,8}\))?)(?![\w/])",
    re.IGNORECASE,
)
_NOT_DOCKET = re.compile(
    r"\b(?:bar|inspection|report|(?:firm\s{1,9}|individual\s{1,9})?reference|sbn|csr|phone|tel|fax"
    r"|frn|fei|ein|uen"
    r"|acn|abn|registration|company"
    r"|companies\s{1,9}house|release|letter|report"
    r"|appendix|rule|page|question|state\s{1,9}file|opinion|exhibit|order|item|paragraph|form"
    r"|firm\s{1,9}reference|irn|individual\s{1,9}reference|doc\.?|dkt\.?"
    r"|document|certificate|licen[cs]e|crd|motion|limine|suite|pub\.?\s{0,9}l\.?|law"
    r"|public\s{1,9}law"
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
    """The number of the case, not of the one below it, and no telephone number; "" for none."""
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
            text
            if re.search(r"\b(?:no|number|ref|reference)\W{0,10}$", text, re.IGNORECASE)
            else ""
        )
    running = _DOCKET_RUNNING.search(front.head) if running_text else None
    return _number(running["n"]) if running else ""


def release_of(head: str, *, named: bool = False) -> str:
    """The release number at the start; a year is none.

    Parameters
    ----------
    named
        Whether only a number counts that is called a release, not just "number" or "notice".
    """
    for match in _RELEASE.finditer(head[:_RELEASE_HEAD]):
        if not named or "release" in head[max(0, match.start() - 10) : match.start("n")].casefold():
            return _number(match["n"])
    return ""


def is_court(line: str) -> bool:
    """Whether ``line`` is the name of a court, as in a caption."""
    return bool(_in_caption(line, line, [])[0]) or bool(
        re.fullmatch(
            r"(?i)(?:in the )?(?:united states|u\.s\.) (?:district|bankruptcy) court", line
        )
    )


# As releases write it within a sentence: "No. 1:25-cv-00123", "File No. 3-12345".
_DOCKET_RUNNING = re.compile(
    r"\b(?:nos?\.|number:?)\s{0,9}(?:civ\.?\s{0,9})?"
    r"(?P<n>(?:\d{1,2}:)?\d{0,4}-?[A-Za-z]{1,6}[-\s.]?\d[\w:-]{2,20}"
    r"|\d{2,4}\s{0,9}-?\s{0,9}(?:CV|CR|Civ\.?|cv|cr)[-\s.]?\s{0,9}\d{2,6}[\w-]*|3-\d{4,6}"
    r"|ED\d{4,8})",
    re.IGNORECASE,
)


def _in_caption(line: str, two: str, following: list[str]) -> tuple[str, str]:
    for text in (line, two):
        if re.match(
            r"(?:(?:in|before|for)\s{1,9}the\s{1,9})?(?:united\s{1,9}states|u\.?\s?s\.?"
            r"|court\s{1,9}of\s{1,9}app)",
            text,
            re.IGNORECASE,
        ):
            for pattern in (_CIRCUIT, _DISTRICT):
                match = pattern.search(text[:160])
                if match:
                    return _federal(match, pattern), "US"
    if _SUPREME.match(line):
        return "U.S. Supreme Court", "US"
    plain = re.sub(r"^(?:in|before)\s{1,9}the\s{1,9}", "", line, flags=re.IGNORECASE).casefold()
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
