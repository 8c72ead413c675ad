"""The thing asked for (a sum, a date, a court …): its place in a quote, if only one fits."""

import re
from collections.abc import Iterator, Mapping, Sequence

from rag.answer.features import share_of
from rag.answer.lacks import holds
from rag.question.answer_spans import answering, asks_name
from rag.question.answer_types import things
from rag.question.presupposition import asks_whether
from rag.text.sentences import sentences
from rag.text.stemming import stem, stems, words
from rag.types import Claim, Question, Thing

_ENOUGH = 0.6
"""Share of the question's other words that stand around a thing, at least."""
_ENOUGH_FOR_A_DATE = 0.75
"""The same share for a date: a matter has many."""
_ENOUGH_BESIDE = 0.5
"""The same share for a number that stands before the noun asked for ("how many *shares*")."""
_ENOUGH_OF_ITS_KIND = 0.25
"""The same share for a sum of the kind that the question names ("what *penalty*")."""
_NEAR = 70
"""Characters on either side of a sum in which the word for its kind is looked for."""
_KINDS = ("amount", "duration", "number", "date", "sentence", "court", "judge", "place")
_LAW_ASKED = re.compile(
    r"\b(?:which|what) (?:\w+ ){0,2}(?:sections?|statutes?|laws?|acts?|rules?|articles?|"
    r"provisions?|regulations?)\b",
    re.IGNORECASE,
)
_LAW = re.compile(
    r"\b(?:Sections?|Rules?|Articles?|Regulations?|Parts?|§+)\s*\d[\w.-]*(?:\(\w+\))*"
    r"(?:(?:,? and |, )\d[\w.-]*(?:\(\w+\))*)*"
    r"(?: of (?:the )?(?:[A-Z][\w.-]*|of|and|for)(?: (?:[A-Z][\w.-]*|of|and|for|the))*"
    r"(?<! of)(?<! and)(?<! for)(?<! the))?"
)
_COURT = re.compile(
    r"(?:(?:U\.S\.|United States|[A-Z][a-z]{1,30}) ){0,12}"
    r"(?:District|Circuit|Bankruptcy|Supreme|High|Federal|Crown|County|Superior|Appeals?|Magistrates?)"
    r" (?:Court|Tribunal)(?: (?:of|for) (?:the )?(?:[A-Z][\w.]*|of|and)"
    r"(?: (?:[A-Z][\w.]*|of|the)){0,12}(?<! of)(?<! the))?|"
    r"Court of (?:[A-Z]\w+)(?: (?:for|of) (?:the )?[A-Z]\w+(?: (?:[A-Z]\w+|of))*(?<! of))?"
)
_JUDGE = re.compile(
    r"\b(?:(?:Chief |Senior )?(?:U\.S\. |United States )?(?:District |Magistrate |Circuit )?"
    r"(?:Judge|Justice)|Honou?rable|Hon\.) (?:[A-Z][\w’'-]+\.?,? ?){1,4}(?<! )"
)
_PLACE = re.compile(r"\b(?:in|at|near|from) (?P<name>[A-Z][\w’'-]+(?:,? [A-Z][\w’'-]+)*)")
_BEHIND = 25
"""Characters behind a sum in which its name stands ("$5,000 civil penalty"), at most."""
_SEVERAL = re.compile(
    r"\bhow much of\b|"
    r"\b(?:and|or) (?:by |to |for |in )?(?:who|whom|what|which|when|where|why|how)\b",
    re.IGNORECASE,
)
"""A part of a sum, or two things at once."""
_SHARE_ASKED = re.compile(r"%|\b(?:percent\w*|share|proportion|rate)\b", re.IGNORECASE)
_CUT = re.compile(r"[;:]|, (?:and|but|while|which|who)\b|\. ")
_FAMILIES: Mapping[str, re.Pattern[str]] = {
    kind: re.compile(rf"\b(?:{words})", re.IGNORECASE)
    for kind, words in (
        ("penalty", r"fine[ds]?\b|penalt|penali[sz]"),
        ("disgorgement", r"disgorg|ill-gotten|give back|hand back"),
        ("interest", r"interest\b"),
        ("restitution", r"restitut|redress|refund"),
        ("forfeiture", r"forfeit"),
        ("settlement", r"settle"),
        ("profit", r"profit|gains?\b|earn|made\b"),
        ("loss", r"los[st]|losses|cost\b"),
        ("raised", r"rais(?:e|ing)"),
        ("bribe", r"brib|kickback"),
        ("price", r"pric|worth|value"),
        ("maximum", r"maxim|up to|at most"),
        ("total", r"total|altogether|in all\b"),
    )
}
"""What a sum is: a question that names one kind is not answered by a sum of another."""
_IN_DOUBT = re.compile(
    r"\b(?:may|might|could|unless|if|estimat\w+|between|range|guideline)\b", re.IGNORECASE
)
"""Words around a sum that nobody has to pay yet."""


