"""Speakers: who the author of a place is, and whom the subject of a framing verb names."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from rag.attribution.rules import Enclosure, Rules, authorities, voices
from rag.types import Document

_ROLE = re.compile(
    r"(?:the |each |both |all )?(?:respondents?|defendants?|appellants?|appellees?|applicants?"
    r"|petitioners?|claimants?"
    r"|plaintiffs?|accused|company|companies|firm|bank|controllers?|processors?|organisation"
    r"|employer|undertakings?|part(?:y|ies)"
    r"|debtors?|relators?|complainants?|taxpayers?|acquirer|notifying part(?:y|ies)"
    r"|merger parties|licensee|issuer|individual)",
    re.IGNORECASE,
)
_SINGULAR_ROLE = re.compile(
    r"(?:the )?(?:respondent|defendant|company|firm|bank|controller|processor|organisation"
    r"|employer|licensee|undertaking|appellant|petitioner|taxpayer)",
    re.IGNORECASE,
)
_REGULATOR = re.compile(
    r"\b(?:regulators?|supervisory authorit(?:y|ies)|data protection authorit(?:y|ies)|ombudsman"
    r"|supervisor)$",
    re.IGNORECASE,
)
_COMPANIES = re.compile(
    r"(?:the |both )?(?:compan(?:ies|y boards)|undertakings|firms|banks|respondents|defendants"
    r"|appellants|applicants|petitioners)",
    re.IGNORECASE,
)
_COURT = re.compile(
    r"\b(?:courts?|tribunals?|justices?|circuit|magistrate|judges?|panel|alj|cjeu|ecj|chamber"
    r"|grand chamber|house of lords|privy council|lord|lady|arbitrator|hearing officer)\b",
    re.IGNORECASE,
)
_JURY = re.compile(r"\b(?:grand )?jur(?:y|ors)\b", re.IGNORECASE)
_ACCUSER = re.compile(
    r"(?:(?:the|its|this|an?|\S{1,30}) )?(?:\w{1,20} ){0,2}(?:complaint|indictment|information"
    r"|petition|citation"
    r"|charge|lawsuit|suit|pleading|court (?:documents|filings|papers)|charging documents?)s?",
    re.IGNORECASE,
)
_PROSECUTION = re.compile(
    r"(?:the )?(?:government|prosecut(?:ion|ors?)|united states|crown|u\.?s\.? attorney.{0,40}"
    r"|commissioner|secretary|director|department|state|people|commonwealth|attorney general|oag"
    r"|superintendent|bureau|division|agency)",
    re.IGNORECASE,
)
PRONOUN = re.compile(r"(?:he|she|they|it|his|her|its|their)", re.IGNORECASE)
"""A subject that must be looked up in the sentence before."""
_JOINED = re.compile(r"(?:he|she|it|they)(?:has|had|have|is|was|were)", re.IGNORECASE)
"""A pronoun and its verb, between which a scan has lost the space."""
_OWN = re.compile(r"(?:we|i|our|my|ours)", re.IGNORECASE)
_NOBODY = re.compile(
    r"[a-z](?: [a-z]){0,3}|(?i:the|an?|its|this|that|any|such) (?:\w{1,20} )?"
    r"(?:fine|penalty|penalties|sum|amount|infringement|breach|violation)s?\b.{0,80}"
)
"""What says nothing: single letters of a scan, a sum, a deed. The author speaks."""
_PAPER = re.compile(
    r"(?:this|the|our|the present) (?:present |final |draft |penalty |above "
    r"|binding )?(?:decision|order|notice|opinion|determination|judgment|award|statement of reasons"
    r"|release|findings?|investigation|inquiry|advisory|guidance|alert)"
    r"|(?:this|our|the present) (?:letter|report)",
    re.IGNORECASE,
)
_HEAD = re.compile(
    r"'s? (?:\w{1,20} ){0,3}(?:view|position|decision|assessment|findings?|order|analysis"
    r"|opinion|case|argument"
    r"|submissions?|representations?|complaint|response|counsel|lawyers?|defen[cs]e|analysis"
    r"|brief|letter|report|staff|motion|reply|application|appeal|draft decision"
    r"|(?:review|investigation|examination|inspection|audit|inquiry)(?: (?:of|into) .{1,60})?)s?$",
    re.IGNORECASE,
)
_COUNSEL = re.compile(
    r"^(?:(?:lead |defen[cs]e )?(?:counsel|lawyers?|attorneys?) (?:for|of|to) )(?P<who>.{2,60})$",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:[Tt]he|[Aa]n?|[Bb]oth|[Ee]ach) ")
_TITLED = re.compile(r"(?:Mr|Mrs|Ms|Miss|Dr|Sir|Lord)\.? ([A-Z][\w'-]+)")
_SPECIAL = re.compile(
    r"\b(?:the )?special counsel'?s? office\b|^[^\w\n]*special counsel$", re.I | re.M
)
_BEFORE_JUDGE = re.compile(
    r"^\W{0,4}before:? {0,3}(?:(?:the )?(?:hon(?:orable|\.)? )?administrative law judge "
    r"(?P<last>[A-Z][\w.'-]+(?: [A-Z][\w.'-]*){0,3})"
    r"|(?:the )?(?:hon(?:orable|\.)? )?(?P<first>[A-Z][\w.'-]+(?: [A-Z][\w.'-]*){0,3}),?\s{1,3}"
    r"administrative law judge)",
    re.IGNORECASE | re.MULTILINE,
)
"""A decision of a judge within an authority, who decides for themselves."""
_OF_JUDGES = re.compile(
    r"^\W{0,4}(?:division of judges|(?:national )?office of administrative law judges"
    r"|initial decision(?: of (?:the )?administrative law judge)?)\W{0,4}$",
    re.IGNORECASE | re.MULTILINE,
)
_JUDGE_SIGNS = re.compile(
    r"^\W{0,4}(?:/s/ ?)?(?P<who>[A-Z][\w.'-]+(?: [A-Z][\w.'-]*){1,3}),?\s{1,9}"
    r"(?:(?:United States|U\.S\.|Chief) )?Administrative Law Judge\b",
    re.MULTILINE,
)
_STATE = r"[A-Z][a-z]{2,12}(?: [A-Z][a-z]{3,12})?"
_STATE_AG = re.compile(
    rf"^\W{{0,4}}(?i:(?:state of \w{{3,14}} )?(?:office of (?:the )?)?attorney general"
    rf"(?: of| for)(?: the)?(?: state of| commonwealth of)?) (?P<of>{_STATE})\W{{0,3}}$"
    rf"|\b(?P<by>{_STATE}) (?:Attorney General|AG) (?-i:[A-Z])",
    re.MULTILINE,
)
_INSPECTOR = re.compile(
    r"^\W{0,4}(?:(?P<of>(?:U\.S\. )?[A-Z][\w. ]{3,60})\s{0,3}\n\W{0,4})?"
    r"(?i:office of (?:the )?inspector general)\W{0,3}$",
    re.MULTILINE,
)
_HEADING_VOICES = frozenset({"", "authority", "author", "court"})
_CAPTION = re.compile(
    r"\b(?:v|vs|versus|plaintiffs?|claimants?|petitioners?|applicants?|appellants?)\b",
    re.IGNORECASE,
)
"""In the head of a paper of two sides, a name is that of a side."""
_SMALL = re.compile(r"(?<= )(?:Of|The|And|For)(?= )")
_HEADING_LINES = 5
_INSTITUTION = re.compile(
    r"(?:[A-Z][\w.'’-]{1,20}|of|the|and|for|&)(?: (?:[A-Z][\w.'’-]{1,20}|of|the|and|for|&)){0,7}? "
    r"(?:Authority|Commission|Commissioner|Service|Agency|Board|Bureau|Council|Inspectorate"
    r"|Ombudsman|Regulator|Ministry|Exchange|Administration|Office)"
    r"(?: (?:of|for)(?: [A-Z]\w{2,20}){1,2}){0,2}"
)
"""An authority that is not in the register, as its own paper is headed."""
_OFFICES = (
    "Authority Commission Commissioner Service Agency Board Bureau Council Inspectorate Ombudsman"
    " Regulator Ministry Office Directorate Administration"
).split()
_OFFICE = re.compile(rf"\b({'|'.join(_OFFICES)})(?= (?:of|for) |$)", re.IGNORECASE)
_SHORT = re.compile(r"[A-Z]{2,6}")
_HEADED = 600
"""Characters at the beginning of a paper in which the office that heads it stands."""
INITIAL_DECISION = "initial_decision"
"""What rules call the decision of a judge within an authority, whatever its type."""
_SIGNED = 3000
"""Characters at the beginning and at the end of a document in which who signs it is looked for."""
_NAMED = (
    r"(?P<who>(?:[A-Z]\.|[A-Z][\w&'-]{0,30}|of|and|the)"
    r"(?:\s(?:[A-Z]\.|[A-Z&][\w&'-]{0,30}|of|and|for)){0,7})"
)
_ON_BEHALF = re.compile(
    rf"\b(?:(?:on )?behalf of|[Ww]e at|submitted by|written for) (?:the )?{_NAMED}"
)
_SUBMITS = re.compile(
    rf"\b{_NAMED}(?:,? \([^)]{{2,60}}\))?,? (?:respectfully |hereby )?(?:submits this|submits these"
    r"|appreciates the opportunity|welcomes the opportunity|is pleased to (?:submit|provide"
    r"|comment)|writes (?:to|in))\b"
)
_SINCERELY = re.compile(
    r"(?i:sincerely(?: yours)?|respectfully(?: submitted)?|yours (?:faithfully|truly|sincerely)"
    rf"|(?:best|kind) regards),?\s{{1,40}}(?:/s/\s{{0,5}})?{_NAMED}"
)
_SIGNER = re.compile(r"\s*[A-Z][^.:]{3,90}$")
_MANY = 8
"""Lines of names below a letter, at least, if many have signed it."""
_OFTEN = 10
"""Times that a paper names its author, or says "we", at least, if only its title names them."""
_TITLE = re.compile(
    r"([A-Z][\w.&'-]{1,30}(?: [A-Z&][\w.&'-]{0,30}){0,5}?),? (?:Inc|Ltd|Limited|LLC|LLP|plc|PLC"
    r"|Corp|Corporation|GmbH|AG|Pty|S\.A)\b"
)
_COMPANY = re.compile(
    r"(?P<who>[A-Z][\w.&'-]{0,30}(?: [\w.&'-]{1,30}){0,5}?),? (?:Inc|Ltd|Limited|LLC|LLP|plc|PLC"
    r"|Corp|Corporation|GmbH|AG|Pty Ltd|S\.A)\.?"
)
_PERSONAL = frozenset({"dissent", "concurrence"})
"""Enclosed papers that a person signs, whose words "together" name others."""
_ADDRESSED = frozenset({"warning_letter", "citation"})
_YOU = re.compile(r"(?:you|your(?: (?:firm|company|facility|client))?)", re.IGNORECASE)
_DEFINED = re.compile(
    r"\((?:(?:together|collectively|hereinafter)(?: referred to as)?,? |the |or )?"
    r"[\"“](?:the )?(?P<short>[A-Z][\w&.'-]{1,25}(?: [A-Z][\w&.'-]{1,20}){0,2})[\"”]"
)
_FULL = re.compile(r"[A-Z][\w.&'-]{1,30}(?: (?:[A-Z&][\w.&'-]{0,30}|of|and|the)){0,7}")
_FULL_WITHIN = 120
_TOGETHER = re.compile(
    r"\((?:together|collectively),? (?:referred to as "
    r"|the )?[“\"]?([A-Z][\w&.-]{1,25}(?: [A-Z][\w&.-]{1,20}){0,3})"
)
_DEFINED_WITHIN = 4000
"""Characters of an enclosed paper in which its author is given a short name."""
_LAW = re.compile(
    r"\b(?:act|regulations?|directive|rules?|code|agreement|plan|policy|order|notice|decision"
    r"|law|date|period|section|report|fund|notes?)s?$",
    re.IGNORECASE,
)
_SUFFIX = re.compile(
    r",? (?:Inc|Ltd|Limited|LLC|LLP|L\.L\.C|plc|PLC|Corp|Corporation|Co|Company|GmbH|AG|SA|S\.A"
    r"|B\.?V|N\.?V|N\.?A|Pty|SE|AB|ASA"
    r"|International|Holdings|Group|and others|et al|Jr|Sr|III|II)\b\.?,?",
)


@dataclass(frozen=True, slots=True)
class Speaker:
    """A speaker by the name that a reader would use, and what they are in the document.

    ``kind`` is ``own`` (whose place it is), ``authority``, ``court``, ``jury``, ``accuser``,
    ``party`` or ``third``.
    """

    name: str | None
    kind: str


@dataclass(frozen=True, slots=True, eq=False)
class Author:
    """Whose document it is, and what it calls itself."""

    name: str | None
    agency: str | None
    family: str
    type: str
    voice: str
    stage: str
    own: re.Pattern[str]
    parties: tuple[str, ...]

    def speaker(self, words: str) -> Speaker | None:
        """Whom the subject of a framing verb names; None for a pronoun that must be looked up."""
        bare = " ".join(words.split()).strip(" ,")
        if (counsel := _COUNSEL.match(bare)) is not None:
            inner = self.speaker(counsel["who"])
            return Speaker(f"counsel for {inner.name if inner else counsel['who']}", "party")
        bare = _HEAD.sub("", bare)
        if self.voice == "parties" and self.agency and self.own.fullmatch(bare):
            return Speaker(self.agency, "authority")  # one of the parties speaks alone
        if _OWN.fullmatch(bare) or _PAPER.fullmatch(bare) or self.own.fullmatch(bare):
            return Speaker(self.name, "own")
        if PRONOUN.fullmatch(bare) or _JOINED.fullmatch(bare):
            return None
        if _NOBODY.fullmatch(bare):
            return Speaker(self.name, "own")
        if _YOU.fullmatch(bare):
            return Speaker(self.party(), "party")
        if _JURY.search(bare):
            return Speaker("the grand jury" if "grand" in bare.lower() else "the jury", "jury")
        if (other := _authority(_ARTICLE.sub("", bare))) is not None:
            if other == self.agency:
                return Speaker(self.name, "own")
            before_court = self.voice == "court" and self._is_party(other)
            return Speaker(other, "party" if before_court else "authority")
        if _ACCUSER.fullmatch(bare):
            return Speaker(self.name if self.voice in ("authority", "") else None, "accuser")
        if _COURT.search(bare) and not re.search(
            r"\b(?:court documents|solicitor|party|parties)\b", bare, re.IGNORECASE
        ):
            return Speaker(self._court(bare), "court")
        if self.voice in (
            "court",
            "party",
            "parties",
            "witness",
            "hearing",
        ) and _PROSECUTION.fullmatch(bare):
            return Speaker(_lower(bare), "authority")
        common = self._common() if _COMPANIES.fullmatch(bare) else ""
        if common or _ROLE.fullmatch(bare):
            if len(self.parties) == 1 and _SINGULAR_ROLE.fullmatch(bare):
                common = self.parties[0]
            return Speaker(common or _lower(bare), "party")
        if _REGULATOR.search(bare):
            return Speaker(reader_name(bare), "authority")
        for party in self.parties:
            if (
                party.casefold() in bare.casefold()
                or _ARTICLE.sub("", bare).casefold() in party.casefold()
            ):
                return Speaker(party if len(party) < 40 else bare, "party")
        if (surname := _TITLED.fullmatch(bare)) is not None:
            for party in self.parties:
                if party.split()[-1].casefold() == surname[1].casefold():
                    return Speaker(party, "party")
        return Speaker(reader_name(bare), "third")

    def party(self) -> str:
        """The one party of the document, by name if it is known."""
        return self.parties[0] if len(self.parties) == 1 else "the party"

    def defendant(self) -> str:
        """The defendant, by name if the document is about one party only."""
        return self.parties[0] if len(self.parties) == 1 else "the defendant"

    def _is_party(self, authority: str) -> bool:
        entry = authorities()[authority]
        names = (authority, *entry.get("names", ()), *entry.get("officers", ()))
        parties = {party.casefold() for party in self.parties}
        return not parties.isdisjoint(name.casefold() for name in names)

    def _common(self) -> str:
        """The name that all parties begin with: "Acme" for Acme LLC and Acme Ireland."""
        first = {party.split()[0] for party in self.parties}
        return first.pop() if len(first) == 1 else ""

    def _court(self, words: str) -> str:
        if self.voice == "court" and re.fullmatch(
            r"(?:the|this) (?:court|tribunal|panel)", words, re.IGNORECASE
        ):
            return self.name or "the court"
        if self.stage in ("announcement", ""):
            return "the court"
        return _lower(words)


def author_of(document: Document, rules: Rules) -> Author:
    """Whose document it is."""
    kind = next(iter(document.texts("type")), "")
    agency = " and ".join(document.texts("agency")) or None
    entry = authorities().get(agency or "", {})
    family = str(entry.get("family", ""))
    speaker = " and ".join(document.texts("speaker")) or None
    if speaker and agency and speaker.casefold() == agency.casefold():
        speaker = None
    voice = voices().get(kind, "")
    if speaker is None and agency is None and voice in ("author", "party"):
        speaker = _writer(document)
    if speaker is None and agency is None and not voice:
        speaker = _company(document)
    if not voice:
        voice = "author" if speaker else "authority" if agency else ""
    stage = rules.stage_of(kind)
    if speaker and not stage:
        stage = "argument"
    if speaker is None and agency is None and (voice in _HEADING_VOICES or kind == "complaint"):
        agency, family = _heads(document, voice)
        voice = "authority" if agency and voice == "author" else voice
    offices = [] if entry else _offices(speaker or agency or "")
    if voice == "court" and (offices or (speaker is None and agency)):
        voice = "authority"
    name = speaker or (agency if agency != "DOJ" else _office(document) or agency)
    if voice == "authority" and stage == "final" and speaker is None:
        judge = _judge_within(document.text)
        if judge:
            name, kind = f"{judge} ({name})", INITIAL_DECISION
    if voice == "parties" and kind != "plea_agreement":
        name = "the parties"
    names = [
        *([agency] if agency else []),
        *entry.get("names", ()),
        *entry.get("short", ()),
        *entry.get("self", ()),
        *entry.get("officers", ()),
        *(
            one
            for scope, more in rules.self_names
            if scope.holds(agency or "", family, kind, voice, stage, "")
            for one in more
        ),
        *([speaker] if speaker else []),
        *(offices if voice == "authority" else []),
    ]
    if voice == "court":
        names += ["court", "tribunal", "panel", "undersigned", "board"]
    own = "|".join(re.escape(_ARTICLE.sub("", one)) for one in dict.fromkeys(names)) or "(?!)"
    return Author(
        _court_name(name, kind) if voice == "court" and name == speaker else name,
        agency,
        family,
        kind,
        voice,
        stage,
        re.compile(rf"(?:the |this )?(?:{own})(?:'s)?(?: staff)?", re.IGNORECASE),
        _parties(document),
    )


def _offices(name: str) -> list[str]:
    """What an authority that is not in the register may call itself: "the Office".

    It is the last word of its name, or a word with a letter of its short name.
    """
    if (last := _OFFICE.search(name)) is not None:
        return [last[1]]
    return [word for word in _OFFICES if _SHORT.fullmatch(name) and word[0] in name]


def _judge_within(text: str) -> str:
    """The judge within an authority who decides for themselves; "" if there is none."""
    named = _BEFORE_JUDGE.search(text, 0, _SIGNED)
    if named:
        return f"Judge {(named['last'] or named['first']).title()}"
    if not _OF_JUDGES.search(text, 0, _SIGNED):
        return ""
    signed = _JUDGE_SIGNS.search(text, max(0, len(text) - _SIGNED))
    return f"Judge {signed['who'].title()}" if signed else "the administrative law judge"


def _writer(document: Document) -> str | None:
    """Who writes a paper of which no author is known, as it says itself."""
    text = document.text
    said = _ON_BEHALF.search(text, 0, _SIGNED) or _SUBMITS.search(text, 0, _SIGNED)
    if said is None:
        said = _SINCERELY.search(text, max(0, len(text) - _SIGNED))
        below = text[said.start("who") :].splitlines() if said else []
        if sum(bool(_SIGNER.match(line)) for line in below) >= _MANY:
            return "the signatories"
    if said is not None:
        return " ".join(said["who"].split()).strip(" ,.")
    # Questions and answers of a company that title or file name: "we" is the company.
    if re.search(r"\b(?:[Ww]e|[Oo]ur)\b", text):
        named = f"{document.title} {re.sub(r'[-_.]', ' ', document.doc_id)}"
        for word in re.findall(r"[A-Z]\w{2,20}", named):
            if _authority(word) is None and len(re.findall(rf"\b{word}\b", text)) >= _OFTEN:
                return str(word)
    return None


def _heads(document: Document, voice: str) -> tuple[str | None, str]:
    """The office that heads a paper of its own without being its stored agency, and its family."""
    if voice not in ("author", "court"):
        for line in document.text[:_HEADED].splitlines()[:_HEADING_LINES]:
            key = _authority(line.strip(" *#"))
            if key is not None:
                return key, str(authorities()[key].get("family", ""))
    state = _STATE_AG.search(document.text, 0, _HEADED)
    if state:
        return f"{state['of'] or state['by']} Attorney General", "us_state"
    general = _INSPECTOR.search(document.text, 0, _HEADED)
    if general:
        over = " ".join((general["of"] or "").split())
        return f"{over} Office of Inspector General".strip(), "us_federal"
    if voice == "authority" or (
        voice == "court" and not _CAPTION.search(document.text, 0, _HEADED)
    ):
        for line in document.text[:_HEADED].splitlines()[:_HEADING_LINES]:
            heading = line.strip(" *#")
            if heading.isupper():
                heading = _SMALL.sub(lambda word: word[0].lower(), heading.title())
            if _INSTITUTION.fullmatch(heading) and not _COURT.search(heading):
                return heading, ""
    return None, ""


def _company(document: Document) -> str | None:
    """The company that a paper of no known kind names as its title, if "we" speak in it."""
    named = _COMPANY.fullmatch(document.title.strip())
    if named is None or len(re.findall(r"\b(?:[Ww]e|[Oo]ur)\b", document.text)) < _OFTEN:
        return None
    return named["who"]


def _office(document: Document) -> str:
    """An office within the department that signs for itself; "" for none."""
    for part in (document.text[:_SIGNED], document.text[-_SIGNED:]):
        if "special counsel" in part.lower() and _SPECIAL.search(part):
            return "the Special Counsel"
    return ""


def enclosed(
    author: Author, enclosure: Enclosure, found: re.Match[str], document: Document, rules: Rules
) -> Author:
    """The author of a paper that is enclosed in another's document."""
    if author.voice == "parties" and author.agency:
        kind, stage = enclosure.type, rules.stage_of(enclosure.type)
        return replace(author, name=author.agency, type=kind, voice="authority", stage=stage)
    beginning = document.text[found.end() : found.end() + _DEFINED_WITHIN]
    short = _TOGETHER.search(beginning) if enclosure.type not in _PERSONAL else None
    by = found["by"].strip() if "by" in found.groupdict() and found["by"] else ""
    name = short[1] if short else _SUFFIX.sub("", by).strip(" ,") or "the party"
    return replace(
        author,
        name=name,
        agency=None,
        type=enclosure.type,
        voice=voices().get(enclosure.type, "party"),
        stage=rules.stage_of(enclosure.type),
        own=re.compile(re.escape(name), re.IGNORECASE),
    )


