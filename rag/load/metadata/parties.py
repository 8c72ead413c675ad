"""The parties of a case by its caption, and the one to whom a notice is addressed."""

import re

from rag.load.metadata.courts import is_court
from rag.load.metadata.dates import is_date
from rag.load.metadata.document_types import is_type_line
from rag.load.metadata.front import Front, smooth
from rag.load.metadata.names import as_written, named

_ROLES = (
    r"(?:plaintiff|petitioner|appellant|appellee|complainant|claimant|applicant|respondent"
    r"|defendant"
    r"|intervener|intervenor)s?"
)
_ROLE = re.compile(
    rf"^\W{{0,3}}(?:\w+\s)?{_ROLES}(?:\s?[-/]\s?{_ROLES})?[\s.,;]{{0,4}}(?:v\.?s?\.?)?$",
    re.IGNORECASE,
)
_ROLE_FIRST = re.compile(rf"^(?:{_ROLES})[.,;]\s(?-i:[^a-z]{{0,50}})$", re.IGNORECASE)
_ROLE_WORD = re.compile(
    rf"[\s,;]{{1,4}}(?:{_ROLES})(?:\s?[-/]\s?(?:{_ROLES}))?\W{{0,4}}$", re.IGNORECASE
)
_ROLE_START = re.compile(rf"^\W{{0,3}}(?:{_ROLES})\b", re.IGNORECASE)
_V_ALONE = re.compile(
    r"^(?P<a>.{0,160}?)(?:(?:^|[\s,;])(?:v|vs|versus|-?\s?v\.?\s?-|and -v-)"
    r"|^-?against-?)\.?\W{0,3}$",
    re.IGNORECASE,
)
_V_START = re.compile(
    r"^(?:v|vs|versus|-\s?v\.?\s?-|-against-)\.?\s(?P<b>.{2,160})$", re.IGNORECASE
)
_V_INLINE = re.compile(
    r"^(?P<a>[^:;]{2,160}?),?\s(?:v|vs|V|VS|versus|-v-|-against-)\.?\s(?P<b>.{2,200})$"
)
_FIVE = re.compile(  # "v" as a Roman numeral
    r"\b(?:part|section|chapter|article|title|annex|appendix|schedule|count|exhibit|claim|volume"
    r"|phase)\s{1,9}v\b",
    re.IGNORECASE,
)
_INQUIRY = re.compile(
    r"^(?:the\s)?(?:investigation|inquiry|enquiry|examination)\s(?:by|into|of)\b", re.IGNORECASE
)
_BROUGHT_IT = re.compile(
    r"^\W{0,3}(?:\w+\s)?(?:plaintiff|petitioner|complainant|claimant|applicant|appellant)",
    re.IGNORECASE,
)
_NUMBER_LINE = re.compile(
    r"^\W{0,3}(?:\d|(?:civil|criminal|crim\.?|case|docket|index|file|state file|adv\.?|no|nos|cv"
    r"|cr|assurance|hon\.?|honorable|judge|violation|filed"
    r"|doc|document|pages?|magistrate|monday|tuesday|wednesday|thursday|friday|telephone"
    r"|facsimile)\b\.?)",
    re.IGNORECASE,
)
_NOISE_LINE = re.compile(
    r"^x$|^in the (?:\w+ ){0,5}courts?\b"
    r"|\b(?:under seal|sealed|redacted|certified transcript|hearing|division|transcript"
    r"|jury trial|slip op|memo\b|before the honou?rable"
    r"|exhibit|bar no|attorneys? for|appearances?|headmatter|jump to|caption)\b|@",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"\s\[(?:19|20)\d\d\].{0,40}$|,?\s(?:et\s{1,9}al|established\s{1,9}in|represented\s{1,9}by"
    r"|acting\s{1,9}as"
    r"|with\s{1,9}its\s{1,9}registered|in\s{1,9}(?:his|her|its|their)\s{1,9}official|individually"
    r"|an?\s{1,9}(?:individual"
    r"|corporation|limited)|case\s{1,9}no|docket\s{1,9}no|no\.|nos\.|ex\s{1,9}rel)\b.*$"
    r"|,\s(?:civil|criminal|index|docket|bar\s{1,9}no)\b.*$|\s\d{1,2}:\d\d\s?[ap]\.?m.*$|\s{2,}.*$"
    r"|\s\(\w+\s{1,9}no\b.*$|\s\([A-Z]{1,6}-?\d[\w/-]{1,20}\)\W{0,3}$",
    re.IGNORECASE,
)
_JUDGE = re.compile(
    r"\b(?:honou?rable|judge|justice|presiding|esq|attorneys?|counsel|reporter)\b", re.IGNORECASE
)
_PLACE = re.compile(
    r"^[A-Z][\w. ]{2,30}, (?:Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut"
    r"|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois"
    r"|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota"
    r"|Mississippi|Missouri|Montana|Nebraska|Nevada"
    r"|New \w+|North \w+|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|South \w+|Tennessee|Texas"
    r"|Utah|Vermont|Virginia|Washington"
    r"|West Virginia|Wisconsin|Wyoming|D\.?C\.?|[A-Z]{2})$",
    re.IGNORECASE,
)
_BEFORE, _AFTER = 14, 10
"""Lines before and after the "v." in which the names stand."""
_VERSUS = re.compile(  # within a sentence, as releases write it
    r"(?:^|\n|\b(?:in|styled|captioned)\s)\W{0,10}(?P<a>(?!(?:No|Plaintiff|Defendant|Number"
    r"|Memorandum|See|In re)\b)[A-Z][^\n;:()]{1,160}?)"
    r"\s{0,3},?\s{1,3}v(?:s)?\.?\s{1,3}(?P<b>(?!(?:No|Plaintiff|Defendant|Number|Memorandum|See"
    r"|In re)\b)[A-Z][^\n;:()]{1,160}?)"
    r"(?=\s{0,3}(?:,?\s{0,3}et\s{1,9}al\b|,?\s{0,3}(?:Civil|Case|No\.|Nos\.|Docket|Index"
    r"|Defendants?"
    r"|Respondents?)|,\s{1,3}\d|\(|\n\n|;|$))",
    re.MULTILINE,
)
_BETWEEN = re.compile(r"^(?:b\s?e\s?t\s?w\s?e\s?e\s?n)\W{0,3}$", re.IGNORECASE)
_MATTER = re.compile(
    r"^(?:in\s{1,9}the\s{1,9}(?:matter|cause)\s{1,9}of|in\s{1,9}re|re the"
    r"|matter of)\b\s?:?\s?(?P<a>.{0,160})$",
    re.IGNORECASE,
)
_RESPONDENT = re.compile(
    r"^re\W{1,4}(?P<a>.{3,120}?),?\s\(?(?:the\s)?[\"“]?respondent\b", re.IGNORECASE
)
_LAW = re.compile(
    r"\b(?:act|regulations?|directives?|law|rules?|code|articles?|section|statute"
    r"|an? (?:application|appeal|inquiry|investigation|reference)|the (?:application|appeal"
    r"|inquiry))\b",
    re.IGNORECASE,
)
_BY = re.compile(
    r"^(?:file title:\s{0,9})?(?:(?:re:?\s{0,9})?application by|appeal by|merger between"
    r"|proposed acquisition by|acquisition by)\s(?P<a>.{3,120})$",
    re.IGNORECASE,
)
_TO = re.compile(
    r"^(?:to|name|recipient(?: name)?|respondent|issued to|addressee"
    r"|organisation name and address|firm|subject|company)\s?:\s{0,3}(?P<a>.{0,140})$",
    re.IGNORECASE,
)
_GIVEN = re.compile(
    r"\b(?:given|issued|addressed"
    r"|directed)\s{1,9}to\s{1,9}(?P<a>[A-Z][^(\n“\"]{2,120}?)\s{0,3}\((?:the\s)?[“\"‘']",
    re.MULTILINE,
)
_ADDRESSED = frozenset(
    "final_notice decision_notice warning_notice supervisory_notice penalty_notice "
    "enforcement_notice citation reprimand notice_of_intent decision".split()
)
_RELEASES = frozenset({"litigation_release", "press_release", "enforcement_release", ""})


