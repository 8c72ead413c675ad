"""Who speaks in a sentence: its framing verb with subject, direction and scope.

Finders of negation in clinical texts give each cue a direction and an end of its scope (Chapman and
others, NegEx, 2001; Harkema and others, ConText, 2009). So here: a verb of saying has what follows
it in its scope, "…, Roe said" what precedes it, and a clause with "while" ends at its comma.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

_WORDS, _SUBJECT_WORDS = 9, 12
"""Words of a subject after its verb, and before it, at most."""
_SUBJECT_LONG = 380
"""Characters from the beginning of a clause to its verb, at most."""
_LONGEST = 1200
"""Characters of a sentence that are read; a longer one is a list or a table."""
_COMMAS = 5
"""Commas of what opens a sentence ("On 3 May 2019, in its letter,") before the subject."""
_OPENING_LONG = 260
"""Characters to the next of these commas, at most."""
_CITED = 60
"""Characters of a citation at the beginning that runs on from the sentence before."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A framing verb: the words of its subject, its class, the word itself.

    ``modal`` if it only may, should or will come to that.
    """

    subject: str
    verb: str
    negated: bool = False
    said: str = ""
    modal: bool = False


_NUMBER = re.compile(
    r"^(?:(?:\d{1,3}(?:\.\d{1,3}){0,4}[.)]?[a-z]?|\(?[a-zA-Z]\)|\([ivx]{1,5}\)|[A-Z]\."
    r"|[ivx]{1,5}[.)]"
    r"|[a-z]\.|On \d{1,2} [A-Z][a-z]{2,8} \d{4}(?! ?,)|[•*–-]|#{1,4}|Q\.|A\.|THE COURT:"
    r"|\W)\s{1,3})+"
)
# "On 3 May Roe wrote": a date without a comma before the subject.
_DATED = re.compile(
    r"(?:(?:In|On|By|Since|During) (?:(?:early|mid|late)[ -])?)?(?:\d{1,2} )?(?:January|February"
    r"|March|April|May|June|July|August|September|October|November|December)(?: \d{1,2})?"
    r"(?:,? \d{4})?(?::| (?<=[a-z\d] )) ?(?=[A-Z])"
)
# "Dkt. 1638, Ex. A. The government acknowledges …": where the words before come from.
_SOURCE = re.compile(
    r"(?:AND )?(?:WHEREAS|Whereas|CONSIDERING THAT),? (?:that )?"
    r"|[A-Z][A-Z'-]{2,20}, (?:Chief |Special Trial |Senior )?(?:Judge|Justice|Commissioner): "
    r"|(?:(?:See )?(?:Dkt|ECF|Doc|Docket|Ex|Tr|Id|JA|App|Exhibit)\.?"
    r"(?: (?:Nos?\.? ?)?[\w.-]{1,12}[,;.]?| ?(?:at|Exs?\.?|pp?\.?|Tr\.?)(?= )){1,8}[.;]? )"
    r"(?=(?:The|[A-Z][a-z]+) )"
)
_LATER = re.compile(r"[.)] (?=(?:The|We|This|He|She|It|They) )")
_OPENING = re.compile(
    r"(?:On|In|At|By|During|Following|After|Before|Under|With|Within|For|From|As regards|As to"
    r"|Regarding|Concerning|Since|Until|Upon|Having|To|Of|Through|Throughout|Pursuant to|Based on"
    r"|Between|Despite|Notwithstanding|Because of|Given|Contrary to|Like|Unlike|As|When|Where|While"
    r"|Although|Though|Even (?:though|if)|If|Because|Whereas|Once|First|Second|Third|Fourth|Fifth"
    r"|Here|There|Later|Afterwards|Earlier|Soon|Today|Thus|Then|Also|And|But|Yet|So|Further|Moreover|However|Nonetheless|Nevertheless"
    r"|Instead|Rather|Therefore|Accordingly|Consequently|Hence|Finally|Next|Lastly|Similarly"
    r"|Likewise|Indeed|Initially|Subsequently|Meanwhile|Overall|Notably|Importantly|Ultimately"
    r"|Again|Still|Additionally|Furthermore|Specifically|In particular|That is|That said"
    r"|[A-Z][a-z]{2,14}ly|[A-Z][a-z]{2,14}ing)\b"
)
_SUBJECT = re.compile(
    r"(?P<who>[^,;:()\[\]\"]{1,110}?(?: \([^)]{1,80}\))?"
    r"(?:, (?:[^,;:]{1,110}, ){1,2}?|,? (?:who|which)\b[^,;:]{1,80}, )?)(?:\s|(?<=\s))"
    r"(?P<aux>(?:(?i:has|have|had|does|do|did|is|are|am|was|were|can|could|would|will|shall|must"
    r"|may"
    r"|should|also|further|indeed|again|first|then|now|later|itself|himself|herself|themselves|therefore"
    r"|thus|accordingly|nevertheless|nonetheless|instead|however|rightly|hereby|today|not|never"
    r"|no longer|simply|merely|even|only|repeatedly|consistently|correctly|[a-z]{3,15}ly|been|be|,)"
    r",? ?){0,6})"
)
# A subject is a noun phrase. With one of these words it is a clause of its own.
_NO_SUBJECT = re.compile(
    r"\b(?:that|which|who|whom|whose|is|was|were|are|be|been|being|would|could|should|will|may"
    r"|might|can|must|if|whether|because|has|have|had|does|did|said|shall|it's|what|how|when|where)\b"
)
_STARTS_NO_SUBJECT = re.compile(
    r"(?:as|that|of|to|in|for|by|from|with|because|although|though|if|when|while|where|since|than"
    r"|and|or|but|including|under|whether)\s"
)
_YEAR = re.compile(
    r"(?:(?:early|mid|late|January|February|March|April|May|June|July|August"
    r"|September|October|November|December)[ -])?(?:19|20)\d\d (?=\w)"
)
# "Acme made submissions, in which it also accepted that …": a clause about a paper of the subject.
_IN_WHICH = re.compile(
    r"(?P<who>[A-Z][\w.&'-]*(?: [\w.&'-]{1,20}){0,5}?) (?:then |later |also |had |has )?"
    r"(?:made|filed|signed|wrote|sent|provided|lodged|gave|submitted|executed|entered into"
    r"|published|issued|served) (?:an?|the|its|his|her|their|further|\w{1,15})\b[^.;]{0,120}?,?"
    r" (?:in which|wherein|where|whereby|by which) (?:it|he|she|they) "
)
# "He brings this appeal arguing …": what the subject does stands between it and the verb.
_DOES = re.compile(r"(?P<who>He|She|It|They|he|she|it|they) \w")
# "Although Acme looked at sites, it submitted that …": whom the pronoun behind the clause means.
_MEANT = re.compile(
    r"(?:Although|Though|While|When|As|Because|After|Before|Since|Once) "
    r"(?P<who>(?:the )?[A-Z][\w.&'-]*(?: [A-Z][\w.&'-]*){0,4}|the [a-z]{3,15})"
    r" (?:has|had|was|is|did|does|made|took|[a-z]{2,15}ed|[a-z]{3,15}s)\b"
)
_PRONOUN = re.compile(r"(?:it|he|she)", re.IGNORECASE)
# "Roe sent a letter falsely stating that …", "a listener told that …": nobody's words.
_FALSELY = re.compile(
    r"[^,;:.]{1,90}\b(?:falsely|misleadingly|untruthfully|incorrectly) "
    r"(?:stat|say|claim|explain|confirm)ing\b"
)
# What was received shows something to the author and does not speak; nor do "having" and "only".
_MATERIAL = re.compile(
    r"(?:the |other |this |such )?(?:information|evidence|data|material|feedback|documents|records)"
    r" (?:received|provided|obtained|gathered|collected|submitted|supplied|available|before|from)\b"
    r"|(?-i:[a-z]{2,12}ing|[a-z]{2,12}ly|also|then|later|often)$",
    re.IGNORECASE,
)
_ENDS_NO_SUBJECT = re.compile(
    r"(?:^|\s)(?:the|a|an|of|to|in|for|by|with|and|or|its|his|her|their|our|any|some|no|this|these"
    r"|that|\S{1,40}'s|\S{1,40}s'|as|on|at|from|not|such|other|own|all|both|each|further|new|first"
    r"|former|criminal|civil|formal|final|initial|several|various|certain|more|most|public"
    r"|following|same|relevant)$",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?!(?:Having|Being)\b)[A-Z]\w*(?:ly|ing(?: (?:of|and|&|[A-Z][\w.'-]*)){0,5})")
_NOUN_PHRASE = re.compile(r"[a-z] (?=the [a-z]+ [a-z]+)")
_PREPOSITION = re.compile(r"By|In|Under|At|With|On|Through|For")
_INVERTED = re.compile(r"(?:Should|Were|Had|Unless|Until|If|That (?:an?|the|it|he|she|they)) ")
_STATE = re.compile(r"satisfied|persuaded|convinced|of the .{1,20}|[a-z]{3,15}ing", re.IGNORECASE)
_BE = re.compile(r"\b(?:is|are|was|were|been|be|am)\b")
_NOT = re.compile(r"\b(?:not|never|no longer)\b")
_MODAL = re.compile(r"\b(?:will|would|should|may|must|shall|could|might|can)\b")
_BRACKETS = re.compile(r"\([^)]{0,80}\)")
# "Name of the firm complained of:", "Amount claimed: $300": a label in a form, and nobody's words.
_THING = (
    r"(?:full |total |estimated )?(?:names?|address(?:es)?|dates?|places?|periods?|amounts?|sums?"
    r"|numbers?|types?|nature|details?|descriptions?|titles?|loss(?:es)?|damages?|relief"
    r"|remed(?:y|ies)|costs?|expenses?|fees?|interest|compensation|charges?|offen[cs]es?|grounds?"
    r"|facts?|matters?|products?|services?|accounts?|documents?|reasons?|claims?|issues?)\b"
)
_LABELLED_THING = re.compile(_THING, re.IGNORECASE)
_LABELLED_BODY = re.compile(
    r"(?:other )?(?:persons?|part(?:y|ies)|individuals?|firms?|compan(?:y|ies)|entit(?:y|ies)"
    r"|business(?:es)?|organi[sz]ations?|brokers?|advis[eo]rs?|employers?|police|agenc(?:y|ies)"
    r"|authorit(?:y|ies)|regulators?)\b",
    re.IGNORECASE,
)
_ENDS_LABEL = re.compile(r"(?P<of>\s(?:of|by|against|to|for|from|about|in|on|with|as))?\s?:")
_INFORMED = frozenset({"informed", "notified", "contacted"})
# "Amount the firm said you would get", "What the firm told you": a clause, and not who says it.
_CLAUSE = re.compile(
    rf"(?:the )?{_THING} (?:the|a|an|you|your|they|he|she|we|it|i|this|that)\b"
    r"|(?-i:How|What|Where|Why|Who|Whom|Whose|Whether)\b",
    re.IGNORECASE,
)
# "The charges were …", "the individuals charged, …": a noun, or a participle.
_NOT_A_VERB = re.compile(
    r",| (?:to (?:be|have)|arose|were|was|are|is|have|has|had|against|of|by)\b|$"
)
_NOBODY = re.compile(
    r"\b(?:e-?mails?|(?:text )?messages?|brochures?|websites?|PPMs?|counts?(?: \d{1,2})?|standards?"
    r"|violations?|sections?|articles?|steps?|contracts?|actions?|agreements?|slides?"
    r"|advertisements?|adverts?|ads?|labels?|(?:web ?)?pages?|banners?|posters?|scripts?"
    r"|brochures?|prospectus(?:es)?|leaflets?|invoices?|signs?|packaging|apps?|software"
    r"|tables?|charts?|graphs?|spreadsheets?|logs?|minutes|bylaws|statutes?|laws?|clauses?"
    r"|terms|conditions?|accounts?|instances?|forms?|manuals?|products?|systems?|policy|policies)$",
    re.IGNORECASE,
)
# "Page", "Ann Page", but not "The Page" or "Each Agreement": a name that is also a thing.
_PROPER = re.compile(
    r"^(?!(?:The|An?|Each|Its|This|That|Both|Our|Their|His|Her|Every)\b)"
    r"(?:[A-Z][\w.'-]{1,20} ?){1,3}$"
)
_RULES = re.compile(
    r"\b(?:courts?|tribunals?|judges?|justices?|boards?|panels?|commission|chamber)$", re.IGNORECASE
)
_PARTICIPLE = re.compile(r" (?:above|below|by|for (?:clients|customers|investors|them|him|her))\b")
_PROVISIONAL = re.compile(r"\b(?:provisional|preliminar|tentative)")
_POST = re.compile(
    r"[,?!\"] ?(?:the |as )?(?:"
    r"(?P<verb>said|says|added|wrote|explained|stated|commented|told [^,.]{1,40}|noted)"
    r" (?P<after>[A-Z\w][^,;:\"]{1,70})"
    r"|(?P<before>(?:the )?[\w.'& -]{1,60}?) (?:has |had |have |also )?"
    r"(?P<last>said|says|added|wrote|alleged?s?|alleged|charges|claims|claimed|argues|argued"
    r"|contends|contended|maintains|submits|submitted|found|finds|held|concluded|ruled|noted"
    r"|stated|explained|testified|recalled))(?=[,.:]? ?\"|\.?$|,)",
)
_ACCORDING = re.compile(
    r"(?:^(?:[A-Z][\w ,]{0,50}, )?|, |; )(?P<how>according to|in the (?:view|opinion|words|eyes) of"
    r"|on the (?:case|account|evidence) of)\s(?P<who>[^,;.\"]{2,80}?)(?=,|\.?$|;| and its )",
    re.IGNORECASE,
)
_VIEW = re.compile(
    r"^(?:[A-Z][a-z]{1,14}, )?(?:In|On) (?P<who>(?:the )?[\w.& -]{2,60}?(?='|s? (?:view|opinion)\b)"
    r"|its|his|her|their|my|our)(?:'s?)? "
    r"(?P<noun>view|opinion|submission|account|contention|representations?|response|words"
    r"|reading|theory|telling|argument)\b,? "
)
# "Acme's position is that …": a noun of saying, and whose it is.
_POSITION = re.compile(
    r"^(?P<who>(?:[Tt]he )?[A-Z]?[\w.& -]{2,60}?)(?:'s|(?<=s)') (?:\w{1,15} )?"
    r"(?:position|case|argument|contention|theory|explanation|defen[cs]e|answer|account|evidence)"
    r"(?: (?:on|in|at|before) [^,;:.]{2,40}?)? (?:is|was) that\b"
)
# "The State concedes this point and we agree": a submission told only to be accepted or rejected.
_ANSWERED = re.compile(
    r"(?:,|;| and| but)(?: and| but)? (?P<who>we|I|(?:the|this) (?:court|tribunal|panel"
    r"|commissioner|authority|board|commission)) (?:\w{2,15}ly )?"
    r"(?P<what>agrees?|disagrees?|rejects?|accepts?|do(?:es)? not (?:agree|accept)|cannot|holds?"
    r"|finds?|concludes?|(?:is|am|are) (?:not )?(?:persuaded|satisfied|convinced))\b",
    re.IGNORECASE,
)
_ANSWERABLE = frozenset({"say", "argue", "tell", "deny", "admit", "act"})
# 'Hearing, 115th Cong. 13 (testimony of Ada Pell, Treasurer) ("We estimate …': who is quoted.
_TESTIMONY = re.compile(
    r"^[^()]{0,160}\b(?:Hearing|Cong|Deposition|Tr)\b[^()]{0,60}(?:\([^()]{4,12}\) )?"
    r"\((?:testimony|deposition) of (?P<who>[A-Z][^,;()]{2,60})[^()]{0,80}\) ?\(?\""
)
_ASSESSING = frozenset({"view", "opinion"})


@lru_cache(maxsize=4096)
def frame_of(sentence: str, verbs: re.Pattern[str]) -> Frame | None:
    """The frame that governs the main clause of a smoothed sentence; None if there is none.

    Parameters
    ----------
    verbs
        The forms of the framing verbs in lower case, with a group for each class.
    """
    text = _SOURCE.sub("", _NUMBER.sub("", sentence[:_LONGEST], count=1), count=1)
    dated = _DATED.match(text)
    text = text[dated.end() :] if dated else text
    witness = _TESTIMONY.search(text)
    if witness:
        return Frame(witness["who"], "say", said="testimony")
    according = _ACCORDING.search(text)
    if according and (according.start() < 60 or according.end() > len(text) - 3):
        words = " ".join(according["how"].lower().split())
        verb = "view" if words.endswith(("view of", "opinion of", "eyes of")) else "say"
        return Frame(according["who"], verb, said=words)
    view = _VIEW.match(text)
    if view and not view["who"].lower().startswith(("this ", "that ", "these ", "response to")):
        verb = "view" if view["noun"] in _ASSESSING else "argue"
        return Frame(view["who"], verb, said=view["noun"])
    held = _POSITION.match(text)
    if held:
        return Frame(held["who"], "argue", said="position")
    frame = _after(text, verbs) or _main(list(verbs.finditer(_lower(text))), text)
    answer = _ANSWERED.search(text) if frame and frame.verb in _ANSWERABLE else None
    return Frame(answer["who"], "find", said=answer["what"]) if answer else frame


def _lower(text: str) -> str:
    """The text in lower case, each character in its place."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower()[0] for c in text)


