"""Answers: select quotes, attribute, compose, verify, or say that the documents do not say."""

from collections.abc import Iterator, Sequence

from rag.answer.abstain import judge, missing, why_none
from rag.answer.candidates import candidates
from rag.answer.compose import compose, left_out
from rag.answer.quotes import quotes
from rag.answer.related_cases import day, is_dated, on_same_case
from rag.answer.scoring import Scored, merged, scored
from rag.answer.selection import select
from rag.answer.sides import unheard_sides
from rag.answer.verify import Verified, cite, verified
from rag.answer.weights import WEIGHTS, AnswerWeights
from rag.errors import GeneratorError
from rag.models.cross_encoder import Reranker
from rag.models.generator import Generator
from rag.types import Answer, Claim, Document, Hit, Outcome, Question, Searched

__all__ = ["answer", "ranked_parts"]

_BEFORE = 3
"""Earlier documents on a case that are named at most."""


def answer(
    question: Question,
    hits: Sequence[Hit],
    *,
    searched: Searched,
    reranker: Reranker | None,
    generator: Generator | None = None,
    weights: AnswerWeights = WEIGHTS,
) -> Answer:
    """Answer ``question`` from ``hits`` alone, in verified quotes.

    Parameters
    ----------
    hits
        What was retrieved, best first; their documents are read around the passages too.
    searched
        What was searched; passed on as the proof behind a ``not_found``.
    reranker
        What reads the sentences; None to go by their words alone.
    generator
        A language model to word the answer; what it writes is verified against the quotes.

    Returns
    -------
    Answer
        Claims best first, each with its citation, speaker, status and reason: an exact quote, or
        what the generator made of one.
        ``partial`` names in ``missing`` what it lacks; ``not_found`` has no claims and keeps the
        hits, which do not answer.
    """
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
        if judgement.says
        else []
    )
    claims, remark = _said(question.context, _claims(chosen), generator)
    left_open: tuple[str, ...] = ()
    if claims:
        left_open = (
            *missing(question, chosen, ranked, sure=judgement.sure),
            *unheard_sides(question.sides, (claim.speaker for claim in claims)),
        )
    outcome: Outcome = "not_found" if not claims else "partial" if left_open else "answered"
    notes = (*_notes(chosen, hits, searched), *remark) if claims else why_none(question, ranked)
    return Answer(
        question=question.text,
        outcome=outcome,
        claims=claims,
        hits=tuple(hits),
        searched=searched,
        missing=left_open,
        notes=notes,
    )


def ranked_parts(
    question: Question,
    hits: Sequence[Hit],
    reranker: Reranker | None,
    weights: AnswerWeights = WEIGHTS,
) -> list[list[Scored]]:
    """The sentences that are read for each part of a question, each ranking best first."""
    found = candidates(hits)
    return [scored(part, found, reranker, weights) for part in question.parts or (question,)]


def _said(
    question: str, quotes: Sequence[Claim], generator: Generator | None
) -> tuple[tuple[Claim, ...], tuple[str, ...]]:
    """The claims to show, all verified, and a remark on what a generator had to do with them."""
    if generator is None or not quotes:
        return verified(quotes).claims, ()
    try:
        checked = verified(compose(question, quotes, generator))
    except GeneratorError as error:
        return verified(quotes).claims, (f"Answered in quotes alone: {error}",)
    rest = verified(left_out(quotes, checked.claims)).claims
    return (*checked.claims, *rest), _caught(checked)


def _caught(checked: Verified) -> tuple[str, ...]:
    """How many sentences of the language model did not pass."""
    if not checked.replaced and not checked.dropped:
        return ()
    return (
        f"Of the sentences that the language model wrote, {checked.replaced} went beyond their "
        f"quotes and gave way to them, {checked.dropped} had no quote and were dropped.",
    )


def _claims(chosen: Sequence[Scored]) -> list[Claim]:
    """One claim for each quote that the chosen sentences make."""
    cited = [(cite(quote.document, quote.start, quote.end), quote) for quote in quotes(chosen)]
    return [Claim(c.quote, (c,), quote.speaker, quote.status, quote.reason) for c, quote in cited]


def _notes(chosen: Sequence[Scored], hits: Sequence[Hit], searched: Searched) -> tuple[str, ...]:
    """Remarks for the reader: a premise denied, another agency, a newer release on the case."""
    notes = []
    if any(item.contradicts for item in chosen[:2]):
        notes.append("The documents contradict what the question takes for granted.")
    cited = [item.candidate.document for item in chosen]
    notes += _other_agency(cited, searched)
    return (*notes, *_order_of_case(cited, hits, searched))


def _order_of_case(
    cited: Sequence[Document], hits: Sequence[Hit], searched: Searched
) -> Iterator[str]:
    """A remark where a newer document on the case exists, or the newest comes after others.

    The latter only where the newest was asked for.
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
    before = [document for document in on_its_case if day(document) < day(first)][:_BEFORE]
    if before:
        earlier = "; ".join(map(_named, before))
        yield f"{_named(first)} comes after, and may supersede: {earlier}."


def _named(document: Document) -> str:
    return f"{document.title} ({day(document)}, {document.doc_id})"


def _other_agency(cited: Sequence[Document], searched: Searched) -> list[str]:
    """A remark where the question names agencies, and what is quoted is all from others."""
    named = {item.value: item.said for item in searched.preferences if item.kind == "agency"}
    given = [document.texts("agency") for document in cited]
    agencies = [agency for some in given for agency in some]
    if not named or not all(given) or {agency.casefold() for agency in agencies} & named.keys():
        return []
    others = " and ".join(dict.fromkeys(agencies))
    asked_about = " and ".join(named.values())
    return [f"The question names {asked_about}; the quotes are from documents of {others}."]
