"""How a question was understood, and the means to correct it."""

from collections.abc import Callable

import streamlit as st

from ui.asking import edit
from ui.render import Html, escape, label, show
from ui.turns import Turn

_UNSAID = {"amount"}
"""Kinds of preferences that are not shown: they fit nearly every question of their sort."""


def understood(turn: Turn, number: int, *, ask: Callable[..., None]) -> None:
    """What the question was taken to prefer, and which earlier questions were read with it.

    Each is a button that asks again without it, in the same place.
    """
    if turn.answer is None:
        return
    key = f"turn-{number}-understood"
    said = {
        preference["kind"]: preference["said"]
        for preference in turn.answer["searched"].get("preferences", ())
        if preference["kind"] not in _UNSAID
    }
    if said or turn.ignored:
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=key):
            show(Html('<span class="quiet">Preferring</span>'), width="content")
            for kind, words in said.items():
                _switch(turn, number, kind, words, ask=ask)
            for kind in turn.ignored:
                _switch(turn, number, kind, kind, ask=ask)
    if turn.after:
        searched = turn.answer["searched"]["queries"][0]
        show(Html(f'<p class="quiet">A follow-up, searched for: “{escape(searched)}”</p>'))
        with st.container(horizontal=True, gap="small", key=f"{key}-after"):
            st.button(
                "Correct",
                key=f"{key}-correct",
                type="tertiary",
                help="Put these words into the box, to be changed and asked on their own",
                on_click=edit,
                args=(searched,),
                kwargs={"alone": True},
            )
            st.button(
                "Ask on its own",
                key=f"{key}-alone",
                type="tertiary",
                help="Ask again without the earlier questions",
                on_click=ask,
                args=(turn.question,),
                kwargs={"number": number, "alone": True, "ignored": turn.ignored},
            )


def _switch(turn: Turn, number: int, kind: str, words: str, *, ask: Callable[..., None]) -> None:
    """A chip that switches a preference off, or on again."""
    off = kind in turn.ignored
    ignored = [one for one in turn.ignored if one != kind] if off else [*turn.ignored, kind]
    st.button(
        f"any {kind}" if off else label(words, longest=40),
        icon=":material/undo:" if off else ":material/close:",
        icon_position="right",
        key=f"turn-{number}-prefer-{kind}",
        help=f"Prefer by {kind} again" if off else "Nothing is left out by this; do not prefer it",
        on_click=ask,
        args=(turn.question,),
        kwargs={"number": number, "alone": turn.alone, "ignored": tuple(ignored)},
    )
