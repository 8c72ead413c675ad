"""The list of conversations: start, open, rename, export and delete them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import groupby

import streamlit as st

from rag import counted
from ui import people, state, visitor
from ui.conversations import Conversation, Conversations
from ui.export import as_docx, as_html, as_json, as_markdown, as_memo
from ui.render import Html, announce, escape, label, show
from ui.source import close
from ui.timeline import as_csv, events_of

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_LISTED = 12
"""Conversations listed at first, and added by each click on "Show more"."""
_KEPT = "Your conversations are kept on this machine. Other browsers do not see them."
_PERSONAL = "Your conversations are kept for you, in every browser. Other people do not see them."
_SHARED = "Conversations are kept on this machine. All readers of this page see them."
_Format = tuple[str, str, str, Callable[[Conversation], str | bytes]]
_FORMATS: tuple[_Format, ...] = (
    ("Word", ".docx", _WORD, as_docx),
    ("Markdown", ".md", "text/markdown", as_markdown),
    ("Web page", ".html", "application/octet-stream", as_html),
    ("JSON, as evidence", ".json", "application/json", as_json),
)


def draw() -> None:
    """Draw the list of conversations."""
    now = visitor.current()
    with st.sidebar:
        st.button(
            "New conversation", icon=":material/add:", key="new", on_click=_open, width="stretch"
        )
        if now.turns:
            _manage(now)
        _deleted()
        most = st.session_state.setdefault("listed", _LISTED)
        listed = visitor.conversations().latest(most + 1)
        if not listed:
            kept = _PERSONAL if people.identity() else _KEPT
            show(Html(f'<p class="quiet">{_SHARED if state.settings().shared_desk else kept}</p>'))
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
    visitor.open_conversation(conversation_id)
    st.session_state["go"] = "ask"


def _manage(conversation: Conversation) -> None:
    with st.popover("This conversation", icon=":material/more_horiz:", width="stretch"):
        st.text_input(
            "Name",
            value=conversation.name,
            key=f"rename-{conversation.id}",
            on_change=_rename,
            args=(conversation.id,),
        )
        st.caption("Save as")
        name = f"conversation-{conversation.started[:10]}-{conversation.id[:4]}"
        stored = visitor.conversations()
        for title, suffix, kind, written in _formats(conversation):
            st.download_button(
                title,
                partial(_written, stored, conversation, written),
                f"{name}{suffix}",
                kind,
                on_click="ignore",
                width="stretch",
            )
        _offer_to_delete(conversation)


def _formats(conversation: Conversation) -> Iterator[_Format]:
    """The formats that a conversation can be saved in."""
    yield from _FORMATS
    if any(turn.marks for turn in conversation.turns):
        yield "Word, starred quotes only", "-starred.docx", _WORD, as_memo
    if events_of(conversation):
        yield "Timeline, as a table", "-timeline.csv", "text/csv", as_csv


def _written(
    stored: Conversations,
    conversation: Conversation,
    write: Callable[[Conversation], str | bytes],
) -> str | bytes:
    """The conversation as it is stored at the click: an answer may have come since it was drawn."""
    return write(stored.get(conversation.id) or conversation)


def _offer_to_delete(conversation: Conversation) -> None:
    """A button that asks, and then the two answers."""
    st.divider()
    if st.session_state.get("deleting") != conversation.id:
        st.button(
            "Delete …",
            icon=":material/delete:",
            key="delete",
            type="tertiary",
            on_click=st.session_state.update,
            args=({"deleting": conversation.id},),
        )
        return
    turns = counted(len(conversation.turns), "question")
    show(Html(f"<p>Delete this conversation of {turns} from this machine?</p>"))
    with st.container(horizontal=True):
        st.button("Delete it", key="delete-yes", on_click=_delete, args=(conversation,))
        st.button("Keep it", key="delete-no", on_click=st.session_state.pop, args=("deleting",))


def _deleted() -> None:
    """The conversation that was deleted last, and a button that brings it back."""
    gone: Conversation | None = st.session_state.get("deleted")
    if gone is None:
        return
    with st.container(key="deleted", gap="xsmall"):
        show(
            Html(
                f'<p class="notice">Deleted: {escape(gone.name)}. It can be brought back until '
                "this page is closed.</p>"
            )
        )
        st.button("Bring it back", icon=":material/undo:", key="undelete", on_click=_undelete)
        announce("The conversation was deleted.")


def _rename(conversation_id: str) -> None:
    title = st.session_state[f"rename-{conversation_id}"].strip()
    visitor.change(lambda stored: replace(stored, title=title))


def _delete(conversation: Conversation) -> None:
    stored = visitor.conversations()
    st.session_state["deleted"] = stored.get(conversation.id) or conversation
    st.session_state.pop("deleting", None)
    stored.delete(conversation.id)
    _open()


def _undelete() -> None:
    gone: Conversation = st.session_state.pop("deleted")
    visitor.conversations().save(gone)
    _open(gone.id)
