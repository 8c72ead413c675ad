"""One turn on the page: the question, and the answer with its claims and citations."""

import re
from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

import streamlit as st

from rag import Index, RagError, as_sentence, counted
from ui import amounts, marks
from ui.formatting import duration, filters_in_words
from ui.interpretation import interpretation
from ui.render import (
    Html,
    badge,
    escape,
    label,
    preview,
    quote,
    say_error,
    show,
    with_words,
)
from ui.source import facts_of, is_open, open_place
from ui.timeline import timeline
from ui.turns import Place, Turn

_NEAREST = 5
_WHOLE, _CUT = 1000, 280
"""Characters shown of the nearest passage, and of the others."""
_TITLE = 90
"""Characters of a title in a line, at most."""


def draw_question(turn: Turn, *, key: str, edit: Callable[[str], None]) -> None:
    """The question as typed, and a button that calls ``edit`` with it."""
    heading = (
        '<div class="question" role="heading" aria-level="2"><span class="unseen">You asked: '
        f"</span>{escape(turn.question)}</div>"
    )
    with st.container(horizontal=True, wrap=False, gap="small", key=f"{key}-question"):
        show(Html(heading))
        st.button(
            "Edit",
            icon=":material/edit:",
            key=f"{key}-edit",
            type="tertiary",
            on_click=edit,
            args=(turn.question,),
        )


def draw_answer(index: Index, turn: Turn, number: int, *, ask: Callable[..., None]) -> None:
    """The answer of a turn: claims, "not found", an error, or "stopped".

    Parameters
    ----------
    number
        Position of the turn in its conversation, from 0.
    ask
        Called with a question and with fields of the turn that replaces this one.
    """
    key = f"turn-{number}"
    if turn.error:
        say_error(turn.error)
    elif turn.answer is None:
        show(Html('<div class="notice">Stopped before the answer was there.</div>'))
        st.button(
            "Ask again",
            key=f"{key}-again",
            on_click=ask,
            args=(turn.question,),
            kwargs={"id": turn.id, "alone": turn.alone},
        )
    else:
        _draw_found(index, turn, turn.answer, key=key, ask=ask)
        interpretation(turn, number, ask=ask)


def _draw_found(
    index: Index, turn: Turn, found: Mapping[str, Any], *, key: str, ask: Callable[..., None]
) -> None:
    """The claims, or "not found"; a table of sums with rows comes first, with the claims folded."""
    if turn.table is not None and turn.table_answers:
        amounts.draw(turn, turn.table, key=key, ask=ask)
        if found["claims"]:
            with st.expander(f"Also found: {counted(len(found['claims']), 'sentence')}"):
                _draw_claims(index, turn, found, key=key)
        show(_summary(turn, found))
        return
    if found["outcome"] == "reply":
        show(_verdict(found))
        _notes(found)
        return
    if found["outcome"] == "not_found":
        _not_found(index, turn, found, key=key, ask=ask)
    else:
        show(_verdict(found))
        _draw_claims(index, turn, found, key=key)
        show(_summary(turn, found))
    if turn.table is not None:
        amounts.draw(turn, turn.table, key=key, ask=ask)


def _verdict(found: Mapping[str, Any]) -> Html:
    """The line above the quotes; nothing for an answer saved before there was one."""
    words = found.get("verdict", "")
    return Html(f'<p class="verdict">{escape(words)}</p>' if words else "")


def _draw_claims(index: Index, turn: Turn, found: Mapping[str, Any], *, key: str) -> None:
    places = turn.places
    numbered = []
    at = 0
    for number, claim in enumerate(found["claims"], start=1):
        numbered.append((number, at, claim))
        at += len(claim["citations"])
    sides = two_sides(found["claims"])
    thing = found.get("thing") or {}
    spans = {thing["claim"]: (thing["start"], thing["end"])} if thing else {}
    if sides is None:
        for number, at, claim in numbered:
            _draw_claim(index, claim, number, places, at, key=key, thing=spans.get(number))
            marks.draw(turn, number)
    else:
        for speakers, column in zip(sides, st.columns(2, gap="medium"), strict=True):
            with column:
                for number, at, claim in numbered:
                    if (claim["speaker"] in sides[0]) == (speakers is sides[0]):
                        _draw_claim(
                            index, claim, number, places, at, key=key, thing=spans.get(number)
                        )
                        marks.draw(turn, number)
    for number, claim in enumerate(turn.added, start=len(numbered) + 1):
        first = len(places) - len(turn.added) + number - len(numbered) - 1
        _draw_claim(index, claim, number, places, first, key=key, thing=None)
    missing = [f"<li>{escape(as_sentence(item))}</li>" for item in turn.missing]
    if missing:
        show(
            Html(
                '<div class="notice missing"><strong>Not found</strong>'
                f"<ul>{''.join(missing)}</ul></div>"
            )
        )
    _notes(found)
    dates = timeline(found["claims"])
    if dates is not None:
        show(dates)


