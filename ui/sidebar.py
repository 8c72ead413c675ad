"""The list of conversations: start, open, rename, export and delete them."""

from dataclasses import replace
from datetime import date
from itertools import groupby

import streamlit as st

from ui import state
from ui.conversations import Conversation, Conversations
from ui.export import as_docx, as_html, as_json, as_markdown
from ui.render import Html, escape, label, show
from ui.source import close

_LISTED = 12
"""Conversations listed at first, and added by each click on "Show more"."""


def conversations() -> Conversations:
    """The stored conversations."""
    return Conversations(state.settings().index / "conversations")


def current() -> Conversation:
    """The conversation of this session: the one named by ``?c=``, else a new one."""
    if "conversation" not in st.session_state:
        named = conversations().get(st.query_params.get("c", ""))
        st.session_state["conversation"] = named or Conversation.new()
    conversation: Conversation = st.session_state["conversation"]
    return conversation


def save(conversation: Conversation) -> None:
    """Make this the conversation of the session, and store it."""
    st.session_state["conversation"] = conversation
    try:
        conversations().save(conversation)
    except OSError as error:
        st.toast(label(f"This conversation cannot be kept: {error.strerror}.", longest=120))
    else:
        st.query_params["c"] = conversation.id


def draw() -> None:
    """Draw the list of conversations."""
    now = current()
    with st.sidebar:
        st.button(
            "New conversation", icon=":material/add:", key="new", on_click=_open, width="stretch"
        )
        if now.turns:
            _manage(now)
        most = st.session_state.setdefault("listed", _LISTED)
        listed = conversations().latest(most + 1)
        if not listed:
            show(Html('<p class="quiet">Conversations are kept on this machine only.</p>'))
            return
        with st.container(gap=None, key="conversations"):
            for period, group in groupby(listed[:most], key=lambda entry: _period(entry[2])):
                show(Html(f'<h2 class="quiet label">{escape(period)}</h2>'))
                for conversation_id, name, _ in group:
                    _row(conversation_id, name, current=conversation_id == now.id)
        if len(listed) > most:
            st.button("Show more", key="list-more", type="tertiary", on_click=_list_more)


def _list_more() -> None:
    st.session_state["listed"] += _LISTED


def _period(used: date) -> str:
    """``Today``, ``Yesterday``, ``Last 7 days`` or ``Earlier``."""
    days = (date.today() - used).days
    names = {0: "Today", 1: "Yesterday"}
    return names.get(days, "Last 7 days" if days < 7 else "Earlier")


def _row(conversation_id: str, name: str, *, current: bool) -> None:
    st.button(
        label(name, longest=120),
        key=f"open-{conversation_id}{'-current' if current else ''}",
        type="tertiary",
        width="stretch",
        wrap=False,
        on_click=_open,
        args=(conversation_id,),
    )


def _open(conversation_id: str = "") -> None:
    close()
    opened = conversations().get(conversation_id) or Conversation.new()
    st.session_state["conversation"] = opened
    st.session_state["go"] = "ask"
    if opened.turns:
        st.query_params["c"] = opened.id
    else:
        st.query_params.pop("c", None)


def _manage(conversation: Conversation) -> None:
    with st.popover("This conversation", icon=":material/more_horiz:", width="stretch"):
        st.text_input(
            "Name",
            value=conversation.name,
            key=f"rename-{conversation.id}",
            on_change=_rename,
            args=(conversation,),
        )
        st.caption("Save as")
        name = f"conversation-{conversation.started[:10]}-{conversation.id[:4]}"
        st.download_button(
            "Word",
            lambda: as_docx(conversation),
            f"{name}.docx",
            on_click="ignore",
            width="stretch",
        )
        st.download_button(
            "Markdown",
            lambda: as_markdown(conversation),
            f"{name}.md",
            "text/markdown",
            on_click="ignore",
            width="stretch",
        )
        st.download_button(
            "Web page",
            lambda: as_html(conversation),
            f"{name}.html",
            "application/octet-stream",
            on_click="ignore",
            width="stretch",
        )
        st.download_button(
            "JSON, as evidence",
            lambda: as_json(conversation),
            f"{name}.json",
            "application/json",
            on_click="ignore",
            width="stretch",
        )
        st.button(
            "Delete from this machine",
            key="delete",
            width="stretch",
            on_click=_delete,
            args=(conversation.id,),
        )


def _rename(conversation: Conversation) -> None:
    title = st.session_state[f"rename-{conversation.id}"].strip()
    save(replace(conversation, title=title))


def _delete(conversation_id: str) -> None:
    conversations().delete(conversation_id)
    _open()
