"""Fixed replies about the program and its documents, for requests that are no question to them."""

from dataclasses import replace

from rag.answer.summary import summary, what_it_is
from rag.models.cross_encoder import Reranker
from rag.types import Answer, Document, Question, Request, Searched, counted

_HELP = (
    "Ask in a whole sentence and name whom you mean: “How much was Acme Bank fined?”, “What does "
    "Acme say about the charges?”, “Did the court dismiss the case against Acme?”",
    "Put exact words in quotation marks. Ask “Summarise this document” about one document, "
    "and “What were the largest penalties in 2019?” about many.",
    "Every answer is made of quotes with their places. Where the documents are silent, it says so.",
)


def reply(request: Request, question: Question, searched: Searched) -> Answer:
    """The fixed reply to a request other than a summary.

    Raises
    ------
    ValueError
        If the request is a summary.
    """
    documents = counted(searched.documents, "document")
    notes: tuple[str, ...] = _HELP
    if request.kind == "greeting":
        verdict = f"Hello. This chat answers questions over {documents}, in quotes."
    elif request.kind == "help":
        verdict = f"This chat answers questions over {documents}, in quotes."
    elif request.kind == "noise":
        verdict = "There is no word to search for. Type a question."
    elif request.kind == "language":
        verdict, notes = request.subject, ()
    else:
        raise ValueError(f"no fixed reply to a {request.kind}")
    return Answer(
        question=question.text,
        outcome="reply",
        claims=(),
        hits=(),
        searched=replace(searched, queries=()),
        verdict=verdict,
        notes=notes,
    )


def which_document(question: Question, searched: Searched) -> Answer:
    """The reply to a request for a summary that does not say of which document."""
    return Answer(
        question=question.text,
        outcome="reply",
        claims=(),
        hits=(),
        searched=replace(searched, queries=()),
        verdict="Of which document? Name it in the question, or choose it as a filter.",
        notes=("For example: “Summarise the order against Acme Bank”.",),
    )


def summarised(
    document: Document, question: Question, searched: Searched, reranker: Reranker | None
) -> Answer:
    """The summary of a document; ``not_found`` if it holds no whole sentence."""
    claims = summary(document, reranker)
    return Answer(
        question=question.text,
        outcome="answered" if claims else "not_found",
        claims=claims,
        hits=(),
        searched=replace(searched, queries=()),
        verdict=what_it_is(document),
        notes=() if claims else ("The document holds no whole sentence to quote.",),
    )