def parties_of(front: Front, kind: str, *, letter: bool) -> list[str]:
    """The two sides of the caption, or the one party that the matter or the notice is about.

    Cases that a text cites are none: a letter has parties only in its subject.
    """
    lines = [line.text for line in front.lines]
    title = front.title
    found: list[str] = []
    if title:
        found = _inline(title)
    if not found and not letter:
        found = _between(lines) or _caption(lines) or _by_roles(lines)
    if not found and kind in _RELEASES:
        versus = _VERSUS.search(front.head)
        found = [_clean(versus["a"]), _clean(versus["b"])] if versus else []
    if not found and letter:
        about = [line for line in lines if re.match(r"(?i)^re\W", line)]
        found = next(
            (pair for line in about if (pair := _inline(re.sub(r"(?i)^re\W+", "", line)))), []
        )
        return [as_written(name, front.text) for name in found]
    if not found and kind in _ADDRESSED:
        found = _addressee(front, lines)
    if not found and not letter:
        found = _matter(([title] if title else []) + lines)
    return [as_written(name, front.text) for name in found if name]


def _between(lines: list[str]) -> list[str]:
    """The two sides below "Between", as courts of the Commonwealth set them out."""
    start = next((at for at, line in enumerate(lines[:80]) if _BETWEEN.match(line)), None)
    if start is None:
        return []
    following = [line for line in lines[start + 1 : start + 24] if line]
    middle = next((at for at, line in enumerate(following) if line.casefold() == "and"), None)
    if not middle:
        return []
    sides = []
    for block in (following[:middle], following[middle + 1 :]):
        plain = [re.sub(r"^\(\d\)\s", "", line) for line in block]
        name = next((line for line in plain if not _is_role(line) and not _is_noise(line)), "")
        sides.append(_clean(_ROLE_WORD.sub("", name)))
    return sides if all(map(_is_name, sides)) else []


