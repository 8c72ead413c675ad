"""Who speaks in a document that is not its authority's own: a party, a witness, a court."""

import re

from rag.load.metadata.authorities import Register
from rag.load.metadata.front import Front, smooth
from rag.load.metadata.names import named
from rag.load.metadata.parties import applicants

_NAME = r"(?P<n>[A-Z][\w.,'’& -]{1,90}?)"
_OF = re.compile(
    r"\b(?:dissent(?:ing)?|concurr(?:ing|ence)|statement|remarks|testimony|speech|opinion"
    r"|declaration|affidavit|witness statement|report|interview)"
    rf"(?:\s(?:statement|opinion|views?|remarks|in part))?\s(?:of|by"
    rf"|from)\W{{0,3}}(?:the\s)?{_NAME}"
    r"(?=\s(?:regarding|concerning|on|in|to|about|dissenting|concurring|affirmed|sworn|dated"
    r"|before|as|re)\b|,\s(?:dissenting|concurring|in|on|chief|ceo|chair|president|director"
    r"|ph\.?d)\b|[:;(\n]|\s?$)",
    re.IGNORECASE,
)
_WRITES = re.compile(
    r"^(?P<n>(?:(?:commissioner|justice|judge|chief judge|chief justice|chairman|chairwoman"
    r"|chair)\s)?[A-Z][\w.' -]{2,50}?),?\s?(?P<t>(?:circuit|district|senior circuit|chief) judge"
    r"|justice|chief justice|judge|c\.?j\.|j\.|commissioner)?,?\s\(?(?:dissenting|concurring)",
    re.IGNORECASE,
)
_SWEARS = re.compile(
    rf"\bI,\s{_NAME},?\s(?:of\b|hereby\b|declare\b|being\b|state\b|do\b|make\b|am\b|having\b"
    rf"|under\b|affirm\b|swear\b|say\b|\d)",
)
_LABELLED = re.compile(
    rf"^(?:affidavit of|deponent|declarant|witness|statement of|name of witness)\s?:\s?{_NAME}$",
    re.IGNORECASE,
)
_BY = re.compile(
    r"\b(?:by|of|on\s{1,9}behalf\s{1,9}of|for"
    r"|from)\s(?P<n>[A-Z][\w.,'’&() -]{2,100}?)(?:\d{1,2})?(?=$"
    r"|[:;]|\s(?:in|to|on|regarding|dated|pursuant|under)\s)"
)
_COMMENTER = re.compile(
    r"\b(?:by|of|from)\s(?P<n>[A-Z].{2,120}?)(?=\son\s|\sregarding\s|\sconcerning\s|\sto\sthe\s|$)"
)
_JUDGE = re.compile(
    r"^(?:present|before|judge|tribunal|coram)\s?:?\s?(?:the\s)?hon(?:ou?rable"
    r"|\.)?\s(?P<n>(?-i:[A-Z][\w.']*(?:\s[A-Z][\w.']*){1,4}))",
    re.IGNORECASE,
)
_GIVEN_BY = re.compile(
    r"\b(?i:given|offered|made|proposed"
    r"|entered\s{1,9}into)\b[^.]{0,160}?\bby:?\s{1,3}(?P<n>[A-Z][^;:\n]{2,220}?)(?=\s{0,2}\n|\.\s"
    r"|\s\(together|\s\(collectively|,?\sunder\b|,?\spursuant\b|\)\.|$)",
)
_REGISTRATION = re.compile(
    r"\s?\((?:ACN|ABN|UEN|CRN|company|registration|together|the)[^)]{0,60}\)"
    r"|,?\s(?:ACN|ABN|ARBN)\s?\d[\d ]{6,14}\d",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(\((?:ACN|ABN|UEN|CRN)[^)]{0,60}\))(?!\s?(?:,|and\b|&)).*$")
