"""The verdict: one line above the quotes that says what was found and how sure it is."""

import re
from collections.abc import Sequence

from rag.answer.lacks import holds
from rag.answer.thing import other_thing
from rag.question.presupposition import asks_whether, contradicts
from rag.text.sentences import sentences
from rag.types import Claim, Question, Thing

_LONGEST = 220
"""Characters of a sentence in a verdict, at most."""
_BY = {
    "alleged": "as {speaker} alleges",
    "stated": "as {speaker} says",
    "denied": "which {speaker} denies",
    "found": "as {speaker} found",
    "ordered": "ordered by {speaker}",
    "settled": "agreed, as {speaker} reports",
    "admitted": "as {speaker} admits",
    "convicted": "as {speaker} reports",
    "dismissed": "of a charge that was dismissed, as {speaker} reports",
}
"""The standing of a thing, after it."""
_STANDING = (
    (
        re.compile(r"\b(?:propos\w*|notice of intent|intent to impose|draft decision)", re.I),
        "proposed",
    ),
    (re.compile(r"\b(?:seek(?:s|ing)?|sought|asks?|asked|request(?:s|ed)?) ", re.I), "asked for"),
    (re.compile(r"\brecommend\w*", re.I), "recommended"),
    (re.compile(r"\bsubject to (?:the )?(?:court\S* )?approval", re.I), "subject to approval"),
    (
        re.compile(r"\bwould (?:also )?(?:be|have|require|order|pay|bar|prohibit)", re.I),
        "not yet final",
    ),
    (re.compile(r"\b(?:maximum|up to|at most|not exceed\w*)\b", re.I), "at most"),
)
"""Words around a thing that nobody has decided yet, and the words for that."""
_AROUND = 160
"""Characters before and after a thing that are searched for these words."""
_NOT_SURE = "Not sure: the nearest quotes follow, and they may not answer {asked}."
_DECISION = {
    "convicted": "Convicted, as {speaker} reports",
    "found": "Found by {speaker}",
    "ordered": "Ordered by {speaker}",
    "admitted": "Admitted by {speaker}",
    "dismissed": "Dismissed, as {speaker} reports",
    "settled": "Settled, as {speaker} reports",
}
"""The words for a decision, the firmest first."""
_ADMITS = re.compile(r"\b(?:admit\w*|den(?:y|ied|ying)|confess\w*|settl\w*)\b", re.IGNORECASE)
_NEITHER = re.compile(r"\b(?:without|neither) admitting (?:n?or denying)?", re.IGNORECASE)
_NEGATED = re.compile(
    r"\b(?:not|never|no longer|nor|neither|fail(?:ed|s)? to|reject\w*|declin\w*)\b|n[’']t\b",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\b(?:(?:remains?|is|are|still|case|litigation|matter) (?:\w+ )?pending|"
    r"(?:not|never) (?:yet )?(?:been )?(?:decided|determined|ruled|resolved|concluded)|"
    r"yet to (?:decide|rule|be decided))\b",
    re.IGNORECASE,
)


def verdict(
    question: Question,
    claims: Sequence[Claim],
    *,
    missing: Sequence[str] = (),
    thing: Thing | None = None,
    sure: bool = True,
    doubted: Sequence[str] = (),
) -> str:
    """The line above the quotes, always true of what they hold.

    Parameters
    ----------
    claims
        The claims of the answer, best first; none if the documents do not say.
    missing
        What no quote gives, as `rag.answer.lacks.lacks` words it.
    thing
        The thing asked for, in one of the claims.
    sure
        Whether it is sure that the claims answer the question.
    doubted
        The parts of the question that they may not answer; empty for the whole question.
    """
    if not claims:
        return "The documents do not say."
    denied = denial(question, claims)
    if denied:
        return denied
    lack = "; ".join(missing)
    if thing is not None:
        other = other_thing(question, claims, thing)
        if other is not None:
            return (
                f"Two documents differ: {thing.text} in quote {thing.claim}, {other.text} in "
                f"quote {other.claim}."
            )
        given = f"{thing.text}, {standing(thing, claims)}"
        if lack:
            return f"Partly: {given}; {lack}."
        return f"{given}." if sure else f"Perhaps {given}: the quotes may not answer the question."
    if lack:
        return f"Partly: {lack}."
    if asks_whether(question.text):
        return _decided(question, claims, sure=sure)
    if not sure:
        one = len(doubted) == 1
        asked = f"“{_short(doubted[0]).rstrip(' ?')}?”" if one else "the question"
        return _NOT_SURE.format(asked=asked)
    if len(question.parts) > 1:
        return "Answered by these quotes."
    return "Answered by the first quote." if len(claims) > 1 else "Answered by this quote."


def denial(question: Question, claims: Sequence[Claim]) -> str:
    """What the claims say against a thing that the question takes for granted; else empty.

    What one side denies is told as its word, not as a fact.
    """
    for claim in claims:
        quote = claim.citations[0].quote
        about = f"{claim.citations[0].document.title}. {quote}"
        if question.names and not any(holds(about, name) for name in question.names):
            continue
        for start, end in sentences(quote, 0, len(quote)):
            sentence = quote[start:end]
            if contradicts(question, sentence):
                said = _short(sentence)
                if claim.status == "denied" and claim.speaker:
                    return f"{claim.speaker} denies what the question takes for granted: “{said}”"
                by = f" ({claim.speaker})" if claim.speaker else ""
                return f"The documents say otherwise: “{said}”{by}"
    return ""


def standing(thing: Thing, claims: Sequence[Claim]) -> str:
    """Whether a thing was imposed, agreed, alleged or only proposed, and who says so."""
    claim = claims[thing.claim - 1]
    quote = claim.citations[0].quote
    first = max(quote.rfind(". ", 0, thing.start) + 1, thing.start - _AROUND)
    last = thing.end + _AROUND
    stop = quote.find(". ", thing.end, last)
    clause = quote[first : stop if stop >= 0 else last]
    speaker = claim.speaker or "the document"
    for words, name in _STANDING:
        if words.search(clause):
            return f"{name}, as {speaker} says"
    return _BY[claim.status].format(speaker=speaker)


def _decided(question: Question, claims: Sequence[Claim], *, sure: bool) -> str:
    """The line for a yes-or-no question: the claim that decides it, and never yes or no alone."""
    numbered = [*enumerate(claims, start=1)]
    for number, claim in numbered:
        if _ADMITS.search(question.text) and _NEITHER.search(claim.citations[0].quote):
            return f"Settled without admitting or denying it: read quote {number}."
    if not sure:
        return _NOT_SURE.format(asked="the question")
    for status in _DECISION:
        found = next((item for item in numbered if item[1].status == status), None)
        if found is None:
            continue
        number, claim = found
        speaker = claim.speaker or "the document"
        if _NEGATED.search(claim.citations[0].quote):
            return f"Decided, with a “not”, as {speaker} says: read quote {number}."
        return f"{_DECISION[status].format(speaker=speaker)}: read quote {number}."
    if any(_OPEN.search(claim.citations[0].quote) for claim in claims):
        return "Not decided in these documents."
    speakers = {claim.status: claim.speaker for claim in reversed(claims)}
    accuser, denier = speakers.get("alleged"), speakers.get("denied")
    if "denied" in speakers:
        accused = f"Alleged by {accuser}, denied" if accuser else "Denied"
        return f"{accused} by {denier or 'one side'}: no decision is quoted."
    if "alleged" in speakers:
        return f"Only alleged{f', by {accuser}' if accuser else ''}: no decision is quoted."
    said = speakers["stated"]
    return f"In the words of {said}: read the first quote." if said else "Read the first quote."


def _short(sentence: str) -> str:
    """A sentence on one line, cut after a word if it is long."""
    line = " ".join(sentence.split())
    return line if len(line) <= _LONGEST else line[:_LONGEST].rsplit(" ", 1)[0] + " …"
