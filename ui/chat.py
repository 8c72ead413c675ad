"""The page that asks: a conversation, and the source of each citation beside it."""

import time
from datetime import datetime

import streamlit as st

from rag import Index, RagError
from ui import answer as shown
from ui import state
from ui.render import Html, announce, escape, show
from ui.source import close, open_from_address, panel
from ui.turns import Turn
from ui.words import count

_SHOWN = 10
"""Turns drawn; a click draws them all again."""


def page(index: Index) -> None:
    """Draw the conversation, answer what was asked, draw the source panel."""
    open_from_address(index)
    turns: list[Turn] = st.session_state.setdefault("turns", [])
    typed = st.chat_input(
        "Ask what the documents say", key="question", submit_mode="stop", on_submit=close
    )
    question = typed or st.session_state.pop("ask", None)
    if not turns and not question:
        _welcome(index)
    first = max(0, len(turns) - _SHOWN)
    if first:
        show(Html(f'<p class="quiet">{count(first, "earlier question")} above not shown.</p>'))
    for number, turn in enumerate(turns[first:], start=first):
        _draw(turn, number)
    if question:
        _answer(index, str(question), turns)
    panel(index)
    announce(st.session_state.get("news", ""))


def ask(question: str) -> None:
    """Ask at the next run of the page, as if it had been typed."""
    st.session_state["ask"] = question
    close()


def _welcome(index: Index) -> None:
    documents = index.manifest.documents
    quoted = "the document" if documents == 1 else f"one of the {count(documents, 'document')}"
    show(
        Html(
            '<div class="welcome"><h1>Ask what the documents say</h1>'
            f"<p>Every sentence of an answer is a quote from {quoted} in the index, with who says "
            "it and how it stands. Open its number to read the words in their place.</p></div>"
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
        st.button(
            "Ask", key=f"example-{number}", help="Ask this question", on_click=ask, args=(example,)
        )
        show(Html(f'<div class="example press">{escape(example)}</div>'))


def _draw(turn: Turn, number: int) -> None:
    with st.container(key=f"turn-{number}"):
        shown.question(turn)
        shown.answer(turn, key=f"turn-{number}", ask_again=ask)
        show(Html('<div class="turn-end unseen"></div>'))


def _answer(index: Index, question: str, turns: list[Turn]) -> None:
    """Answer with the earlier questions as history, and keep the turn.

    The turn is kept before the answer is there: if it is stopped, the question stays.
    """
    asked = datetime.now().astimezone().isoformat(timespec="seconds")
    history = tuple(turn.question for turn in turns if not turn.error)
    number = len(turns)
    turns.append(Turn(question, asked))
    with st.container(key=f"pending-{number}"):
        shown.question(turns[number])
        with st.status(f"Searching {count(index.manifest.documents, 'document')}", type="compact"):
            turns[number] = _turn(index, question, asked, history)
    st.session_state["news"] = _said(turns[number])
    st.rerun()


def _turn(index: Index, question: str, asked: str, history: tuple[str, ...]) -> Turn:
    began = time.monotonic()
    try:
        found = index.ask(question, history=history)
    except RagError as error:
        return Turn(question, asked, error=str(error))
    return Turn(question, asked, seconds=time.monotonic() - began, answer=found.to_dict())


def _said(turn: Turn) -> str:
    """What a screen reader hears when the answer is there."""
    if turn.answer is None:
        return "The question could not be answered."
    if turn.answer["outcome"] == "not_found":
        return "The documents do not say."
    return f"Answer with {count(len(turn.answer['claims']), 'claim')}."
