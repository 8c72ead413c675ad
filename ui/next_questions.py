"""Questions to ask next: found in the background after an answer, and stored with it."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

import streamlit as st

from rag import Answer, Index, RagError
from ui.conversations import Conversation, Conversations
from ui.job_queue import job_queue
from ui.render import Html, attribute, label, show
from ui.turns import Turn

_MOST_WAITING = 4
"""Answers whose next questions are looked for; with more readers at once, the latest."""
_PATIENCE = 60.0
"""Seconds to wait for the questions of readers, which come first."""


class Finder:
    """Looks for the next questions of one answer after the other, while no reader waits."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="next")
        self._wanted: dict[str, Future[None]] = {}
        self._lock = threading.Lock()

    def has(self, turn_id: str) -> bool:
        """True until the questions for this turn are stored, or there are none."""
        with self._lock:
            return turn_id in self._wanted

    def find(self, turn_id: str, work: Callable[[], None]) -> None:
        """Do this work for a turn later. Where much is waiting, the oldest is given up."""
        with self._lock:
            if len(self._wanted) >= _MOST_WAITING:
                waiting = (old for old, job in self._wanted.items() if job.cancel())
                self._wanted.pop(next(waiting, ""), None)
            self._wanted[turn_id] = self._pool.submit(self._run, turn_id, work)

    def _run(self, turn_id: str, work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            with self._lock:
                self._wanted.pop(turn_id, None)


@st.cache_resource(show_spinner=False)
def finder() -> Finder:
    """The finder of this server."""
    return Finder()


def find(
    index: Index, turn: Turn, answer: Answer, stored: Conversations, conversation: Conversation
) -> None:
    """Look for the next questions after this answer, and store them with its turn."""
    if answer.outcome not in ("answered", "partial"):
        return

    def work() -> None:
        found = []
        try:
            questions = index.next_questions(answer, turn.history, turn.filters)
            while _is_quiet() and (question := next(questions, None)):
                found.append(question)
        except RagError:
            return
        if found and stored.get(conversation.id) is not None:
            stored.change(conversation, lambda now: _with(now, turn, found))

    finder().find(turn.id, work)


def draw(turn: Turn, *, ask: Callable[..., None]) -> None:
    """Draw the next questions of a turn; while they are looked for, wait."""
    if not turn.next_questions:
        if finder().has(turn.id):
            # ``keys.js`` asks the server until they are found, then presses the hidden button. A
            # fragment that runs each second would now and then leave the question box locked.
            show(Html(f'<div class="next-wait" data-turn="{attribute(turn.id)}"></div>'))
            st.button("Show the next questions", key="next-wait")
        return
    with st.container(key=f"turn-{turn.id}-next", gap="xsmall"):
        show(Html('<h3 class="quiet label">Ask next</h3>'))
        for at, question in enumerate(turn.next_questions):
            st.button(
                label(question, longest=160),
                key=f"turn-{turn.id}-next-{at}",
                icon=":material/subdirectory_arrow_right:",
                type="tertiary",
                on_click=ask,
                args=(question,),
                kwargs={"alone": True},  # it was asked alone to be sure of its answer
            )


def _is_quiet() -> bool:
    """Wait until no reader waits for an answer; False if that takes too long."""
    end = time.monotonic() + _PATIENCE
    while job_queue().busy:
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def _with(conversation: Conversation, turn: Turn, questions: list[str]) -> Conversation:
    """The conversation with these questions, unless the turn was asked again meanwhile."""
    place = conversation.position(turn.id)
    if place == len(conversation.turns) or conversation.turns[place].asked_at != turn.asked_at:
        return conversation
    return conversation.with_turn(
        replace(conversation.turns[place], next_questions=tuple(questions))
    )
