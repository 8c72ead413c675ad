"""Who says a sentence and with what standing: rules in order, the first that fits decides."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from rag.types import Document, Status

_AGENCY_WORDS = {
    "SEC": r"SEC|Commission|Securities and Exchange Commission|staff|Division of Enforcement",
    "OFAC": r"OFAC|Office of Foreign Assets Control|Treasury",
    "FinCEN": r"FinCEN|Financial Crimes Enforcement Network",
    "CFTC": r"CFTC|Commodity Futures Trading Commission",
    "DOJ": r"Department of Justice|United States Attorney|U\.S\. Attorney",
}
_ANY_AGENCY = "|".join(_AGENCY_WORDS.values())


@dataclass(frozen=True, slots=True)
class Attribution:
    """Speaker and status of a sentence, and the name of the rule that gave them."""

    speaker: str | None
    status: Status
    rule: str


def attribute(document: Document, start: int, end: int) -> Attribution:
    """Who says ``document.text[start:end]`` and with what standing.

    In a document of an agency the voice is the agency's; what it reports of a court, a jury or a
    party is theirs. In a document with speakers of its own (metadata or ``speaker_starts``) the
    voice is the speaker's at that place, and only a denial or an admission changes the status.

    Parameters
    ----------
    start, end
        A sentence, half-open.
    """
    sentence = _smooth(document.text[start:end])
    voice = document.speaker_at(start)
    if (
        voice is not None
        and voice.casefold() != str(document.metadata.get("agency", "")).casefold()
    ):
        return _own_words(voice, sentence)
    agency = voice or _agency(document)
    for rule in _RULES:
        attribution = rule(agency, sentence)
        if attribution is not None:
            return attribution
    if _PROCEDURE.search(sentence):
        return Attribution(agency, "stated", "procedure")
    if agency == "SEC" and _ALLEGES.search(_smooth(document.text[max(0, start - 4000) : start])):
        return Attribution(agency, "alleged", "narrative after an allegation")
    if agency == "OFAC" and _in_conduct(document.text[:start]):
        return Attribution(agency, "alleged", "conduct of apparent violations")
    return Attribution(agency, "stated", "the document's own voice")


def _agency(document: Document) -> str | None:
    agency = document.metadata.get("agency")
    return str(agency) if agency else None


def _smooth(text: str) -> str:
    """The text on one line, with plain quotes and without the odd spaces of PDF extraction."""
    text = text.replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    return re.sub(
        r"\s+", " ", re.sub(r"\s+-\s*(?=[a-z])|(?<=[a-z])-\s+(?=[a-z])", "-", text)
    ).strip()


# --- a speaker's own document -------------------------------------------------------------------

_REJECTS = re.compile(
    r"\b(?:any |the |these |those |all |such )?(?:allegations?|accusations?|claims?|charges?|"
    r"assertions?|reports?|suggestions?)\b.*?\b(?:are|is|were|was)\b[^.;]{0,30}?"
    r"\b(?:false|untrue|baseless|unfounded|wrong|meritless|incorrect|without merit|unjustified)\b"
    r"|\b(?:we|I|he|she|they|it)\b[^.;]{0,20}\b(?:den(?:y|ies|ied)|reject|dispute|refute|disagree)",
    re.IGNORECASE,
)
_OWNS_UP = re.compile(
    r"\b(?:we|I)\b[^.;]{0,20}\b(?:admit|acknowledge|concede|accept responsibility|regret|apologi[sz]e)",
    re.IGNORECASE,
)


def _own_words(voice: str, sentence: str) -> Attribution:
    if _REJECTS.search(sentence):
        return Attribution(voice, "denied", "rejects an allegation")
    if _OWNS_UP.search(sentence):
        return Attribution(voice, "admitted", "owns up")
    return Attribution(voice, "stated", "the speaker's own words")


# --- what an agency's document reports, most telling sign first ----------------------------------

_ALLEGES = re.compile(
    r"\b(?:alleg(?:es|ed|e|ing|ations?)|(?:in|according to|as set forth in) (?:the|its|an?) "
    r"(?:\S+ ){0,3}(?:complaint|indictment|information)|(?:charg|accus)(?:es|ed|ing)\b|complaint)\b",
    re.IGNORECASE,
)
_NO_ADMISSION = re.compile(
    r"\b(?:without|neither|not) (?:(?:either|any) )?(?:admit\w*|den(?:y|ied|ying))\b"
    r"|\bwithout (?:an )?admission\b",
    re.IGNORECASE,
)
_SETTLES = re.compile(
    r"\b(?:consent(?:ed|s|ing)? to|agree(?:d|s|ing)? (?:in principle )?to (?:settle|pay|remit|be|an?|the|"
    r"resolve|disgorge|entry)|(?:has|have|had)? ?(?:remitted|settled)|to settle|settlement (?:agreement|"
    r"amount|with|of)|settled (?:action|complaint|charges?|injunctive|civil|administrative)|"
    r"offers? of settlement|under the (?:terms of the )?(?:proposed )?settlement|in settlement)\b",
    re.IGNORECASE,
)
_COURT = r"(?:(?:district |appeals |supreme |circuit |bankruptcy )?court(?: of appeals)?|judge|justice|magistrate)"
_COURT_FOUND = re.compile(
    rf"\b{_COURT}\b[^.;]*?\b(?:found(?! guilty)|finds|held|holds|holding|ruled|rules|concluded|"
    r"determined|affirmed|upheld|reversed|rejected|denied|granted|grants|noted|stated|observed|"
    r"agreed|vacated|declined)\b|\bsummary judgment\b[^.;]*\b(?:granted|entered|in favor|on|against)\b|"
    r"\bfound (?:\w+ ){0,3}liable\b|\b(?:opinion|ruling|memorandum)\b[^.;]*\b(?:found|held|conclud)",
    re.IGNORECASE,
)
_JURY = re.compile(r"\b(?:jury|jurors|verdict|acquit\w*)\b", re.IGNORECASE)
_CONVICTED = re.compile(
    r"\b(?:pl(?:ed|eaded|ead|eading) guilty|guilty plea|plea of guilty|convict(?:ed|ion|s)|found guilty|"
    r"guilty verdict|verdict of guilty|sentenced to|is (?:currently )?serving an?)\b",
    re.IGNORECASE,
)
_SENTENCED = re.compile(r"\bsentenced\b|\bimprisonment\b|\bprison term\b", re.IGNORECASE)
_DISMISSED = re.compile(
    r"\b(?:dismiss(?:ed|al|es|ing|ed with prejudice)?|stipulat\w+ (?:of|to) dismiss\w*|withdr[ae]w\w*|"
    r"dropped)\b[^.;]*\b(?:claims?|charges?|complaint|action|case|litigation|lawsuit|indictment|against|"
    r"prejudice|defendants?)\b"
    r"|\b(?:claims?|charges?|complaint|action|case|appeal|indictment|lawsuit)\b[^.;]{0,60}\b(?:was|were|is|be|been)"
    r" (?:voluntarily )?dismissed\b",
    re.IGNORECASE,
)
_ORDERED = re.compile(
    rf"\b{_COURT}\b[^.;]*?\b(?:order(?:s|ed|ing)?|enter(?:s|ed|ing)?|impos(?:es|ed|ing)|enjoin\w*|issued|"
    r"directed|required|approved|froze|appointed|barred|sentenced)\b"
    r"|\b(?:judgments?|injunctions?|decrees?|orders?)\b[^.;]*?\b(?:order(?:s|ed|ing)?|requir(?:es|ed|ing)|"
    r"enjoin(?:s|ed|ing)?|impos(?:es|ed|ing)|bar(?:s|red|ring)|prohibit(?:s|ed|ing)?|restrain\w*|"
    r"was entered|were entered|provides?|direct(?:s|ed|ing)|also|would)\b"
    r"|\b(?:was|were|been|is|are) (?:also |each |further )?(?:permanently |temporarily )?(?:ordered|enjoined|barred|fined)\b"
    r"|\bentered? (?:an? |the )?(?:final |default |permanent |consent |agreed )*(?:judgments?|orders?|injunctions?|decrees?)\b",
    re.IGNORECASE,
)
_AGENCY_ORDERED = re.compile(
    rf"\b(?:{_ANY_AGENCY})\b[^.;]{{0,60}}\b(?:order(?:s|ed|ing)|issued (?:an? |the )?(?:\w+ )?order|"
    r"suspended|barred|revoked|imposed|assessed)\b|\bassessed a (?:civil )?(?:money )?penalty\b|"
    r"\b(?:order instituting|cease-and-desist order|penalty notice|finding of violation)\b",
    re.IGNORECASE,
)
_AGENCY_FOUND = re.compile(
    rf"\b(?:{_ANY_AGENCY})(?:'s)?\b[^.;]{{0,40}}?\b(?:determin(?:ed|es|ation)|found|finds|concluded|"
    r"considered)\b|\border (?:finds|found)\b",
    re.IGNORECASE,
)
_ADMITS = re.compile(
    r"\b(?:admit(?:s|ted|ting)?|acknowledg(?:es|ed|ing|ement)|conced(?:es|ed|ing)|confess(?:es|ed|ing))\b",
    re.IGNORECASE,
)
_DENIES = re.compile(r"\b(?:den(?:ies|ied|y)|disput(?:es|ed)|refut(?:es|ed))\b", re.IGNORECASE)
_SAID = (
    r"(?:stated|states|said|says|told|claimed|claims|indicated|asserted|asserts|responded|joked|"
    r"explained|replied|wrote|testified|declared|publicly announced|represented|maintained|denied|denies|"
    r"disputed|admitted|admits|acknowledged|acknowledges|conceded|concedes)"
)
_REPORTED = re.compile(
    r"(?:^|[,:;] (?:that )?|\bthat )(?P<who>(?:[Tt]he )?[A-Z][\w.'&-]*(?: (?:of |and |the |& )?[A-Z][\w.'&-]*){0,5})"
    r"(?: \([^)]*\))?,? (?:has |have |had |also |even |further |again |falsely |publicly |later |then |itself )*"
    rf"{_SAID}\b(?! (?:allegations|securities))"
)
_SEEKS = re.compile(r"\b(?:seeks?|sought|seeking)\b", re.IGNORECASE)
_PROCEDURE = re.compile(
    r"\b(?:investigation|litigation|examination) (?:was|is|has been|were|being|originated|will be|continues)\b"
    r"|\binvestigation (?:is|continues)\b|\bassistance\b|\bfor (?:further|additional|more) information\b"
    r"|\b(?:supervised|conducted|led) by\b|\bappreciates\b|^See\b|^Litigation Release|\binvestor alert\b",
    re.IGNORECASE,
)
_MONEY_OF_DEAL = re.compile(
    r"\b(?:will|agreed to|has agreed to|must) (?:also )?(?:pay|disgorge|remit|forfeit)\b",
    re.IGNORECASE,
)

_Rule = Callable[[str | None, str], Attribution | None]


def _settled(agency: str | None, s: str) -> Attribution | None:
    if _NO_ADMISSION.search(s) and not re.search(r"\badmitting (?!or\b|nor\b)", s):
        return Attribution(agency, "settled", "without admitting or denying")
    return None


def _admitted(agency: str | None, s: str) -> Attribution | None:
    if not _ADMITS.search(re.sub(_NO_ADMISSION, "", s)) or _framed(s) or _JURY.search(s):
        return None
    who = _REPORTED.search(s)
    speaker = _party(who.group("who"), agency) if who else None
    if speaker == agency or re.search(r"\backnowledges (?:the )?(?:assistance|cooperation)", s):
        return None
    return Attribution(speaker or "the defendant", "admitted", "admits or acknowledges")


def _framed(s: str) -> bool:
    """Whether the sentence as a whole is put as an allegation."""
    return bool(
        re.search(
            r"^(?:\S+ ){0,9}?(?:complaint|indictment|information|SEC|Commission)\S*(?: \S+){0,6}? alleg"
            r"|^(?:\S+ ){0,4}?(?:as alleged|according to|it is alleged|in its complaint|alleg\w+)",
            s,
            re.IGNORECASE,
        )
    )


def _alleged_frame(agency: str | None, s: str) -> Attribution | None:
    return Attribution(agency, "alleged", "framed as an allegation") if _framed(s) else None


def _agency_found(agency: str | None, s: str) -> Attribution | None:
    if _AGENCY_FOUND.search(s):
        return Attribution(agency, "found", "the agency determined")
    return None


def _dismissed(agency: str | None, s: str) -> Attribution | None:
    return Attribution(agency, "dismissed", "claims dismissed") if _DISMISSED.search(s) else None


def _convicted(agency: str | None, s: str) -> Attribution | None:
    if not _CONVICTED.search(s):
        return None
    if re.search(r"\bjury\b[^.;]*\b(?:convicted|found|returned)\b", s, re.IGNORECASE):
        speaker: str | None = "the jury"
    elif re.search(rf"\b{_COURT}\b[^.;]*\b(?:affirmed|upheld|sentenced|convicted)\b", s, re.I):
        speaker = "the court"
    elif re.search(r"\bsentenced\b", s, re.IGNORECASE):
        return Attribution("the court", "ordered", "sentenced")
    else:
        speaker = agency
    return Attribution(speaker, "convicted", "plea, verdict or conviction")


def _jury(agency: str | None, s: str) -> Attribution | None:
    if re.search(r"\bacquitted\b|\b(?:jury|verdict)\b", s, re.IGNORECASE):
        return Attribution("the jury", "found", "verdict")
    return None


def _court_found(agency: str | None, s: str) -> Attribution | None:
    return Attribution("the court", "found", "the court found") if _COURT_FOUND.search(s) else None


def _settles(agency: str | None, s: str) -> Attribution | None:
    if _SETTLES.search(s) or _MONEY_OF_DEAL.search(s):
        return Attribution(agency, "settled", "consent or settlement")
    return None


def _agency_ordered(agency: str | None, s: str) -> Attribution | None:
    return (
        Attribution(agency, "ordered", "the agency's order") if _AGENCY_ORDERED.search(s) else None
    )


def _court_ordered(agency: str | None, s: str) -> Attribution | None:
    return Attribution("the court", "ordered", "judgment or order") if _ORDERED.search(s) else None


def _charged(agency: str | None, s: str) -> Attribution | None:
    if _ALLEGES.search(s) and not _SEEKS.search(s.split(" alleg")[0][-40:]):
        return Attribution(agency, "alleged", "charges or allegations")
    return None


def _reported(agency: str | None, s: str) -> Attribution | None:
    match = _REPORTED.search(s)
    if match is None:
        return None
    speaker = _party(match.group("who"), agency)
    if speaker == agency:
        return None
    status: Status = "denied" if _DENIES.search(match.group()) else "stated"
    return Attribution(speaker, status, "reported speech")


def _party(name: str, agency: str | None) -> str | None:
    """The name of who speaks; the agency where the name is one of its own."""
    bare = re.sub(r"^[Tt]he ", "", name)
    own = _AGENCY_WORDS.get(agency or "", "SEC")
    if re.fullmatch(rf"(?:{own}|[Cc]omplaint|[Rr]elease|[Ii]n|FAQ.*)(?:'s)?", bare):
        return agency
    if bare in {"He", "She", "They", "It", "Court", "Judge"}:
        return "the court" if bare in {"Court", "Judge"} else "the defendant"
    return bare.removesuffix("'s")


_RULES: tuple[_Rule, ...] = (
    _settled,
    _alleged_frame,
    _agency_found,
    _admitted,
    _dismissed,
    _convicted,
    _jury,
    _court_found,
    _settles,
    _agency_ordered,
    _court_ordered,
    _reported,
    _charged,
)

_CONDUCT = re.compile(
    r"\b(?:apparent(?:ly)? violat|conduct leading to|description of the (?:apparent )?(?:violations|conduct)|"
    r"alleged violations)",
    re.IGNORECASE,
)
_FACTORS = re.compile(
    r"\b(?:aggravating factors?|mitigating factors?|compliance considerations|penalty calculations?|"
    r"general factors analysis|enforcement guidelines|statutory maximum|base (?:civil monetary )?penalty)\b",
    re.IGNORECASE,
)


def _in_conduct(before: str) -> bool:
    before = _smooth(before)
    return bool(_CONDUCT.search(before)) and not _FACTORS.search(before)
