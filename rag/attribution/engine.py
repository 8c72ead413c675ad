"""Who says a sentence, with what standing: three questions, answered from the data files.

1. Whose place is it: the authority's, a party's, a witness's, a dissenter's, a quoted message?
2. Who speaks in the sentence: the subject of its framing verb, or whose place it is?
3. What standing follows from speaker, verb and place?

What nothing decides is ``stated`` by the author: an argument shown as a finding does harm, a
finding shown as a statement does not.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import lru_cache

from rag.attribution.consent import consented
from rag.attribution.fragments import whole
from rag.attribution.frames import Frame, frame_of
from rag.attribution.names import PRONOUN, Author, Speaker, author_of, enclosed, reader_name
from rag.attribution.rules import Rule, Rules, current
from rag.attribution.smooth import smooth
from rag.text.sentences import sentences
from rag.types import Document, Status

_BEFORE = 4000
"""Characters before a sentence in which must stand what a standing comes after."""
_OPEN = 1200
"""Characters before a sentence in which its quotation is opened."""
_SEARCHED = 200_000
"""Characters of a document in which it must mention what a standing depends on."""
_SENTENCE_BEFORE = 900
"""Characters before a sentence in which the sentence before it begins."""
_DECIDED = frozenset({"found", "ordered", "admitted", "convicted"})
_HEADING = 60
"""Characters of a heading that gives the place to a party."""
_SIDES = frozenset({"other_side", "dissent"})
_CONTINUATION = re.compile(
    r"(?:In particular|Specifically|For example|Further|Furthermore|Moreover),"
)
_CONTINUED = frozenset({"admitted", "denied", "stated"})
_DECISIVE = frozenset({"ordered", "settled", "alleged", "found"})
_TOLD = frozenset({"told", "stated", "represented", "claimed", "informed"})
_OPENS = re.compile(r'.?“|[\s(]?"(?=\w|$)', re.DOTALL)
_BLOCK = re.compile(r":[ \t]*\n\s*\n\s*")
"""What is set out in a paragraph of its own."""
_GREETING = 60
"""Characters of a line that opens a message, at most."""
_MESSAGE = re.compile(
    r"(?:the|this|that|his|her|their|its) (?:e-?mail|(?:text )?message|letter|text|note|post|memo"
    r"|memorandum|statement|reply|response) (?:\w+ ){0,3}"
    r"(?:stated|said|says|read|reads|continued):$",
    re.IGNORECASE,
)
_WRITING = re.compile(r"e-?mail|text|tweet|followed up")
_SAYING = frozenset({"say", "argue", "deny", "admit", "allege"})
_PARAGRAPH = re.compile(r"[.:;?!]\s*\n\s*\n\s*")
_ITEM = re.compile(r"\W{0,3}(?:\(?(?:[a-z]|[ivx]{1,5}|\d{1,2})[.)]|[•▪●◦■□‣·*–-])\s")
_WEIGHED = re.compile(
    r"\b(?:considered|considers?|regard|account|looked)\b.{0,30}\bfollowing\b(?! to be)",
    re.IGNORECASE,
)
"""What is only weighed: what follows it is not found."""
_WEIGHING = frozenset({"considers", "consider", "takes the view", "of the view", "understands"})
"""A view that an announcement tells of is a position, not a decision."""
_DECIDING = frozenset({"find", "order"})
_NEGATED = {"admit": "deny", "deny": "admit", "find": "refuse", "agree": "deny"}
_CONDITION = re.compile(
    r"(?:\b(?i:if|unless|in the event(?: that)?|assuming|provided that)|^(?:Had|Were|Should))\b"
    r"[^,;:.]{0,160}$"
    r"|\b(?i:an?|any|every|each|no) (?:\w{1,15} )?(?:person|individual|firm|company|defendant"
    r"|offender) (?:who|that|which)\b[^,;:.]{0,80}$"
    r"|^(?:An?|Any|Every|Each|No) (?:[a-z-]{2,20} ){1,3}(?:who|that|which|whose)\b[^;:.]{0,200}$"
    r"|\b(?:may|might|could|can|will|would|should) (?:\w{2,15}ly )?(?:be |have (?:been )?)?"
    r"(?:order|impose|find|found|convict|admit|conclude|determine|fine|sentence)(?:e?d)?$"
    r"|\b(?:not|never|no) (?:\w{2,15}ly )?(?:been )?(?:find|found|convict|admit|determine)(?:e?d)?$"
)
"""What a decision is only told of behind: a condition, a possibility, a denial,
whoever it may be."""
_COURTS = re.compile(
    r"\b(?:CJEU|ECJ|ECtHR|Court of Justice(?: of the European Union)?|General Court|High Court"
    r"|Supreme Court|Court of (?:Appeals?|Session|Human Rights)|Federal Court|Council of State"
    r"|Constitutional Court|(?:Upper|First-tier|Competition Appeal) Tribunal"
    r"|(?:[A-Z][a-z]+ )Circuit)\b"
)
"""Courts by name: "the Court" of a document that is not a court's is the last one named."""
_BARE_COURT = re.compile(r"the (?:court|tribunal)", re.IGNORECASE)
_LIST = 3000
"""Characters before an item of a list in which its lead-in stands."""
_LEADING = re.compile(
    r"(?:[A-Z]?[\w ]{0,40}, )?(?P<who>(?:(?:The|An?) (?:[a-z][\w'-]* ){0,4}?[a-z][\w'-]*"
    r"|(?:(?:Mr|Ms|Mrs|Dr) )?[A-Z][\w'-]+(?: [A-Z][\w.'&-]*){0,4}))"
    r"(?:,| (?:was|is|had|has|did|then|also|later|next|never|[a-z]{2,15}ed|made|told|sent|met|gave"
    r"|took|put|saw|wrote|came|went|began|[a-z]{3,15}[a-z]s)\b)"
)
"""Whom a sentence is about: "Ada Pell, a lawyer, …", "The claimant issued …"."""
_THING = re.compile(
    r"\b(?:orders?|notices?|decisions?|letters?|e-?mails?|reports?|complaints?|documents?|rules?|acts?"
    r"|judgments?|releases?|reviews?|agreements?|papers?|proceedings?|cases?|matters?|files?|charges?"
    r"|accounts?|funds?|investigations?|inquir(?:y|ies)|hearings?|trials?|polic(?:y|ies)|of|in|to|that)$",
    re.IGNORECASE,
)
"""What no "he" or "she" stands for."""
_HE, _SHE = (
    re.compile(rf"\b(?:{titles})\.?\s(?:[A-Z][\w'’-]{{1,20}})(?:-[A-Z]\w{{1,20}})?")
    for titles in ("Mr|Sir|Dr|Professor|Commissioner", "Ms|Mrs|Miss|Dr|Professor|Commissioner")
)
_TITLES = {"he": _HE, "his": _HE, "she": _SHE, "her": _SHE}
"""People with a title, by the pronoun that may stand for them."""
_BODY = re.compile(
    r"(?:the |its |an? |this )?(?:\w{1,20} ){0,3}(?:board|company|firm|bank|court|commission|agency"
    r"|authority|committee|staff|department|office|union|government)$",
    re.IGNORECASE,
)
"""What is nobody that "he" or "she" stands for."""
_DENIES = re.compile(
    r"\b(?:says?|said|stat(?:es|ed)|testified|maintain(?:s|ed)|insist(?:s|ed)|claim(?:s|ed))"
    r" (?:that )?(?:he|she|it|they|we|I)"
    r" (?:did(?: not|n't)|never|had(?: not|n't| never)|have never|has never)\b"
    r"(?! (?:know|recall|remember|understand|receive|think|believe|expect|need|want))"
)
"""Who says that they did not do it rejects the allegation."""
_PERSON = re.compile(r"(?:he|she|his|her)\b", re.IGNORECASE)
_NEW_PART = re.compile(
    r"^\W{0,4}(?:appendix|annex|schedule|part|chapter) (?:[A-Z]|[IVX]{1,5}|\d{1,2})\W{0,3}$",
    re.IGNORECASE | re.MULTILINE,
)
"""A heading that ends the account of a party above it, also where it opens no section."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """The speaker and the status of a sentence, and the id of the rule that gave them."""

    speaker: str | None
    status: Status
    rule: str


def attribute(document: Document, start: int, end: int) -> Attribution:
    """The speaker and the status of ``document.text[start:end]``.

    The speaker is None if the metadata names neither a speaker nor an agency and no rule names one.

    Parameters
    ----------
    start, end
        The offsets of one sentence, half-open.
    """
    kept = _Kept(document, current())
    return _attribute(kept, *whole(document, start, end))


class _Kept:
    """A document and the rules, by identity: what was read of it once is kept."""

    __slots__ = ("document", "rules")

    def __init__(self, document: Document, rules: Rules) -> None:
        self.document = document
        self.rules = rules

    def __hash__(self) -> int:
        return id(self.document)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Kept)
            and other.document is self.document
            and other.rules is self.rules
        )


@dataclass(frozen=True, slots=True)
class _Place:
    """Whose words stand at a place, and what kind of place it is."""

    author: Author
    name: str | None
    section: str
    own: bool
    """Whether the author of the document speaks there, not a party or a dissenter."""

    def scope(self) -> tuple[str, ...]:
        """The values for the fields of a scope, in their order."""
        author = self.author
        return (
            author.agency or "",
            author.family,
            author.type,
            author.voice,
            author.stage,
            self.section,
        )


@lru_cache(maxsize=64)
def _author(kept: _Kept) -> Author:
    return author_of(kept.document, kept.rules)


@lru_cache(maxsize=4096)
def _attribute(kept: _Kept, start: int, end: int) -> Attribution:
    document = kept.document
    rules = kept.rules
    sentence = smooth(document.text[start:end])
    place = _place(kept, start)
    if not place.own:
        return _other_side(kept, place, rules, sentence, start)
    ruled = _by_rules(rules.early, kept, place, sentence, start)
    if ruled is not None:
        return ruled
    framed = _by_frame(kept, place, rules, sentence, start)
    if framed is not None:
        return framed
    return (
        _quoted(kept, start, sentence)
        or _by_rules(rules.late, kept, place, sentence, start)
        or _continued(kept, place, start, sentence)
        or _by_place(kept, place, rules, start)
    )


@lru_cache(maxsize=64)
def _enclosures(kept: _Kept) -> tuple[tuple[int, int, str, Author], ...]:
    """Where papers of others begin and end that the document encloses, the kind of section, whose.

    An authority encloses a party's undertaking or a member's dissent; an agreement its findings.
    """
    author = _author(kept)
    text = kept.document.text
    papers = []
    for enclosure in kept.rules.enclosures:
        if author.voice not in ("authority", "court", "parties"):
            break
        if not enclosure.scope.holds(*_Place(author, None, "", True).scope()):
            continue
        for found in enclosure.starts.finditer(text):
            end = enclosure.ends.search(text, found.end()) if enclosure.ends else None
            whose = enclosed(author, enclosure, found, kept.document, kept.rules)
            papers.append(
                (found.start(), end.start() if end else len(text), enclosure.section, whose)
            )
    return tuple(sorted(papers, key=lambda paper: paper[0]))


# --- whose place it is ---------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def _place(kept: _Kept, start: int) -> _Place:
    author = _author(kept)
    document = kept.document
    for first, end, kind, party in reversed(_enclosures(kept)):
        if first <= start < end:
            return _Place(party, party.name, kind or document.section_at(start) or "", True)
    within = [one for one in document.sections if one[0] <= start < one[1]]
    section, heading = within[-1][2:] if within else ("", "")
    voice = document.speaker_at(start) if document.speaker_starts else None
    if voice is not None:
        return _Place(author, voice, section, author.voice == "hearing")
    # A long heading is a numbered paragraph that was taken for one: it does not head a section.
    if (
        section in _SIDES
        and author.voice in ("authority", "court", "author")
        and len(heading) < _HEADING
        and not _NEW_PART.search(document.text, within[-1][0], start)
    ):
        name = _side(author, section, heading)
        return _Place(author, name, section, name is None)
    return _Place(author, author.name, section, True)


def _side(author: Author, section: str, heading: str) -> str | None:
    plain = heading.replace("’", "'")
    if section == "dissent":
        judge = re.search(
            r"([A-Z][\w.]{1,40}(?: [A-Z][\w.]{1,40}){0,3}),? .{0,20}dissenting", plain
        )
        return f"{judge[1]} (dissenting)" if judge else "the dissent"
    for party in author.parties:
        if party.casefold() in plain.casefold():
            return party
    found = re.search(r"([A-Z][\w.&-]{1,40}(?: [A-Z][\w.&-]{1,40}){0,3})'s? ", plain) or re.search(
        r"\b(?i:of|by|from) (?:the )?([A-Z][\w.&-]+(?: [A-Z][\w.&-]+){0,4})", plain
    )
    if found and not plain.isupper():
        return reader_name(found[1])
    if found:
        return found[1].title()
    return author.party()


def _other_side(kept: _Kept, place: _Place, rules: Rules, sentence: str, start: int) -> Attribution:
    """The account of a party, a witness or a dissenter, and a quoted message."""
    frame = frame_of(sentence, rules.verbs)
    said = place.author.speaker(frame.subject) if frame else None
    if frame and place.section == "other_side" and PRONOUN.fullmatch(frame.subject):
        said = Speaker(place.name, "party")
    author = place.author
    if frame and said and author.voice in ("authority", "court"):
        if said.kind in ("own", "court") and '"' not in sentence:
            status = _standing(frame, said, replace(place, name=author.name), rules)
            if status:
                return Attribution(
                    said.name, status, f"{said.kind} {frame.verb} {frame.said}".strip()
                )
        if (
            said.name
            and said.kind in ("party", "third")
            and frame.verb in ("say", "argue", "deny", "admit")
        ):
            status = _standing(frame, said, place, rules)
            if status == "stated" and _DENIES.search(sentence):
                status = "denied"
            return Attribution(
                said.name, status or "stated", f"{said.kind} {frame.verb} {frame.said}".strip()
            )
    ruled = _by_rules(rules.late, kept, place, sentence, start)
    if ruled is not None and ruled.status in ("denied", "stated"):
        return ruled
    rule = f"section {place.section}" if place.section else "the speaker's own words"
    return Attribution(place.name, "stated", rule)


# --- who speaks in the sentence, and what follows ------------------------------------------------


def _by_rules(
    rules: tuple[Rule, ...], kept: _Kept, place: _Place, sentence: str, start: int
) -> Attribution | None:
    within, words = _within(rules, place.scope())
    lower = sentence.lower()
    there = {word for word in words if word in lower}
    for rule in within:
        found = rule.finds(sentence, there)
        if found is None or (rule.status in _DECIDED and _hypothetical(sentence, found)):
            continue
        if (
            rule.status == "ordered"
            and rule.consent
            and consented(kept.document.text, start, sentence)
        ):
            speaker = _speaker(rule, found, kept, place, sentence, start)
            return Attribution(speaker, "settled", f"{_words(rule)}, by consent")
        speaker = _speaker(rule, found, kept, place, sentence, start)
        if rule.speaker == "subject" and (speaker == place.name or speaker is None):
            continue
        return Attribution(speaker, rule.status, _words(rule))
    return None


def _hypothetical(sentence: str, found: re.Match[str]) -> bool:
    """Whether a match ends in a clause with "if", or tells of what is asked for."""
    return bool(_CONDITION.search(sentence, 0, found.end()))


def _words(rule: Rule) -> str:
    """The id as readers see it."""
    return rule.id.replace("-", " ")


@lru_cache(maxsize=256)
def _within(
    rules: tuple[Rule, ...], scope: tuple[str, ...]
) -> tuple[tuple[Rule, ...], frozenset[str]]:
    """The rules for a place, and all the words that one of them needs."""
    within = tuple(rule for rule in rules if rule.scope.holds(*scope))
    return within, frozenset(word for rule in within for word in rule.words())


def _speaker(
    rule: Rule, found: re.Match[str], kept: _Kept, place: _Place, sentence: str, start: int
) -> str | None:
    author = place.author
    if rule.speaker == "author":
        return place.name
    if rule.speaker == "court":
        return place.name if author.voice == "court" else "the court"
    if rule.speaker in ("jury", "grand-jury"):
        return f"the {rule.speaker.replace('-', ' ')}"
    if rule.speaker == "agent":
        said = author.speaker(found["by"]) if found["by"] else None
        return said.name if said else place.name
    if rule.speaker == "party":
        return author.party()
    if rule.speaker == "subject":
        frame = frame_of(sentence, kept.rules.verbs)
        said = _resolved(frame, kept, place, start) if frame else None
        return said.name if said else author.defendant()
    return author.defendant()


def _by_frame(
    kept: _Kept, place: _Place, rules: Rules, sentence: str, start: int
) -> Attribution | None:
    frame = frame_of(sentence, rules.verbs)
    if frame is None:
        return None
    said = _resolved(frame, kept, place, start)
    if said is None or (place.author.stage == "hearing" and said.kind != "own"):
        return None  # in a hearing who has the floor speaks, whomever they tell of
    announced = place.author.stage in ("announcement", "")
    if said.kind == "party" and frame.verb == "find" and place.author.voice == "authority":
        return None  # what a party noticed or resolved is part of what the authority tells
    acts = frame.verb == "find" or (said.kind == "third" and frame.said in _TOLD)
    if announced and said.kind in ("third", "party") and acts and '"' not in sentence:
        return None  # what they said or decided then is part of what the release tells
    status = _standing(frame, said, place, rules)
    if status is None:
        return None
    if status == "stated" and said.kind in ("party", "third") and _DENIES.search(sentence):
        status = "denied"
    name = place.name if frame.verb == "act" else said.name or place.name
    return Attribution(name, status, f"{said.kind} {frame.verb} {frame.said}".strip())


def _resolved(frame: Frame, kept: _Kept, place: _Place, start: int) -> Speaker | None:
    said = place.author.speaker(frame.subject)
    if said is not None:
        if said.kind == "court" and _BARE_COURT.fullmatch(said.name or ""):
            return _court_named(kept, place, start) or said
        return Speaker(place.name, "own") if said.kind == "own" else said
    before = _before(kept, start)
    if before is not None:
        earlier = smooth(kept.document.text[slice(*before)])
        one = frame_of(earlier, kept.rules.verbs)
        person = _PERSON.match(frame.subject) is not None
        titled = _titled(kept, frame.subject, before[0], start)
        if titled and one is not None and _BODY.match(one.subject):
            return place.author.speaker(titled)
        if one is not None and not PRONOUN.fullmatch(one.subject):
            found = place.author.speaker(one.subject)
            if found is not None:
                return Speaker(place.name, "own") if found.kind == "own" else found
        named = _LEADING.match(earlier)
        found = place.author.speaker(named["who"]) if named else None
        if named is not None and found is not None and found.kind in ("party", "third"):
            by_role = named["who"].startswith(("The ", "A ", "An "))
            if not by_role or found.kind == "party" or (person and not _THING.search(named["who"])):
                return found
    if frame.verb in _DECIDING and place.author.voice in ("authority", "court"):
        return Speaker(place.name, "own")
    announced = place.author.stage in ("announcement", "")
    if len(place.author.parties) == 1 and place.author.voice == "authority":
        return Speaker(place.author.parties[0], "party")
    if announced or place.author.voice == "court":
        return Speaker(place.author.defendant(), "party")
    titled = _titled(kept, frame.subject, start - _SENTENCE_BEFORE, start)
    somebody = place.author.speaker(titled) if titled else None
    return somebody or Speaker(place.author.party(), "party")


def _titled(kept: _Kept, pronoun: str, first: int, start: int) -> str | None:
    """The person last named there with a title that the pronoun may stand for."""
    titles = _TITLES.get(pronoun.casefold())
    if titles is None:
        return None
    around = kept.document.text[max(0, first) : start]
    named = [one[0] for one in titles.finditer(around)]
    return " ".join(named[-1].split()) if named else None


def _court_named(kept: _Kept, place: _Place, start: int) -> Speaker | None:
    """The court last named before, where a document that is no court's says "the Court"."""
    if place.author.voice == "court" or place.author.stage in ("announcement", ""):
        return None
    named = _COURTS.findall(kept.document.text, max(0, start - _BEFORE), start)
    return Speaker(f"the {named[-1]}", "court") if named else None


