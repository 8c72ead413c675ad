"""A question of this session on its way to an answer: begun, at work, and kept."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

import streamlit as st

from rag import Answer, Index, RagError
from ui import filters, sidebar
from ui.job_queue import Report, Step, Ticket, desk
from ui.source import close
from ui.turns import Turn


@dataclass(slots=True)
class Pending:
    """The turn of a conversation that waits for its answer; ``ticket`` once the desk has it.

    ``steps`` are those shown so far: a click elsewhere draws the page anew, and all of them again.
    """

    conversation: str
    number: int
    began: float
    ticket: Ticket[Answer] | None = None
    steps: list[tuple[Step, int]] = field(default_factory=list)


def ask(question: str, **changed: Any) -> None:
    """Ask at the next run of the page, as if it had been typed.

    ``changed`` are ``number``, to ask again in the place of that turn, and fields of the turn.
    """
    st.session_state["ask"] = (question, changed)
    close()


def typed() -> None:
    """Ask what is in the box, if anything is."""
    question = st.session_state["question"]
    if question and question.strip():
        ask(question, alone=st.session_state.pop("alone", False))


def edit(question: str, *, alone: bool = False) -> None:
    """Put the question into the box, to be changed and asked again; ``alone`` as in a turn."""
    st.session_state["question"] = question
    st.session_state["alone"] = alone


def with_earlier() -> None:
    """Ask the next question with the earlier ones after all."""
    st.session_state.pop("alone", None)


def begin(index: Index) -> None:
    """Take up what was asked since the last run, so that all of the page shows it."""
    waiting = pending()
    if waiting and waiting.conversation != sidebar.current().id:
        give_up()  # another conversation was opened
    asked = st.session_state.pop("ask", None) or _from_address()
    if asked is None:
        return
    question, changed = (asked, {}) if isinstance(asked, str) else asked
    conversation = sidebar.current()
    number = changed.pop("number", len(conversation.turns))
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    turn = Turn(question.strip(), now, dict(filters.current()), **changed)
    if number and number == len(conversation.turns):
        number -= _same(turn, conversation.turns[-1], index)  # just asked, and now once more
    turn = replace(turn, after=() if turn.alone else _earlier(turn, conversation.turns[:number]))
    give_up()
    st.session_state["pending"] = Pending(conversation.id, number, time.monotonic())
    sidebar.put(conversation.with_turn(number, turn))


def pending() -> Pending | None:
    """What waits for its answer, if something does."""
    waiting: Pending | None = st.session_state.get("pending")
    return waiting


def ticket(index: Index, turn: Turn) -> Ticket[Answer]:
    """The work on the waiting turn, given to the desk once.

    A click elsewhere on the page ends a run of the script but not the work: the next run goes on
    where that one was.
    """
    waiting: Pending = st.session_state["pending"]
    if waiting.ticket is None:
        waiting.ticket = desk().take(partial(_made, index, turn))
    return waiting.ticket


def keep(turn: Turn) -> Turn:
    """Keep the waiting turn with what has come of it, and return it so."""
    waiting: Pending = st.session_state.pop("pending")
    assert waiting.ticket is not None
    try:
        found = waiting.ticket.answer.result()
    except RagError as error:
        done = replace(turn, error=str(error))
    else:
        seconds = round(time.monotonic() - waiting.began, 3)
        done = replace(turn, seconds=seconds, answer=found.to_dict())
    sidebar.put(sidebar.current().with_turn(waiting.number, done))
    return done


def give_up() -> None:
    """Nobody waits for the answer any more."""
    waiting: Pending | None = st.session_state.pop("pending", None)
    if waiting and waiting.ticket:
        waiting.ticket.give_up()


def _made(index: Index, turn: Turn, report: Report) -> Answer:
    return index.ask(
        turn.question, turn.after, turn.filters, ignore=tuple(turn.ignored), on_stage=report
    )


def _from_address() -> str | None:
    """The question in ``?q=``, asked once, of a new conversation."""
    question: str | None = st.query_params.pop("q", None)
    return question if question and not sidebar.current().turns else None


def _same(turn: Turn, last: Turn, index: Index) -> bool:
    """Whether the last turn asked the same of the same documents."""
    build = last.answer["searched"]["build"] if last.answer else index.build
    return (_words(turn.question), turn.filters, turn.alone, index.build) == (
        _words(last.question),
        last.filters,
        last.alone,
        build,
    )


def _earlier(turn: Turn, before: Sequence[Turn]) -> tuple[str, ...]:
    """The earlier questions that were answered, each once, and not the question itself."""
    asked = {_words(one.question): one.question for one in before if one.answer is not None}
    asked.pop(_words(turn.question), None)
    return tuple(asked.values())


def _words(question: str) -> str:
    return " ".join(question.split()).casefold()
