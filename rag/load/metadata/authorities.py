"""The authority whose document a text is: a register of names, and where in the text they stand."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from rag.load.metadata.data import table
from rag.load.metadata.front import Front

_SEARCHED = 30_000
"""Characters at the start, and half as many at the end, in which names are looked for first."""
_ALL = 200_000
"""Characters that are searched where those name none."""
_OPENING, _TOP = 400, 1500
"""Characters at the start in which an announcement, and a letterhead, stand."""
_VOICE_HEAD = 6000
_ADDRESSEE = 2
"""Lines at the top of a letter that are a letterhead; further down stands the addressee."""

# What a place in the text is worth as a sign that the document is that authority's own.
_LABELLED, _LETTERHEAD, _SIGNED, _OF_HEADING, _DEFINED, _TITLED = 8.0, 6.0, 5.0, 4.0, 3.0, 3.0
_ANNOUNCES, _ALSO, _VOICE, _WEB, _MENTION, _DOCKETED = 5.0, 1.5, 1.0, 0.5, 0.1, 7.0
ENOUGH = {"authority": 1.4, "author": 7.0, "": 4.0}
"""The least sum of signs, by whose voice the type of the document is."""

_KEYS = frozenset(
    {"names", "short", "self", "officers", "country", "family", "web", "part_of", "ambiguous"}
)
_LABEL = re.compile(
    r"^\W{0,10}(?:authority|agency|regulator|issuing\s{1,9}(?:office|authority)|issuer"
    r"|issued\s{1,9}by)\W{0,4}:\W{0,6}(?:u\.?s\.?\s)?$",
    re.IGNORECASE | re.MULTILINE,
)
_FIELD = re.compile(
    r"^\W{0,10}(?P<l>authority|issuing authority|regulator"
    r"|agency)\W{0,4}:[\s*]{0,8}(?P<n>[^\n(]{2,60}?)\s{0,5}(?:\(|$)",
    re.IGNORECASE | re.MULTILINE,
)
_OF = re.compile(
    r"\b(?:decision|determination|notice|order|opinion|deliberation|guidelines?|report|reasons"
    r"|dissent|commissioner|chair(?:man|woman|person)?|director|members?)\s{1,9}(?:\w+\s{1,9})?"
    r"(?:of|by|from)\s{1,9}(?:the\s{1,9})?(?:u\.?s\.?\s{1,9}|united\s{1,9}states\s{1,9})?$",
    re.IGNORECASE,
)
_TO = re.compile(r"\b(?:to|against|v\.?|vs\.?|with|between|sues?|re)\W+(?:the\W+)?$", re.IGNORECASE)
_VERB = (
    r"(?:has\s{1,9}|have\s{1,9}|had\s{1,9}|is\s{1,9}|hereby\s{1,9}|today\s{1,9}|also\s{1,9}"
    r"|will\s{1,9}){0,6}"
    r"(?:announced|announces|decided|decides|determined|determines|finds|found|considers|imposes"
    r"|imposed"
    r"|issued|issues|fined|fines|ordered|orders|charged|charges|filed|obtained|inspected|conducted"
    r"|instituted"
    r"|taking\s{1,9}action|alleges|alleged|concludes|concluded|reviewed|reprimands?|directs?"
    r"|proposes"
    r"|proposing"
    r"|satisfied|notes|cited|settled|settles|reached|entered|won|sued|halts?|halted|bars|barred"
    r"|obtains|files|publish(?:es|ed)|launched|secured|today)\b"
)
_WE = re.compile(r"\b(?:we|our|ours)\b", re.IGNORECASE)
_OFTEN = 3
"""Times that a text says "we" at its start, where it is rather somebody's than an authority's."""
_IN_PASSING = frozenset({"announces", "voice", "mention", "web"})
_LAST, _ENDS = 1500, 1.5
"""Characters at the end in which a line that begins with a name is a weak sign."""
_PART = 4.0
"""Signs of an office that is part of another authority, for the document to be the office's."""
_SPEAKS = re.compile(rf"[^.;:\n]{{0,60}}?\b(?=[a-z]{{2}}){_VERB}", re.IGNORECASE)
_SPEAKS_FIRST = re.compile(rf"[^.;:\n]{{0,140}}?\b(?=[a-z]{{2}}){_VERB}", re.IGNORECASE)
_SELF_OPENS = re.compile(
    r"\W{0,20}(?:On\s[^,\n]{3,20},\s\d{4},?\s)?the\s(?P<n>Commission|Authority|Bureau|Board|Agency"
    r"|Department)\b",
    re.IGNORECASE,
)
_DOCKETED_AT = re.compile(r"\s(?:docket|case|file|matter)\s(?:nos?\b|number)", re.IGNORECASE)
_FORMERLY = re.compile(
    r"\b(?:formerly|previously\s{1,9}known\s{1,9}as|then)\W+(?:the\W+)?$", re.IGNORECASE
)
_NOISE = re.compile(
    r"\b(?:united\s{1,9}states(?:\s{1,9}of\s{1,9}america)?|u\.?\s?s\.?|before|the|of|office"
    r"|commonwealth"
    r"|federal"
    r"|australia|washington|d\.?c\.?|department|treasury|homepage|home)\b|[\W_\d]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Authority:
    """One entry of the register; ``key`` is what is stored as ``agency``."""

    key: str
    names: tuple[str, ...]
    short: tuple[str, ...]
    self: tuple[str, ...]
    officers: tuple[str, ...]
    country: str
    family: str
    web: str
    part_of: str
    ambiguous: bool


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a text names an authority; ``full`` unless by an abbreviation."""

    key: str
    start: int
    end: int
    full: bool


class Register:
    """The authorities by key, and the search for their names."""

    def __init__(self, authorities: Mapping[str, Authority]) -> None:
        self.authorities = dict(authorities)
        self._names = [
            (_squeezed(name), one.key)
            for one in authorities.values()
            for name in (*one.names, *one.officers)
        ]
        short = {name: one.key for one in authorities.values() for name in (one.key, *one.short)}
        self._short = short
        words = "|".join(re.escape(name) for name in sorted(short, key=len, reverse=True))
        self._abbreviated = re.compile(rf"(?<![\w.$-])(?:{words})(?![\w$-])")

    def named(self, text: str) -> str:
        """The authority that ``text`` names first; "" for none."""
        mentions = self.mentions(text)
        return min(mentions, key=lambda mention: mention.start).key if mentions else ""

    def is_name(self, text: str) -> bool:
        """Whether ``text`` is nothing but the name of an authority, as in a letterhead."""
        return any(
            not _NOISE.sub("", text[: mention.start] + text[mention.end :])
            for mention in self.mentions(text[:200])
        )

    def mentions(self, text: str) -> list[Mention]:
        """Each mention, by any name; a name inside a longer one, or of another country, is none."""
        squeezed, places = _squeeze(text)
        found: list[Mention] = []
        for name, key in self._names:
            at = squeezed.find(name)
            while at >= 0:
                found.append(Mention(key, places[at], places[at + len(name) - 1] + 1, True))
                at = squeezed.find(name, at + len(name))
        found.sort(key=lambda mention: (mention.start, -mention.end))
        kept: list[Mention] = []
        for mention in found:
            if not kept or mention.end > kept[-1].end:
                kept.append(mention)
        kept = [one for one in kept if not _elsewhere(text, one, self.authorities[one.key].country)]
        full = {mention.key for mention in kept}
        for match in self._abbreviated.finditer(text):
            key = self._short[match[0]]
            if key in full or not self.authorities[key].ambiguous:
                kept.append(Mention(key, match.start(), match.end(), False))
        return sorted(kept, key=lambda mention: mention.start)


@lru_cache(maxsize=8)
def register(own: str = "") -> Register:
    """The register of this package with the entries of a user's file over it.

    Parameters
    ----------
    own
        Text of the user's ``authorities.toml``; "" for none.

    Raises
    ------
    ValueError
        If it is not TOML, or an entry has an unknown key or no names.
    """
    entries = {**table("authorities.toml"), **(tomllib.loads(own) if own else {})}
    return Register({key: _authority(key, entry) for key, entry in entries.items()})


def agency_of(front: Front, voice: str, known: Register, *, letter: bool = False) -> str:
    """The authority whose own document this is; "" where none is sure enough.

    Each place that names an authority counts as a sign: a labelled field, a letterhead, the
    signature block, a heading "Decision of the …", the definition of a self-name, a sentence in
    which it acts. A mere mention counts next to nothing.

    Parameters
    ----------
    voice
        Whose voice the type of the document is: ``authority``, ``author`` or "" for not known.
    letter
        Whether it is a letter: then only its letterhead and its signature count.
    """
    field = _FIELD.search(front.head[:_TOP])
    if field:
        key = known.named(field[0].partition(":")[2])
        if key or field["l"].casefold() != "agency":
            return key or " ".join(field["n"].split())
    text = front.text
    searched = f"{text[:_SEARCHED]}\n\n{text[_SEARCHED:][-_SEARCHED // 2 :]}"
    mentions = known.mentions(searched)
    if not mentions and len(text) > len(searched):
        searched = text[:_ALL]
        mentions = known.mentions(searched)
    signs = _signs(front, searched, mentions, known, letter=letter)
    least = 5.0 if letter else ENOUGH[voice]
    ours = voice == "" and len(_WE.findall(front.head[:_TOP])) >= _OFTEN
    passing: frozenset[str] = _IN_PASSING if voice == "author" or ours else frozenset()
    sums = {
        key: sum(worth for sign, worth in by_sign.items() if sign not in passing)
        for key, by_sign in signs.items()
    }
    best = max(sums, key=lambda key: sums[key], default="")
    parts = [key for key in sums if known.authorities[key].part_of == best and sums[key] > _PART]
    best = max(parts, key=lambda key: sums[key], default=best)
    if best and sums[best] >= least:
        return best
    if voice != "authority" or letter:
        return ""
    opening = _SELF_OPENS.match(text)
    for mention in mentions:
        if mention.start > _TOP:
            break
        own = {name.casefold() for name in known.authorities[mention.key].self}
        fits = opening is None or f"the {opening['n']}".casefold() in own
        if fits and not _TO.search(text[max(0, mention.start - 30) : mention.start]):
            return mention.key
    return ""


def _signs(
    front: Front, text: str, mentions: list[Mention], known: Register, *, letter: bool
) -> dict[str, dict[str, float]]:
    """For each authority what each kind of sign is worth."""
    signs: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    tops = [line.start for line in front.lines if line.text][:_ADDRESSEE]
    last_top = tops[-1] if tops else 0
    announced = False
    for mention in mentions:
        sign = signs[mention.key]
        start = text.rfind("\n", 0, mention.start) + 1
        end = text.find("\n", mention.end)
        end = len(text) if end < 0 else end
        before, after = text[start : mention.start], text[mention.end : end]
        if letter:
            if start <= last_top and not _NOISE.sub("", before):
                sign["letterhead"] = _LETTERHEAD
            continue
        sign["mention"] = min(1.0, sign["mention"] + _MENTION)
        if mention.start < _TOP:
            label = _LABEL.search(text[max(0, mention.start - 60) : mention.start])
            if label:
                sign["labelled"] = _LABELLED
            alone = not _NOISE.sub("", before + after) and not _TO.search(
                text[max(0, mention.start - 40) : mention.start]
            )
            if alone:
                sign["letterhead"] = max(sign["letterhead"], _LETTERHEAD - 2 * (start > _OPENING))
            if _OF.search(text[max(0, mention.start - 60) : mention.start]):
                sign["of heading"] = _OF_HEADING
            if _DOCKETED_AT.match(text, mention.end):
                sign["docketed"] = _DOCKETED
        if _FORMERLY.search(text[max(0, mention.start - 60) : mention.start]):
            continue
        one = known.authorities[mention.key]
        if _defines(text, mention, one):
            sign["defined"] = _DEFINED
        if mention.start < _VOICE_HEAD and not _TO.search(before[-30:]):
            opens = mention.start < _OPENING
            near = (text, mention.end, mention.end + 200)
            speaks = _SPEAKS_FIRST.match(*near) if opens else _SPEAKS.match(*near)
            if speaks and opens:
                sign["announces"] = max(sign["announces"], _ALSO if announced else _ANNOUNCES)
                announced = True
            elif speaks:
                sign["voice"] = min(3 * _VOICE, sign["voice"] + _VOICE)
    for titled in known.mentions(front.title) if not letter else ():
        if not _TO.search(front.title[: titled.start]):
            signs[titled.key]["titled"] = _TITLED
    for mention in known.mentions(front.signature):
        start = front.signature.rfind("\n", 0, mention.start) + 1
        before = front.signature[start : mention.start]
        if not _NOISE.sub("", re.sub(r"(?i)for and|on behalf|by order|director", "", before)):
            signs[mention.key]["signed"] = _SIGNED
    last = front.text[-_LAST:]
    for mention in known.mentions(last) if not letter else ():
        begins = not _NOISE.sub("", last[last.rfind("\n", 0, mention.start) + 1 : mention.start])
        if mention.full and begins:
            signs[mention.key]["ends"] = _ENDS
    for key, one in known.authorities.items():
        if one.web and key in signs and one.web in text:
            signs[key]["web"] = _WEB
    return signs


@cache
def _places() -> tuple[dict[str, str], re.Pattern[str], re.Pattern[str]]:
    """The country of each name of a place, in lower case, and where one stands beside a name."""
    countries = {
        name.lower(): country for country, names in table("places.toml").items() for name in names
    }
    names = sorted({form for name in countries for form in (name.title(), name.upper())})
    place = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    abroad = "|".join(re.escape(name) for name in names if countries[name.lower()] != "states")
    return (
        countries,
        re.compile(
            rf"(?<![\w.])(?:(?P<place>{place})(?:['’]s)?[ \t]{{1,3}}"
            r"(?:(?:Federal|FEDERAL|National|NATIONAL)[ \t]{1,3})?"
            r"|(?:Federal|FEDERAL|National|NATIONAL)[ \t]{1,3})$"
        ),
        re.compile(
            r"[ \t]{1,3}(?:of|OF|for|FOR)[ \t]{1,3}(?:(?:the|THE)[ \t]{1,3})?"
            rf"(?P<place>{place})\b"
            # an address below the name
            r"|[ \t]{0,3}\n[ \t]{0,9}(?:[A-Z][\w.]{1,20},? ){1,3}"
            rf"(?P<country>{abroad})[. \t]{{0,3}}$",
            re.MULTILINE,
        ),
    )


def _elsewhere(text: str, mention: Mention, country: str) -> bool:
    """Whether a place beside the name, or "Federal", makes it the name of another authority."""
    countries, before, after = _places()
    found = before.search(text, max(0, mention.start - 40), mention.start) or after.match(
        text, mention.end
    )
    if found is None:
        return False
    place = found["place"] or found.groupdict().get("country")
    return place is None or (country in countries.values() and countries[place.lower()] != country)


def _defines(text: str, mention: Mention, one: Authority) -> bool:
    """Whether the authority's self-name is defined there: 'the … Authority ("the Authority")'."""
    names = {name.casefold().removeprefix("the ") for name in one.self}
    names -= {name.casefold() for name in (one.key, *one.short)}  # also others abbreviate it so
    behind = re.match(
        r"\s{0,3}\((?:[“\"'‘]?(?:the\s{1,9}|or\s{1,9})?[“\"'‘]?([\w ]{2,30}?)[”\"'’]?)\W",
        text[mention.end : mention.end + 60],
        re.IGNORECASE,
    )
    if behind and " ".join(behind[1].split()).casefold() in names:
        return True
    before = text[max(0, mention.start - 200) : mention.start]
    found = re.search(
        r"[“\"'‘](?:the )?([\w ]{2,30})[”\"'’]\s{1,9}(?:means|refers to)\b[^.;]{0,170}$",
        before,
        re.IGNORECASE,
    )
    return bool(found and found[1].casefold().removeprefix("the ") in names)


def _authority(key: str, entry: Any) -> Authority:
    if not isinstance(entry, dict) or not entry.get("names"):
        raise ValueError(f'[{key}] has no names; write names = ["…"]')
    unknown = sorted(entry.keys() - _KEYS)
    if unknown:
        raise ValueError(
            f"[{key}] has an unknown key {unknown[0]!r}; known are {', '.join(sorted(_KEYS))}"
        )
    lists = {
        name: tuple(map(str, entry.get(name, ())))
        for name in ("names", "short", "self", "officers")
    }
    return Authority(
        key=key,
        **lists,
        country=str(entry.get("country", "")),
        family=str(entry.get("family", "")),
        web=str(entry.get("web", "")),
        part_of=str(entry.get("part_of", "")),
        ambiguous=bool(entry.get("ambiguous", False)),
    )


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text.replace("’", "'")).casefold()


def _squeeze(text: str) -> tuple[str, list[int]]:
    """``text`` without white space in lower case, and the place of each character in ``text``.

    PDFs have spaces inside letter-spaced words, and line ends inside names.
    """
    pieces: list[str] = []
    places: list[int] = []
    for match in re.finditer(r"\S+", text):
        word = match[0].replace("’", "'").lower()
        if len(word) != match.end() - match.start():  # a letter whose lower case is longer
            word = match[0]
        pieces.append(word)
        places.extend(range(match.start(), match.end()))
    return "".join(pieces), places
