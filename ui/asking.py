"""The question that waits for its answer: from the question box to the saved turn."""

import secrets
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

import streamlit as st

from rag import Answer, Index, RagError
from ui import building, filters, next_questions, people, visitor
from ui.conversations import Conversation, Conversations
from ui.job_queue import Job, Report, Step, job_queue
from ui.source import close
from ui.turns import Turn

_TAKEN_UP = 1.0
"""Seconds within which the next run of the page takes up the job of the one before."""


@dataclass(slots=True)
class Pending:
    """The turn of a conversation that waits for its answer.

    Attributes
    ----------
    turn
        Id of the turn.
    began
        Time of the question, by ``time.monotonic``.
    job
        The job that makes the answer; None until it is in the queue.
    steps
        The steps shown so far. A click elsewhere draws the page again, with all of them.
    drafts
        The answer in quotes, then the same with each sentence of a language model; empty before.
    runs
        How many runs of the page have waited for it.
    stopped
        Whether the reader has stopped it.
    """

    conversation: str
    turn: str
    began: float
    job: Job[Turn] | None = None
    steps: list[tuple[Step, int]] = field(default_factory=list)
    drafts: list[Mapping[str, Any]] = field(default_factory=list)
    runs: int = 0
    stopped: bool = False

    def stop(self) -> None:
        """End the job."""
        self.stopped = True
        if self.job is not None:
            self.job.cancel()

    def leave(self) -> None:
        """End the job unless another run of the page takes it up within a second.

        Streamlit ends a run alike for "Stop" and for a click elsewhere, and a run that is being
        ended cannot read the session.
        """
        seen = self.runs

        def end() -> None:
            if self.runs == seen:
                self.stop()

        timer = threading.Timer(_TAKEN_UP, end)
        timer.daemon = True
        timer.start()


def ask(question: str, **changed: Any) -> None:
    """Ask this question at the next run of the page.

    ``changed`` holds fields of the new `Turn`. With ``id`` in it, the new turn replaces the turn
    with this id.
    """
    st.session_state["ask"] = (question, changed)
    close()


def ask_typed() -> None:
    """Ask the question in the box, unless the box is empty."""
    question = st.session_state["question"]
    if question and question.strip():
        ask(question, alone=st.session_state.pop("alone", False))


def edit(question: str, *, alone: bool = False) -> None:
    """Put the question into the box; with ``alone`` it is asked without the earlier questions."""
    st.session_state["question"] = question
    st.session_state["alone"] = alone


def with_earlier() -> None:
    """Ask the next question with the earlier ones again."""
    st.session_state.pop("alone", None)


def begin(index: Index) -> None:
    """Add the turn for a new question, before any part of the page is drawn."""
    waiting = pending()
    if waiting and waiting.conversation != visitor.current().id:
        cancel()  # another conversation was opened
    new = st.session_state.pop("ask", None) or _from_address()
    if new is None:
        return
    question, changed = (new, {}) if isinstance(new, str) else new
    conversation = visitor.current()
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    reading = building.being_read()
    turn = Turn(question.strip(), now, dict(filters.current()), reading=reading, **changed)
    if not turn.id:
        last = conversation.turns[-1:]
        repeated = bool(last) and _same(turn, last[0], index)  # a repetition replaces its turn
        turn = replace(turn, id=last[0].id if repeated else secrets.token_hex(4))
    if not turn.alone:
        earlier = conversation.turns[: conversation.position(turn.id)]
        turn = replace(turn, history=_earlier(turn, earlier))
    cancel()
    st.session_state["pending"] = Pending(conversation.id, turn.id, time.monotonic())
    visitor.put(turn)


def pending() -> Pending | None:
    """The turn that waits for its answer; None without one."""
    waiting: Pending | None = st.session_state.get("pending")
    if waiting is not None and waiting.stopped:
        del st.session_state["pending"]
        return None
    return waiting


def job(index: Index, turn: Turn) -> Job[Turn]:
    """The job for the waiting turn, put into the queue at the first call.

    A click elsewhere on the page ends the run of the script, but not the job. The next run
    continues with the same job. The job stores the answer: the reader may have left the page.
    """
    waiting: Pending = st.session_state["pending"]
    waiting.runs += 1
    if waiting.job is None:
        kept = visitor.conversations(), visitor.current()
        work = partial(_answered, index, turn, waiting, kept, people.note())
        waiting.job = job_queue().submit(work, turn.id)
    return waiting.job


def elsewhere(turn: Turn) -> bool:
    """True while another tab of this reader waits for the answer to this question."""
    waiting = pending()
    return not (waiting and waiting.turn == turn.id) and job_queue().has(turn.id)


def finish() -> Turn:
    """The waiting turn with its answer or error."""
    waiting: Pending = st.session_state.pop("pending")
    assert waiting.job is not None
    done = waiting.job.answer.result()
    return visitor.put_answer(done)


def cancel() -> None:
    """Cancel the job of the waiting turn, if there is one."""
    waiting: Pending | None = st.session_state.pop("pending", None)
    if waiting:
        waiting.stop()


def _answered(
    index: Index,
    turn: Turn,
    waiting: Pending,
    kept: tuple[Conversations, Conversation],
    note: people.Note,
    report: Report,
) -> Turn:
    """The turn with its answer or error, stored in its conversation."""

    def on_answer(draft: Answer) -> None:
        note.once(turn.question, draft)
        waiting.drafts.append(draft.to_dict())

    try:
        found = index.ask(
            turn.question,
            turn.history,
            turn.filters,
            ignore=tuple(turn.ignored),
            on_stage=report,
            on_answer=on_answer,
        )
        note.once(turn.question, found)
    except RagError as error:
        done = replace(turn, error=str(error))
    else:
        seconds = round(time.monotonic() - waiting.began, 3)
        done = replace(turn, seconds=seconds, answer=found.to_dict())
    stored, conversation = kept
    with suppress(OSError):  # the page said so when it stored the question
        stored.change(conversation, lambda now: now.with_turn(done))
        if done.answer is not None:
            next_questions.find(index, done, found, stored, conversation)
    return done


def keep_draft(turn: Turn) -> None:
    """Save the waiting turn with what is shown of it: the reader may stop the language model."""
    waiting = pending()
    if waiting and waiting.drafts:
        visitor.put(with_draft(turn, waiting.drafts))


def with_draft(turn: Turn, drafts: Sequence[Mapping[str, Any]]) -> Turn:
    """The turn with its quotes and the sentences so far, as it stays if the reader stops now."""
    found = dict(drafts[-1])
    if found["summary"]:
        found["summary"] = {**found["summary"], "state": "failed", "reason": "stopped."}
    return replace(turn, answer=found)


def _from_address() -> str | None:
    """The question in ``?q=``; None in a conversation that has turns."""
    question: str | None = st.query_params.pop("q", None)
    return question if question and not visitor.current().turns else None


def _same(turn: Turn, last: Turn, index: Index) -> bool:
    """Whether the last turn has the same question, filters and build."""
    build = last.answer["searched"]["build"] if last.answer else index.build
    return (_words(turn.question), turn.filters, turn.alone, index.build) == (
        _words(last.question),
        last.filters,
        last.alone,
        build,
    )


def _earlier(turn: Turn, before: Sequence[Turn]) -> tuple[str, ...]:
    """The earlier answered questions, each once; the question itself is left out."""
    earlier = {_words(one.question): one.question for one in before if one.answer is not None}
    earlier.pop(_words(turn.question), None)
    return tuple(earlier.values())


def _words(question: str) -> str:
    return " ".join(question.split()).casefold()
