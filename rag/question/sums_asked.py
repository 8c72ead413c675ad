"""Questions over many documents: sums ranked or added up, documents listed or counted."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from rag.question.analysis import names
from rag.question.scope_asked import PARTY_NOUNS, PLAIN, Known, scope_asked, types_named
from rag.types import AmountKind, SumsAsked, Wanted

_KINDS: dict[AmountKind, re.Pattern[str]] = {
    "penalty": re.compile(r"\b(?:penalt(?:y|ies)|fines?|fined|penali[sz]ed)\b", re.I),
    "settlement": re.compile(r"\bsettle(?:ments?|d)?\b", re.I),
    "disgorgement": re.compile(r"\bdisgorge(?:ments?|d)?\b", re.I),
}
_EXTREME = re.compile(
    r"\b(?:largest|biggest|highest|greatest|heaviest|smallest|lowest|lightest)\b"
    r"(?!\s+(?:possible|potential|permitted|allowed|available|proposed))",
    re.I,
)
_SMALLEST = re.compile(r"\b(?:smallest|lowest|lightest|least(?!\s+\$?\d))\b", re.I)
_TOTAL = re.compile(
    r"\b(?:totals?|sum(?!\s+of\s+[$€£\d])|add(?:ed)?\s+up|altogether|combined|overall)\b", re.I
)
_SEVERAL = re.compile(r"\b(?:top|total|sum|all|list|every|rank(?:ing)?|compare|add\s+up)\b", re.I)
_ALL = re.compile(r"\b(?:all|every|each|list)\b", re.I)
_HOW_MANY = re.compile(r"\b(?:how\s+many|(?:the\s+)?number\s+of|count)\b", re.I)
_PLURAL = re.compile(
    r"\b(?:penalties|fines|settlements|disgorgements|amounts|sums|sanctions(?=\s+imposed)"
    r"|(?:every|each)\s+(?:civil\s+)?(?:penalty|fine|settlement|disgorgement))\b",
    re.I,
)
_MONEY_VERB = (
    r"(?:fined?|penali[sz]ed?|settled?|pa(?:y|id)\s+(?:(?:an?|the|any|civil|administrative|more|over|less|"
    r"most|highest|largest|biggest|smallest|lowest|least|at|out|in)\s+|than\s+)*(?:\S+\s+)?"
    r"(?:fines?|penalt(?:y|ies)|settlements?|disgorgement|most|least|[$€£]|million|euros|pounds)|"
    r"disgorged|pa(?:y|id)\b|hit\s+with\s+(?:fines|penalties))"
)
_CASE_VERB = (
    r"(?:charged|sued|accused|barred|warned|convicted|prosecuted|investigated|sanctioned|punished|"
    r"violated|breached|infringed|broke)"
)
_GENERIC = (
    r"companies|compan(?:y|ies)|firms?|businesses|corporations?|entities|organi[sz]ations?|parties|"
    r"people|persons?|individuals?|who|defendants|respondents|" + "|".join(sorted(PARTY_NOUNS))
)
_WHICH_MANY = re.compile(
    rf"^\W*(?:(?:and|please|can\s+you|could\s+you)\s+)*(?:which|what|how\s+many|list(?:\s+of)?|all|name|"
    rf"show(?:\s+me)?|give\s+me|find)\s+(?:(?:all|the|me)\s+)*"
    rf"(?:(?!of\b|the\b|do\b|did\b|does\b)[\w-]+\s+){{0,2}}?(?P<who>companies|firms|businesses|corporations|"
    rf"entities|organi[sz]ations|parties|people|persons|individuals|"
    rf"{'|'.join(sorted(noun for noun in PARTY_NOUNS if noun.endswith('s')))})\b(?P<rest>.*)",
    re.I,
)
_WHO_MOST = re.compile(
    rf"\b(?:who|which\s+(?:{_GENERIC})|what\s+(?:{_GENERIC}))\b.{{0,300}}\b(?:pa(?:y|id)|fined)\b"
    r".{0,300}\b(?:most|least)\b(?!\s+(?:of|likely|recent))",
    re.I,
)
_WHO_FINED = re.compile(
    r"^\W*who(?:\s+all)?\s+(?:was|were|has\s+been|have\s+been|got|is|are)\s+(?:fined|penali[sz]ed)\b"
    r"|^\W*who\s+(?:has\s+|have\s+)?(?:paid|pays?)\s+(?:fines|penalties)\b",
    re.I,
)
_HOW_MUCH = re.compile(
    r"\bhow\s+much\b[^?]{0,300}\b(?:in|of)\s+(?:[\w-]{1,40}\s+){0,2}(?:fines|penalties|settlements|disgorgement)\b"
    r"|\bhow\s+much\b[^?]{0,300}\b(?:in\s+total|altogether|overall|in\s+all)\b",
    re.I,
)

# --- documents as the thing asked for ------------------------------------------------------------

_DOCUMENTS = (
    r"(?:documents|files|papers|cases|releases|decisions|(?:enforcement\s+)?actions|matters|"
    r"proceedings|publications|sources|enforcement\s+cases)"
)
_BEGINS_SCOPE = (
    r"(?:about|on|from|by|in|since|before|after|between|until|against|with|without|dated|during|for|"
    r"mention(?:s|ed|ing)?|concern(?:s|ing)?|regarding|involv(?:e|es|ing)|relat(?:e|es|ed|ing)\s+to|"
    r"contain(?:s|ing)?|discuss(?:es|ing)?|refer(?:s|ring)?\s+to|deal(?:s|ing)?\s+with|cover(?:s|ing)?|"
    r"name(?!\s+of)|naming|includ(?:e|ing)|of\s+(?:the\s+)?(?-i:(?=[A-Z\d;]))|come\s+from|exist|"
    r"are\s+there|do\s+(?:you|we|I)\s+have|you\s+have|have\s+you(?:\s+got)?|there\s+are|"
    r"(?:are|were|is|was)\s+(?:there\b|(?:in|from|by|dated|about|on|against|issued|published|filed|"
    r"announced|brought|released|decided)\b)|"
    r"(?:issued|published|filed|brought|announced|released|decided)\s+(?:in|by|since|before|after|"
    r"between|against|on|during)|"
    r"(?:did|does|do|has|have|had)\s+(?:the\s+)?;\s*(?:bring|brought|issued?|publish(?:ed)?|file[d]?|announced?|"
    r"released?|ma[dk]e|take[n]?|open(?:ed)?|start(?:ed)?|initiated?|have)\b|"
    r"(?:that|which|where)\b)"
)
_ASKS_DOCUMENTS = re.compile(
    r"^\W*(?:(?:please|can\s+you|could\s+you|and|so)\s+)*"
    r"(?P<ask>(?:list|show|give|find|get|name|display|count)(?:\s+(?:me|us))?\b|(?:which|what)\b|"
    r"how\s+many\b|(?:what\s+is\s+the\s+)?number\s+of\b|all\b|every\b|the\b|(?=\S))"
    rf"(?P<between>(?:\s+(?:all|of|the|any|every|each|;|those|your|my|our|[\w-]+)){{0,4}}?)\s*(?<!\w){_DOCUMENTS}\b(?P<rest>.*)$",
    re.I | re.S,
)
_VERB_BETWEEN = re.compile(
    r"\b(?:do|did|does|was|is|were|are|had|has|his|her|its|their)\b(?!\s+(?:there|you)\b)", re.I
)
_IN_INDEX = re.compile(
    r"\b(?:in|of)\s+(?:the|this|your|my|our)\s+(?:index|collection|library|database|archive|corpus)\b",
    re.I,
)
_DEFINITE = re.compile(
    r"\b(?:the|this|that|his|her|its|their|these|those)\s+(?!(?:u\.?s\.?|use|same|year|years|following|"
    r"last|past|first|period|law|court|courts|commission|regulator|agency|authority|field|area|topic|"
    r"subject|largest|smallest|highest|lowest|biggest|sum|total|penalt\w+|fines?|settlements?|number|"
    r"most|least|top|index|documents|cases|releases|companies|banks|firms)\b)(?-i:[a-z])",
    re.I,
)
"""A thing that only one case has ("the scheme", "his accounts")."""

# --- one named case ------------------------------------------------------------------------------

_CASE = re.compile(
    r"\b(?:in|of|from|for|under|by)\s+(?:the\s+|this\s+|that\s+)?(?:[\w’'&.-]+\s+){0,5}?(?:case|matter|"
    r"order|report|decision|complaint|opinion|notice|agreement|release|document|judgment|indictment|"
    r"lawsuit|transcript|undertaking|filing)\b(?!\s+(?:of|by)\s+(?:companies|banks))",
    re.I,
)
_NUMBERED = re.compile(
    r"\b\d+\s+Civ|\b(?:LR|AAER|No\.?|release|docket|case)[\s-]*(?:no\.?\s*)?\d", re.I
)
_SUBJECT = re.compile(
    r"\b(?:did|does|do|must|will|has|have|had|should)\s{1,9}(?P<whom>[^?,;]{1,300}?)\s{1,9}(?:have\s+to\s+|agree\s+to\s+|"
    r"ultimately\s+|actually\s+|finally\s+){0,4}(?:pa(?:y|id)|owed?|agreed?|settled?|remit(?:ted)?|disgorged?|"
    r"face[d]?|get|got|receive[d]?|incur(?:red)?)\b"
    r"|(?P<who>(?:[\w’'&.-]{1,60}\s{1,9}){0,3}[\w’'&.-]{1,60})\s+(?:has\s+|had\s+|have\s+)?(?:paid|pays|owes|agreed|"
    r"settled|had\s+to\s+pay|must\s+pay|was\s+fined|were\s+fined|was\s+ordered|were\s+ordered|received|"
    r"got|faced)\b",
    re.I,
)
_OBJECT = re.compile(
    r"\b(?:against|imposed\s+(?:up)?on|paid\s+by|levied\s+(?:up)?on|owed\s+by|settlements?\s+with|"
    r"(?<!was\s)(?<!were\s)(?<!been\s)(?:fined|penali[sz]ed)|(?:fine|penalty|penalties|fines)\s+(?:on|for|of))\s+"
    r"(?P<who>[^?,;]+?)(?=\s{1,9}(?:in|during|since|for|by|under|over|of|from|between|before|after|and|that|"
    r"which|was|were|has|have)\b|[?,;.]|$)",
    re.I,
)
_OWNER = re.compile(
    r"(?P<who>[\w&.-]{1,60})['’]s?\s+(?:[\w-]{1,60}\s+){0,2}(?:penalt|fine|settlement|disgorgement)",
    re.I,
)
_THE_PARTY = re.compile(
    r"^(?:the\s+(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d+)\s+\w+|"
    r"(?:the|this|that)\s+(?:\w+\s+)?(?:bank|company|firm|defendant|respondent|corporation|business|"
    r"person|individual|insurer|broker|dealer|advis[eo]r|auditor|fund|platform|exchange|airline))$",
    re.I,
)
_PRONOUN = re.compile(r"\b(?:it|he|she|him|its|his|her|they|them|their)$", re.I)
_IMPOSES = re.compile(r"\b(?:impose|levy|assess|order|collect|issue|announce)\w*\b", re.I)
_TOPIC = re.compile(
    r"\b(?:under|for|about|involving|concerning|regarding|related\s+to|over|violat\w+(?:\s+of)?|breach\w*"
    r"(?:\s+of)?|in|at|to|mention(?:s|ing)?)\s+(?:the\s+|an?\s+)?(?:[\w-]+\s+)?$",
    re.I,
)

# --- what a follow-up changes --------------------------------------------------------------------

_CONTINUES = re.compile(
    r"^\W*(?:(?:and|but|or|only|just|now|then|also|same|what\s+about|how\s+about|for|in|by|since|before|"
    r"after|between|from|without|excluding|against|with|list\s+(?:them|those)|show\s+(?:them|those|me)|"
    r"how\s+many|(?:what|which)\s+(?:is|was|are|were)\s+the\s+(?:\w+est|total)|the\s+\w+est|the\s+total|"
    r"in\s+total|total|smallest|largest|top)\b|(?:which|what|who|whom)(?:\s+(?:companies|firms|banks|documents|cases))?(?=\W*$))",
    re.I,
)
_LONGEST = 9
"""Words of a follow-up, at most."""

_NUMBERS = {
    word: number
    for number, word in enumerate("one two three four five six seven eight nine ten".split(), 1)
} | {"fifteen": 15, "twenty": 20, "fifty": 50}
_LISTS = re.compile(r"\b(?:list|which)\b", re.I)
_FIRST = re.compile(
    rf"\b(?:top|first)\s+(?P<top>\d{{1,3}}|{'|'.join(_NUMBERS)})\b|\b(?P<n>\d{{1,3}}|{'|'.join(_NUMBERS)})\s+"
    r"(?:largest|biggest|highest|greatest|heaviest|smallest|lowest)\b",
    re.I,
)


def sums_asked(
    text: str, history: Sequence[str] = (), *, known: Callable[[str], Known] = lambda text: Known()
) -> SumsAsked | None:
    """What the question wants of many documents; None for a question that quotes answer.

    A question about one named case never wants a table. A short follow-up of a question over many
    documents ("and in 2023?", "only OFAC", "the smallest?") changes what the earlier one asked.

    Parameters
    ----------
    history
        The earlier questions of the conversation, oldest first.
    known
        Gives what a text names of the index: its dates, its agencies, the types of documents.
    """
    own = _alone(text, known(text))
    if not history or not _CONTINUES.search(text) or len(text.split()) > _LONGEST:
        return own
    earlier = sums_asked(history[-1], history[:-1], known=known)
    if earlier is None:
        return own
    if own is not None and (own.agencies or own.days) and (own.words or own.parties):
        return own
    return _changed(earlier, text, known(text))


def amounts_asked(text: str) -> frozenset[AmountKind]:
    """The kinds of sums that a question wants ranked or added up; empty if it wants none.

    "Penalties" include settlements: a settlement with an agency is often called a penalty.

    >>> sorted(amounts_asked("What were the largest OFAC penalties in 2019?"))
    ['penalty', 'settlement']
    >>> amounts_asked("What penalty did Expedia pay?")
    frozenset()
    """
    asked = _alone(text, Known())
    return frozenset(asked.kinds if asked else ())


def _alone(text: str, known: Known) -> SumsAsked | None:
    """What the question wants by itself."""
    if _NUMBERED.search(text):
        return None
    scope = scope_asked(text, known)
    kinds = _kinds_asked(text, known, narrowed=bool(scope.agencies or scope.days or scope.types))
    if not kinds and not _documents_asked(text, known):
        return None
    fields = {name: getattr(scope, name) for name in scope.__slots__}
    return SumsAsked(
        kinds=kinds or (), wanted=_wanted(text, kinds or ()), first=_first(text), **fields
    )


def _kinds_asked(text: str, known: Known, *, narrowed: bool) -> tuple[AmountKind, ...]:
    """The kinds of sums that are wanted, sorted; empty if no sums are wanted."""
    _, rest = types_named(text, known.types)
    kinds = _kinds(rest)
    plural = _PLURAL.search(rest) is not None
    if _CASE.search(rest):
        return ()
    many = _WHICH_MANY.search(rest)
    fined = many and re.search(rf"\b{_MONEY_VERB}", many["rest"], re.I)
    asks = (
        (plural and (_SEVERAL.search(rest) or _HOW_MANY.search(rest)))
        or (_EXTREME.search(rest) and (kinds or plural))
        or (kinds and _TOTAL.search(rest) and narrowed)
        or (_HOW_MUCH.search(rest) and (kinds or narrowed or _generic_subject(rest)))
        or _WHO_MOST.search(rest)
        or (_WHO_FINED.search(rest) and narrowed)
        or (fined and (narrowed or not _DEFINITE.search(rest)))
        or (
            plural
            and (
                _ALL.match(rest.strip())
                or re.search(
                    r"\b(?:over|above|below|under|more\s+than|less\s+than|exceeding)\s+\S*\d",
                    rest,
                    re.I,
                )
            )
        )
    )
    if not asks or _one_case(rest, known, plural=plural):
        return ()
    if not kinds:
        kinds = set(_KINDS) if plural else {"penalty", "settlement"}
    return tuple(sorted(kinds))


def _kinds(text: str) -> set[AmountKind]:
    kinds = {kind for kind, words in _KINDS.items() if words.search(text)}
    if "penalty" in kinds:
        kinds.add("settlement")
    return kinds


def _generic_subject(text: str) -> bool:
    subject = _SUBJECT.search(text)
    return subject is not None and _is_generic(subject["whom"] or subject["who"] or "", ())


def _one_case(text: str, known: Known, *, plural: bool) -> bool:
    """Whether the question is about the sums of one party that it names."""
    every = _ALL.search(text) is not None
    own = [one.said for one in known.preferences if one.kind == "agency"]
    for match in _SUBJECT.finditer(text):
        who = (match["whom"] or match["who"] or "").strip()
        if not every and not _is_generic(who, own):
            return True
    if plural and (every or _EXTREME.search(text) or _HOW_MANY.search(text)):
        owner = _OWNER.search(text)
        return bool(owner and not every and not _is_generic(owner["who"], own))
    if any(not _is_generic(match["who"], own) for match in _OBJECT.finditer(text)):
        return True
    if any(not _is_generic(match["who"], own) for match in _OWNER.finditer(text)):
        return True
    return _names_party(text, known)


def _names_party(text: str, known: Known) -> bool:
    """Whether the text names a party: no authority, no topic ("under the Bank Secrecy Act")."""
    said = [one.said.casefold() for one in known.preferences]
    for one in known.preferences:
        if one.kind == "agency":
            text = text.replace(one.said, ";")
    for name in names(text):
        at = text.find(name)
        if name.casefold() in said or any(part in said for part in name.casefold().split()):
            continue
        if name.lower() in PLAIN or name.isdigit() or not name[:1].isalpha():
            continue
        if not _TOPIC.search(text[:at]) and not re.match(r"(?i)\w+-related", text[at:]):
            return True
    return False


def _is_generic(who: str, own: Collection[str]) -> bool:
    """Whether the words mean parties in general ("banks", "a company"), or the authority."""
    if _THE_PARTY.search(who.strip()):
        return False
    who = re.sub(r"^(?:the|that|which|of|by|in|to)\s+", "", who.strip(), flags=re.I)
    last = who.split()[-1] if who.split() else ""
    if (
        not last
        or last[0].isdigit()
        or last == ";"
        or re.search(
            r"\b(?:an?|any|all|each|every|some|which|what|who|most|how\s+many)\b", who, re.I
        )
    ):
        return True
    if _PRONOUN.search(who):
        return False
    if any(re.search(rf"\b{re.escape(said)}\b", who, re.I) for said in own) or _IMPOSES.search(who):
        return True
    if last.lower() in PLAIN or last.lower() in PARTY_NOUNS:
        return not re.search(r"(?:^|\s)(?!SEC\b|OFAC\b)[A-Z]\w+\s+\w*$", who)
    return last.islower() and last.endswith(("s", "ing", "ed", "ion", "ery", "ment"))


def _documents_asked(text: str, known: Known) -> bool:
    """Whether documents are to be listed or counted."""
    types, rest = types_named(text, known.types)
    for one in known.preferences:
        if one.kind in ("agency", "date"):
            rest = re.sub(rf"(?<!\w){re.escape(one.said)}(?!\w)(?:['’]s)?", " ; ", rest, flags=re.I)
    narrowed = any(one.kind in ("agency", "date") for one in known.preferences) or bool(types)
    many = _WHICH_MANY.search(rest)
    if many and not _DEFINITE.search(many["rest"]):
        after = many["rest"].strip(" ?.!")
        if re.search(rf"\b{_CASE_VERB}\b", after, re.I) and (narrowed or len(names(text)) > 0):
            return not _names_party(after, known)
        if narrowed and re.fullmatch(
            r"(?:[\s;,]|\b(?:in|since|by|from|before|after|the|of|during)\b)*", after
        ):
            return True
    rest = _IN_INDEX.sub(" ", rest)
    asks = _ASKS_DOCUMENTS.match(rest)
    if asks is None:
        return False
    after = asks["rest"].strip(" ?.!:")
    between = [
        word for word in asks["between"].split() if word.lower() not in PLAIN and word != ";"
    ]
    if _VERB_BETWEEN.search(asks["between"]):
        return False
    if not asks["ask"].strip() and (between or not after):
        return False
    if not after or re.fullmatch(r"[\s;,]+", after):
        return bool(asks["ask"].strip()) and asks["ask"].strip().lower() != "the"
    if asks["ask"].strip().lower() == "the":
        return False
    if not re.match(rf"(?:[\s;,]*)(?:{_BEGINS_SCOPE}|;)", after, re.I):
        return False
    return not _DEFINITE.search(re.sub(r"\bthe\s*;", ";", after))


def _wanted(text: str, kinds: Sequence[AmountKind]) -> Wanted:
    if _HOW_MANY.search(text):
        return "count"
    if not kinds:
        return "list"
    if _SMALLEST.search(text):
        return "smallest"
    if _EXTREME.search(text) or _WHO_MOST.search(text):
        return "largest"
    if _TOTAL.search(text) or _HOW_MUCH.search(text):
        return "total"
    return "largest" if re.search(r"\btop\b", text, re.I) else "list"


def _first(text: str) -> int | None:
    match = _FIRST.search(text)
    if match is None:
        return None
    said = (match["top"] or match["n"]).lower()
    return _NUMBERS.get(said) or int(said) or None


def _changed(earlier: SumsAsked, text: str, known: Known) -> SumsAsked | None:
    """What a follow-up asks: the earlier question with what the follow-up says in its place.

    None if the follow-up turns to one named case.
    """
    scope = scope_asked(text, known)
    said = [one.said.casefold() for one in known.preferences]
    added = set(scope.words)
    if not any(
        (*scope.agencies, *scope.types, *scope.days, *scope.parties, *scope.currencies, *added)
    ) and not (
        _EXTREME.search(text) or _TOTAL.search(text) or _HOW_MANY.search(text) or _kinds(text)
        or scope.above or scope.below or re.search(r"\b(?:list|show|which)\b", text, re.I)
    ):  # fmt: skip
        return None
    named = [
        name for name in names(text) if name.casefold() not in said and name.lower() not in PLAIN
    ]
    if named and not re.search(r"\b(?:only|about|just|against|mention\w*|without)\b", text, re.I):
        return None
    narrows = re.search(r"^\W*(?:only|just|and\s+only|of\s+(?:these|those|them))\b", text, re.I)
    kinds = tuple(sorted(_kinds(text))) if earlier.kinds else ()
    fresh = {
        name: value for name in scope.__slots__ if (value := getattr(scope, name)) not in ((), None)
    }
    if narrows:
        for name in ("words", "parties"):
            if name in fresh:
                fresh[name] = (*getattr(earlier, name), *fresh[name])
    wanted = earlier.wanted
    asks_for = (_EXTREME, _TOTAL, _HOW_MANY, _SMALLEST, _LISTS)
    if any(pattern.search(text) for pattern in asks_for):
        wanted = _wanted(text, earlier.kinds)
    if _EXTREME.search(text) and not earlier.kinds:
        kinds = ("penalty", "settlement")
        wanted = "smallest" if _SMALLEST.search(text) else "largest"
    return replace(
        earlier,
        kinds=kinds or earlier.kinds,
        wanted=wanted,
        first=_first(text) or earlier.first,
        **fresh,
    )