"""What follows the registration of the last name."""
_SIDE = re.compile(
    r"\b(?:plaintiff|petitioner|appellant|complainant|claimant|defendant|respondent|appellee"
    r"|government|united states)(?=s?['’])",
    re.IGNORECASE,
)
_FOR = re.compile(
    r"\b(?:attorneys?|counsel|solicitors?)\s{1,9}for\s{1,9}(?:the\s{1,9})?(?P<r>plaintiff"
    r"|petitioner|appellant"
    r"|complainant|claimant|defendant|respondent|appellee|government|united states)",
    re.IGNORECASE,
)
_FOR_SIDE = re.compile(
    r"\b(?:for|of|by)\s(?:the\s)?(?P<r>plaintiff|petitioner|appellant|complainant|claimant"
    r"|defendant"
    r"|respondent|appellee)s?\b",
    re.IGNORECASE,
)
_SECOND = frozenset({"defendant", "respondent", "appellee"})
_SIGN_OFF = re.compile(
    r"^\W{0,3}(?:yours\s)?(?:sincerely|respectfully(?:\ssubmitted)?|faithfully|very\struly\syours"
    r"|best\sregards|kind\sregards|regards|truly\syours)(?:\syours)?\W{0,3}$",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"\b(?:ceo|cfo|coo|clo|chief|president|director|counsel|officer|partner|manager|secretary"
    r"|chair(?:man|woman|person)?|head|founder|principal|treasurer|vice|attorney|solicitor|general"
    r"|senior|executive|policy|commissioner|md|j\.?d|ph\.?d|esq)\b",
    re.IGNORECASE,
)
_HEADS, _NAME_WORDS = 5, 7
"""First lines that may be the name of a company, and words of such a name, at most."""
_COMPANY = re.compile(
    r"^[A-Z].{1,60}[\s,](?:Inc|L\.?L\.?C|Ltd|Limited|Corp|Corporation|plc|PLC|LLP|L\.?P|GmbH|AG|SE|"
    r"S\.?A|N\.?V|B\.?V|dac|DAC|Pty Ltd|Holdings?|Group)\.?$"
)
_ORGANISATION = re.compile(
    r"\b(?:inc|llc|llp|ltd|limited|corp|corporation|company|plc|association|institute|council"
    r"|coalition|foundation|fund|bank|exchange|group|holdings|union|society|university|center"
    r"|centre|alliance|federation|league|committee|project|network|partners|lp|ag|gmbh|n\.a)\b\.?",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"^(?P<n>[A-Z][\w.,&'’ -]{1,70}?)\s{0,2}(?:\([^)]{2,80}\)\s)?(?:\w+ly\s)?(?:appreciates?"
    r"|submits?|writes?|welcomes?|thanks?|is\s{1,9}pleased|is\s{1,9}writing|supports?|opposes?"
    r"|urges?"
    r"|represents?)\b",
)
_PERSONAL = frozenset(
    {"we", "i", "this", "these", "our", "it", "the undersigned", "thank you", "please", "as", "on"}
)
_PREPARED = re.compile(
    r"^(?:prepared by|submitted by|authored by|author|report by"
    r"|by)\W{1,4}(?P<n>[A-Z][\w.,'’ -]{3,60})$",
    re.IGNORECASE,
)
_OFFICIAL = re.compile(
    r"^(?P<n>(?:special counsel|inspector general|independent (?:examiner|monitor|counsel)|monitor"
    r"|examiner)\s[A-Z][\w.,' -]{3,60})$",
    re.IGNORECASE,
)
_OFFICIAL_TITLE = re.compile(
    r"\b(?:commissioners?|chair(?:man|woman|person)?|director|secretary|attorney|superintendent"
    r"|governor|administrator|comptroller"
    r"|justice|judge|president|minister|ombudsman)\b",
    re.IGNORECASE,
)
_ROLE_TITLE = re.compile(
    r"^(commissioner|justice|judge|chair(?:man|woman)?|chief justice|chief judge)\b", re.IGNORECASE
)


def speaker_of(
    front: Front,
    kind: str,
    voice: str,
    heading: str,
    parties: list[str],
    court: str,
    known: Register,
) -> str:
    """The speaker of a document that its authority does not speak itself; "" where none is clear.

    Parameters
    ----------
    heading
        The line that names the type, "" for none.
    """
    heading = smooth(f"{front.title if heading == '' else heading}")
    if kind in ("dissent", "concurrence"):
        return _author_of_opinion(front, heading, kind)
    if voice == "court":
        return court or _judge(front)
    if voice == "witness":
        return _witness(front, heading)
    if kind == "letter":
        return _signatory(front)
    if kind in ("undertaking", "undertaking_offer"):
        return _giver(front)
    if kind in ("report", "expert_report", "statement", "faq", "comment", "indictment"):
        return _author(front, heading, kind)
    if voice == "party":
        return _party(front, kind, heading, parties)
    return ""


