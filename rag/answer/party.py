"""Answers to plain questions about one party, from the documents that are about it."""

import re
from collections.abc import Sequence

from rag.answer.candidates import candidates
from rag.answer.lacks import holds
from rag.answer.quotes import Quote, quotes_of
from rag.answer.summary import best_sentences
from rag.models.cross_encoder import Reranker
from rag.question.party import PartyQuestion
from rag.types import Document, Hit

_DOCUMENTS = 2
"""Documents about the party that are quoted, at most."""
_SUBJECT, _HEAD = 80, 600
"""Characters of a title, and of a text, that name whom a document is about."""
_WRONG = re.compile(
    r"\b(?:violat|breach|contraven|infring|fail(?:ed|ure|s)\b|mislead|misled|defraud|fraud|"
    r"charg(?:ed|es|ing)\b|accus|unlawful|false|scheme|illegal|misappropriat|"
    r"alleg|conspir|brib)",
    re.IGNORECASE,
)
"""Words of a sentence that says what somebody did wrong."""
_NAMES = re.compile(
    r"\b(?:defendants?|respondents?|against|charged|v\.|named|plaintiff|applicants?|part(?:y|ies))\b",
    re.IGNORECASE,
)
"""Words of a sentence that names the parties."""
_ASKED = {
    "why": ("why was {name} fined or charged, and what did it do wrong?", _WRONG, 2),
    "done": ("what did {name} do wrong?", _WRONG, 2),
    "parties": ("who are the defendants, or the parties?", _NAMES, 1),
}
"""For each kind the question to the reranker, the words of its sentences, and how many."""


def about(asked: PartyQuestion, hits: Sequence[Hit]) -> list[Document]:
    """The documents of the hits that are about the party: their title or parties name it.

    Without a name, the only document of the hits. Several documents then give none.
    """
    documents = {hit.passage.document.doc_id: hit.passage.document for hit in hits}
    if not asked.name:
        return list(documents.values()) if len(documents) == 1 else []
    for text_of in (_first_words, _heading, *([_head] if asked.kind == "parties" else [])):
        found = [one for one in documents.values() if holds(text_of(one), asked.name)]
        if found:
            return found[:_DOCUMENTS]
    return []


def _first_words(document: Document) -> str:
    """The parties, and the beginning of the title, where a document names its subject."""
    return " | ".join((document.title[:_SUBJECT], *document.texts("parties")))


def _heading(document: Document) -> str:
    return " | ".join((document.title, *document.texts("parties")))


def _head(document: Document) -> str:
    return document.text[:_HEAD]


def party_quotes(
    asked: PartyQuestion,
    documents: Sequence[Document],
    hits: Sequence[Hit],
    reranker: Reranker | None,
) -> list[Quote]:
    """The sentences that answer, as quotes; those of the first document first."""
    question, words, most = _ASKED[asked.kind]
    found: list[Quote] = []
    read = candidates(hits)
    for document in documents:
        name = asked.name or document.title
        spans = best_sentences(
            document,
            question.format(name=name),
            words,
            most=most,
            name=asked.name,
            near=[
                (one.start, one.end)
                for one in read
                if one.inside and one.document.doc_id == document.doc_id
            ],
            reranker=reranker,
        )
        found += quotes_of(document, sorted(spans))
    return found