def _after(text: str, verbs: re.Pattern[str]) -> Frame | None:
    """The frame that comes after what it reports: "…," said Roe."""
    for post in _POST.finditer(text):
        quoted = '"' in text[: post.start() + 1]
        if not quoted and post.end() < len(text) - 1:
            continue
        if post["after"]:
            return Frame(post["after"], "say", said=post["verb"])
        who = post["before"]
        if not _NO_SUBJECT.search(who.lower()) and len(who.split()) < _WORDS:
            known = verbs.fullmatch(_lower(post["last"]))
            return Frame(who, (known and known.lastgroup) or "say", said=post["last"])
    return None


def _main(verbs: list[re.Match[str]], text: str) -> Frame | None:
    """The frame of the main clause: at the beginning, or behind what opens the sentence."""
    opening = _OPENING.match(text)
    if opening is not None and opening[0].endswith(("ly", "ing")):
        named = _of_paper(verbs, text, 0) or _framed(verbs, text, 0)
        if named is not None and _NAME.fullmatch(named.subject):
            return named  # "Boeing said", "Kelly argues"
    if opening is None:
        frame = _of_paper(verbs, text, 0) or _framed(verbs, text, 0)
        if frame is None and (later := _LATER.search(text, 0, _CITED)):
            frame = _framed(verbs, text, later.end())
        return frame
    at = 0
    for _ in range(_COMMAS):
        comma = text.find(", ", at, at + _OPENING_LONG)
        if comma < 0:
            break
        at = comma + 2
        if _OPENING.match(text, at):
            continue
        frame = _of_paper(verbs, text, at) or _framed(verbs, text, at)
        if frame and _PRONOUN.fullmatch(frame.subject) and (meant := _MEANT.match(text)):
            return replace(frame, subject=meant["who"])
        if frame:
            return frame
    # Without a comma: "Therefore the Court holds …", "By its second plea the applicant claims …".
    if at:
        return None
    frame = _framed(verbs, text, opening.end() + 1)
    later = _NOUN_PHRASE.search(text, opening.end() + 2, opening.end() + _CITED)
    if frame is None and later and _PREPOSITION.fullmatch(opening[0]):
        frame = _framed(verbs, text, later.end())
    return frame


