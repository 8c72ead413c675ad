"""The summary of one document: what it is, and the sentences that say what it is about."""

import re
from collections.abc import Iterable, Iterator, Sequence

from rag.answer.quotes import quotes_of
from rag.answer.verify import cite, verified
from rag.attribution.engine import attribute
from rag.models.cross_encoder import Reranker
from rag.models.reranker_input import reading
from rag.question.answer_types import gives
from rag.text.sentences import sentences
from rag.types import Claim, Document

_WHOLE = 40_000
"""A document of at most this many characters is read whole."""
_OPENING, _SECTION, _ENDING = 12_000, 4_000, 8_000
"""Characters read of a longer one: at its beginning, of each telling section, at its end."""
_TELLING = frozenset({"facts", "findings", "sanction", "allegations"})
_READ = 40
"""Sentences that the reranker reads for each of the two questions, at most."""
_SHORT, _LONG = 40, 500
"""Characters of a sentence that a summary quotes."""
_ASKED = (
    (
        "what was alleged or found against whom, and why?",
        re.compile(
            r"\b(?:alleg|violat|breach|contraven|infring|fail(?:ed|ure|s)\b|mislead|misled|defraud|"
            r"fraud|charg(?:ed|es|ing)\b|accus|unlawful|false|scheme|complain|concern|submit|argu)",
            re.IGNORECASE,
        ),
        2,
    ),
    (
        "what was decided, ordered, agreed or imposed?",
        re.compile(
            r"\b(?:order(?:ed|s)\b|impos|fine[ds]?\b|penalt|shall pay|pay(?:s|ment)?\b|sentenc|"
            r"settl|agree[ds]?\b|consent|dismiss|affirm|revers|vacat|grant(?:s|ed)\b|den(?:y|ied)\b|"
            r"pl(?:eaded|ed|ea)\b|convict|determin|undertak|conclud|decid|hold|held|recommend)",
            re.IGNORECASE,
        ),
        2,
    ),
)
"""What a summary tells: a question to the reranker, words of its sentences, how many are quoted."""


_LAW = re.compile(
    r"\b(?:recitals? \d|(?:articles?|sections?|regulations?|rules?|paragraphs?) [\w.()]+"
    r"(?: \w+){0,8} (?:provides?|states?|says?|requires?|defines?|sets? out|applies)\b|"
    r"should be (?:understood|imposed)|guidelines? (?:state|provide|say))|"
    r"^(?:any|where an?|every|no) \w+",
    re.IGNORECASE,
)
"""A sentence that tells the law, not the case."""
_TERMS = re.compile(r"\b(?:shall|must)\b|\bnot admit|\bneither admit", re.IGNORECASE)
"""A duty, or the usual words of a settlement: neither says what somebody did."""
_NOT_FINAL = re.compile(
    r"\b(?:propos|request|contend|submit|argu|ask(?:s|ed)\b|notice of intent|draft|would have)",
    re.IGNORECASE,
)
_PARTY, _DECIDED, _SUM, _OPEN = 1.5, 2.0, 1.0, 3.0
"""Added to the logit of a sentence that names a party, has a status of its own, or gives a sum;
subtracted from that of a proposal or an argument."""


def summary(document: Document, reranker: Reranker | None) -> tuple[Claim, ...]:
    """The opening sentence, what is alleged or found, and the outcome: exact quotes, in order.

    Empty if the document holds no whole sentence.
    """
    spans = list(dict.fromkeys(_spans(document)))
    names = _names(document)
    chosen = [
        span
        for span in spans
        if any(name in document.text[slice(*span)].casefold() for name in names)
    ][:1] or spans[:1]
    for question, words, most in _ASKED:
        found = [span for span in spans if words.search(document.text, *span)]
        chosen += _best(document, question, found, chosen, most, reranker)
    quoted = quotes_of(document, sorted(chosen))
    claims = (
        Claim(citation.quote, (citation,), quote.speaker, quote.status, quote.reason)
        for quote in quoted
        for citation in (cite(document, quote.start, quote.end),)
    )
    return verified(claims)


