"""The checks that a sentence of a language model passes before it is shown beside the quotes."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from rag.answer import legal_standing, polarity, roles
from rag.answer.doubt import Doubt, Quoted
from rag.answer.facts import (
    Missing,
    has_words,
    in_lower_case,
    is_fuller,
    missing_figures,
    missing_names,
)
from rag.answer.support import CHECKED_FROM, WITHHELD_BELOW, support
from rag.text.abbreviations import aliases
from rag.text.sentences import sentences
from rag.types import Claim, Document, Mark

Support = Callable[[Sequence[str], str], float | None]

_LINK = re.compile(
    r"\b(?:https?|ftp|file|data|javascript)\s{0,9}:|\bwww\.\S|[\w.+-]@[\w-]{1,63}\.\w|"
    r"[\w-]\.(?:com|org|net|gov|edu|info|biz|io|ru|cn|xyz|test)\b|"
    r"(?<!\d)(?:\+\d{1,3}[\s.-]?)?\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}(?!\d)|\]\([^()]{0,300}\)|<\w",
    re.IGNORECASE,
)
"""A link, an address, a telephone number, or the markup for one."""
_ABOUT_QUOTES = re.compile(
    r"^(?:the|these|none of the)?\s*(?:cited\s+)?"
    r"(?:quotes?|documents?|passages?|sources?|excerpts?)\s+"
    r"(?:do(?:es)?\s+not|don't|doesn't|never|says? nothing|gives? no)\b",
    re.IGNORECASE,
)
_META = ("agency", "parties", "court", "speaker")
"""Keys of the metadata that give names of a document."""


class Ruling(NamedTuple):
    """The mark of a sentence, None if it is withheld; and the reason, if there is one."""

    mark: Mark | None
    why: str


def ruling(
    text: str, claims: Sequence[Claim], question: str, *, support: Support = support
) -> Ruling:
    """The mark of a sentence that cites ``claims``.

    The checks, in this order: it cites a quote; it has no link, address or telephone number that
    its quotes do not have; a whole sentence of a quote is ``quoted``; figures and dates; names;
    polarity; legal standing; roles; at last ``support``. Several quotes are read as one text. The
    first doubt that withholds decides; else the first doubt leaves the sentence ``unchecked``.

    Parameters
    ----------
    question
        The question with the earlier ones that it refers to. Its names and figures are known.
    support
        The probability that quotes bear a sentence out; None where it is not known.
    """
    if not claims:
        return Ruling(None, "it cites no quote")
    quotes = [citation.quote for claim in claims for citation in claim.citations]
    for link in _LINK.finditer(text):
        if not any(link.group() in quote for quote in quotes):
            return Ruling(None, "it has a link, an address or a number that no quote has")
    if is_quotation(text, quotes):
        return Ruling("quoted", "")
    found = list(_doubts(text, claims, quotes, question))
    for doubt in found:
        if doubt.withhold:
            return Ruling(None, doubt.why)
    if found:
        return Ruling("unchecked", found[0].why)
    if _ABOUT_QUOTES.search(text):
        return Ruling("unchecked", "it says what the quotes do not say")
    probability = support(quotes, text)
    if probability is None:
        return Ruling("unchecked", "")
    if probability < WITHHELD_BELOW:
        return Ruling(None, "its quotes do not bear it out")
    return Ruling("checked" if probability >= CHECKED_FROM else "unchecked", "")


def is_quotation(text: str, quotes: Sequence[str]) -> bool:
    """Whether ``text`` is a whole quote, or whole sentences of one.

    White space, hyphens, dashes, quotation marks and apostrophes are folded.
    """
    wanted = _folded(text)
    if not wanted:
        return False
    for quote in quotes:
        ends = sentences(quote)
        for first, (start, _) in enumerate(ends):
            for _, end in ends[first:]:
                if _folded(quote[start:end]) == wanted:
                    return True
        if _folded(quote) == wanted:
            return True
    return False


def _doubts(
    text: str, claims: Sequence[Claim], quotes: Sequence[str], question: str
) -> Iterator[Doubt]:
    documents = list(
        {c.document.doc_id: c.document for claim in claims for c in claim.citations}.values()
    )
    joined = " ".join(quotes)
    figures = missing_figures(text, [*quotes, joined])
    if figures:
        wide = [question, *(document.text for document in documents)]
        nowhere = set(missing_figures(text, wide))
        yield from (_missing(one, withhold=one.certain and one in nowhere) for one in figures)
    known = [joined, question, *(name for document in documents for name in _known(document))]
    known += [claim.speaker for claim in claims if claim.speaker]
    pairs = [pair for document in documents for pair in aliases(document.text)]
    names = missing_names(text, known, pairs)
    if names:
        everything = " ".join((*known, *(document.text for document in documents)))
        for one in names:
            if any(is_fuller(one.written, joined, document.text) for document in documents):
                continue
            if one.certain or not in_lower_case(one.written, everything):
                yield _missing(one, withhold=one.certain and not has_words(one.written, everything))
    if not _ABOUT_QUOTES.search(text):
        quoted = [Quoted(c.quote, claim.status) for claim in claims for c in claim.citations]
        yield from polarity.doubts(text, quoted, question)
        yield from legal_standing.doubts(text, quoted, [one.text for one in documents])
        yield from roles.doubts(text, quoted)


def _missing(one: Missing, *, withhold: bool) -> Doubt:
    return Doubt(f"no quote that it cites says “{one.written}”", withhold)


def _known(document: Document) -> Iterator[str]:
    yield document.title
    for key in _META:
        yield from document.texts(key)


def _folded(text: str) -> str:
    """The text in one form: signs alike, no hyphens and quotation marks, single spaces."""
    plain = unicodedata.normalize("NFKC", text)
    plain = re.sub(r"[\"'“”‘’„«»`´]", "", plain)
    plain = re.sub(r"[-\u00ad\u2010-\u2015\u2212]\s*", "", plain)
    return " ".join(plain.split()).rstrip(".")