def _of_paper(verbs: list[re.Match[str]], text: str, start: int) -> Frame | None:
    """The frame of the clause about a paper that the subject has made: "in which it accepted"."""
    paper = _IN_WHICH.match(text, start)
    if paper is None:
        return None
    for found in verbs:
        if found.start() >= paper.end():
            said = _framed([found], text, paper.end() - len("they "))
            about = said and said.verb in ("say", "argue", "deny", "admit", "settle")
            return replace(said, subject=paper["who"]) if said and about else None
    return None


def _framed(verbs: list[re.Match[str]], text: str, start: int) -> Frame | None:
    """The frame of the clause that begins at ``start``, if its subject stands before its verb."""
    for found in verbs:
        if found.start() < start:
            continue
        if found.start() > start + _SUBJECT_LONG:
            return None
        before = _SUBJECT.fullmatch(text, start, found.start())
        if before is not None:
            return _checked(found, before)
    return None


def _checked(found: re.Match[str], before: re.Match[str]) -> Frame | None:
    who = before["who"].strip(" ,")
    bare = _YEAR.sub("", _BRACKETS.sub("", who.split(",")[0]).strip(), count=1)
    text = before.string
    does = _DOES.match(bare)
    if does is not None and found[0].lower().endswith("ing"):
        bare = does["who"]
    verb, word, aux = str(found.lastgroup), text[slice(*found.span())], before["aux"].lower()
    if (
        not bare
        or len(bare.split()) > _SUBJECT_WORDS
        or _NO_SUBJECT.search(bare)
        or _STARTS_NO_SUBJECT.match(bare)
        or _INVERTED.match(bare)
        or _MATERIAL.match(bare)
        or (_NOBODY.search(bare) and not _PROPER.search(bare))
        or _ENDS_NO_SUBJECT.search(bare)
    ):
        return None
    if _CLAUSE.match(bare) or _is_label(found, bare):
        return None
    if "false" in aux or "misleading" in aux or _FALSELY.match(text, found.end()):
        return None  # the author accuses
    if word == "rules" and not _RULES.search(bare):
        return None  # "Federal rules that preserve …": a noun
    if word == "told" and text.startswith(" that ", found.end()):
        return None  # "a listener told that …"
    if _PARTICIPLE.match(text, found.end()) and word.endswith(("d", "ght")) and not aux.strip():
        return None  # "the assets held for clients", "the rules mentioned above"
    if word[:1].isupper() and (not word.isupper() or bare.isupper()):
        return None  # "United States", a heading; but "the Court DENIES"
    state = _STATE.fullmatch(word)
    if bool(_BE.search(aux)) != bool(state and not word.endswith("ing")) and not (
        state and word.endswith("ing") and aux.strip()
    ):
        return None  # passive: what is done is said, not who says it
    if _NOT_A_VERB.match(text, found.end()) and verb in ("allege", "tell", "order"):
        return None
    if verb in ("find", "order") and _PROVISIONAL.search(aux):
        verb = "allege"
    return Frame(bare, verb, bool(_NOT.search(aux)), word, bool(_MODAL.search(aux)))


def _is_label(found: re.Match[str], subject: str) -> bool:
    """Whether the verb is a participle at the end of a label: "Amount claimed:"."""
    label = _ENDS_LABEL.match(found.string, found.end())
    if label is None:
        return False
    about = label["of"] or found[0].lower() in _INFORMED
    return bool(_LABELLED_THING.match(subject) or (about and _LABELLED_BODY.match(subject)))