def best_sentences(
    document: Document,
    question: str,
    words: re.Pattern[str],
    *,
    most: int,
    name: str,
    near: Iterable[tuple[int, int]],
    reranker: Reranker | None,
) -> list[tuple[int, int]]:
    """The sentences of a document that hold one of the words and answer a question best.

    Only sentences with the first word of ``name``, if there is one. Sentences that tell the law or
    end in a colon are left out.

    Parameters
    ----------
    near
        Sentences that the search has found; they are read too.
    """
    spans = [*(span for span in near if _quotable(document.text[slice(*span)])), *_spans(document)]
    found = [
        span
        for span in dict.fromkeys(spans)
        if words.search(document.text, *span)
        and not _TERMS.search(document.text, *span)
        and document.text[span[1] - 1] != ":"
    ]
    first = name.split()[0].casefold() if name else ""
    named = [span for span in found if first in document.text[slice(*span)].casefold()]
    return _best(document, question, named if first else found, [], most, reranker)


def what_it_is(document: Document) -> str:
    """Title, type, authority, date, court and docket of a document, as far as known, in words."""
    kind = " and ".join(document.texts("type")).replace("_", " ")
    source = document.texts("agency") or document.texts("court") or document.texts("speaker")
    parts = [
        " of ".join(part for part in (kind, ", ".join(source)) if part),
        *document.texts("date"),
        *(f"no. {number}" for number in document.texts("docket")[:1]),
    ]
    about = ", ".join(part for part in parts if part)
    return f"{document.title} ({about})" if about else document.title


def _spans(document: Document) -> Iterator[tuple[int, int]]:
    """The whole sentences of the document, or of its telling stretches if it is long."""
    length = len(document.text)
    stretches = [(0, length)]
    if length > _WHOLE:
        telling = [section for section in document.sections if section[2] in _TELLING]
        stretches = [
            (0, _OPENING),
            *((start, min(end, start + _SECTION)) for start, end, _, _ in telling),
            (length - _ENDING, length),
        ]
    for first, last in stretches:
        for start, end in sentences(document.text, first, last):
            cut = (start == first and first > 0) or (end == last and last < length)
            if not cut and _quotable(document.text[start:end]):
                yield start, end


def _quotable(text: str) -> bool:
    lower = re.findall(r"\b[a-z]{2,}\b", text)
    return (
        _SHORT <= len(text) <= _LONG
        and not text[0].islower()
        and text[-1] in '.!?;:”"’)'
        and len(lower) >= 6
        and not _LAW.search(text)
    )


def _names(document: Document) -> list[str]:
    """The first words of the names that the metadata and the end of the title give."""
    names = (*document.texts("parties"), *document.texts("speaker"), document.title.split(": ")[-1])
    return [name.split()[0].casefold() for name in names if name.strip()]


def _best(
    document: Document,
    question: str,
    found: Sequence[tuple[int, int]],
    chosen: Sequence[tuple[int, int]],
    most: int,
    reranker: Reranker | None,
) -> list[tuple[int, int]]:
    """The sentences that answer the question best."""
    free = [span for span in found if span not in chosen]
    # Both ends of the document tell more than its middle.
    read = free if len(free) <= _READ else [*free[: _READ // 2], *free[-_READ // 2 :]]
    if not read:
        return []
    logits = [0.0] * len(read)
    if reranker is not None:
        texts = [reading(document, *span) for span in read]
        logits = reranker.read(f"{document.title}: {question}", texts).answers.tolist()
    names = _names(document)
    scores = {}
    for span, logit in zip(read, logits, strict=True):
        text = document.text[slice(*span)]
        decided = attribute(document, *span).status != "stated"
        named = any(name in text.casefold() for name in names)
        scores[span] = (
            logit
            + _PARTY * named
            + _DECIDED * decided
            + _SUM * gives("amount", text)
            - _OPEN * bool(_NOT_FINAL.search(text))
        )
    return sorted(read, key=lambda span: -scores[span])[:most]