def thing(question: Question, claims: Sequence[Claim]) -> Thing | None:
    """The thing asked for, in the first claim that gives any; None where it is not certain.

    It is certain if the question asks for one kind of thing, the words of the question stand around
    it, and no other thing of this kind in the sentence fits as well.
    """
    text = question.text
    if question.parts or asks_whether(text) or _SEVERAL.search(text) or _plural(question):
        return None
    found = next(_things(question, claims), None)
    if found is None or found.kind not in question.answer_types:
        return found
    earlier = (claim.citations[0].quote for claim in claims[: found.claim - 1])
    # What a better quote gives of this kind would be passed over.
    return None if any(things(found.kind, quote) for quote in earlier) else found


def other_thing(question: Question, claims: Sequence[Claim], first: Thing) -> Thing | None:
    """A sum of another document that differs from the ``first`` with the same standing, if any.

    Both documents name all whom the question names.
    """
    if first.kind != "amount" or not _names(question):
        return None
    source = claims[first.claim - 1]
    for found in _things(question, claims):
        claim = claims[found.claim - 1]
        if (
            claim.citations[0].document.doc_id != source.citations[0].document.doc_id
            and claim.status == source.status
            and stem(found.text) != stem(first.text)
        ):
            return found
    return None


def _things(question: Question, claims: Sequence[Claim]) -> Iterator[Thing]:
    """The certain things in the claims, at most one for each sentence."""
    for number, claim in enumerate(claims, start=1):
        citation = claim.citations[0]
        quote = citation.quote
        about = f"{citation.document.title}. {' '.join(quote.split())}"
        if not all(holds(about, name) for name in _names(question)):
            continue
        for start, end in _sentences(quote):
            found = _certain(question, quote[start:end])
            if found is not None:
                kind, first, last = found
                yield Thing(
                    kind=kind,
                    text=" ".join(quote[start + first : start + last].split()),
                    claim=number,
                    start=start + first,
                    end=start + last,
                )


def _plural(question: Question) -> bool:
    """Whether several things, or a thing and its reason, are asked for."""
    noun = next((word for word in words(question.text) if stem(word) == question.head), "")
    called = asks_name(question) and noun.endswith("s") and not noun.endswith("ss")
    families = sum(family.search(question.text) is not None for family in _FAMILIES.values())
    joined = families > 1 and re.search(r"\b(?:and|or)\b", question.text)
    return called or bool(joined) or "reason" in question.answer_types


def _names(question: Question) -> list[str]:
    """The names of the question that a quote or its title must hold: no agency, no figure."""
    said = {item.said.casefold() for item in question.preferences}
    own = [name for name in question.names if name in question.text] or question.names
    return [name for name in own if name[0].isalpha() and name.casefold() not in said]


def _sentences(quote: str) -> Iterator[tuple[int, int]]:
    """The sentences of a quote."""
    yield from sentences(quote, 0, len(quote))


def _certain(question: Question, sentence: str) -> tuple[str, int, int] | None:
    """Kind and span of the only thing in a sentence that fits the question."""
    kind = _kind(question)
    if kind is None:
        return None
    spans = sorted(_spans(kind, question, sentence))
    values = {re.sub(r"\W", "", sentence[slice(*span)]).casefold() for span in spans}
    fitting = [span for span in spans if _fits(kind, question, sentence, span, spans)]
    if not fitting or len({sentence[slice(*span)] for span in fitting}) > 1:
        return None
    alone = len(values) == 1 or kind in ("amount", "number")
    if not alone and not _nearest(question, sentence, fitting[0], spans):
        return None
    start, end = fitting[0]
    return (kind, start, start + len(sentence[start:end].rstrip(" .,")))


def _kind(question: Question) -> str | None:
    """The one kind of thing asked for; None for several, or for one without a pattern."""
    kinds = [kind for kind in question.answer_types if kind in _KINDS]
    if "sentence" in kinds:
        kinds = ["duration"]
    if "judge" in kinds or "court" in kinds:
        kinds = [kind for kind in kinds if kind in ("judge", "court")]
    if len(kinds) == 1:
        return kinds[0]
    if not kinds and _LAW_ASKED.search(question.text):
        return "statute"
    return "name" if not kinds and asks_name(question) and question.head else None