def two_sides(claims: Sequence[Mapping[str, Any]]) -> tuple[frozenset[str], frozenset[str]] | None:
    """The speakers of the left and the right column, where one speaker denies what another says.

    The right column has the speakers who deny and do not accuse. The left column has all others:
    accusers, courts, reporters. None if nobody accuses or nobody denies.
    """
    accusers = {c["speaker"] for c in claims if c["status"] in {"alleged", "found", "ordered"}}
    deniers = {c["speaker"] for c in claims if c["status"] == "denied"} - accusers
    if not accusers or not deniers:
        return None
    others = {c["speaker"] for c in claims} - deniers
    return frozenset(others), frozenset(deniers)


def _draw_claim(
    index: Index,
    claim: Mapping[str, Any],
    number: int,
    places: tuple[Place, ...],
    at: int,
    *,
    key: str,
    thing: tuple[int, int] | None,
) -> None:
    """A claim with its citations below it, each behind a numbered button."""
    with st.container(key=f"{key}-claim-{number}", gap=None):
        _draw_words(claim, thing)
        for offset, citation in enumerate(claim["citations"]):
            _citation(index, places, at + offset, citation, key=f"{key}-cite-{at + offset}")


def _draw_words(claim: Mapping[str, Any], thing: tuple[int, int] | None) -> None:
    speaker = escape(claim["speaker"] or "The document")
    verbatim = any(claim["text"] == citation["quote"] for citation in claim["citations"])
    words = (
        quote(claim["text"], thing=thing)
        if verbatim
        else Html(f"<span>{escape(claim['text'])}</span>")
    )
    status = badge(claim["status"], claim.get("reason", ""))
    show(
        Html(
            '<div class="claim"><div class="who">'
            f'<span class="speaker">{speaker}</span> {status}</div>'
            f'<div class="said">{words}</div></div>'
        )
    )


def _citation(
    index: Index, places: tuple[Place, ...], at: int, citation: Mapping[str, Any], *, key: str
) -> None:
    place = places[at]
    opened = is_open(place)
    with st.container(
        horizontal=True, vertical_alignment="top", wrap=False, gap="small", key=f"{key}-row"
    ):
        st.button(
            f"Source **{place.label}**",  # the style sheet shows the number alone
            key=key,
            type="primary" if opened else "secondary",
            on_click=open_place,
            args=(places, at),
        )
        show(
            Html(
                '<div class="origin press"><span class="title">'
                f"{escape(citation['document']['title'])}</span> "
                f'<span class="facts">{facts_of(citation)}</span></div>{_preview(index, place)}'
            )
        )


def _preview(index: Index, place: Place) -> Html:
    try:
        text = index.document(place.doc_id).text
    except RagError:  # no longer in the index
        return Html("")
    return preview(text, place.start, place.end) if place.end <= len(text) else Html("")


def _not_found(
    index: Index, turn: Turn, found: Mapping[str, Any], *, key: str, ask: Callable[..., None]
) -> None:
    searched = found["searched"]
    show(
        Html(
            '<div class="not-found"><h3>The documents do not say.</h3>'
            f"<p>Searched {counted(searched['documents'], 'document')} "
            f"({counted(searched['passages'], 'passage')})"
            f"{_within(searched)} in {duration(turn.seconds)}.</p></div>"
        )
    )
    _notes(found)
    _draw_way_on(index, turn, found, key=key, ask=ask)
    nearest = turn.nearest[:_NEAREST]
    if nearest:
        one = len(nearest) == 1
        show(
            Html(
                f"<h4>The nearest {'passage' if one else 'passages'}: "
                f"{'it does' if one else 'they do'} not answer the question</h4>"
            )
        )
        hits = found["hits"]
        _draw_passage(nearest, 0, nearest[0], hits[0]["passage"], key=f"{key}-near-0", whole=True)
        for at, (place, hit) in enumerate(zip(nearest[1:], hits[1:], strict=False), start=1):
            _draw_passage(nearest, at, place, hit["passage"], key=f"{key}-near-{at}")