def _standing(frame: Frame, said: Speaker, place: _Place, rules: Rules) -> Status | None:
    """What follows from speaker, verb and place; None if the place must decide."""
    verb = frame.verb
    if said.kind == "own" and frame.said == "according to":
        verb = "view"
    if frame.modal and verb not in ("say", "argue"):
        return None
    if frame.negated:
        verb = _NEGATED.get(verb, "")
        if not verb:
            return None  # what somebody does not say is told by the author
    if place.author.voice == "party" and said.kind == "court" and frame.said.endswith("s"):
        return "stated"  # "The Court finds that": what a party asks the court to say
    if place.author.stage == "announcement" and frame.said in _WEIGHING and said.kind == "own":
        return "stated"
    first_person = frame.subject.casefold().strip() in ("we", "i")
    if first_person and verb in _DECIDING and not place.author.voice:
        return "stated"  # nothing shows that the author may decide: "we found the error ourselves"
    return _statuses(rules, place.scope()).get(f"{said.kind}-{verb}")


@lru_cache(maxsize=256)
def _statuses(rules: Rules, scope: tuple[str, ...]) -> dict[str, Status]:
    """What follows there from speaker and verb; the first standing decides."""
    found: dict[str, Status] = {}
    for standing in rules.standings:
        if standing.scope.holds(*scope):
            found = {**standing.statuses, **found}
    return found