def _spans(kind: str, question: Question, sentence: str) -> list[tuple[int, int]]:
    """The things of a kind in a sentence."""
    if kind == "statute":
        return [match.span() for match in _LAW.finditer(sentence)]
    if kind == "court":
        return [match.span() for match in _COURT.finditer(sentence)]
    if kind == "judge":
        return [match.span() for match in _JUDGE.finditer(sentence)]
    if kind == "place":
        return [match.span("name") for match in _PLACE.finditer(sentence)]
    if kind == "name":
        return list(_named(question, sentence))
    allowed = {
        "duration": "duration",
        "sentence": "duration",
    }.get(kind, kind)
    return [span for span in answering(question, sentence) if span in things(allowed, sentence)]


def _named(question: Question, sentence: str) -> Iterator[tuple[int, int]]:
    """Names right beside the noun asked for ("the receiver, Charles D. Axelrod")."""
    noun = next((word for word in words(question.text) if stem(word) == question.head), None)
    if noun is None:
        return
    name = r"[A-Z][\w’'&-]*(?: (?:[A-Z]\.|(?:of|de|von|van) (?=[A-Z])|&|[A-Z][\w’'&-]*))*"
    for match in re.finditer(
        rf"\b{re.escape(noun)}(?:,| \(|:| named| called| known as)+ ?(?P<name>{name})", sentence
    ):
        yield match.span("name")


def _fits(
    kind: str,
    question: Question,
    sentence: str,
    span: tuple[int, int],
    spans: Sequence[tuple[int, int]],
) -> bool:
    """Whether the words of the question stand around a thing."""
    if re.search(r"%|\bpercent", sentence[slice(*span)]) and not _SHARE_ASKED.search(question.text):
        return False
    if kind == "amount" and not _of_its_family(question, sentence, span, spans):
        return False
    if kind == "number":
        noun = rf"(?:[\w’'-]+ ){{0,3}}?{re.escape(_noun(question))}"
        if not re.match(rf" {noun}", sentence[span[1] :], re.IGNORECASE):
            return False
    kinds = (family.search(question.text) for family in _FAMILIES.values())
    of_its_kind = kind == "amount" and any(kinds)
    enough = {"date": _ENOUGH_FOR_A_DATE, "number": _ENOUGH_BESIDE}.get(kind, _ENOUGH)
    return _share(question, sentence) >= (_ENOUGH_OF_ITS_KIND if of_its_kind else enough)


def _share(question: Question, sentence: str) -> float:
    """Share of the question's words, without names and question words, in a text."""
    named = {stem(word) for name in question.names for word in words(name)}
    kinds = stems("amount sum date day year number court judge section law rule statute long big")
    return share_of(question, question.own - named - kinds, stems(sentence))


def _noun(question: Question) -> str:
    noun = next((word for word in words(question.text) if stem(word) == question.head), "")
    return noun.rstrip("s")


def _nearest(
    question: Question, sentence: str, span: tuple[int, int], spans: Sequence[tuple[int, int]]
) -> bool:
    """Whether the clause of a thing holds clearly more words of the question than any other's."""
    shares = {other: _share(question, _around(sentence, other)) for other in spans}
    rest = [share for other, share in shares.items() if other != span]
    return shares[span] >= _ENOUGH and shares[span] > max(rest, default=0.0) + 0.2


def _around(sentence: str, span: tuple[int, int]) -> str:
    """The clause of a thing."""
    cuts = [0, *(match.end() for match in _CUT.finditer(sentence)), len(sentence)]
    first = max(cut for cut in cuts if cut <= span[0])
    last = min(cut for cut in cuts if cut >= span[1])
    return sentence[first:last]


def _of_its_family(
    question: Question,
    sentence: str,
    span: tuple[int, int],
    spans: Sequence[tuple[int, int]],
) -> bool:
    """Whether a sum is of the kind asked for, by the words between it and the other sums."""
    before = max((end for _, end in spans if end <= span[0]), default=0)
    after = min((start for start, _ in spans if start >= span[1]), default=len(sentence))
    left = sentence[max(before, span[0] - _NEAR) : span[0]]
    right = re.split(r"[;.,]| and\b", sentence[span[1] : min(after, span[1] + _NEAR)])[0]
    asked = {kind for kind, family in _FAMILIES.items() if family.search(question.text)}
    held = {kind for kind, family in _FAMILIES.items() if family.search(f"{left} {right}")}
    if "maximum" not in asked and ("maximum" in held or _IN_DOUBT.search(f"{left} {right}")):
        return False
    if asked - {"settlement", "total"}:
        return _label(left, right) in asked or (len(spans) == 1 and bool(asked & held))
    return len(spans) == 1 or "total" in held


def _label(left: str, right: str) -> str | None:
    """What a sum is called: by the words right behind it ("a $5 fine"), else by the last before."""
    for kind, family in _FAMILIES.items():
        if family.search(right[:_BEHIND]):
            return kind
    found = [
        (match.start(), kind)
        for kind, family in _FAMILIES.items()
        for match in family.finditer(left)
    ]
    return max(found)[1] if found else None
