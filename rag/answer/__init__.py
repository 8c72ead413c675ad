"""Answers: select sentences, attribute and verify the quotes, or return ``not_found``."""

from collections.abc import Callable, Iterator, Sequence

from rag.answer.abstain import judge, why_none
from rag.answer.candidates import candidates
from rag.answer.lacks import lacks
from rag.answer.overtaken import with_what_overtakes
from rag.answer.party import about, party_quotes
from rag.answer.quotes import Quote, quotes
from rag.answer.related_cases import day, is_dated, on_same_case
from rag.answer.scoring import Scored, merged, scored
from rag.answer.selection import select
from rag.answer.sides import missing_sides
from rag.answer.thing import thing
from rag.answer.verdict import denial, verdict
from rag.answer.verify import cite, verified
from rag.answer.weights import WEIGHTS, AnswerWeights
from rag.models.cross_encoder import Reranker
from rag.question.party import party_question
from rag.types import Answer, Claim, Document, Hit, Outcome, Question, Searched

__all__ = ["answer", "ranked_parts"]

_EARLIER = 3
"""At most this many earlier documents on a case are named."""


def answer(
    question: Question,
    hits: Sequence[Hit],
    *,
    searched: Searched,
    reranker: Reranker | None,
    known: Callable[[str], bool] | None = None,
    weights: AnswerWeights = WEIGHTS,
) -> Answer:
    """Answer ``question`` from ``hits`` alone, in verified quotes.

    Parameters
    ----------
    hits
        The retrieved passages, best first. Sentences around them are read too.
    searched
        The scope of the search, kept in the answer.
    reranker
        Reads the sentences. None to choose them by their words alone.
    known
        Whether a document of the search contains a name. None if that is not known.

    Returns
    -------
    Answer
        Claims best first, each with its citation, speaker, status and reason. The text of a claim
        is an exact quote. With ``partial``, ``missing`` names the open parts, if any is known.
        ``not_found`` has no claims; its hits do not answer.
    """
    plain = _about_party(question, hits, reranker)
    if plain:
        return _of_party(question, plain, hits, searched)
    rankings = ranked_parts(question, hits, reranker, weights)
    ranked = merged(rankings)
    judgement = judge(question, rankings, hits, reranker)
    chosen = (
        select(
            rankings,
            question.names,
            things=len(question.answer_types),
            reranked=reranker is not None,
            weights=weights,
        )
        if judgement.answers
        else []
    )
    claims = verified(_claims(chosen, hits))
    open_parts: tuple[str, ...] = ()
    if claims:
        open_parts = (
            *lacks(question, claims, known=known),
            *missing_sides(question.sides, (claim.speaker for claim in claims)),
        )
    denied = bool(denial(question, claims))
    unsure = bool(open_parts) or not (judgement.sure or denied)
    outcome: Outcome = "not_found" if not claims else "partial" if unsure else "answered"
    found = thing(question, claims)
    line = verdict(
        question,
        claims,
        missing=open_parts,
        thing=found,
        sure=judgement.sure,
        doubted=judgement.doubted,
    )
    notes = _notes(chosen, hits, searched) if claims else why_none(question, ranked, known)
    return Answer(
        question=question.text,
        outcome=outcome,
        claims=claims,
        hits=tuple(hits),
        searched=searched,
        missing=open_parts,
        notes=notes,
        verdict=line,
        thing=found,
    )


def _about_party(question: Question, hits: Sequence[Hit], reranker: Reranker | None) -> list[Quote]:
    """The quotes that answer a plain question about a party; none for another question."""
    asked = party_question(question.text)
    documents = about(asked, hits) if asked else []
    return party_quotes(asked, documents, hits, reranker) if asked and documents else []


def _of_party(
    question: Question,
    quoted: Sequence[Quote],
    hits: Sequence[Hit],
    searched: Searched,
) -> Answer:
    """The answer to a plain question about a party."""
    claims = verified(_cited(quoted))
    documents = list({quote.document.doc_id: quote.document for quote in quoted}.values())
    notes = (*_agency_notes(documents, searched), *_date_notes(documents, hits, searched))
    asked = party_question(question.text)
    parties = "; ".join(documents[0].texts("parties"))
    named = asked is not None and asked.kind == "parties" and parties
    return Answer(
        question=question.text,
        outcome="answered" if claims else "not_found",
        claims=claims,
        hits=tuple(hits),
        searched=searched,
        notes=notes,
        verdict=f"The parties, by the record of the document: {parties}."
        if named
        else verdict(question, claims),
    )


def ranked_parts(
    question: Question,
    hits: Sequence[Hit],
    reranker: Reranker | None,
    weights: AnswerWeights = WEIGHTS,
) -> list[list[Scored]]:
    """One ranking of sentences for each part of a question, best first."""
    found = candidates(hits)
    return [scored(part, found, reranker, weights) for part in question.parts or (question,)]


def _claims(chosen: Sequence[Scored], hits: Sequence[Hit]) -> list[Claim]:
    """One claim for each quote of the chosen sentences, and for what overtakes it."""
    return _cited(with_what_overtakes(quotes(chosen), hits))


def _cited(quoted: Sequence[Quote]) -> list[Claim]:
    """One claim for each quote."""
    cited = [(cite(quote.document, quote.start, quote.end), quote) for quote in quoted]
    return [Claim(c.quote, (c,), quote.speaker, quote.status, quote.reason) for c, quote in cited]


def _notes(chosen: Sequence[Scored], hits: Sequence[Hit], searched: Searched) -> tuple[str, ...]:
    """Remarks for the reader: another agency, a newer release on the case."""
    cited = [item.candidate.document for item in chosen]
    return (*_agency_notes(cited, searched), *_date_notes(cited, hits, searched))


def _date_notes(
    cited: Sequence[Document], hits: Sequence[Hit], searched: Searched
) -> Iterator[str]:
    """A remark on a newer document on the same case, and one on the documents before the first.

    The second one is made only if the question asks for the latest.
    """
    if not all(is_dated(document) for document in cited):
        return
    others = on_same_case(cited, (hit.passage.document for hit in hits))
    for document in others[:1]:
        if day(document) > max(map(day, cited)):
            yield f"A newer document on the same case: {_named(document)}."
    if not any(preference.kind == "latest" for preference in searched.preferences):
        return
    first = cited[0]
    on_its_case = on_same_case([first], [*cited, *others])
    earlier = [document for document in on_its_case if day(document) < day(first)][:_EARLIER]
    if earlier:
        names = "; ".join(map(_named, earlier))
        yield f"{_named(first)} comes after, and may supersede: {names}."


def _named(document: Document) -> str:
    return f"{document.title} ({day(document)}, {document.doc_id})"


def _agency_notes(cited: Sequence[Document], searched: Searched) -> list[str]:
    """A remark if the question names agencies and all quotes are from other agencies."""
    named = {item.value: item.said for item in searched.preferences if item.kind == "agency"}
    given = [document.texts("agency") for document in cited]
    agencies = [agency for some in given for agency in some]
    if not named or not all(given) or {agency.casefold() for agency in agencies} & named.keys():
        return []
    others = " and ".join(dict.fromkeys(agencies))
    requested = " and ".join(named.values())
    return [f"The question names {requested}; the quotes are from documents of {others}."]