@lru_cache(maxsize=1024)
def _before(kept: _Kept, start: int) -> tuple[int, int] | None:
    first = max(0, start - _SENTENCE_BEFORE)
    earlier = sentences(kept.document.text, first, start)
    return earlier[-1] if earlier else None


def _quoted(kept: _Kept, start: int, sentence: str) -> Attribution | None:
    """The speaker of a quotation opened before, of what a colon introduces, or of a message.

    A message is set out in a paragraph of its own: "Roe emailed:", perhaps a line of greeting.
    """
    text = kept.document.text
    before = text[max(0, start - _OPEN) : start]
    opening = max(before.rfind(mark) for mark in '“”"')
    opened = (
        opening >= 0
        and _OPENS.match(before, max(0, opening - 1)) is not None
        and not _PARAGRAPH.search(before, opening)
    )
    if opened:
        at, saying = start - len(before) + opening, _SAYING
    elif before.rstrip().endswith(":"):
        at, saying = start, _SAYING
    else:
        # A message has a line of greeting, and its first paragraph.
        block = max(_BLOCK.finditer(before), key=re.Match.end, default=None)
        within = before[block.end() :] if block else "\n\n"
        greeting, blank, rest = within.partition("\n\n")
        if block is None or _ITEM.match(within + sentence):
            return None
        if blank and (len(greeting) > _GREETING or "\n\n" in rest):
            return None
        at, saying = start - len(before) + block.start() + 1, _SAYING | {"act"}
    span = _before(kept, at)
    if span is None:
        return None
    led = smooth(text[span[0] : at]).strip()
    if _MESSAGE.search(led) and (written := _before(kept, span[0])):
        span, led = written, smooth(text[slice(*written)])
        saying |= {"act"}
    frame = frame_of(led, kept.rules.verbs)
    if frame is None or frame.verb not in saying:
        return None
    if frame.verb == "act" and not _WRITING.match(frame.said):
        return None
    said = _resolved(frame, kept, _place(kept, span[0]), span[0])
    if said is None or said.name is None or said.kind in ("own", "court", "accuser"):
        return None
    return Attribution(said.name, "stated", "quoted")