def _author_of_opinion(front: Front, heading: str, kind: str) -> str:
    how = "dissenting" if kind == "dissent" else "concurring"
    for line in [heading, *(line.text for line in front.lines[:12])]:
        found = _OF.search(line) or _WRITES.match(line)
        if not found:
            continue
        name = _name(found["n"])
        name = name.title() if name.isupper() else name
        title = (found.groupdict().get("t") or "").strip(" .,")
        if title and not _ROLE_TITLE.match(name):
            short = {"j": "Justice", "c.j": "Chief Justice", "cj": "Chief Justice"}
            name = f"{short.get(title.casefold(), title.title())} {name}"
        return f"{name} ({how})"
    return ""


def _judge(front: Front) -> str:
    found = next((found for line in front.lines if (found := _JUDGE.match(line.text))), None)
    return f"Judge {_name(found['n'])}" if found else ""


def _witness(front: Front, heading: str) -> str:
    for line in (line.text for line in front.lines):
        found = _LABELLED.match(line)
        if found:
            return _name(found["n"])
    found = _OF.search(heading)
    if found and not re.match(
        r"(?i)(?:compliance|service|mailing|support|publication)\b", found["n"]
    ):
        return _name(found["n"])
    found = _SWEARS.search(smooth(front.text[:8000]))
    return _name(found["n"]) if found else ""


def _signatory(front: Front) -> str:
    """The organisation in the signature, else the one that the first sentence says is writing."""
    organisation = _in_signature(front)
    if organisation:
        return organisation
    after = re.search(r"(?im)^\W{0,10}dear\s[^\n]{1,80}\n", front.head)
    opening = smooth(front.head[after.end() : after.end() + 400]) if after else ""
    found = _WROTE.match(re.sub(r"^on behalf of\s", "", opening, flags=re.IGNORECASE))
    behalf = re.match(
        r"(?i)(?:i am writing |we write "
        r"|we are writing )?on behalf of (?P<n>[A-Z][\w.&' -]{2,60}?)(?:,|\s\(|\s(?:we|i)\b)",
        opening,
    )
    found = found or behalf
    if found and found["n"].strip().casefold() not in _PERSONAL:
        name = _name(found["n"])
        return (
            name
            if len(name.split()) <= 8
            and not re.match(r"(?i)(?:we|i|the undersigned|it|this|our)\b", name)
            else ""
        )
    return ""


def _in_signature(front: Front) -> str:
    lines = [smooth(line).strip(" *_#|") for line in front.text[-6000:].splitlines()]
    starts = [index for index, line in enumerate(lines) if _SIGN_OFF.match(line)]
    if not starts:
        return ""
    block = [line for line in lines[starts[-1] + 1 : starts[-1] + 30] if line]
    if len(block) > 8 and sum(bool(_ORGANISATION.search(line)) for line in block) > 3:
        return ""  # signed by many
    block = block[:6]
    for line in block[1:]:
        if re.match(
            r"(?i)^(?:cc|enclosure|encl|attachment|appendix|\d|¹|individual signers|/s/)", line
        ):
            break
        if _OFFICE.search(line):
            last = line.rsplit(", ", 1)[-1] if ", " in line else ""
            if last and not _OFFICE.search(last) and len(last.split()) <= 6:
                return _name(last)
            continue
        if (
            len(line.split()) <= 7
            and line[:1].isupper()
            and "@" not in line
            and not line.endswith(".")
        ):
            follows_office = any(_OFFICE.search(one) for one in block[: block.index(line)])
            if _ORGANISATION.search(line) or follows_office:
                return _name(line)
    return ""


def _giver(front: Front) -> str:
    text = front.head + "\n" + front.text[4000:8000]
    found = _GIVEN_BY.search(re.sub(r"(?<!\n)\n(?!\n)", " ", text))
    if not found:
        return ""
    names = _REGISTRATION.sub("", _ADDRESS.sub(r"\1", " ".join(found["n"].split())))
    names = re.sub(r"\sand\sits\s(?:\w+\s)?subsidiar(?:y|ies)\b", " and", names)
    return _name(names)


