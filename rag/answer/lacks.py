"""Lacks: the names and the things of a question that no quote gives, in words."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from rag.answer.features import apposed
from rag.question.answer_spans import answering, asks_name
from rag.question.presupposition import asks_whether
from rag.text.stemming import stem, words
from rag.types import Claim, Document, Question

_BESIDE = 40
"""Characters between a noun and its name, at most ("the receiver, Charles D. Axelrod")."""
_LONGEST = 120
"""Characters of a part of a question that is repeated in words, at most."""
_GAP = 3
"""Words between two words of a name, at most ("Robert *Clifford* Cowan")."""
_MISSPELT = 5
"""Letters of a word that may have one wrong letter, at least."""
_KINDS = {
    "amount": "how much",
    "duration": "how long",
    "sentence": "what the sentence was",
    "date": "when",
    "judge": "which judge",
    "court": "which court",
}
"""Kinds that a pattern finds reliably, and the words for each."""
_TOKEN = re.compile(r"[\w-]+")
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"(?!(?:19|20)\d\d\b)\d{3,}(?:-\d+)*")
_BARE = re.compile(
    r"\b(?:an?|another|a certain|unnamed|unidentified)\s+(?:[\w'’-]+\s+){0,4}$", re.IGNORECASE
)
_MONEY = re.compile(
    r"\bhow (?:much|large|big)\b|"
    r"\b(?:amount|sum|penalt|fine|pay|paid|cost|price|disgorg|settlement)",
    re.IGNORECASE,
)
_ROLES = frozenset(
    """CEO CFO COO CTO CCO VP Inc Ltd LLC LLP Corp Co PLC plc SA AG NV Judge Justice Dr Mr Ms Mrs
    Prof Professor Sen Senator Rep President Commissioner Chairman Chair Director Sir""".split()
)
"""Words of a name that documents often leave out."""
_COUNTRIES = {
    "america": ("united states", "u.s.", "usa"),
    "usa": ("united states", "u.s.", "america"),
    "britain": ("united kingdom", "uk"),
    "uk": ("united kingdom", "britain"),
    "holland": ("netherlands",),
}
"""Everyday names of countries, and those of documents."""
_CLAUSE = re.compile(
    r"^(?P<asked>(?:when|where|why|how|who|whom|what|which)\b(?: (?:much|many|long|[a-z]+))??) "
    r"(?P<verb>was|were|is|are|has|had|have|will|would|can|could|must|should) (?P<rest>.+)$",
    re.IGNORECASE,
)
_REFERS = re.compile(
    r"\b(?:it|its|they|them|their|those|these|he|his|him|she|her)\b", re.IGNORECASE
)
_PRONOUN = re.compile(r"(?:he|she|it|they|we|you|this|that|there)\b", re.IGNORECASE)


def lacks(
    question: Question, claims: Sequence[Claim], *, known: Callable[[str], bool] | None = None
) -> tuple[str, ...]:
    """What the question asks for and no quote gives: for each thing a sentence in lower case.

    Names come first, then the parts of the question. A thing counts as lacking only if the quotes
    hold none of its kind: a figure in them may be another one than asked for, but that is not known
    for sure.

    Parameters
    ----------
    claims
        The claims of the answer, at least one.
    known
        Whether a document of the search contains a name. None if that is not known.
    """
    documents = {c.document.doc_id: c.document for claim in claims for c in claim.citations}
    quotes = [" ".join(c.quote.split()) for claim in claims for c in claim.citations]
    names = (
        f"“{name}” is not in the {'quoted ' if known is None or known(plain_name(name)) else ''}"
        "documents"
        for name in lacking_names(question, documents.values())
    )
    parts = question.parts or (question,)
    things = (_lacking_thing(part, quotes, alone=not question.parts) for part in parts)
    return tuple(dict.fromkeys((*names, *filter(None, things))))


def lacking_names(question: Question, documents: Iterable[Document]) -> tuple[str, ...]:
    """The names of the question that stand in none of the documents.

    Left out are names of agencies that the question prefers, figures that are no number of a case,
    and the names of earlier questions if the question has names of its own and refers to nothing
    ("those").
    """
    texts = [_text(document) for document in documents]
    own = [name for name in question.names if name in question.text]
    if _REFERS.search(question.text):
        own = list(question.names)
    said = {item.said.casefold() for item in question.preferences}
    return tuple(
        name
        for name in own or question.names
        if name.casefold() not in said
        and (name[0].isalpha() or _NUMBER.fullmatch(name))
        and not any(holds(text, name) for text in texts)
    )


def plain_name(name: str) -> str:
    """The name without titles, offices and legal forms, unless nothing else is left.

    >>> plain_name("Judge Roe"), plain_name("Acme Corp."), plain_name("Chair")
    ('Roe', 'Acme', 'Chair')
    """
    kept = [part for part in name.split() if part.strip(".,") not in _ROLES]
    return " ".join(kept) or name


def holds(text: str, name: str) -> bool:
    """Whether a text spells out a name, without regard to case, accents or one wrong letter.

    Words may stand between those of the name ("Robert *Clifford* Cowan"). One word of it is enough
    where it stands alone ("Goldman" for "Goldman Sachs"), but not beside another name ("John Doe"
    for "Jane Doe"). An abbreviation is held by its words, and a country by its other names.

    >>> holds("The SEC sued Robert Clifford Cowan.", "robert cowan")
    True
    >>> holds("The SEC sued John Doe, of Ohio.", "Jane Doe")
    False
    """
    several = re.split(r" of (?:the )?", name)
    if len(several) > 1 and not re.search(rf"\b{re.escape(name)}", text, re.IGNORECASE):
        return all(holds(text, one) for one in several)
    plain, said = _plain(text), _plain(name)
    parts = [part for part in _WORD.findall(said) if part not in _ROLES]
    if not parts:
        return True
    whole = rf"(?:\W+\w+){{0,{_GAP}}}?\W+".join(map(re.escape, parts))
    if re.search(rf"\b{whole}", plain, re.IGNORECASE):
        return True
    if any(other in plain.casefold() for other in _COUNTRIES.get(said.casefold(), ())):
        return True
    if said.isupper() and 2 < len(said) <= 6 and said.isalpha():
        spelled = r"\W+(?:(?:of|and|for|the|on|in|to)\W+)*".join(rf"{c}[a-z]+" for c in said)
        if re.search(rf"\b{spelled}", plain):
            return True
    if len(parts) == 1:
        # "the Abes" are "Casey Abe" and his wife.
        family = parts[0].removesuffix("s")
        return _misspelt(parts[0], plain) or bool(re.search(rf"\b{re.escape(family)}\b", plain))
    if all(re.search(rf"\b{re.escape(p)}", plain, re.I) or _misspelt(p, plain) for p in parts):
        return len(parts) > 2 or not _beside_another(parts, plain)
    return any(_alone(part, plain) for part in parts if len(part) > 3)


def _text(document: Document) -> str:
    metadata = " ".join(
        value
        for key in ("agency", "parties", "speaker", "court", "docket", "release")
        for value in document.texts(key)
    )
    speakers = " ".join(dict.fromkeys(speaker for _, speaker in document.speaker_starts))
    return f"{document.title}. {document.doc_id}. {metadata}. {speakers}. {document.text}"


def _plain(text: str) -> str:
    """The text without accents."""
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _misspelt(word: str, text: str) -> bool:
    """Whether a name in the text differs from ``word`` in one letter, or is longer at its end."""
    if len(word) < _MISSPELT:
        return False
    low = word.casefold()
    tokens = {
        token.casefold()
        for token in _WORD.findall(text)
        if abs(len(token) - len(low)) < 4 and token[0].isupper()
    }
    return any(token.startswith(low) or _one_off(low, token) for token in tokens)


def _one_off(one: str, other: str) -> bool:
    """Whether one letter is wrong, left out, added, or changed places with the next."""
    if abs(len(one) - len(other)) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if at is None:
        return True
    return (
        one[at + 1 :] == other[at + 1 :]
        or one[at + 1 :] == other[at:]
        or one[at:] == other[at + 1 :]
        or (one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :])
    )


def _beside_another(parts: Sequence[str], text: str) -> bool:
    """Whether the last word of a name stands only behind other first names."""
    last = re.escape(parts[-1])
    before = re.findall(rf"\b([A-Z][\w.’'-]*) {last}\b", text)
    alone = re.search(rf"(?:^|[^\w ] ?|\b[a-z]+ ){last}\b", text)
    return bool(before) and not alone and parts[0] not in before


def _alone(word: str, text: str) -> bool:
    """Whether a word of a name stands in the text without another name beside it.

    A word that the text also writes in lower case is no name ("the bank").
    """
    if re.search(rf"\b{re.escape(word.lower())}\b", text):
        return False
    found = re.finditer(
        rf"(?P<before>(?<!\S)\S+ )?\b{re.escape(word)}\b(?P<after>[,.;]? \S+)?", text
    )
    return any(
        not (match["before"] or "a")[0].isupper()
        and not (match["after"] or " a").startswith(tuple(f" {c}" for c in _CAPITALS))
        for match in found
    )


_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _lacking_thing(part: Question, quotes: Sequence[str], *, alone: bool) -> str | None:
    """The thing that a part asks for and the quotes do not give; None if they may give it."""
    if asks_whether(part.text):
        return None
    if re.search(rf"\b{re.escape(part.head or '-')}\w* (?:and|or)\b", part.text, re.IGNORECASE):
        return None
    found = any(answering(part, quote) for quote in quotes)
    kinds = [kind for kind in part.answer_types if kind in _KINDS]
    noun = next((word for word in words(part.text) if stem(word) == part.head), None)
    if noun and part.answer_types == ("number",):
        asked = f"how many {noun}"
    elif noun and asks_name(part) and not kinds:
        asked = f"which {noun}"
        found = found and not _only_bare(part, quotes)
    elif len(kinds) == 1 and set(part.answer_types) <= {kinds[0], "status"}:
        if kinds[0] == "amount" and not _MONEY.search(part.text):
            return None
        asked = _KINDS[kinds[0]]
    else:
        return None
    if found or any(_told(kind, quote) for kind in kinds for quote in quotes):
        return None
    return f"nothing says {asked}" if alone else f"nothing says {_clause(part, asked)}"


def _told(kind: str, quote: str) -> bool:
    """Whether a quote may give a thing of a kind without a figure or a name in the usual form."""
    words = {
        "amount": r"\b(?:no|without) (?:civil |monetary )?(?:penalt|fine|payment)|\bnothing\b",
        "date": r"\b(?:same|next|previous) (?:day|week|month|year)|\bago\b|\bday after\b",
        "duration": r"\b(?:permanent|for life|indefinite|until|throughout)",
        "sentence": r"\b(?:life|death|probation|time served|suspended)\b",
    }
    return kind in words and re.search(words[kind], quote, re.IGNORECASE) is not None


def _only_bare(part: Question, quotes: Sequence[str]) -> bool:
    """Whether the noun asked for stands in the quotes, and only without a name ("another bank")."""
    bare = False
    for quote in quotes:
        spans = answering(part, quote)
        for match in _TOKEN.finditer(quote):
            if stem(match[0]) != part.head:
                continue
            at = match.start()
            if _BARE.search(quote[:at]) and not apposed(quote, at):
                bare = True
            elif any(start - _BESIDE <= at <= end + _BESIDE for start, end in spans):
                return False
    return bare


def _clause(part: Question, asked: str) -> str:
    """The part as the end of "nothing says …": "when he was sentenced", or the part in quotes."""
    text = " ".join(part.text.split()).strip(" ?.,:")
    if len(text) > _LONGEST:
        return asked
    found = _CLAUSE.match(text)
    if found:
        rest = found["rest"]
        subject = _PRONOUN.match(rest)
        end = subject.end() if subject else 0
        for name in part.names if not subject else ():
            named = re.match(rf"(?:the )?{re.escape(name)}\b", rest)
            end = max(end, named.end() if named else 0)
        if end and rest[end:].strip():
            return f"{found['asked'].lower()} {rest[:end]} {found['verb']}{rest[end:]}"
    return f"{asked}: “{text}?”"