def _continued(kept: _Kept, place: _Place, start: int, sentence: str) -> Attribution | None:
    """The attribution of the sentence before, if this one goes on with it or with its list."""
    before = None
    if _CONTINUATION.match(sentence):
        before = _before(kept, start)
        allowed = _CONTINUED
    elif _ITEM.match(sentence) or sentence[:1].islower():
        before = _lead_in(kept, start)
        announced = place.author.stage in ("announcement", "")
        allowed = _DECISIVE if announced else _CONTINUED | _DECISIVE
    if before is None or _WEIGHED.search(smooth(kept.document.text[slice(*before)])):
        return None
    found = _attribute(kept, *before)
    if found.rule.startswith("place"):
        return None
    if found.status not in allowed or (allowed is _CONTINUED and found.speaker == place.name):
        return None
    if found.status == "stated" and found.speaker == place.name:
        return None
    return replace(found, rule=f"goes on from: {found.rule.removeprefix('goes on from: ')}")


def _lead_in(kept: _Kept, start: int) -> tuple[int, int] | None:
    """The sentence that ends in a colon before the items of a list."""
    text = kept.document.text
    first = max(0, start - _LIST)
    if ":" not in text[first:start]:
        return None
    for span in reversed(sentences(text, first, start)):
        words = text[slice(*span)].strip()
        if words.endswith(":"):
            return span
        if not (
            _ITEM.match(smooth(words)) or words[:1].islower() or words.endswith((";", "and", "or"))
        ):
            return None
    return None


