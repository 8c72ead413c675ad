"""Which documents a question over many documents means: agencies, types, dates, words, parties."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rag.text.money import money
from rag.types import Preference

PARTY_NOUNS = frozenset(
    """
    bank banks insurer insurers broker brokers dealer dealers adviser advisers advisor advisors
    auditor auditors accountant accountants lawyer lawyers attorney attorneys casino casinos airline
    airlines exchange exchanges hospital hospitals university universities retailer retailers fund
    funds lender lenders charity charities school schools council councils platform platforms
    shipper shippers carrier carriers manufacturer manufacturers supermarket supermarkets hotel
    hotels employer employers executive executives director directors officer officers trader
    traders promoter promoters celebrity celebrities
    """.split()
)
"""Kinds of parties that narrow the parties, not the words of a document."""
PLAIN = frozenset(
    """
    what which who whom whose were was is are did do does has have had been be being the a an of
    in on at by for to and or as per its their all any each every list lists listed show me us
    give get tell find name names how much many paid pay pays imposed impose imposes imposing
    agreed agree assessed levied ordered against with from since between after before until
    through during within dated year years ever so far top largest biggest highest greatest
    heaviest smallest lowest total totals sum sums add up rank ranked ranking compare that this
    these those they them it please can could you your we our why last next past second third
    more most less least than over under above below exceeding fewer usa sec commission court
    courts average million billion thousand there instead one two three four five six seven
    eight nine ten fifteen twenty hundred but not no without only just also now then same about
    concerning regarding mention mentions mentioning mentioned contain contains containing
    discuss discusses involve involves involving related relating relate refer refers referring
    cover covers covering concern concerns deal deals exist exists here index collection library
    database archive brought bring brings filed file files issued issue issues published publish
    announced announce released made make entered taken take took received receive penalty
    penalties penalised penalized fine fines fined settlement settlements settle settled
    disgorgement disgorgements disgorge disgorged amount amounts money monetary civil
    administrative dollars euros pounds euro dollar pound currency currencies enforcement action
    actions case cases release releases decision decisions document documents papers records
    sources matter matters proceedings publications company companies firm firms business
    businesses corporation corporations entity entities organisation organisations organization
    organizations party parties people person persons individual individuals defendants
    defendant respondents u.s overall altogether together entire whole number count sanctioned
    punished charged sued accused barred warned convicted prosecuted investigated got getting
    violate violated violates violating violation violations breach breached breaches infringed
    infringe infringing infringement broke regulator regulators regulatory authority authorities
    agency agencies order separately both january february march april may june july august
    september october november december ones some other others thing things
    """.split()
)
"""Words that do not narrow the documents."""

_SPAN = re.compile(
    r"\b(?:between|from)\b.{0,500}\b(?:and|to|until|through)\b|\d{4}\s*[-–]\s*\d{4}", re.I
)
_AFTER = re.compile(r"\bafter\b", re.I)
_SINCE = re.compile(r"\bsince\b|\bfrom\b(?=.{0,500}\bon(?:wards?)?\b)", re.I)
_BEFORE = re.compile(r"\bbefore\b", re.I)
_UNTIL = re.compile(r"\b(?:until|up to|through)\b", re.I)
_DECADE = re.compile(r"\b((?:19|20)\d)0s\b", re.I)
_ABOVE = re.compile(
    r"\b(?:over|above|more\s+than|exceed(?:ing|s)?|greater\s+than|at\s+least|larger\s+than)\s*$",
    re.I,
)
_BELOW = re.compile(r"\b(?:under|below|less\s+than|smaller\s+than|at\s+most|up\s+to)\s*$", re.I)
_CURRENCIES = {
    "EUR": r"\b(?:in|of)\s+(?:euros?|EUR)\b|\beuro\s+(?:fines|penalties)\b",
    "GBP": r"\b(?:in|of)\s+(?:pounds?(?:\s+sterling)?|sterling|GBP)\b",
    "USD": r"\b(?:in|of)\s+(?:(?:U\.?S\.?\s+)?dollars|USD)\b",
    "AUD": r"\b(?:in|of)\s+(?:Australian\s+dollars|AUD)\b",
    "SGD": r"\b(?:in|of)\s+(?:Singapore\s+dollars|SGD)\b",
    "CAD": r"\b(?:in|of)\s+(?:Canadian\s+dollars|CAD)\b",
    "HKD": r"\b(?:in|of)\s+(?:Hong\s+Kong\s+dollars|HKD)\b",
    "CHF": r"\b(?:in|of)\s+(?:Swiss\s+francs|CHF)\b",
    "JPY": r"\b(?:in|of)\s+(?:yen|JPY)\b",
    "INR": r"\b(?:in|of)\s+(?:rupees|INR)\b",
}
_AGAINST = re.compile(
    r"\b(?:against|imposed\s+(?:up)?on|levied\s+(?:up)?on|fines?\s+(?:up)?on|settle(?:d|ments?)\s+with|"
    r"pa(?:id|yable)\s+by|charged|sued|fined)\s+(?:the\s+|an?\s+|any\s+|all\s+)?(?P<who>[^,;?.]+)",
    re.I,
)
_ENDS_PARTY = re.compile(
    r"(?<!\s)\s+(?:in|during|since|for|by|under|over|of|from|between|before|after|and|that|which|who|were|"
    r"was|have|has|paid|are|is|at|on|to|about|with|until|there|did|do|does)\b.*$",
    re.I,
)
_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»]{3,200})[\"”“»]")
_AUTHORITIES = re.compile(
    r"\b(?:U\.?S\.?\s+)?(?:Securities\s+and\s+Exchange\s+Commission|Office\s+of\s+Foreign\s+Assets\s+Control|"
    r"Commodity\s+Futures\s+Trading\s+Commission|Information\s+Commissioner(?:['’]s\s+Office)?|"
    r"Data\s+Protection\s+Commission(?:er)?|(?:Department\s+of\s+the\s+)?Treasury)\b",
    re.I,
)
"""Names of authorities. None of their words narrows the documents."""
_WORD = re.compile(r"[A-Za-zÀ-ÿ][\w’'&.-]*\w|[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Scope:
    """The conditions of `rag.types.SumsAsked` that say which documents and sums are meant."""

    agencies: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    days: tuple[tuple[str, str], ...] = ()
    words: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    currencies: tuple[str, ...] = ()
    above: Decimal | None = None
    below: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What one text names of an index.

    Attributes
    ----------
    preferences
        The dates and agencies that the text itself names.
    types
        The types of documents in the index, in lower case, words joined by ``_``.
    ignored
        Words of the text that name what is to be ignored.
    """

    preferences: Sequence[Preference] = ()
    types: Collection[str] = ()
    ignored: Sequence[str] = ()


