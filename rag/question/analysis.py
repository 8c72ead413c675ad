"""The elements of a question: its names, the noun asked for, its parts, and its sides."""

import re

from rag.text.stemming import stem, stems, words

_NAME = re.compile(
    r"(?:[A-Z][A-Za-z0-9’'&-]*[a-z0-9][A-Za-z0-9’'&.-]*|[A-Z]{2,}[A-Za-z0-9]*|"
    r"[#$]?\d[\d,.-]*\d)"
    r"(?:\s+(?:(?:of|the|de|von|van|&)\s+)?(?:[A-Z][A-Za-z0-9’'&-]*[A-Za-z0-9.]))*"
)
_NO_NAME = re.compile(
    r"\b(?:[A-Z]{2,} )?No\. ?(?=\d)|\b\d+ C\.?F\.?R\.?|"
    r"(?:\b[Ss]ections?|\b[Rr]ules?|(?<!§)§+) ?\d[\w()-]*(?:\.\w+)*"
)
"""Text that is not a name: before the number of a release ("AAER No. 4531"), and provisions."""
_COMMON = """
SEC OFAC US U.S Release CFO CEO COO CTO VP Commission One Two Three Four Five Both Each January
February March April May June July August September October November December
"""
_NAMELESS = frozenset(_COMMON.split())
_OPENING = """
what who whom whose which when where why how did does do is are was were has have had can could
would should will on in at for from to as according after before if during of and the a an under
besides tell give list name trace compare no yes exactly by against between among over since until
through without within total whose instead rather sorry actually other
"""
_OPENERS = frozenset(_OPENING.split())
_PART = re.compile(
    r"(?:(?<!\s)\s+)?"
    r"(?:,? and (?=(?:what|who|whom|when|where|why|how|which|does|did|is|was|in what|for how)\b)"
    r"|\bvs\.?\s|\bversus\b|;\s|\? (?=[A-Z])|, (?=(?:what|who|when|where|why|how|which)\b)"
    r"|\bcompared (?:with|to)\b|, then )\s*",
    re.IGNORECASE,
)
_COMPARE = re.compile(r"\bcompare\b.{1,500}?(?P<between>\b(?:with|against)\b)", re.IGNORECASE)
_MORE = {
    "how much": "more most less least higher highest lower lowest larger largest bigger biggest "
    "smaller smallest greater greatest heavier heaviest",
    "how long": "longer longest shorter shortest",
    "when": "earlier earliest later latest first last sooner",
}
"""What is asked of each of two that are weighed against one another, by the word that weighs."""
_MEASURE = {word: asked for asked, listed in _MORE.items() for word in listed.split()}
_WEIGHED = "|".join(_MEASURE)
_EITHER = re.compile(
    rf"^\s*(?:which|who|what)\b(?P<asked>[^?]{{0,80}}?)\b(?P<more>{_WEIGHED})\b"
    r"(?P<rest>[^?,:;]{0,60})[,:;–-]\s*"
    r"(?P<one>[^?,:;]{2,60}?) or (?P<other>[^?,:;]{2,60}?)\s*\?*\s*$|"
    r"^\s*(?:did|does|do|was|were|is|has|had) (?P<this>[^?,:;]{2,60}?) or (?P<that>[^?,:;]{2,60}?) "
    rf"(?P<verb>\w+(?: (?!{_WEIGHED})[\w’'-]+){{0,8}}?) (?:the |a )?(?P<much>{_WEIGHED})\b"
    r"(?P<end>[^?]{0,60})",
    re.IGNORECASE,
)
"""Two that are weighed against one another: "which bank paid more, Acme or Bolt?"."""
_TOPIC = re.compile(
    r"^(?P<topic>[^:?]{3,80}): (?=\S)|^(?P<said>[^?]+?[a-z]{2})\. "
    r"(?=(?:what|who|whom|when|where|why|how|which|did|does|was|were|is|are)\b)",
    re.IGNORECASE,
)
"""A topic named before the question ("Abra Earn: how large …")."""
_SETTING = re.compile(
    r"^(?:in|on|at|as|after|before|besides|according to|during|under|following|when|while|for|"
    r"of|with|given|apart from|other than|despite)\b"
    r"(?! (?:what|which|whom|how|did|do|does|was|were|is|are|has|have|had|will|would|must)\b)",
    re.IGNORECASE,
)
"""An opening that gives a time, place or circumstance and asks nothing."""
_HEAD = re.compile(
    r"\b(?:which|what|how many|"
    r"who(?= (?:was|is|were|are) (?:the|an?|appointed|[^?,]{1,40}[’']s)\b))"
    r"\s+(?:(?:was|is|were|are)\s+)?(?:(?:the|an?)\s+)?(?:names?\s+of\s+(?:(?:the|an?)\s+)?)?"
    r"(?:of\s+(?:(?:the|its|his|her|their)\s+|(?=[^?]{1,60}[’']s?\s)))?(?P<noun>[^?]*)",
    re.IGNORECASE,
)
"""The words before the noun that a question asks for ("which of Acme's *brokers* …")."""
_AFTER_NOUN = """
did does do is was were are has have had will would can could should must may might got that which
who whom whose to of in on for by from with at over against under into about than as and or but
after before if when not so it he she they we you exactly happened really
began bought broke brought built came chose cut drew drove fed fell flew found gave got heard held
hid hit hurt kept knew led left lent lost made meant met paid put ran said saw sent set shot shut
sold sought spent spoke stole stood taught thought threw told took went won wore wrote
"""
_ENDS_NOUN = frozenset(_AFTER_NOUN.split())
_ASKS = re.compile(r"\b(?:what|who|whom|when|where|why|how|which)\b", re.IGNORECASE)
_SIDES = re.compile(
    r"\b(?:do|did) (?P<sides>[^?,;:]{1,300}?) (?:each |both |either )?(?:say|state|claim|think|"
    r"argue|respond|answer)\b",
    re.IGNORECASE,
)
_COMPARES = re.compile(
    r"\b(?:compared?|comparison|vs|versus|v|both|each|either|neither|differ(?:s|ed|ence|ences)?|"
    r"which of|who of|between|as opposed to|unlike)\b",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"\b(\w[\w’'&-]+)\s+(?:vs\.?|versus)\s+(?:the\s+)?(\w[\w’'&-]+)|"
    r"\bcompare\s+(?:the\s+)?(\w[\w’'&-]+)\s+(?:and|with|to|against)\s+(?:the\s+)?(\w[\w’'&-]+)|"
    r"\bwhich of\s+(?:the\s+)?(\w[\w’'&-]+)\s+(?:and|or)\s+(?:the\s+)?(\w[\w’'&-]+)",
    re.IGNORECASE,
)
"""Two things that are compared, also in lower case: "kraken vs bittrex"."""
_AND = re.compile(r",? (?:and|or|vs\.?|v\.?|versus) (?:the )?", re.IGNORECASE)
_NO_PARTY = re.compile(
    r"(?:\W*\d[\W\d]*|(?:Inc|Corp|Co|L\.?L\.?[CP]|Ltd|plc|N\.?V|S\.?A|B\.?V)\.?)"
)
"""A number, or the end of a company's name."""
_BETWEEN = re.compile(r"(?<!\s)\s+(?:and|or)\s+", re.IGNORECASE)


