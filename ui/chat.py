"""The page that asks: a conversation, and the source of each citation beside it."""

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import streamlit as st

from rag import Index, RagError
from ui import answer as shown
from ui import feedback, filters, sidebar, state
from ui.render import Html, announce, escape, show
from ui.source import close, open_from_address, panel
from ui.turns import Turn
from ui.words import count

_SHOWN = 10
"""Turns drawn at once; a click draws ten more."""


def page(index: Index) -> None:
    """Draw the conversation, answer what was asked, draw the source panel."""
    open_from_address(index)
    turns = sidebar.current().turns
    with st.bottom:
        filters.bar(index)
    typed = st.chat_input(
        "Ask what the documents say", key="question", submit_mode="stop", on_submit=close
    )
    question = typed or st.session_state.pop("ask", None) or _from_address(turns)
    if not turns and not question:
        _welcome(index)
    _turns(turns)
    if question:
        _answer(index, str(question), turns)
    panel(index)
    announce(st.session_state.pop("news", ""))


def ask(question: str) -> None:
    """Ask at the next run of the page, as if it had been typed."""
    st.session_state["ask"] = question
    close()


def edit(question: str) -> None:
    """Put the question into the box, to be changed and asked again."""
    st.session_state["question"] = question


def _from_address(turns: tuple[Turn, ...]) -> str | None:
    """The question in ``?q=``, asked once."""
    question = st.query_params.pop("q", None)
    return question if question and not turns else None


def _welcome(index: Index) -> None:
    documents = index.manifest.documents
    quoted = "the document" if documents == 1 else f"one of the {count(documents, 'document')}"
    show(
        Html(
            '<div class="welcome"><h1>Ask what the documents say</h1>'
            f"<p>Every sentence of an answer is a quote from {quoted} in the index, with who says "
            "it and how it stands: alleged, denied, found, settled. Open its number to read the "
            "words in their place. What the documents do not say is said to be missing.</p></div>"
        )
    )
    examples = state.examples(index)
    if examples:
        show(Html('<h2 class="quiet label">For example</h2>'))
        with st.container(key="examples", gap="xsmall"):
            for number, example in enumerate(examples):
                _example(example, number)


def _example(example: str, number: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", wrap=False, gap="small"):
        st.button("Ask", key=f"example-{number}", on_click=ask, args=(example,))
        show(Html(f'<div class="example press">{escape(example)}</div>'))


def _turns(turns: tuple[Turn, ...]) -> None:
    drawn = st.session_state.setdefault("drawn", _SHOWN)
    first = max(0, len(turns) - drawn)
    if first:
        st.button(
            f"Show {count(min(first, _SHOWN), 'earlier question')}",
            key="earlier",
            type="tertiary",
            on_click=_draw_more,
        )
    for number, turn in enumerate(turns[first:], start=first):
        with st.container(key=f"turn-{number}"):
            shown.question(turn, key=f"turn-{number}", edit=edit)
            shown.answer(turn, key=f"turn-{number}", ask_again=ask)
            if turn.answer is not None:
                _verdict(turn, number, [earlier.question for earlier in turns[:number]])
            show(Html('<div class="turn-end unseen"></div>'))


def _verdict(turn: Turn, number: int, history: list[str]) -> None:
    """Thumbs, and the reason for a thumb down."""
    folder = state.settings().index / "feedback"
    qid = f"{sidebar.current().id}-{number}"
    key = f"verdict-{qid}"

    def take() -> None:
        if st.session_state[key] is not None:
            feedback.judge(folder, qid, turn, history, good=bool(st.session_state[key]))

    def reason() -> None:
        feedback.explain(folder, qid, st.session_state[f"{key}-why"])

    if st.feedback("thumbs", key=key, on_change=take) == 0:
        st.text_input("What is wrong with it?", key=f"{key}-why", on_change=reason)


def _draw_more() -> None:
    st.session_state["drawn"] += _SHOWN


def _answer(index: Index, question: str, turns: tuple[Turn, ...]) -> None:
    """Answer with the earlier questions as history, and keep the turn.

    The turn is kept before the answer is there: if it is stopped, the question stays.
    """
    if turns and turns[-1] == Turn(question, turns[-1].asked, turns[-1].filters):
        turns = turns[:-1]  # stopped, and now asked again
    within = dict(filters.current())
    history = tuple(turn.question for turn in turns if turn.answer is not None)
    begun = Turn(question, datetime.now().astimezone().isoformat(timespec="seconds"), within)
    conversation = replace(sidebar.current(), turns=(*turns, begun))
    st.session_state["conversation"] = conversation
    with st.container(key=f"pending-{len(turns)}"):
        shown.question(begun)
        with st.status(f"Searching {count(index.manifest.documents, 'document')}", type="compact"):
            turn = _asked(index, begun, history, within)
    sidebar.put(conversation.with_last(turn))
    st.session_state["news"] = _said(turn)
    st.rerun()


def _asked(index: Index, begun: Turn, history: tuple[str, ...], within: Mapping[str, Any]) -> Turn:
    began = time.monotonic()
    try:
        found = index.ask(begun.question, history=history, filters=within)
    except RagError as error:
        return Turn(begun.question, begun.asked, within, error=str(error))
    return Turn(
        begun.question,
        begun.asked,
        within,
        seconds=round(time.monotonic() - began, 3),
        answer=found.to_dict(),
    )


def _said(turn: Turn) -> str:
    """What a screen reader hears when the answer is there."""
    if turn.answer is None:
        return "The question could not be answered."
    if turn.answer["outcome"] == "not_found":
        return "The documents do not say."
    return f"Answer with {count(len(turn.answer['claims']), 'claim')}."