def applicants(front: Front) -> list[str]:
    """The party that a caption or a cover sheet names as applicant; empty for none."""
    for text in front.lines:
        match = re.match(r"(?i)^applicants?\s?:\s?(.{3,100})$", text.text) or _BY.match(text.text)
        if match:
            return [_clean(match[1])]
    for text_line in front.cover.splitlines():
        match = _BY.match(smooth(text_line))
        if match:
            return [_clean(match["a"])]
    return []


def _caption(lines: list[str]) -> list[str]:
    for index, line in enumerate(lines[:70]):
        if len(line) > 220 or _FIVE.search(line):
            continue
        alone, start, inline = _V_ALONE.match(line), _V_START.match(line), _V_INLINE.match(line)
        if alone and (alone["a"] or index):
            first = _above(lines, index, alone["a"])
            second = _below(lines, index, "")
        elif start:
            first = _above(lines, index, "")
            second = _below(lines, index, start["b"])
        elif inline and index < 40 and not _JUDGE.search(line):
            first, second = _clean(_ROLE_WORD.sub("", inline["a"])), _clean(inline["b"])
            if _ROLE_START.match(first) or "," in first[:3]:
                first = _above(lines, index, "")
            if _ROLE_START.match(second) or not second[:1].isupper() or len(first.split()) > 14:
                continue
        else:
            continue
        if _is_name(first) and _is_name(second):
            return [first, second]
    return []


def _by_roles(lines: list[str]) -> list[str]:
    """The names above the first two roles of a caption without "v.", such as Appellant."""
    roles = [at for at, line in enumerate(lines[:70]) if _is_role(line)][:2]
    if len({bool(_BROUGHT_IT.match(lines[at])) for at in roles}) < 2:
        return []
    names = [_above(lines, at, "") for at in roles]
    return names if all(map(_is_name, names)) else []


def _above(lines: list[str], index: int, prefix: str) -> str:
    """The name before "v.": above the line with its role, else the nearest one."""
    prefix = prefix.strip(" ,;")
    own = _clean(_ROLE_WORD.sub("", prefix))
    if own and not _ROLE_START.match(prefix) and not _is_noise(own) and _ROLE_WORD.search(prefix):
        return own
    first = max(0, index - _BEFORE)
    role = next((at for at in range(index, first - 1, -1) if _is_role(lines[at])), None)
    at = role if role is not None else index
    if role is None and own and not _is_noise(own):
        return own
    block: list[str] = []
    for line in reversed(lines[first:at]):
        if not line or _is_noise(line):
            if block:
                break
            continue
        block.insert(0, line)
    return _joined(block if role is not None else block[-1:])