def scope_asked(text: str, known: Known) -> Scope:
    """The documents that the text means."""
    agencies = tuple(one.value for one in known.preferences if one.kind == "agency")
    dates = [one.value for one in known.preferences if one.kind == "date"]
    types, rest = types_named(_AUTHORITIES.sub(" ; ", text), known.types)
    above, below, rest = _limits(rest)
    currencies = []
    for code, words in _CURRENCIES.items():
        rest, times = re.subn(words, " ; ", rest, flags=re.I)
        if times:
            currencies.append(code)
    said = [one.said for one in known.preferences if one.kind in ("agency", "date")]
    said += known.ignored
    for words in said:
        rest = re.sub(rf"(?<!\w){re.escape(words)}(?!\w)(?:['’]s)?", " ; ", rest, flags=re.I)
    own = {word for agency in agencies for word in re.findall(r"\w+", agency.lower())}
    parties, rest = _parties(rest, own)
    return Scope(
        agencies=agencies,
        types=types,
        days=tuple(_days(text, dates)),
        words=_terms(rest, own),
        parties=parties,
        currencies=tuple(currencies),
        above=above,
        below=below,
    )


def written_out(agencies: Sequence[str], text: str) -> list[Preference]:
    """The agencies whose names the text writes out: "Information Commissioner's Office" for ICO."""
    found = []
    for agency in agencies:
        if not re.fullmatch(r"[a-z]{3,6}", agency):
            continue
        words = [rf"{letter.upper()}[a-z]+(?:['’]s)?" for letter in agency]
        pattern = r"\s+(?:(?:of|and|for|the)\s+)*".join(words)
        if match := re.search(rf"\b{pattern}\b", text):
            found.append(Preference("agency", match[0], agency))
    return found