def _draw_way_on(
    index: Index, turn: Turn, found: Mapping[str, Any], *, key: str, ask: Callable[..., None]
) -> None:
    """Where to go on: close spellings, the documents with the names, the page "Search"."""
    way_on = found.get("way_on") or {"spellings": [], "mentions": []}
    for at, spelling in enumerate(way_on["spellings"]):
        name = _misspelt(turn.question, spelling)
        if name:
            st.button(
                f"Did you mean “{label(spelling)}”? Ask again",
                key=f"{key}-spelling-{at}",
                type="tertiary",
                on_click=ask,
                args=(turn.question.replace(name, spelling),),
            )
    for at, name in enumerate(dict.fromkeys(one["name"] for one in way_on["mentions"])):
        held = [one for one in way_on["mentions"] if one["name"] == name]
        places = tuple(_mention(index, name, one["doc_id"]) for one in held)
        show(Html(f'<p class="quiet label">“{escape(name)}” is mentioned in</p>'))
        with st.container(key=f"{key}-mentions-{at}", gap=None):
            for number, one in enumerate(held):
                st.button(
                    label(one["title"], longest=_TITLE),
                    icon=":material/description:",
                    key=f"{key}-mention-{at}-{number}",
                    type="tertiary",
                    on_click=open_place,
                    args=(places, number),
                )
    st.button(
        "Search the passages for these words",
        icon=":material/search:",
        key=f"{key}-search",
        type="tertiary",
        on_click=_search,
        args=(turn.question, dict(turn.filters)),
    )


def _mention(index: Index, name: str, doc_id: str) -> Place:
    """The first place of a name in a document; its beginning if the name stands in its title."""
    try:
        text = index.document(doc_id).text
    except RagError:  # no longer in the index
        return Place(doc_id, 0, 0, "")
    found = re.search(r"\W+".join(map(re.escape, name.split())), text, re.IGNORECASE)
    start, end = found.span() if found else (0, 0)
    return Place(doc_id, start, end, text[start:end])


def _search(words: str, filters: Mapping[str, Any]) -> None:
    """Open the page "Search" with these words and filters."""
    st.session_state["words"] = words
    st.session_state["filters"] = dict(filters)
    st.session_state["go"] = "search"


def _misspelt(question: str, spelling: str) -> str:
    """The words of the question that are spelled like ``spelling``; empty if none are."""
    size = len(spelling.split())
    words = question.split()
    runs = [" ".join(words[at : at + size]).strip("?,.;:") for at in range(len(words))]
    ratios = {
        run: SequenceMatcher(None, run.casefold(), spelling.casefold()).ratio() for run in runs
    }
    best = max(ratios, key=lambda run: ratios[run], default="")
    return best if best and ratios[best] > 0.7 else ""


def _draw_passage(
    places: tuple[Place, ...],
    at: int,
    place: Place,
    passage: Mapping[str, Any],
    *,
    key: str,
    whole: bool = False,
) -> None:
    """A passage with its origin; cut unless ``whole``."""
    document = passage["document"]
    page = passage["pages"][0] if passage["pages"] else None
    origin = facts_of({"document": document, "page": page})
    with st.container(key=key, gap=None):
        show(
            Html(
                f'<div class="near"><div class="origin"><span class="title">'
                f'{escape(document["title"])}</span> <span class="facts">{origin}</span></div>'
                f"{with_words(place.quote, (), length=_WHOLE if whole else _CUT)}</div>"
            )
        )
        st.button(
            "Show in the document",
            key=f"{key}-open",
            type="tertiary",
            on_click=open_place,
            args=(places, at),
        )


def _notes(found: Mapping[str, Any]) -> None:
    if found["notes"]:
        notes = "".join(f"<p>{escape(note)}</p>" for note in found["notes"])
        show(Html(f'<div class="notice">{notes}</div>'))


def _within(searched: Mapping[str, Any]) -> Html:
    phrases = filters_in_words(searched["filters"])
    return Html(f", {escape(', '.join(phrases))}") if phrases else Html("")


def _summary(turn: Turn, found: Mapping[str, Any]) -> Html:
    """A line with the number of documents searched, passages read and quotes checked."""
    searched = found["searched"]
    quotes = sum(len(claim["citations"]) for claim in found["claims"])
    return Html(
        f'<p class="quiet">Searched {counted(searched["documents"], "document")}'
        f"{_within(searched)}, read {counted(len(found['hits']), 'passage')}, checked "
        f"{counted(quotes, 'quote')} in {duration(turn.seconds)}</p>"
    )