def _below(lines: list[str], index: int, suffix: str) -> str:
    """The name behind "v.": on its line, else the block above its role, else the next line."""
    if (
        suffix
        and not _is_noise(suffix)
        and not _PLACE.match(suffix)
        and not _ROLE_START.match(suffix)
    ):
        return _clean(_ROLE_WORD.sub("", suffix))
    block: list[str] = []
    following = lines[index + 1 : index + 1 + _AFTER]
    role = any(map(_is_role, following))
    for line in following:
        if _is_role(line):
            break
        if role and (not line or _is_noise(line)):
            continue
        if not line or _is_noise(line):
            if block and not block[-1].endswith((",", "&")) and line and not line[0].isdigit():
                break
            if block and not line:
                break
            continue
        block.append(line)
    capitals = [line for line in block if line.isupper()]
    return _joined(capitals or block)


def _joined(block: list[str]) -> str:
    """The first name of a block: lines are joined until one ends with a comma or a full stop."""
    name = ""
    for line in block[:4]:
        name = f"{name} {line}".strip()
        if line.endswith((",", ".", ";")) or _ROLE_WORD.search(line) or _CUT.search(line):
            break
    return _clean(_ROLE_WORD.sub("", name))


def _is_role(line: str) -> bool:
    return len(line) < 60 and bool(_ROLE.match(line) or _ROLE_FIRST.match(line))


def _is_noise(line: str) -> bool:
    return (
        bool(_NUMBER_LINE.match(line) or _NOISE_LINE.search(line))
        or is_court(line)
        or is_date(line)
        or _PLACE.match(line) is not None
        or (bool(re.match(r"(?i)^(?:for the )?(?:\w+ )?district of\b", line)))
    )


def _is_name(text: str) -> bool:
    return (
        2 < len(text) <= 160
        and text[0].isalnum()
        and not text[0].islower()
        and not _ROLE_START.match(text)
        and not re.match(
            r"(?i)^(?:judge?ment|petition|memorandum|see|no|order|opinion|appeal)\b", text
        )
    )


def _inline(text: str) -> list[str]:
    match = _V_INLINE.match(text)
    if not match or _FIVE.search(text):
        return []
    first, second = _clean(_ROLE_WORD.sub("", match["a"])), _clean(match["b"])
    second = re.split(r"(?i)\s[–—|:-]\s|,\s(?:no|\d)|:\s", second)[0]
    first = re.split(r"\s[–—|]\s|:\s", first)[-1]
    good = _is_name(first) and _is_name(second) and len(first.split()) < 13
    return [first, second] if good else []


def _addressee(front: Front, lines: list[str]) -> list[str]:
    for index, line in enumerate(lines[:60]):
        match = _TO.match(line)
        if match:
            name = match["a"] or next((one for one in lines[index + 1 : index + 3] if one), "")
            name = _clean(name)
            if _is_name(name) and not is_date(name):
                return [name]
    given = _GIVEN.search(smooth(front.head))
    return [_clean(given["a"])] if given else []


def _matter(lines: list[str]) -> list[str]:
    for index, line in enumerate(lines[:60]):
        match = _MATTER.match(line) or _BY.match(line) or _RESPONDENT.match(line)
        if not match:
            continue
        rest = "" if is_type_line(match["a"]) else match["a"]
        begins = index + 1
        if _INQUIRY.match(rest or next(filter(_is_telling, lines[begins : begins + 5]), "")):
            begins = next((at + 1 for at in range(begins, begins + 6) if _is_of(lines, at)), begins)
            rest = ""
        following = list(filter(_is_telling, lines[begins : begins + 6]))
        name = (
            rest
            if len(rest) > 2 and not rest.casefold().startswith("number")
            else "".join(following[:1])
        )
        goes_on = rest.casefold().endswith((" and", " of", ",", "&"))
        if goes_on and following and len(name) < 100:
            name = f"{name} {following[0]}"
        name = _clean(name)
        if _is_name(name) and not _LAW.search(name):
            return [name]
    return []


def _is_telling(line: str) -> bool:
    return bool(line) and not _NUMBER_LINE.match(line) and not is_type_line(line)


def _is_of(lines: list[str], at: int) -> bool:
    """Whether the line ends with "of": the name is on the next one."""
    return at < len(lines) and lines[at].casefold().endswith(" of")


def _clean(text: str) -> str:
    return named(_CUT.sub("", re.sub(r"[¹²³⁴-⁹⁰*†‡]+", "", smooth(text))))
