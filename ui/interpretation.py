"""The interpretation of a question, with buttons to correct it."""

from collections.abc import Callable

import streamlit as st

from ui.asking import edit
from ui.render import Html, escape, label, show
from ui.turns import Turn

_ANY = {"first": "all rows"}
"""Words of a chip that is switched off, where they are not "any" and the kind."""
_HIDDEN = {"amount"}
"""Kinds of preferences without a chip: nearly every question about money has this one."""


def interpretation(turn: Turn, number: int, *, ask: Callable[..., None]) -> None:
    """Draw the preferences of a question, and the words searched for a follow-up question.

    A chip asks again without its preference, a button asks without the earlier questions. The new
    answer replaces the old one.
    """
    if turn.answer is None:
        return
    key = f"turn-{number}-interpretation"
    preferences = {
        preference["kind"]: preference["said"]
        for preference in turn.answer["searched"].get("preferences", ())
        if preference["kind"] not in _HIDDEN
    }
    if preferences or turn.ignored:
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=key):
            show(Html('<span class="quiet">Preferring</span>'), width="content")
            for kind, words in preferences.items():
                _chip(turn, number, kind, words, ask=ask)
            for kind in turn.ignored:
                _chip(turn, number, kind, kind, ask=ask)
    if turn.history and turn.answer["searched"]["queries"]:
        searched = turn.answer["searched"]["queries"][0]
        show(Html(f'<p class="quiet">A follow-up, searched for: “{escape(searched)}”</p>'))
        with st.container(horizontal=True, gap="small", key=f"{key}-after"):
            st.button(
                "Correct",
                key=f"{key}-correct",
                type="tertiary",
                help="Edit these words and ask them without the earlier questions",
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
                kwargs={"id": turn.id, "alone": True, "ignored": turn.ignored},
            )


def _chip(turn: Turn, number: int, kind: str, words: str, *, ask: Callable[..., None]) -> None:
    """A chip that switches a preference off, or on again."""
    off = kind in turn.ignored
    ignored = [one for one in turn.ignored if one != kind] if off else [*turn.ignored, kind]
    st.button(
        _ANY.get(kind, f"any {kind}") if off else label(words, longest=40),
        icon=":material/undo:" if off else ":material/close:",
        icon_position="right",
        key=f"turn-{number}-prefer-{kind}",
        help="Undo"
        if kind in _ANY
        else f"Prefer by {kind} again"
        if off
        else "Do not prefer this. It excludes no document.",
        on_click=ask,
        args=(turn.question,),
        kwargs={"id": turn.id, "alone": turn.alone, "ignored": tuple(ignored)},
    )
