"""Stars and notes on quotes: kept with the conversation, and part of every export."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from ui import visitor
from ui.conversations import Conversation
from ui.render import Html, escape, show
from ui.turns import Turn


def draw(turn: Turn, number: int) -> None:
    """Draw the star and the note of a claim, and the buttons that change them."""
    mark = turn.mark(number)
    key = f"mark-{turn.id}-{number}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=key):
        st.button(
            f"Quote {number} is starred" if mark["star"] else f"Star quote {number}",
            icon=":material/star:" if mark["star"] else ":material/star_border:",
            key=f"{key}-star",
            type="tertiary",
            help="Starred quotes can be saved as a memo",
            on_click=change,
            args=(turn.id, number),
            kwargs={"star": not mark["star"]},
        )
        with st.popover(f"Note on quote {number}", icon=":material/edit_note:", type="tertiary"):
            st.text_area(
                "Note",
                value=mark["note"],
                key=f"{key}-note",
                on_change=_note,
                args=(turn.id, number, f"{key}-note"),
            )
    if mark["note"]:
        show(Html(f'<p class="mark-note">{escape(mark["note"])}</p>'))


def change(turn_id: str, number: int, **changed: Any) -> None:
    """Change the star or the note of a claim, in the conversation as it is stored now."""

    def edit(stored: Conversation) -> Conversation:
        place = stored.position(turn_id)
        if place == len(stored.turns):
            return stored
        turn = stored.turns[place]
        marks = {**turn.marks, str(number): {**turn.mark(number), **changed}}
        return stored.with_turn(replace(turn, marks=marks))

    visitor.change(edit)


def _note(turn_id: str, number: int, key: str) -> None:
    change(turn_id, number, note=st.session_state[key].strip())


def starred(conversation: Conversation) -> Conversation:
    """The conversation with its starred and noted quotes alone."""
    turns = tuple(turn for turn in map(_starred, conversation.turns) if turn is not None)
    return replace(conversation, turns=turns)


def _starred(turn: Turn) -> Turn | None:
    claims = turn.answer["claims"] if turn.answer else ()
    chosen = [
        (turn.mark(number), claim)
        for number, claim in enumerate(claims, start=1)
        if any(turn.mark(number).values())
    ]
    if not chosen or turn.answer is None:
        return None
    # Other claims are gone: the line above the quotes and the missing parts may be about them.
    left: Mapping[str, Any] = {"table": None, "thing": None, "verdict": "", "missing": []}
    answer = {**turn.answer, **left, "outcome": "answered", "claims": [c for _, c in chosen]}
    marks = {str(number): mark for number, (mark, _) in enumerate(chosen, start=1)}
    return replace(turn, answer=answer, marks=marks)