def _court_name(name: str | None, kind: str) -> str | None:
    """A judge who writes for a court is the court: "the court (Judge Roe)"."""
    if (
        name
        and re.match(
            r"(?:chief |senior |district |circuit |magistrate |u\.s\. )*(?:judge|justice|hon\.?"
            r"|magistrate)\b",
            name,
            re.IGNORECASE,
        )
        and kind not in ("dissent", "concurrence")
    ):
        return f"the court ({name})"
    return name


def reader_name(words: str) -> str:
    """A name without article, possessive and what stands in brackets."""
    bare = re.sub(r"(?<!\s)\s*\([^)]{0,200}\)", "", words).strip(" ,")
    bare = _ARTICLE.sub("", bare) if re.match(r"[Tt]he [A-Z]", bare) else bare
    return _lower(bare.removesuffix("'s").removesuffix("'"))


def _lower(words: str) -> str:
    return re.sub(
        r"^(The|An?|This|These|Some|Several|Both|Its|His|Her|Their|Interested|Third|Many|Other"
        r"|Two|Counsel)\b",
        lambda m: m[0].lower(),
        words,
    )


def _parties(document: Document) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for party in document.texts("parties"):
        bare = party.split(" (")[0] if party.count("(") > party.count(")") else party
        found.setdefault(_SUFFIX.sub("", bare).strip(" ,.(") or party)
    for match in _DEFINED.finditer(document.text, 0, 12_000):
        short = match["short"]
        before = document.text[max(0, match.start() - _FULL_WITHIN) : match.start()]
        full = next((one[0] for one in _FULL.finditer(before) if _SUFFIX.search(one[0] + " ")), "")
        if full and not _LAW.search(short):
            for one in list(found):
                if one.casefold() in full.casefold() or full.casefold() in one.casefold():
                    del found[one]
            found.setdefault(short)
    if not found and document.texts("type")[:1] and document.texts("type")[0] in _ADDRESSED:
        found |= dict.fromkeys(_TITLE.findall(document.title)[:1])
    return tuple(found)[:8]


@lru_cache(maxsize=4096)
def _authority(name: str) -> str | None:
    """The key of an authority of the register by its exact name or abbreviation."""
    return _by_name().get(name.casefold().removesuffix("'s"))


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    found: dict[str, str] = {}
    for key, entry in authorities().items():
        for one in (key, *entry.get("names", ()), *entry.get("short", ())):
            found.setdefault(one.casefold(), key)
    return found