def types_named(text: str, types: Collection[str]) -> tuple[tuple[str, ...], str]:
    """The types of documents that the text names in the plural, and the text without them."""
    found = []
    for one in sorted(types, key=len, reverse=True):
        words = one.replace("_", " ")
        plural = re.sub(r"y$", "ie", words) + "s"
        # "Order by date", "answer" and "report" are verbs too: only the plural names a type.
        pattern = rf"(?<!\w){re.escape(plural)}(?!\w)"
        if re.search(pattern, text, re.I):
            found.append(one)
            text = re.sub(pattern, " documents ", text, flags=re.I)
    return tuple(sorted(found)), text


def _limits(text: str) -> tuple[Decimal | None, Decimal | None, str]:
    """The sum above and the sum below which a question wants none, and the text without them."""
    above = below = None
    for sum_ in list(money(text))[::-1]:
        before = text[: sum_.start]
        if over := _ABOVE.search(before):
            above, first = sum_.value, over.start()
        elif under := _BELOW.search(before):
            below, first = sum_.value, under.start()
        else:
            continue
        text = text[:first] + " ; " + text[sum_.end :]
    return above, below, text


def _days(text: str, dates: Sequence[str]) -> list[tuple[str, str]]:
    """Ranges of ISO dates that are compared as text. ``~`` sorts after every digit."""
    decade = _DECADE.search(text)
    if decade and not dates:
        return [(f"{decade[1]}0", f"{decade[1]}9~")]
    if not dates:
        return []
    first, last = min(dates), max(dates)
    if len(dates) > 1 and _SPAN.search(text):
        return [(first, last + "~")]
    if _AFTER.search(text):
        return [(first + "~", "~")]
    if _SINCE.search(text):
        return [(first, "~")]
    if _BEFORE.search(text):
        return [("", last)]
    if _UNTIL.search(text):
        return [("", last + "~")]
    return [(date, date + "~") for date in dates]


def _parties(text: str, own: Collection[str]) -> tuple[tuple[str, ...], str]:
    """The terms for the parties, and the text without them."""
    found: list[str] = []
    for match in [*_AGAINST.finditer(text)][::-1]:
        who = _ENDS_PARTY.sub("", match["who"])
        found += _terms(who, own)
        start = match.start("who")
        text = text[:start] + " ; " + text[start + len(who) :]
    for word in re.findall(r"[a-z]+", text.lower()):
        if word in PARTY_NOUNS:
            found.append(word)
    text = re.sub(r"[A-Za-z]+", lambda m: " ; " if m[0].lower() in PARTY_NOUNS else m[0], text)
    return tuple(dict.fromkeys(found)), text


def _terms(text: str, own: Collection[str]) -> tuple[str, ...]:
    """The terms that narrow the documents: quotations, and words that stand side by side.

    A word that is quoted or begins with a capital keeps one: it stands for itself alone.
    """
    terms = []
    for quoted in _QUOTED.findall(text):
        terms.append(" ".join(word.capitalize() for word in re.findall(r"\w+", quoted)))
    text = _QUOTED.sub(" ; ", text)
    run: list[str] = []
    for match in re.finditer(rf"{_WORD.pattern}|[^\w\s]", text):
        word = re.sub(r"['’]s?$", "", match[0].lower())
        if word in PLAIN or word in own or not re.match(r"\w", word) or len(word) < 2:
            terms.append(" ".join(run))
            run = []
        elif match[0][0].isupper():
            run.append(re.sub(r"['’]s?$", "", match[0]))
        else:
            run.append(word)
    terms.append(" ".join(run))
    return tuple(dict.fromkeys(filter(None, terms)))
