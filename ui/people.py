"""Who reads the page: anyone, or a person who is signed in; and the collection that is open."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from rag import (
    Access,
    Answer,
    Caller,
    Collection,
    Hit,
    groups_in,
    load_access,
    load_settings,
    log_question,
    places_cited,
    places_found,
)
from ui.render import Html, escape, show

_CHOSEN = "in"
"""The collection in the address, and in the session."""


def configured() -> bool:
    """Whether there is an identity provider: the section ``[auth]`` of Streamlit's secrets."""
    return st.secrets.load_if_toml_exists() and "auth" in st.secrets


def admitted() -> bool:
    """True for a reader who may go on; else draws why not, and how to sign in."""
    if not (configured() or load_settings().sign_in):
        return True
    if not configured():
        _say("Nobody can sign in", "The setting sign_in is on, and secrets.toml has no [auth].")
        return False
    left = _seconds_left()
    if left > 0:
        return _has_collection()
    if left == 0:
        _say("Sign in", "These documents are for signed-in readers.")
    else:
        _say("Sign in again", "Your sign-in has ended.")
    st.button("Sign in", type="primary", key="sign-in", on_click=st.login)
    return False


def reader() -> Caller:
    """The reader with the groups that the identity provider names; nobody without a sign-in."""
    if (
        get_script_run_ctx(suppress_warning=True) is None
        or not configured()
        or _seconds_left() <= 0
    ):
        return Caller()
    return Caller(_name(), groups_in(st.user.get(_access().groups_claim)))


def identity() -> str:
    """What tells this reader from all others at every visit; empty without a sign-in."""
    return f"{st.user.get('iss')} {st.user.get('sub')}" if reader() != Caller() else ""


def collection() -> Collection | None:
    """The open collection of this session; None where no file names collections."""
    if load_settings().access is None or get_script_run_ctx(suppress_warning=True) is None:
        return None
    access, who = _access(), reader()
    asked = st.session_state.get(_CHOSEN) or st.query_params.get(_CHOSEN)
    return access.collection(who, asked) or access.collection(who)


class Note:
    """The line in the audit log for one question, made in the session of its reader."""

    def __init__(self, path: Path | None, who: str, collection: str) -> None:
        self._to: dict[str, Any] = {
            "path": path,
            "who": who,
            "door": "page",
            "collection": collection,
        }
        self._written = False

    def once(self, question: str, answer: Answer) -> None:
        """Write the line, if it is not written yet; before the answer is shown."""
        if not self._written:
            build, places = answer.searched.build, places_cited(answer)
            self._write(build, question, answer.outcome, places)
            self._written = True

    def search(self, words: str, build: str, hits: Sequence[Hit]) -> None:
        """Write the line for a search."""
        self._write(build, words, "search", places_found(hits))

    def _write(
        self, build: str, question: str, outcome: str, places: Sequence[Mapping[str, Any]]
    ) -> None:
        log_question(**self._to, build=build, question=question, outcome=outcome, citations=places)


def note() -> Note:
    """A line in the audit log for a question of this session."""
    now = collection()
    who = _name() if reader() != Caller() else ""
    return Note(load_settings().audit_log, who, now.name if now is not None else "")


def draw() -> None:
    """In the sidebar: the choice of the collection, the reader's name, and the way out."""
    readable = _access().readable(reader()) if load_settings().access is not None else []
    now = collection()
    with st.sidebar:
        if now is not None and len(readable) > 1:
            names = [one.name for one in readable]
            titles = {one.name: one.title or one.name for one in readable}
            st.selectbox(
                "Collection",
                names,
                index=names.index(now.name),
                format_func=lambda name: titles[name],
                key="collection",
                on_change=_choose,
            )
            st.query_params[_CHOSEN] = now.name
        if configured():
            show(Html(f'<p class="quiet">Signed in as {escape(_name())}</p>'))
            st.button("Sign out", key="sign-out", type="tertiary", on_click=st.logout)


def _choose() -> None:
    """Open another collection; nothing of the one before stays in this session."""
    chosen = st.session_state["collection"]
    st.session_state.clear()
    st.query_params.clear()
    st.session_state[_CHOSEN] = chosen


def _has_collection() -> bool:
    if load_settings().access is None or collection() is not None:
        return True
    _say("No collection for you", "You are in none of the groups that may read one.")
    st.button("Sign out", key="sign-out", on_click=st.logout)
    return False


def _seconds_left() -> float:
    """Seconds until the identity token ends; 0 without one, below 0 once it has ended.

    Streamlit keeps a reader signed in for 30 days, whatever the token says. A token that does not
    say when it ends has ended.
    """
    if not st.user.get("is_logged_in"):
        return 0.0
    ends: Any = st.user.get("exp")
    left = ends - time.time() if isinstance(ends, int | float) else 0.0
    return left or -1.0


def _name() -> str:
    return str(st.user.get("email") or st.user.get("preferred_username") or st.user.get("sub"))


def _access() -> Access:
    return load_access(load_settings(), tokens=False)


def _say(title: str, words: str) -> None:
    show(Html(f'<div class="welcome"><h1>{escape(title)}</h1><p>{escape(words)}</p></div>'))