def pieces(text: str) -> list[str]:
    """The parts of a question, each after its topic or opening; empty for a single question."""
    either = _EITHER.match(text)
    compared = _COMPARE.search(text)
    if either:
        one, other = either["one"] or either["this"], either["other"] or either["that"]
        said = f"{either['asked'] or either['verb'] or ''} {either['rest'] or either['end'] or ''}"
        asked = _MEASURE[(either["more"] or either["much"]).lower()]
        return [" ".join(f"{asked} {name} {said}".split()) for name in (one, other)]
    if compared:
        parts = [text[: compared.start("between")], text[compared.end() :]]
    else:
        parts = _PART.split(text)
    parts = [piece.strip(" ?,-") for piece in parts]
    parts = [piece for piece in parts if stems(piece) and len(words(piece)) >= 2]
    if len(parts) > 1 and _SETTING.match(parts[0]):
        setting, *parts = parts
        parts = [f"{setting}, {piece}" for piece in parts]
    topic = _TOPIC.match(text)
    if topic:
        named = topic.group("topic") or topic.group("said")
        parts = [piece if piece.startswith(named) else f"{named}: {piece}" for piece in parts]
    return parts if len(parts) > 1 else []


def head(text: str) -> str | None:
    """Stem of the noun that is asked for, the last word before the verb; None without a noun."""
    for match in _HEAD.finditer(text):
        noun = ""
        for word in match["noun"].split():
            bare = word.rstrip(",;:")
            if bare.lower() in _ENDS_NOUN or (noun and re.search(r"[a-z]{3}(?:ed|ly)$", bare)):
                break
            if noun.islower() and bare[:1].isupper():
                break
            noun = bare
            if bare != word:
                break
        if words(noun) and noun[:1].islower() and not re.search(r"[’']s?$", noun):
            return stem(words(noun)[-1])
    return None


def names(text: str) -> tuple[str, ...]:
    """Proper names, release numbers and the like, as typed, longest first.

    Provisions of the law ("Section 5", "Rule 10b-5") are left out.
    """
    found = []
    for match in _NAME.finditer(_NO_NAME.sub(" ", text)):
        # "… Enron. Fastow …" and "Ripple's XRP" are two names each.
        for name in re.split(r"(?<=[a-z]{2})\. |[’']s ", match.group()):
            first, _, rest = name.partition(" ")
            name = rest if first.lower() in _OPENERS else name
            name = re.sub(r"[’']s$", "", name.strip(".'’ "))
            name = re.sub(r"^(?:of|the) ", "", name)
            if len(name) > 1 and name.lower() not in _OPENERS and name not in _NAMELESS:
                found.append(name)
    return tuple(sorted(dict.fromkeys(found), key=len, reverse=True))


def sides(text: str) -> tuple[str, ...]:
    """The parties whose statements are asked for, as typed; empty for fewer than two."""
    match = _SIDES.search(text)
    found = _BETWEEN.split(match["sides"]) if match else []
    return tuple(found) if len(found) > 1 else ()


def compared(text: str) -> tuple[str, ...]:
    """The parties that are asked about side by side, as typed; empty for fewer than two.

    They are names in a row ("Did Acme and Loom settle?"), or all names of a question that compares
    ("What does each of them say, Acme in its answer and Loom in its letter?").
    """
    found = tuple(name for name in names(text) if not _NO_PARTY.fullmatch(name))
    if not _COMPARES.search(text):
        rows = [
            {one, other}
            for one in found
            for other in found
            if re.search(re.escape(one) + _AND.pattern + re.escape(other), text, re.IGNORECASE)
        ]
        found = tuple(name for name in found if any(name in row for row in rows))
    for match in _AGAINST.finditer(text):
        words_compared = [word for word in match.groups() if word]
        found += tuple(
            word
            for word in words_compared
            if not any(word.casefold() in name.casefold() for name in found)
        )
    in_order = sorted(dict.fromkeys(found), key=text.find)
    return tuple(in_order) if len(in_order) > 1 else ()


def has_question_word(text: str) -> bool:
    """Whether ``text`` contains a question word ("what", "when")."""
    return _ASKS.search(text) is not None