def _author(front: Front, heading: str, kind: str) -> str:
    if kind == "indictment":
        return "the grand jury" if re.search(r"(?i)grand\s{1,9}jury", front.head) else ""
    for line in (line.text for line in front.lines[:40]):
        found = _OFFICIAL.match(line) or _PREPARED.match(line)
        if found:
            return _name(found["n"])
    if kind == "comment":
        by = _COMMENTER.search(_first_capital(heading))
        return _phrase(by["n"]) if by else ""
    found = _OF.search(heading)
    if found and kind != "report":
        return _name(found["n"])
    possessive = re.match(
        r"(?P<n>[A-Z][\w.,& -]{1,50}?)['’]s?\s(?:\w+\s)?(?:response|statement|reply)\b", heading
    )
    if possessive:
        return _name(possessive["n"])
    if kind in ("statement", "faq"):
        # A company heads its own page with its name.
        heads = (line.text for line in front.lines[:_HEADS])
        return next((_name(line) for line in heads if _is_company(line)), "")
    return ""


def _is_company(line: str) -> bool:
    """Whether a line is nothing but the name of a company, with its legal form."""
    return len(line.split()) <= _NAME_WORDS and _COMPANY.search(line) is not None


def _party(front: Front, kind: str, heading: str, parties: list[str]) -> str:
    if kind in ("submission", "application", "answer", "motion", "brief", "amicus_brief"):
        plain = _first_capital(heading)
        by = _BY.search(plain, max(0, plain.rfind(" by "), plain.rfind(" on behalf of ")))
        if (
            by
            and kind in ("submission", "application", "amicus_brief")
            and not _SIDE.search(by["n"])
        ):
            name = _name(by["n"])
            if _is_organisation(name):
                return name
        own = re.match(r"(?P<n>[A-Z][A-Z .,&()-]{3,90}?) APPLICATION FOR\b", heading) or re.match(
            r"(?P<n>[\w.,& -]{3,60}?)['’]s?\s(?:\w+\s)?(?:submissions?|representations?|motion"
            r"|reply|brief|response)\b",
            heading,
        )
        if own and not _SIDE.search(heading):
            return _name(own["n"])
    applicant = applicants(front)
    if applicant and kind in ("submission", "application"):
        return applicant[0]
    if len(parties) != 2:
        return ""
    if kind == "complaint":
        return parties[0]
    if kind == "answer":
        return parties[1]
    names_it = _FOR_SIDE.search(heading)
    side = _SIDE.search(" ".join(line.text for line in front.lines))
    role = names_it["r"] if names_it else side[0] if side else ""
    if not role:
        counsel = _FOR.search(front.head) or _FOR.search(front.text[-2500:])
        role = counsel["r"] if counsel else ""
    if not role:
        return parties[0] if kind in ("application", "brief", "motion") else ""
    return parties[1] if role.casefold() in _SECOND else parties[0]


def is_official(name: str) -> bool:
    """Whether ``name`` holds an office: Commissioner Nora Vale, Director Mufarrige."""
    return _OFFICIAL_TITLE.search(name) is not None


def _is_organisation(name: str) -> bool:
    return bool(re.match(r"[A-Z]", name)) and not re.match(
        r"(?i)(?:review|leave|the|orders?|directions?|further)\b", name
    )


def _first_capital(text: str) -> str:
    """Prepositions of a heading in capitals in lower case, so that names stand out."""
    return re.sub(
        r"\b(?:BY|OF|FOR|ON|BEHALF|FROM|IN|TO|REGARDING)\b", lambda match: match[0].lower(), text
    )


def _name(text: str) -> str:
    text = re.sub(r"^(?i:amic(?:us|i)\s{1,9}curiae)\s", "", text)
    return named(re.sub(r"\d{1,2}$", "", " ".join(text.split())))


def _phrase(text: str) -> str:
    """A description instead of a name, in lower case: "professors with expertise"."""
    text = " ".join(text.split())
    capitals = sum(word.isupper() for word in text.split()) > len(text.split()) // 2
    return text.lower() if capitals and not _ORGANISATION.search(text) else _name(text)
