"""Who speaks in a sentence: its framing verb with subject, direction and scope.

Finders of negation in clinical texts give each cue a direction and an end of its scope (Chapman and
others, NegEx, 2001; Harkema and others, ConText, 2009). So here: a verb of saying has what follows
it in its scope, "…, Roe said" what precedes it, and a clause with "while" ends at its comma.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

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
    r"^(?:(?:\d{1,3}(?:\.\d{1,3}){0,4}[.)]?[a-z]?|\(?[a-zA-Z]\)|\([ivx]{1,5}\)|[A-Z]\.|[ivx]{1,5}[.)]"
    r"|[a-z]\.|On \d{1,2} [A-Z][a-z]{2,8} \d{4}(?! ?,)|[•*–-]|#{1,4}|Q\.|A\.|THE COURT:|\W)\s{1,3})+"
)
_LATER = re.compile(r"[.)] (?=(?:The|We|This|He|She|It|They) )")
_OPENING = re.compile(
    r"(?:On|In|At|By|During|Following|After|Before|Under|With|Within|For|From|As regards|As to"
    r"|Regarding|Concerning|Since|Until|Upon|Having|To|Of|Through|Throughout|Pursuant to|Based on"
    r"|Between|Despite|Notwithstanding|Because of|Given|Contrary to|Like|Unlike|As|When|Where|While"
    r"|Although|Though|Even (?:though|if)|If|Because|Whereas|Once|First|Second|Third|Fourth|Fifth"
    r"|Here|There|Thus|Then|Also|And|But|Yet|So|Further|Moreover|However|Nonetheless|Nevertheless"
    r"|Instead|Rather|Therefore|Accordingly|Consequently|Hence|Finally|Next|Lastly|Similarly"
    r"|Likewise|Indeed|Initially|Subsequently|Meanwhile|Overall|Notably|Importantly|Ultimately"
    r"|Again|Still|Additionally|Furthermore|Specifically|In particular|That is|That said|[A-Z][a-z]{2,14}ly|[A-Z][a-z]{2,14}ing)\b"
)
_SUBJECT = (
    r"(?P<who>[^,;:()\[\]\"]{1,110}?(?: \([^)]{1,80}\))?"
    r"(?:, (?:[^,;:]{1,110}, ){1,2}?|,? (?:who|which)\b[^,;:]{1,80}, )?)"
)
_AUXILIARY = (
    r"(?P<aux>(?:(?:has|have|had|does|do|did|is|are|was|were|can|could|would|will|shall|must|may"
    r"|should|also|further|again|first|then|now|later|itself|himself|herself|themselves|therefore"
    r"|thus|accordingly|nevertheless|nonetheless|instead|however|rightly|hereby|today|not|never|no longer|simply|merely|even|only"
    r"|repeatedly|consistently|correctly|[a-z]{3,15}ly|been|be|,),? ?){0,6})"
)
# A subject is a noun phrase. With one of these words it is a clause of its own.
_NO_SUBJECT = re.compile(
    r"\b(?:that|which|who|whom|whose|is|was|were|are|be|been|being|would|could|should|will|may"
    r"|might|can|must|if|whether|because|has|have|had|does|did|said|it's|what|how|when|where)\b"
)
_ENDS_NO_SUBJECT = re.compile(
    r"(?:^|\s)(?:the|a|an|of|to|in|for|by|with|and|or|its|his|her|their|our|any|some|no|this|these"
    r"|that|\S{1,40}'s|\S{1,40}s'|as|on|at|from|not|such|other|own|all|both|each|further|new|first"
    r"|former|criminal|civil|formal|final|initial|several|various|certain|more|most|public|following|same|relevant)$",
    re.IGNORECASE,
)
_STATE = re.compile(r"satisfied|persuaded|convinced|of the .*|\w+ing")
# "The charges were …", "the individuals charged, …": a noun, or a participle.
_NOT_A_VERB = re.compile(r",| (?:arose|were|was|are|is|have|has|had|against|of|by)\b|$")
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
    r"(?:^(?:[A-Z][\w ,]{0,50}, )?|, |; )(?:according to|in the (?:view|opinion|words|eyes) of"
    r"|on the (?:case|account|evidence) of)\s(?P<who>[^,;.\"]{2,80}?)(?=,|\.?$|;| and its )",
    re.IGNORECASE,
)
_VIEW = re.compile(
    r"^(?:[A-Z][a-z]{1,14}, )?(?:In|On) (?P<who>(?:the )?[\w.& -]{2,60}?|its|his|her|their|my|our)(?:'s?)? "
    r"(?P<noun>view|opinion|submission|account|contention|representations?|response|words)\b,? "
)
_ASSESSING = frozenset({"view", "opinion"})


def frame_of(sentence: str, verbs: Mapping[str, str]) -> Frame | None:
    """The frame that governs the main clause of a smoothed sentence; None if there is none.

    Parameters
    ----------
    verbs
        For each class of verbs a pattern of their forms.
    """
    text = _NUMBER.sub("", sentence[:_LONGEST], count=1)
    according = _ACCORDING.search(text)
    if according and (according.start() < 60 or according.end() > len(text) - 3):
        return Frame(according["who"], "say", said="according to")
    view = _VIEW.match(text)
    if view and not view["who"].lower().startswith(("this ", "that ", "these ", "response to")):
        return Frame(view["who"], "find" if view["noun"] in _ASSESSING else "argue", said=view["noun"])
    last = _after(text, verbs)
    if last:
        return last
    main = _main(verbs_pattern(tuple(verbs.items())), text)
    return main


def _after(text: str, verbs: Mapping[str, str]) -> Frame | None:
    """The frame that comes after what it reports: "…," said Roe."""
    for post in _POST.finditer(text):
        quoted = '"' in text[: post.start() + 1] and post.end() <= len(text)
        if not quoted and post.end() < len(text) - 1:
            continue
        if post["after"]:
            return Frame(post["after"], "say", said=post["verb"])
        if post["before"] and not _NO_SUBJECT.search(post["before"].lower()) and len(post["before"].split()) < 9:
            word = post["last"]
            return Frame(post["before"], _class(word, verbs) or "say", said=word)
    return None


def _class(word: str, verbs: Mapping[str, str]) -> str:
    return next((key for key, one in verbs.items() if re.fullmatch(one, word, re.IGNORECASE)), "")


@cache
def verbs_pattern(verbs: tuple[tuple[str, str], ...]) -> re.Pattern[str]:
    """Subject, auxiliaries and verb at the beginning of a clause; a group for each class."""
    forms = "|".join(f"(?P<{key}>{one})" for key, one in verbs)
    return re.compile(rf"{_SUBJECT}\s?\b(?i:{_AUXILIARY})(?<![\w'])(?i:{forms})(?![\w'])")


def _main(pattern: re.Pattern[str], text: str) -> Frame | None:
    """The frame of the main clause: at the beginning, or behind what opens the sentence."""
    opening = _OPENING.match(text)
    found = pattern.match(text)
    if found and not opening and (frame := _framed(found)):
        return frame
    if opening is None:
        later = _LATER.search(text, 0, _CITED)
        found = pattern.match(text, later.end()) if later else None
        return _framed(found) if found else None
    at = 0
    for _ in range(_COMMAS):
        comma = text.find(", ", at, at + _OPENING_LONG)
        if comma < 0:
            break
        at = comma + 2
        found = pattern.match(text, at)
        if found and not _OPENING.match(found["who"]) and (frame := _framed(found)):
            return frame
    return None if at else _unmarked(pattern, text, opening)


def _unmarked(pattern: re.Pattern[str], text: str, opening: re.Match[str]) -> Frame | None:
    """The frame behind an opening word without a comma: "Therefore the Court holds …"."""
    found = pattern.match(text, opening.end() + 1)
    return _framed(found) if found else None


def _framed(found: re.Match[str]) -> Frame | None:
    who = found["who"].strip(" ,")
    bare = re.sub(r"\([^)]*\)", "", who.split(",")[0]).strip()
    if not bare or _NO_SUBJECT.search(bare) or _ENDS_NO_SUBJECT.search(bare) or len(bare.split()) > 12:
        return None
    verb = next(key for key, one in found.groupdict().items() if one and key not in ("who", "aux"))
    aux = found["aux"].lower()
    state = _STATE.fullmatch(found[verb])
    if re.search(r"\b(?:is|are|was|were|been|be)\b", aux) and not state:
        return None  # passive: what is done is said, not who says it
    if state and not aux.strip():
        return None
    if _NOT_A_VERB.match(found.string, found.end()) and verb in ("allege", "tell", "order"):
        return None
    negated = bool(re.search(r"\b(?:not|never|no longer)\b", aux))
    modal = bool(re.search(r"\b(?:will|would|should|may|must|shall|could|might|can)\b", aux))
    return Frame(bare, verb, negated, found[verb], modal)
