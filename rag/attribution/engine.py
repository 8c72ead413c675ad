"""Attribution by rules: the first rule that matches gives the speaker and the status."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from rag.text.sentences import sentences
from rag.types import Document, Status

_BEFORE = 4000
"""Characters before a sentence that are searched for the beginning of its section."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """The speaker and the status of a sentence, and the rule that gave them, in words."""

    speaker: str | None
    status: Status
    rule: str


def attribute(document: Document, start: int, end: int) -> Attribution:
    """The speaker and the status of ``document.text[start:end]``.

    - If the document names a speaker at ``start`` (``speaker_starts`` or ``metadata["speaker"]``)
      who is not its agency, this is the speaker. The status is ``denied``, ``admitted`` or
      ``stated``.
    - Otherwise the agency is the speaker, unless a rule names the court, the jury or a party that
      the agency reports on.
    - A sentence that no rule matches is ``stated``. If it tells the conduct that the agency
      complains of, it is ``alleged``: an allegation shown as a fact does harm, a fact shown as an
      allegation does not.

    The speaker is None if the metadata names neither a speaker nor an agency and no rule names one.

    Parameters
    ----------
    start, end
        The offsets of one sentence, half-open.
    """
    sentence = _smooth(document.text[start:end])
    agency = " and ".join(document.texts("agency")) or None
    voice = document.speaker_at(start)
    if voice is not None and voice.casefold() != (agency or "").casefold():
        if not _REPORTING.isdisjoint(document.texts("type")):
            return _reported_by(voice, sentence)
        return _own_words(voice, sentence)
    for rule in _RULES:
        attribution = rule(agency, sentence)
        if attribution is not None:
            return attribution
    return (
        _continued(document, start, agency, sentence)
        or _by_place(document, start, agency, sentence)
        or Attribution(agency, "stated", "the document's own voice")
    )


def _reported_by(voice: str, sentence: str) -> Attribution:
    """The attribution in an opinion or a report, which tells of rulings, pleas and charges.

    An allegation that it tells of is not its own: the speaker of the allegation is not known.
    """
    for rule in _RULES:
        found = rule(None, sentence)
        if found is not None:
            own = found.speaker is None and found.status != "alleged"
            return replace(found, speaker=voice) if own else found
    return Attribution(voice, "stated", "the speaker's own words")


def _continued(
    document: Document, start: int, agency: str | None, sentence: str
) -> Attribution | None:
    """The attribution of the sentence before, if this one continues it ("In particular, …")."""
    if not _CONTINUATION.match(sentence):
        return None
    earlier = sentences(document.text, max(0, start - _SENTENCE_BEFORE), start)
    before = attribute(document, *earlier[-1]) if earlier else None
    if before is None or before.speaker == agency or before.status not in _CONTINUED_STATUSES:
        return None
    return replace(before, rule=f"goes on from: {before.rule}")


def _by_place(
    document: Document, start: int, agency: str | None, sentence: str
) -> Attribution | None:
    """The attribution by the type of the document and by the section; None if neither gives one."""
    types = document.texts("type")
    row = _PENALTY_ROW.search(sentence) if "penalty_list" in types else None
    if row is not None:
        status: Status = "ordered" if row[1] == "A" else "settled"
        return Attribution(agency, status, "row of a penalty list")
    if agency == "OFAC":
        # A release of OFAC tells the conduct first, then the factors of the penalty.
        before = _smooth(document.text[max(0, start - _BEFORE) : start])
        if _CONDUCT.search(before) and not _FACTORS.search(before):
            return Attribution(agency, "alleged", "conduct told before the factors")
    elif agency is not None and (
        not _ACCUSING.isdisjoint(types)
        or (not _ANNOUNCING.isdisjoint(types) and _ACCUSES.search(document.text))
    ):
        return Attribution(agency, "alleged", "conduct told in a release on charges")
    return None


def _smooth(text: str) -> str:
    """The text on one line, with plain quotation marks and without stray spaces of PDFs."""
    text = text.replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    text = re.sub(r"\s+-\s*(?=[a-z])|(?<=[a-z])-\s+(?=[a-z])", "-", text)
    text = re.sub(r"\s+([.,;:])", r"\1", re.sub(r"\s+", " ", text)).strip()
    text = _ABBREVIATED.sub(r"\1", text)
    return _BROKEN.sub(lambda match: match.group().replace(" ", ""), text)


# Abbreviations lose their full stop. The rules below take a full stop as the end of a clause.
_ABBREVIATED = re.compile(
    r"\b([A-Z]|U\.S|Inc|Corp|Ltd|Co|Nos?|Jr|Sr|Mr|Mrs|Ms|Dr|Hon|v|Wm|Jan|Dec)\."
)


def _spaced(*words: str) -> re.Pattern[str]:
    """A pattern for the words, also with a space inside ("determi ned"), as PDFs have them."""
    return re.compile(r"\b(?:" + "|".join(" ?".join(word) for word in words) + r")\b")


_BROKEN = _spaced("determined", "determination", "violations", "violation", "settle", "assessed")


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)


# --- the own document of a speaker --------------------------------------------------------------

_REJECTS = _any(
    r"\b(?:allegations?|accusations?|claims?|charges?|assertions?|reports?|suggestions?)\b.*?"
    r"\b(?:are|is|were|was)\b[^.;]{0,30}?\b(?:false|untrue|baseless|unfounded|wrong|meritless|"
    r"incorrect|without merit|unjustified)\b",
    r"\b(?:we|I|he|she|they|it)\b[^.;]{0,20}\b(?:den(?:y|ies|ied)|reject|dispute|refute|disagree)",
)
_CONCEDES = _any(
    r"\b(?:we|I)\b[^.;]{0,20}\b(?:admit|acknowledge|concede|accept responsibility|regret|apologi)"
)


def _own_words(voice: str, sentence: str) -> Attribution:
    if _REJECTS.search(sentence):
        return Attribution(voice, "denied", "rejects an allegation")
    if _CONCEDES.search(sentence):
        return Attribution(voice, "admitted", "owns up")
    return Attribution(voice, "stated", "the speaker's own words")


# --- the document of an agency -------------------------------------------------------------------

_AGENCIES = (
    r"SEC|Commission|Securities and Exchange Commission|staff|Division of Enforcement|OFAC|"
    r"Office of Foreign Assets Control|Treasury|FinCEN|CFTC"
)
_AGENCY = rf"(?:{_AGENCIES})(?:'?s)?"
_COURT = (
    r"(?:(?:district |appeals |supreme |circuit |bankruptcy )?court(?:'?s)?(?: of appeals)?|"
    r"judge|justice|magistrate|honorable|panel|\w+ circuit)"
)
_RULING = (
    r"(?:(?:final |default |consent |agreed |partial )*judgments?|injunctions?|decrees?|"
    r"(?:the|an?|its|this|that|court|court'?s|commission|commission'?s|sec'?s|restraining) orders?)"
)
_COMPLAINT = r"(?:complaint|indictment|information|petition|application)"

_NO_ADMISSION = _any(
    r"\b(?:without|neither|not)(?: either| any)? (?:admit\w*|den(?:y|ied|ying))\b",
    r"\bwithout (?:an? )?admission\b",
)
_FRAMED = _any(
    rf"^(?:\S+ ){{0,12}}?(?:{_COMPLAINT}|{_AGENCY})\b,?(?: .{{0,160}}?,)?(?: \S+){{0,6}}? "
    r"(?:(?:alleg|charg|accus|assert)(?:es|ed|e|ing|s)|claims? that)\b",
    r"^(?:\S+ ){0,4}?(?:as alleged|it is alleged|is alleged|are alleged|alleg(?:es|ed|ing))\b",
    rf"^(?:\S+ ){{0,4}}?(?:according to|in|as set forth in) (?:the |its |an? )?(?:\S+ ){{0,4}}?"
    rf"{_COMPLAINT}\b",
    rf"^according to (?:the )?(?:{_AGENCY})\b",
    r"\bfil(?:ed|ing) (?:of )?(?:an? |its |the )?(?:\S+ ){0,5}?(?:action|complaint|suit|lawsuit|"
    r"motion|application|charges|proceeding)\b.*\b(?:alleging|charging|accusing|for \w+ing)\b",
    r"\balleg(?:es|ing) that\b",
    r"\bappears? to have violated\b",
    rf"\b{_AGENCY} (?:today |yesterday |also |previously |has |had |further )*"
    r"(?:charged|sued|accused)\b",
)
_OUTCOME = _any(
    r"^To (?:settle|resolve)\b",
    rf"^(?:On [^,]+, \d{{4}}, )?(?:the )?{_AGENCY} (?:has |today )*(?:obtained|won) "
    rf"(?:an? |the )?{_RULING}",
    rf"\bthat settled the (?:{_AGENCY} )?(?:\S+ ){{0,5}}?charges\b",
)
"""The outcome of an allegation that the sentence mentions only in passing."""
_AGENCY_FOUND = _any(
    r"\bmitigated\b[^.;]*\bpenalty\b",
    rf"\b{_AGENCY} (?:\w+ ){{0,3}}?(?:determined|determination|found|finds|"
    r"concluded that|considered)\b",
    r"\border (?:finds|found)\b|\bfindings state\b",
)
_ADMITS = _any(
    r"\b(?:admit(?:s|ted|ting)|acknowledg(?:es|ed|ing|ement)|conced(?:es|ed|ing)|confess(?:es|ed))\b"
)
_DISMISSED = _any(
    r"\b(?:dismiss(?:ed|es|ing)?|dismissal of|withdr[ae]w\w*|dropped)\b[^.;]*\b(?:claims?|charges?|"
    r"complaint|action|case|litigation|lawsuit|indictment|against|prejudice|defendants?)\b",
    r"\b(?:claims?|charges?|complaint|action|case|appeal|indictment|lawsuit|defendants?)\b[^.;]{0,60}"
    r"\b(?:was|were|is|be|been) (?:voluntarily )?dismissed\b|\bvoluntarily dismissed\b",
)
_CONVICTED = _any(
    r"\b(?:pl(?:ed|eaded|ead|eading) guilty|guilty plea|plea of guilty|convict(?:ed|ions?|s)|"
    r"found guilty|guilty verdict|verdict of guilty|is (?:currently )?serving an?)\b"
)
_SENTENCED = _any(r"\bsentenced (?:\S+ ){0,6}?to\b|\bwas sentenced\b|\bsentenced\b")
_JURY = _any(r"\b(?:jury(?!\s+trial)|jurors|verdict|acquitted)\b")
_COURT_FOUND = _any(
    rf"\b{_COURT}\b[^.;]*?\b(?:found(?! guilty)|finds|held|holds|holding|ruled|concluded|"
    r"determined|affirmed|upheld|reversed|rejected|denied|agreed with|vacated|declined)\b",
    r"\baccording to (?:the )?(?:U\.?S\.? )?(?:district )?(?:judge|court)\b",
    r"\bgranted\b[^.;]*\bsummary judgment\b|\bsummary judgment\b[^.;]*\b(?:granted|in favor)\b",
    rf"\b{_RULING} (?:also )?(?:found|finds|held|holds|affirmed)\b|\bfound (?:\w+ ){{0,3}}liable\b",
)
_COURT_ORDERED = _any(
    rf"\b{_COURT}\b[^.;]*?\b(?:order(?:s|ed|ing)?|enter(?:s|ed|ing)?|impos(?:es|ed|ing)|enjoin\w*|"
    r"issued|issues|directed|required|approved|froze|appointed|barred|granted|grants)\b",
    rf"\b{_RULING}\b[^.;]*?\b(?:orders|ordered|requir(?:es|ed|ing)|enjoin(?:s|ed|ing)?|"
    r"impos(?:e|es|ed|ing)|bar(?:s|red|ring)?|suspend(?:s|ed)|prohibit(?:s|ed|ing)?|restrain\w*|entered|"
    r"provid(?:es?|ed)|"
    r"direct(?:s|ed|ing)|order|would)\b",
    r"\borders? (?:him|her|them|it|each|both) to\b",
    r"\b(?:is|are|was|were) (?:also )?required to (?:pay|cause|disgorge)\b",
    r"\b(?:was|were|been|be|is|are) (?:also |each |further |permanently |temporarily )*"
    r"(?:ordered|enjoined|barred|suspended|fined)\b",
    r"\b(?:permanently|temporarily|preliminarily) (?:enjoin(?:s|ed)?|restrains?|bars)\b",
    rf"\b(?:entr(?:y of|ies of|ered?|ering)|obtained|obtains|won) (?:an? |the )?"
    rf"(?:(?:temporary|preliminary|permanent|emergency) )*(?:{_RULING}|asset freeze)\b",
    r"\bdisgorgement\b[^.;]*\bdeem(?:ed|ing)\b|\bannounced (?:\w+ ){1,3}judgments\b",
)
_SETTLES = _any(
    r"\bconsent(?:ed|s|ing)? to\b|\bentered into (?:the|an?) settlement\b|\bto settle\b",
    r"\bagree(?:d|s|ing)? (?:in principle )?to (?:settle|remit|be|an?|the|resolve|disgorge|"
    r"pay(?![^.;]{0,60}\b(?:bribes?|kickbacks?)\b))\b",
    r"\b(?:has|have|had) (?:remitted|settled)\b|\boffers? of settlement\b|\bin settlement\b",
    r"\bsettlement (?:agreement|amount|with|of|papers|is|reflects)\b",
    r"\bsettled (?:action|complaint|charges?|injunctive|civil|administrative|enforcement)\b",
    r"\bunder the (?:terms of the )?(?:proposed )?(?:settlement|judgment)\b",
    r"\b(?:will|must) (?:also )?(?:pay|disgorge|remit|forfeit)\b",
    r"\bagreed that\b[^.;]{0,60}\b(?:will (?:spend|invest|pay)|the court would)\b",
    r"\bsettled the (?:\S+ ){0,6}?charges\b|\bfinali[sz]ed settlements?\b",
    r"\b(?:judgments?|injunctions?|orders?)\b[^.;]{0,60}\bby consent\b",
    r"\bbased (?:up)?on (?:his|her|its|their) consents?\b|\bsettled its \w+ action\b",
    r"\boffered to pay an? (?:\w+ ){0,2}(?:fine|penalty)\b",
    r"\bsettles (?:potential|alleged|allegations)\b|\bsettlement\b[^.;]*\bresolves\b",
)
_AGENCY_ORDERED = _any(
    rf"\b{_AGENCY}\b[^.;]{{0,60}}\b(?<!was )(?<!were )(?<!been )(?:orders|ordered|ordering|"
    r"issued (?:an? |the )?(?:\w+ )?order|suspended|barred|revoked|imposed|assessed)\b",
    r"\bassessed (?:an? )?(?:civil )?(?:money )?penalty\b|\b(?:has|have|had) been assessed\b",
    r"\bissued (?:an? )?(?:finding of violation|penalty notice|cease)\b",
)
_SAID = (
    r"(?:stated|states|said|says|told|claimed|claims|indicated|asserted|asserts|responded|joked|"
    r"explained|replied|wrote|testified|declared|announced|represented|maintained|"
    r"denied(?! (?:party|persons?)\b)|denies|disputed|admitted|admits|acknowledged|acknowledges|"
    r"conceded|concedes|made the following)"
)
_REPORTED = re.compile(
    r"(?:^|[,:;] (?:that )?|\bthat )(?!(?:After|When|Before|Once|Since|While|Although|If)\b)"
    r"(?P<who>(?:[Tt]he )?[A-Z][\w.'&-]*"
    r"(?: (?:of |and |the |& )?[A-Z][\w.'&-]*){0,5})(?: \([^)]*\))?,? "
    r"(?:has |have |had |also |even |further |again |publicly |later |then |itself )*"
    rf"{_SAID}\b(?! (?:allegations|securities))"
)
_DENIES = _any(r"\b(?:den(?:ies|ied|y)|disput(?:es|ed)|refut(?:es|ed))\b")
_CHARGED = _any(
    r"\balleg(?:es|ed|edly|e|ing|ations?)\b|\b(?:charg|accus)(?:es|ed|ing)\b|\bindicted\b"
)
_SEEKS = _any(
    rf"^(?:\S+ ){{0,6}}?(?:{_AGENCY}|{_COMPLAINT}|action|motion|lawsuit)\b(?: also)?"
    r"(?: \w+){0,2} (?:seeks?|sought|is seeking|are seeking|asks|asked|urges|urged)\b"
)
_ORDERED_IN_PART = _any(
    r"\b(?:and|each|defendants?)\b[^.;]{0,30}\bto (?:each )?pay (?:an? |the )?"
    r"(?:civil|disgorgement|\$)|\bshall be (?:paid|credited|distributed|disbursed)\b",
    r"\b(?:payment|disgorgement|penalty|interest)\b[^.;]*\b(?:was|were|is|are) waived\b",
)
_PENALTY_RULES = _any(
    r"\b(?:maximum|base|statutory)\b[^.;]{0,40}\bpenalty\b|\bpenalty amount\b[^.;]*\bequals\b"
)
_PROCEDURE = _any(
    r"\binvestigation\b[^.;]{0,60}\b(?:is|was|has been|were|being|originated|will be|continues|"
    r"continuing)\b|\b(?:litigation|examination) (?:was|is|has been|will be|concludes)\b",
    r"\bassistance\b|\b(?:further|additional|more) information\b|\bappreciates\b|\bthanks?\b",
    r"\b(?:supervised|conducted|led|handled) by\b|^See\b|^Litigation Release|\binvestor alert\b",
    r"\b(?:in custody|at large|awaiting (?:trial|sentenc\w+)|whereabouts|remains? outstanding)\b",
    r"\b(?:hearing|trial)\b[^.;]*\b(?:scheduled|(?:is|was|been) set)\b|\bset an? (?:hearing|trial)",
    rf"\b{_COMPLAINT} was filed in\b|\bavailable (?:on|at)\b|\backnowledges the\b",
    r"\b(?:is|are|was) (?:also )?seeking\b|\bseeks?\b|\bsought\b(?! to)|\brequested that\b",
    r"\bthe motion noted\b|\bnot (?:yet )?(?:concluded|alleg|intend)|\bdid not allege\b",
    r"\bsubpoena\b|\bacquired (?:by|\w+)\b.*\bno longer\b|\bbrought the scheme to a halt\b",
    r"\bmotion for an order\b|\bregulations?\b[^.;]*\b(?:mean|refer)\b|\bshall mean\b",
    r"\bguidelines\b",
    rf"\b{_RULING} (?:will |shall )?remains? in (?:full )?(?:force|effect)\b",
    rf"\bappeals? by the {_AGENCY}\b",
    r"\b(?:filed|submitted for filing) (?:an?|the|its) (?:\w+ ){0,5}(?:motion|brief|appeal)\b",
    r"\bannounced (?:today )?the (?:resolution|conclusion) of\b|\bsettlements with the\b",
    rf"\b{_AGENCY} (?:takes|took) the position\b",
    r"^(?:In its (?:motion|brief|application)|The (?:brief|plea))\b",
    r"\bsubject to further litigation\b|\bremains? pending\b|\b(?:was|were) arrested\b",
    r"\blitigation\b[^.;]*\bcontinues\b|\bthe court (?:should|will (?:later )?determine)\b",
    r"\benforcement actions? resulted in\b|\bannounced the award of\b|\bbounty\b",
    r"\b(?:is|are) (?:today |also )*filing the proposed\b",
    rf"^In the {_AGENCY} (?:view|opinion)\b|^United States v [^;]{{0,120}}\bNo [^;]{{0,60}}$",
)

_SETTLEMENT = re.compile(
    r"(?:The )?(?:proposed )?settlements?(?: agreements?)?,?(?: which [^,]{0,60},)?(?: \w+)? "
    r"(?:provides?|resolves?|requires?|includes?|restores?)\b",
    re.IGNORECASE,
)

_Rule = Callable[[str | None, str], Attribution | None]


def _pointer(agency: str | None, s: str) -> Attribution | None:
    if re.match(r"(?:For (?:more|further|additional) information|See )", s):
        return Attribution(agency, "stated", "points elsewhere")
    return None


def _without_admitting(agency: str | None, s: str) -> Attribution | None:
    if _NO_ADMISSION.search(s) and not re.search(r"\bby admitting\b", s):
        return Attribution(agency, "settled", "without admitting or denying")
    return None


def _settlement_terms(agency: str | None, s: str) -> Attribution | None:
    if _SETTLEMENT.match(s):
        return Attribution(agency, "settled", "what a settlement provides")
    return None


def _satisfied(agency: str | None, s: str) -> Attribution | None:
    """A judgment that was satisfied. The judgment itself is in another sentence."""
    if re.search(r"\bsatisfied (?:the|his|her|its|their) (?:\w+ )?(?:judgment|penalty)\b", s):
        return Attribution(agency, "stated", "a judgment satisfied")
    return None


def _resolved(agency: str | None, s: str) -> Attribution | None:
    if re.match(rf"(?:The )?{_RULING} resolves?\b", s, re.IGNORECASE):
        return Attribution("the court", "ordered", "a judgment that resolves the charges")
    return None


def _seeks(agency: str | None, s: str) -> Attribution | None:
    return Attribution(agency, "stated", "what is sought") if _SEEKS.search(s) else None


def _ordered_in_part(agency: str | None, s: str) -> Attribution | None:
    if agency is not None and agency != "OFAC" and _ORDERED_IN_PART.search(s):
        return Attribution("the court", "ordered", "a part of a judgment")
    return None


def _framed(agency: str | None, s: str) -> Attribution | None:
    if re.match(rf"(?:\S+ )?{_AGENCY} (?:\w+ly )?dismissed\b", s):
        return None
    if _FRAMED.search(s) and not _reports_a_ruling(s):
        return Attribution(agency, "alleged", "framed as an allegation")
    return None


def _reports_a_ruling(s: str) -> bool:
    """Whether the sentence reports a ruling and mentions the allegation only in passing."""
    if _OUTCOME.search(s):
        return True
    ruling = re.search(
        rf"\b{_COURT}\b[^.;]*?\b(?:found|held|ruled|concluded|entered|affirmed|reversed|granted)\b|"
        rf"\bentr(?:y|ered) (?:of )?(?:an? |the )?{_RULING}|\bobtained (?:an? )?{_RULING}|"
        r"\bverdict\b|"
        r"\b(?:consented|agreed) to (?:settle|the entry|entry)\b",
        s,
        re.IGNORECASE,
    )
    framed = _FRAMED.search(s)
    return bool(ruling and framed and ruling.start() < framed.end() - 12 and framed.start() > 0)


def _agency_found(agency: str | None, s: str) -> Attribution | None:
    if _AGENCY_FOUND.search(s):
        return Attribution(agency, "found", "the agency determined")
    return None


def _admits(agency: str | None, s: str) -> Attribution | None:
    if not _ADMITS.search(_NO_ADMISSION.sub("", s)) or _JURY.search(s):
        return None
    who = _REPORTED.search(s)
    speaker = _party(who.group("who"), agency) if who else "the defendant"
    if speaker == agency or re.search(r"\backnowledges? (?:the |with )", s):
        return None
    return Attribution(speaker, "admitted", "admits or acknowledges")


def _not_guilty(agency: str | None, s: str) -> Attribution | None:
    if re.search(r"\bple(?:d|aded|ads) not guilty\b", s):
        return Attribution("the defendant", "denied", "pleads not guilty")
    return None


def _dismissed(agency: str | None, s: str) -> Attribution | None:
    if _DISMISSED.search(s) and not re.search(r"\bmotions? to dismiss\b", s, re.IGNORECASE):
        return Attribution(agency, "dismissed", "claims dismissed")
    return None


def _convicted(agency: str | None, s: str) -> Attribution | None:
    if not _CONVICTED.search(s):
        return None
    if re.search(rf"\b{_COURT}\b[^.;]*\b(?:affirmed|upheld)\b", s, re.IGNORECASE):
        return Attribution("the court", "convicted", "conviction upheld")
    if re.search(r"\bjury\b[^.;]*\b(?:convicted|found|returned)\b", s, re.IGNORECASE):
        return Attribution("the jury", "convicted", "convicted by a jury")
    if _SENTENCED.search(s) and not re.search(r"\b(?:awaiting|will be) sentenc", s):
        return Attribution("the court", "ordered", "sentenced")
    return Attribution(agency, "convicted", "plea or conviction")


def _sentenced(agency: str | None, s: str) -> Attribution | None:
    return Attribution("the court", "ordered", "sentenced") if _SENTENCED.search(s) else None


def _jury(agency: str | None, s: str) -> Attribution | None:
    if _JURY.search(s) and not re.search(r"\bgrand jury\b", s, re.IGNORECASE):
        return Attribution("the jury", "found", "verdict")
    return None


def _court_found(agency: str | None, s: str) -> Attribution | None:
    if not _COURT_FOUND.search(s):
        return None
    if re.search(r"\b(?:enjoined|ordered|imposed|restrained)\b", s) and re.match(r"Based on", s):
        return Attribution("the court", "ordered", "ordered on the court's findings")
    return Attribution("the court", "found", "the court found")


def _settles(agency: str | None, s: str) -> Attribution | None:
    assessed = agency == "OFAC" and re.search(r"\bbeen assessed\b", s)
    if _SETTLES.search(s) and not assessed:
        return Attribution(agency, "settled", "consent or settlement")
    return None


def _agency_ordered(agency: str | None, s: str) -> Attribution | None:
    of_a_court = re.search(r"\bpursuant to an? (?:\w+ )?judgment\b", s)
    if _AGENCY_ORDERED.search(s) and not of_a_court:
        return Attribution(agency, "ordered", "the agency's order")
    return None


def _court_ordered(agency: str | None, s: str) -> Attribution | None:
    if _COURT_ORDERED.search(s) and not re.match(r"The \w+ (?:also )?seeks", s):
        return Attribution("the court", "ordered", "judgment or order")
    return None


def _reported(agency: str | None, s: str) -> Attribution | None:
    match = _REPORTED.search(s)
    speaker = _party(match.group("who"), agency) if match else agency
    if match is None or speaker == agency:
        return None
    status: Status = "denied" if _DENIES.search(match.group()) else "stated"
    return Attribution(speaker, status, "reported speech")


def _penalty_rules(agency: str | None, s: str) -> Attribution | None:
    if _PENALTY_RULES.search(s):
        return Attribution(agency, "stated", "how a penalty is reckoned")
    return None


def _procedure(agency: str | None, s: str) -> Attribution | None:
    return Attribution(agency, "stated", "procedure") if _PROCEDURE.search(s) else None


def _charged(agency: str | None, s: str) -> Attribution | None:
    return Attribution(agency, "alleged", "charges") if _CHARGED.search(s) else None


def _party(name: str, agency: str | None) -> str | None:
    """The speaker named; the agency if the name is one of its own."""
    bare = re.sub(r"^[Tt]he ", "", name).removesuffix("'s")
    if re.fullmatch(rf"(?:{_AGENCY}|{_COMPLAINT}|release|in|FAQ.*|order)", bare, re.IGNORECASE):
        return agency
    if bare.casefold() in {"court", "judge", "district court"}:
        return "the court"
    return "the defendant" if bare in {"He", "She", "They", "It", "Defendants"} else bare


_RULES: tuple[_Rule, ...] = (
    _pointer,
    _without_admitting,
    _settlement_terms,
    _agency_found,
    _penalty_rules,
    _satisfied,
    _resolved,
    _seeks,
    _framed,
    _admits,
    _not_guilty,
    _dismissed,
    _convicted,
    _sentenced,
    _jury,
    _court_found,
    _settles,
    _agency_ordered,
    _court_ordered,
    _reported,
    _ordered_in_part,
    _procedure,
    _charged,
)

# --- the place in the document -------------------------------------------------------------------

_CONTINUATION = re.compile(
    r"(?:In particular|Specifically|For example|Further|Furthermore|Moreover),"
)
_SENTENCE_BEFORE = 800
_CONTINUED_STATUSES = frozenset({"admitted", "denied", "stated"})
# "$11,000.00 S", "20,000.00$ A": S is settled, A assessed. The sign is before or after the amount.
_PENALTY_ROW = re.compile(r"\d\.\d\d ?\$? *([AS])(?=$|\b|[A-Z])")
_REPORTING = frozenset({"opinion", "order", "judgment", "report"})
"""Types of documents in which a court or an office tells what others did and what was ruled."""
_ACCUSING = frozenset({"litigation_release", "complaint"})
_ANNOUNCING = frozenset({"press_release", "release"})
"""Types of documents that announce charges or decisions: charges only if they speak of some."""
_ACCUSES = re.compile(r"\b(?:alleg(?:es|ed|ing|ations?)|charges|charged|complaint)\b", re.I)
_CONDUCT = _any(
    r"\bapparent(?:ly)? violat|\bconduct leading to|\bdescription of the (?:violations|conduct)|"
    r"\balleged violations"
)
_FACTORS = _any(
    r"\b(?:aggravating factors?|mitigating factors?|compliance considerations|"
    r"penalty calculations?|general factors|statutory maximum|base (?:civil monetary )?penalty)\b"
)
