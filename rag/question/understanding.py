"""From the text of a question to a `Question`: the only place where one is made."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from rag.question.analysis import has_question_word, head, names, pieces, sides
from rag.question.answer_types import kinds
from rag.question.presupposition import presupposed, supposes_submission
from rag.question.query import (
    add_terms,
    asks_saying,
    named_preferences,
    runs,
    said_preferences,
    weighted_phrases,
    weighted_words,
)
from rag.question.references import referred_to, turns_away
from rag.question.requests import request
from rag.question.scope_asked import Known, written_out
from rag.question.sums_asked import sums_asked
from rag.question.synonyms import synonyms as synonyms_of
from rag.question.weights import WEIGHTS, QuestionWeights
from rag.text.stemming import stems
from rag.types import Document, Preference, Question


class Vocabulary(Protocol):
    """The names that an index knows; `rag.index.documents.Documents` is one."""

    def aliases(self, terms: Iterable[str]) -> list[str]:
        """Other names, in lower case, for the names among ``terms``."""
        ...

    def values(self, key: str) -> Sequence[str]:
        """Every ``agency``, ``speaker`` or ``type`` of the index, in lower case."""
        ...


def understand(
    text: str,
    history: Sequence[str] = (),
    *,
    focus: Sequence[tuple[Document, float]] = (),
    vocabulary: Vocabulary | None = None,
    ignore: Collection[str] = (),
    synonyms: bool = True,
    abbreviations: bool = True,
    weights: QuestionWeights = WEIGHTS,
) -> Question:
    """Parse a question, without a language model.

    Parameters
    ----------
    text
        A sentence or keywords, as typed. Quotation marks make a phrase; there is no other syntax.
    history
        The earlier questions of the conversation, oldest first.
    focus
        The documents that the conversation is about, with their shares; what matters most first.
    vocabulary
        The names that the index knows. None for no names.
    ignore
        Kinds of preferences to ignore; ``first`` for the number of rows that a table is cut to.
    synonyms, abbreviations
        Whether to search for synonyms too, and for abbreviations that documents define.
    weights
        Weights of the words and phrases.
    """
    history = tuple(earlier for earlier in history if _is_question(earlier))
    turned = turns_away(text)
    searched = text if turned else " ".join((*history, text))
    words = weighted_words(text, history, turns_away=turned, weights=weights)
    phrases = weighted_phrases(text, weights)
    if synonyms:
        add_terms(words, phrases, synonyms_of(text), weights)
    if vocabulary is not None and abbreviations:
        add_terms(words, phrases, vocabulary.aliases(runs(searched)), weights)
    saying = asks_saying(text if turned else " ".join((text, *history)))
    preferences: list[Preference] = list(said_preferences(text))
    preferences += [Preference("focus", focus[0][0].title, item.doc_id) for item, _ in focus]
    if vocabulary is not None:
        for key in ("agency", "speaker") if saying else ("agency",):
            values = vocabulary.values(key)
            preferences += named_preferences(key, values, searched, words, weights)
    kept = _kept(preferences, ignore)

    def known(said: str) -> Known:
        """What one text of the conversation names of the index."""
        own = list(said_preferences(said))
        types: Sequence[str] = ()
        if vocabulary is not None:
            terms = weighted_words(said, weights=weights)
            if abbreviations:
                add_terms(terms, {}, vocabulary.aliases(runs(said)), weights)
            own += named_preferences("agency", vocabulary.values("agency"), said, terms, weights)
            own += written_out(vocabulary.values("agency"), said)
            types = vocabulary.values("type")
        ignored = [item.said for item in own if item.kind in ignore]
        return Known(_kept(own, ignore), types, ignored)

    sums = sums_asked(text, history, known=known)
    if sums is not None and "first" in ignore:
        sums = replace(sums, first=None)
    whole = replace(
        _read(text, " ".join((*referred_to(text, history), text))),
        history=history,
        searched=searched,
        words=words,
        phrases=phrases,
        preferences=kept,
        focus={} if "focus" in ignore else {item.doc_id: share for item, share in focus},
        asks_saying=saying,
        sides=sides(text),
        sums=sums,
        request=request(text),
    )
    return replace(whole, parts=tuple(_part(whole, piece) for piece in pieces(text)))


def _is_question(text: str) -> bool:
    """False for a greeting and the like, which tell nothing about what is asked next."""
    found = request(text)
    return found is None or found.kind == "summary"


def _read(text: str, context: str) -> Question:
    """The fields of a question, or of one of its parts, that answers need."""
    turned = turns_away(text)
    return Question(
        text=text,
        context=context,
        turns_away=turned,
        asks_saying=asks_saying(text),
        stems=stems(context),
        own=stems(text),
        names=names(text if turned else context),
        answer_types=kinds(text),
        head=head(text),
        presupposed=presupposed(text),
        supposes_submission=supposes_submission(text),
    )


def _kept(preferences: Iterable[Preference], ignore: Collection[str]) -> tuple[Preference, ...]:
    return tuple(item for item in preferences if item.kind not in ignore)


def _part(whole: Question, piece: str) -> Question:
    """One part of a question, with the names of the whole ("… and what did *it* pay?")."""
    part = _read(piece, piece)
    missing = [name for name in whole.names if name not in piece]
    return replace(
        part,
        context=f"{', '.join(missing)}: {piece}" if missing else piece,
        stems=whole.stems,
        names=whole.names,
        answer_types=part.answer_types
        if part.answer_types or has_question_word(piece)
        else whole.answer_types,
    )
