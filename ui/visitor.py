"""Who reads the page, the conversations of this reader, and the open one."""

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import replace
from http.cookies import CookieError, SimpleCookie

import streamlit as st
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime import get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui import people, state
from ui.conversations import Conversation, Conversations
from ui.render import label
from ui.turns import Turn

_COOKIE = "reader"
_SECRET = re.compile(r"[0-9a-f]{32}")
_YEAR = 365 * 24 * 3600


class ReaderCookie:
    """ASGI middleware that gives each browser a secret of its own, for a year after its last visit.

    The secret tells the readers of a server apart. No script can read it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add the cookie to a reply that is a page."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        secret = secret_of(headers.get(b"cookie", b"").decode("latin-1")) or secrets.token_hex(16)

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = message.get("headers", [])
                if dict(given).get(b"content-type", b"").startswith(b"text/html"):
                    cookie = (
                        f"{_COOKIE}={secret}; Path=/; Max-Age={_YEAR}; HttpOnly; SameSite=Lax"
                    ).encode()
                    message["headers"] = [*given, (b"set-cookie", cookie)]
            await send(message)

        await self.app(scope, receive, send_with_cookie)


def secret_of(header: str) -> str:
    """The secret in a header ``Cookie``; empty without one.

    >>> secret_of("theme=dark; reader=" + "0f" * 16)
    '0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f'
    """
    try:
        morsel = SimpleCookie(header).get(_COOKIE)
    except CookieError:
        return ""
    return morsel.value if morsel and _SECRET.fullmatch(morsel.value) else ""


def conversations() -> Conversations:
    """The stored conversations of this reader, or of all with the setting ``shared_desk``."""
    folder = state.settings().folder / "conversations"
    if state.settings().shared_desk:
        return Conversations(folder)
    if "reader" not in st.session_state and people.identity():
        # A person has the same conversations in every browser.
        digest = hashlib.sha256(f"person {people.identity()}".encode()).hexdigest()
        st.session_state["reader"] = digest[:32]
    if "reader" not in st.session_state:
        # A browser without cookies keeps its conversations until the page is closed.
        given = str(st.context.cookies.get(_COOKIE, ""))
        secret = given if _SECRET.fullmatch(given) else secrets.token_hex(16)
        st.session_state["reader"] = hashlib.sha256(secret.encode()).hexdigest()[:16]
    return Conversations(folder / st.session_state["reader"])


def current() -> Conversation:
    """The conversation of this session: the one named by ``?c=``, else a new one."""
    if "conversation" not in st.session_state:
        named = st.query_params.get("c", "")
        found = conversations().get(named)
        if named and found is None:
            st.session_state["dead-address"] = named
            st.query_params.pop("c", None)
        st.session_state["conversation"] = found or Conversation.new()
    conversation: Conversation = st.session_state["conversation"]
    return conversation


def refresh() -> None:
    """Read the open conversation again if another tab has changed it."""
    open_now = current()
    changed = conversations().changed(open_now.id)
    if changed and changed != st.session_state.get("conversation-read"):
        st.session_state["conversation"] = conversations().get(open_now.id) or open_now
        st.session_state["conversation-read"] = changed


def open_conversation(conversation_id: str = "") -> None:
    """Open this conversation, or a new one."""
    opened = conversations().get(conversation_id) or Conversation.new()
    st.session_state["conversation"] = opened
    st.session_state.pop("dead-address", None)
    if opened.turns:
        st.query_params["c"] = opened.id
    else:
        st.query_params.pop("c", None)


def put(turn: Turn) -> None:
    """Store this turn in the open conversation. Turns of other tabs are kept."""
    st.session_state.pop("dead-address", None)
    change(lambda stored: stored.with_turn(turn))


def put_answer(turn: Turn) -> Turn:
    """Store a turn with its answer over its draft; marks and next questions stored since stay."""

    def edit(stored: Conversation) -> Conversation:
        place = stored.position(turn.id)
        if place == len(stored.turns):
            return stored.with_turn(turn)
        now = stored.turns[place]
        since = now.next_questions if now.asked_at == turn.asked_at else ()
        return stored.with_turn(replace(turn, marks=now.marks, next_questions=since))

    change(edit)
    return current().turns[current().position(turn.id)]


def has_left() -> bool:
    """True if the page of this session was closed or loaded anew."""
    session = get_script_run_ctx()
    return session is not None and not get_instance().is_active_session(session.session_id)


def change(edit: Callable[[Conversation], Conversation]) -> None:
    """Change the open conversation as it is stored now."""
    open_now = current()
    try:
        st.session_state["conversation"] = conversations().change(open_now, edit)
    except OSError as error:
        st.session_state["conversation"] = edit(open_now)
        st.toast(label(f"This conversation cannot be kept: {error.strerror}.", longest=120))
    else:
        st.query_params["c"] = open_now.id