# --- the place alone -----------------------------------------------------------------------------


def _by_place(kept: _Kept, place: _Place, rules: Rules, start: int) -> Attribution:
    for number in _placed(rules, place.scope()):
        standing = rules.standings[number]
        if standing.mentions and not _mentions(kept, number):
            continue
        if standing.after and _last(kept, standing.after, start) < 0:
            continue
        far = standing.since is not None
        since = _last(kept, standing.since, start, anywhere=True) if standing.since else 0
        until = _last(kept, standing.until, start, anywhere=far) if standing.until else -1
        if since < 0 or until > since:
            continue
        where = place.section or place.author.type or place.author.stage
        return Attribution(place.name, standing.statuses["place"], f"place: {where}".strip())
    whose = "speaker" if place.author.stage == "argument" else "author"
    return Attribution(place.name, "stated", f"the {whose}'s own words")


@lru_cache(maxsize=256)
def _placed(rules: Rules, scope: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(
        number
        for number, standing in enumerate(rules.standings)
        if "place" in standing.statuses and standing.scope.holds(*scope)
    )


def _last(kept: _Kept, pattern: re.Pattern[str], start: int, *, anywhere: bool = False) -> int:
    """Where its last match before a sentence ends; -1 if there is none near it, or anywhere."""
    ends = _ends(kept, pattern)
    last = bisect_right(ends, start) - 1
    return ends[last] if last >= 0 and (anywhere or ends[last] > start - _BEFORE) else -1


@lru_cache(maxsize=256)
def _ends(kept: _Kept, pattern: re.Pattern[str]) -> tuple[int, ...]:
    """Where the matches of a pattern end in a document."""
    return tuple(found.end() for found in pattern.finditer(kept.document.text, 0, _SEARCHED))


@lru_cache(maxsize=256)
def _mentions(kept: _Kept, number: int) -> bool:
    pattern = kept.rules.standings[number].mentions
    return pattern is None or bool(pattern.search(kept.document.text, 0, _SEARCHED))
