"""The numbers, amounts, dates and names of a text that other texts do not contain."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from rag.question.answer_types import MONTH
from rag.text.money import CURRENCY_CODE, CURRENCY_NAME, CURRENCY_SIGN, currency_of
from rag.text.stemming import stems

_Value = tuple[object, ...]

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = rf"(?P<month>{MONTH})"
_DAY, _YEAR = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?", r"(?P<year>(?:1[789]|20)\d\d)"
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_MONTH}\s+{_DAY}\b(?:,?\s+{_YEAR}\b)?(?!\d)",
        rf"\b{_DAY}\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR}\b)?",
        rf"\b{_MONTH},?\s+{_YEAR}\b",
        rf"\b{_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)\b",
        r"\b(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{2}(?:\d\d)?)\b",
        rf"(?<![$€£¥\d.,])(?<!(?<!\d{{4}})-){_YEAR}\b(?![\d,]*\d|\.\d|\s*%|\s+(?:percent|[mb]\s?illion|dollars)\b)",
    )
)
_PARTS = {"cent": "¢", "cents": "¢", "%": "%", "percent": "%", "per cent": "%"}
_UNIT = (
    rf"(?:\s*(?P<unit>%|{CURRENCY_SIGN}(?!\s?\d)|"
    rf"(?:cents?|percent|per cent|{CURRENCY_NAME}|{CURRENCY_CODE})\b))"
)
_SCALES = {
    "hundred": 10**2,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}
_SCALE = r"(?P<scale>hundred|thousand|[mb]\s?illion|trillion)\b"  # PDFs give "m illion"
_FIGURE = re.compile(
    rf"(?P<sign>US\$|{CURRENCY_SIGN}|\b{CURRENCY_CODE}(?![a-z]))?\s?"
    rf"(?<![\w.])(?P<figure>\d[\d,]*(?:\.\d+)?)(?:[\s-]{{0,2}}{_SCALE})?{_UNIT}?",
    re.IGNORECASE,
)
_SMALL = dict(
    zip(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split(),
        range(20),
        strict=True,
    )
) | dict(
    zip(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(),
        range(20, 100, 10),
        strict=True,
    )
)
_SPELLED_WORD = "|".join(sorted([*_SMALL, *_SCALES], key=len, reverse=True))
_SPELLED = re.compile(
    rf"\b(?P<spelled>(?:{_SPELLED_WORD})(?:(?:[\s-]+|\s+and\s+)(?:{_SPELLED_WORD}))*)\b{_UNIT}?",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"\b(?:dozens?|hundreds|thousands|millions|billions|trillions|half|halves|thirds?|quarters?|"
    r"twice|thrice|double[ds]?|tripled?|first|second|fourth|fifth|sixth|seventh|eighth|ninth|tenth)"
    r"\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(?:\b(?:about|approximately|around|roughly|some|nearly|almost|over|more than|less than|under|"
    r"just|at least)|~|≈)\s*$",
    re.IGNORECASE,
)
# A word of digits and letters: "10b" in Rule 10b-5, "1990s", "25999a".
_MIXED = re.compile(r"(?<![^\W_])(?=[^\W_]*\d)(?=[^\W_]*[^\W\d_])[^\W_]+")
_WORD = re.compile(r"[^\W\d_]+(?:['&-][^\W\d_]+)*")
_LINKS = frozenset({"of", "the", "and", "for", "de", "la", "von", "van", "der"})
_LINKED = re.compile(r"\s(?:of|and|for|the)\s")
_TITLES = frozenset(
    "judge justice mr mrs ms dr attorney chairman president director senator secretary "
    "commissioner magistrate chief former honorable hon prof professor officer agent".split()
)
_INITIALS = re.compile(r"\b(?:[A-Z]\.\s?){2,}|\b[A-Z]\.(?=\s)")
_VERDICT = re.compile(r"^\s*(?:yes|no|none)\b(?=\s*[,;:.–—]|\s*$)", re.IGNORECASE)
_SENTENCE_END = ".!?:"


class Missing(NamedTuple):
    """A figure or a name of a text that other texts do not contain.

    Attributes
    ----------
    written
        As in the text, with plain quotation marks and spaces.
    certain
        False for a small number in words ("two officers" may be counted from names), for a date
        whose year alone is missing, and for a capitalised word at the start of a sentence, which
        may be an ordinary word.
    """

    written: str
    certain: bool


def missing_figures(text: str, quotes: Sequence[str]) -> tuple[Missing, ...]:
    """The numbers, amounts and dates of ``text`` that none of ``quotes`` contains.

    Amounts and dates are compared by value: "$5 million" equals "$5,000,000". "May 2019" is in
    "May 3, 2019", but "May 3, 2019" is not in "May 2019". "About $4.3 million" is in "$4,316,126".
    """
    plain = _comparable(text)
    figures = [{value for _, value in _figures(_comparable(quote))} for quote in quotes]
    return tuple(
        dict.fromkeys(
            Missing(
                written, certain=any(c.isdigit() for c in written) and not _yearless(figures, value)
            )
            for written, value in _figures(plain)
            if not any(_holds(of_one, value) for of_one in figures)
            and not (_hedged(plain, written) and any(_rounds(of_one, value) for of_one in figures))
        )
    )


def missing_names(
    text: str, quotes: Sequence[str], aliases: Iterable[tuple[str, str]] = ()
) -> tuple[Missing, ...]:
    """The names of ``text`` that none of ``quotes`` contains. A name in lower case is not seen.

    A name must occur as consecutive words; middle initials do not matter: "John Smith" is in
    "John A. Smith", but not in "John Doe and Mary Smith". A lost apostrophe does not matter
    ("the SECs complaint" contains "SEC").

    Parameters
    ----------
    aliases
        Pairs of names that mean the same ("sec", "securities and exchange commission"), as
        lower-case words.
    """
    sequences = [_sequence(quote) for quote in quotes]
    others: dict[str, list[str]] = defaultdict(list)
    for one, other in aliases:
        others[one].append(other)
        others[other].append(one)
    found = []
    plain = _VERDICT.sub("", _comparable(text))
    for pattern in (*_DATES, _SPELLED):
        plain = pattern.sub(" ; ", plain)
    plain = _INITIALS.sub(" ", plain)
    plain = " ".join(plain.split())
    for name, opens in _names(plain):
        parts = [_name_words(part) for part in _LINKED.split(name)]
        for words in filter(None, parts):
            forms = [words, *others.get(words, ()), *_untitled(words)]
            if not any(f" {form} " in sequence for form in forms for sequence in sequences):
                found.append(Missing(name, certain=not (opens and " " not in words)))
                break
    return tuple(dict.fromkeys(found))


def _name_words(name: str) -> str:
    """The words of a name. Of "Cuba-related" only the part that is a name counts."""
    return " ".join(_words(re.sub(r"(?<=\w)-[a-z]\w*", "", name)))


def _untitled(words: str) -> list[str]:
    """A name without its first word, if that is a title: "Judge Smith", "Chairman Doe"."""
    title, _, rest = words.partition(" ")
    return [rest] if rest and title in _TITLES else []


def has_words(name: str, text: str) -> bool:
    """Whether ``text`` has every word of a name somewhere."""
    return set(_name_words(name).split()) <= set(_words(_comparable(text)))


def is_fuller(name: str, quote: str, document: str) -> bool:
    """Whether a name is that of the document for somebody whom the quote calls by the surname.

    "Thomas Goldman" for "Goldman", if the document has "Thomas Goldman" and no other Goldman, and
    the quote no first name.
    """
    *given, last = name.split()
    named = re.compile(rf"\b([A-Z][\w'-]*) (?:[A-Z]\. )?{re.escape(last)}\b")
    plain = _comparable(quote)
    return (
        bool(given)
        and re.search(rf"\b{re.escape(last)}\b", plain) is not None
        and named.search(plain) is None
        and set(named.findall(_comparable(document))) == {given[-1]}
        and f" {_name_words(name)} " in _sequence(document)
    )


def in_lower_case(word: str, text: str) -> bool:
    """Whether a capitalised word at the start of a sentence is an ordinary word of ``text``."""
    lower = word.lower()
    return lower.endswith("ly") or re.search(rf"\b{re.escape(lower)}\b", text) is not None


def _sequence(text: str) -> str:
    """The words of a text, then the same without a final s, which may be a lost possessive."""
    words = _words(_INITIALS.sub(" ", _comparable(text)))
    bare = (word[:-1] if word.endswith("s") and len(word) > 2 else word for word in words)
    return f" {' '.join(words)} ; {' '.join(bare)} "


def _comparable(text: str) -> str:
    """The text with plain digits, letters, signs and single spaces; no invisible characters."""
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(c for c in plain if unicodedata.category(c) != "Cf")
    plain = re.sub(r"\s+", " ", plain.replace("’", "'"))
    return re.sub(r"(?<=\w) -(?=\w)|(?<=\w)- (?=\w)", "-", plain)  # PDFs give "self -made"


def _figures(text: str) -> Iterator[tuple[str, _Value]]:
    """Dates, identifiers with digits, amounts and numbers: each as written, with its value.

    Each pattern removes its matches, so a later pattern does not find them again.
    """
    for pattern in _DATES:
        for match in pattern.finditer(text):
            yield match.group(), ("date", *_date(match.groupdict()))
        text = pattern.sub(" ; ", text)
    for match in _MIXED.finditer(text):
        yield match.group(), ("word", match.group().lower())
    text = _MIXED.sub(" ; ", text)
    for match in _FIGURE.finditer(text):
        scale = re.sub(r"\s", "", match["scale"] or "").lower()
        value = Decimal(match["figure"].replace(",", "")) * _SCALES.get(scale, 1)
        yield match.group().strip(), ("number", _unit(match["sign"] or match["unit"]), value)
    text = _FIGURE.sub(" ; ", text)
    for match in _SPELLED.finditer(text):
        yield match.group(), ("number", _unit(match["unit"]), Decimal(_spelled(match["spelled"])))
    for match in _VAGUE.finditer(text):
        yield match.group(), ("word", match.group().lower())


def _holds(values: set[_Value], wanted: _Value) -> bool:
    """Whether the values contain the wanted one. A date is also in a more exact date."""
    if wanted[0] != "date":
        return wanted in values
    return any(
        value[0] == "date"
        and all(part is None or part == other for part, other in zip(wanted, value, strict=True))
        for value in values
    )


def _yearless(figures: Sequence[set[_Value]], wanted: _Value) -> bool:
    """Whether the figures have the day of a date without its year, which may stand elsewhere."""
    return wanted[0] == "date" and any(("date", None, *wanted[2:]) in of_one for of_one in figures)


def _hedged(text: str, written: str) -> bool:
    """Whether a figure of the text is called rounded: "about $4.3 million"."""
    return _ABOUT.search(text, 0, max(0, text.find(written))) is not None


def _rounds(values: set[_Value], wanted: _Value) -> bool:
    """Whether the values contain a number that the wanted one rounds, in the same unit."""
    _, unit, number = (*wanted, None)[:3]
    if wanted[0] != "number" or not isinstance(number, Decimal):
        return False
    step = Decimal(10) ** int(number.normalize().as_tuple().exponent)
    return any(
        value[:2] == ("number", unit)
        and isinstance(value[2], Decimal)
        and value[2] % step != 0
        and abs(value[2] - number) <= (step if step <= number / 10 else step / 2)
        for value in values
    )


def _date(parts: dict[str, str | None]) -> tuple[int | None, int | None, int | None]:
    """Year, month and day; None for a part that is not given."""
    year, month, day = parts.get("year"), parts.get("month"), parts.get("day")
    full = int(year) if year else None
    if full is not None and full < 100:
        full += 2000 if full < 50 else 1900
    if month and not month.isdecimal():
        return full, _MONTHS.index(month[:3].lower()) + 1, int(day) if day else None
    return full, int(month) if month else None, int(day) if day else None


def _unit(written: str | None) -> str:
    """What is counted: the code of a currency, a sign for parts, or nothing that is known."""
    bare = (written or "").strip()
    if bare.lower() in _PARTS:
        return _PARTS[bare.lower()]
    return currency_of(bare).replace("$", "USD")


def _spelled(text: str) -> int:
    """The value of a number in words: 1,200,000 for "one million two hundred thousand"."""
    total = part = 0
    for word in re.split(r"[\s-]+", text.lower()):
        scale = _SCALES.get(word)
        if scale == 100:
            part = max(part, 1) * scale
        elif scale:
            total, part = total + max(part, 1) * scale, 0
        else:
            part += _SMALL.get(word, 0)
    return total + part


def _words(text: str) -> list[str]:
    """Words in lower case, without possessive endings and single letters (initials)."""
    found = (word.lower().removesuffix("'s") for word in _WORD.findall(text))
    return [part for word in found for part in word.split("-") if len(part) > 1]


def _names(text: str) -> Iterator[tuple[str, bool]]:
    """Runs of capitalised words, without a function word at the start of a sentence.

    With each, whether it is the first word of a sentence.

    Small words link names ("Bank of America"). They do not link the first word of a sentence to a
    name ("Officers of Acme").
    """
    run: list[re.Match[str]] = []
    linked = True
    for match in [*_WORD.finditer(text), None]:
        word = match.group() if match else " "
        beside = bool(run and match and _beside(text[run[-1].end() : match.start()]))
        if run and not (beside and (word[0].isupper() or (linked and word in _LINKS))):
            while run[-1].group() in _LINKS:
                run.pop()
            yield text[run[0].start() : run[-1].end()], _opens(text[: run[0].start()])
            run = []
        if match is None or not (run or word[0].isupper()):
            continue
        opens = not run and _opens(text[: match.start()])
        if not (opens and not stems(word)):
            run.append(match)
            linked = not opens


def _beside(between: str) -> bool:
    """Whether the text between two words is one space, with or without a full stop before it."""
    return re.fullmatch(r"\.? ", between) is not None


def _opens(before: str) -> bool:
    """Whether a sentence begins after this text."""
    return before.rstrip(" \"'“”‘(")[-1:] in ("", *_SENTENCE_END)
