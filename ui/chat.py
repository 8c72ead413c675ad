"""The page "Ask": a conversation, and the source of a citation beside it."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import StopException

from rag import Index, counted
from ui import (
    asking,
    feedback,
    filters,
    next_questions,
    opening,
    state,
    summary,
    upload,
    visitor,
)
from ui.answer import draw_answer, draw_question
from ui.examples import Examples, examples
from ui.render import Html, announce, badge, escape, say_error, show
from ui.source import panel
from ui.stages import stages
from ui.timeline import events_of
from ui.turns import Turn

_TURNS = 10
"""Turns drawn at first, and added by each click."""


def page(index: Index) -> None:
    """Draw the conversation and the source panel; make the answer of the waiting turn."""
    turns = visitor.current().turns
    with st.bottom:
        opening.progress_and_outcome()
        with st.container(horizontal=True, vertical_alignment="center", key="bar"):
            filters.bar(index)
            if not state.settings().read_only:
                with st.popover("Add documents", icon=":material/upload_file:", type="tertiary"):
                    upload.add_documents(index, key="ask")
        if st.session_state.get("alone"):
            st.button(
                "Asked without the earlier questions",
                icon=":material/close:",
                icon_position="right",
                key="not-alone",
                type="tertiary",
                on_click=asking.with_earlier,
            )
    st.chat_input(
        "Ask what the documents say", key="question", submit_mode="stop", on_submit=asking.ask_typed
    )
    if "dead-address" in st.session_state:
        say_error(
            "It is not among the conversations of this browser: it was deleted, or another browser "
            "keeps it.",
            title="The conversation at this address is not here",
        )
    if not turns:
        _welcome(index)
    conversation = st.container()
    panel(index)  # first, so that a source opens while an answer is made
    with conversation:
        announcement = _draw_turns(index, turns)
    announce(announcement)


def _welcome(index: Index) -> None:
    documents = index.manifest.documents
    quoted = "the document" if documents == 1 else f"one of the {counted(documents, 'document')}"
    show(
        Html(
            '<div class="welcome"><h1>Ask what the documents say</h1>'
            f"<p>Every sentence of an answer is a quote from {quoted} in the index, with its "
            "speaker and its status. The answer also says what the documents do not say.</p>"
            f'<ul class="legend"><li>{badge("alleged")} {badge("denied")} {badge("stated")} is '
            "one side's word; nobody has decided it.</li>"
            f"<li>{badge('found')} {badge('ordered')} {badge('settled')} {badge('admitted')} is "
            "an outcome: decided, imposed, agreed or conceded.</li>"
            "<li>A number opens the quoted words in their document, where they can be checked and "
            "copied with their citation.</li></ul></div>"
        )
    )
    if index.sends_to:
        show(
            Html(
                '<div class="notice">A language model writes a summary beside the quotes. Your '
                f"question and the quotes are sent to {escape(index.sends_to)}.</div>"
            )
        )
    found = examples(index)
    if found.questions is None:
        _wait_for_examples(found)
    elif found.questions:
        with st.container(key="examples", gap="xsmall"):
            show(Html('<h2 class="quiet label">For example</h2>'))
            for number, example in enumerate(found.questions):
                _example(example, number)


@st.fragment(run_every=1.0)
def _wait_for_examples(found: Examples) -> None:
    """Draw the page again as soon as the examples are found."""
    if found.questions is not None:
        st.rerun()
    show(Html('<p class="quiet label">Looking for example questions in the documents …</p>'))


def _example(example: str, number: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", wrap=False, gap="small"):
        st.button("Ask", key=f"example-{number}", on_click=asking.ask, args=(example,))
        show(Html(f'<div class="example press">{escape(example)}</div>'))


@st.fragment(run_every=1.0)
def _wait_for_answer(turn: Turn) -> None:
    """Say that another tab makes the answer, and draw the page again when it is there."""
    if not asking.elsewhere(turn):
        st.rerun()
    show(Html('<div class="notice">The answer is being made in another tab.</div>'))


def _draw_turns(index: Index, turns: tuple[Turn, ...]) -> str:
    """Draw the last turns and make the waiting answer; return its announcement, or ``""``."""
    drawn = st.session_state.setdefault("drawn", _TURNS)
    first = max(0, len(turns) - drawn)
    waiting = asking.pending()
    announcement: str = st.session_state.pop("announcement", "")
    if first:
        st.button(
            f"Show {counted(min(first, _TURNS), 'earlier question')}",
            key="earlier",
            type="tertiary",
            on_click=_draw_more,
        )
    for number, turn in enumerate(turns[first:], start=first):
        with st.container(key=f"turn-{number}"):
            draw_question(turn, key=f"turn-{number}", edit=asking.edit)
            body = st.empty()
            drawn_already = False
            if waiting and waiting.turn == turn.id:
                dated = bool(events_of(visitor.current()))
                turn, drawn_already = _make_answer(index, turn, waiting, body)
                announcement = _announcement(turn)
                now_dated = bool(events_of(visitor.current()))
                if (drawn_already and turn.added) or now_dated != dated:  # buttons to be drawn
                    st.session_state["announcement"] = announcement
                    st.rerun()
            if not drawn_already:
                with body.container():
                    if turn.answer is None and not turn.error and asking.elsewhere(turn):
                        _wait_for_answer(turn)
                    else:
                        summary.draw(turn.answer)
                        draw_answer(index, turn, number, ask=asking.ask)
            _being_read(index, turn)
            if number == len(turns) - 1:
                next_questions.draw(turn, ask=asking.ask)
            if turn.answer is not None:
                _feedback(turn, list(turn.history))
            show(Html('<div class="turn-end unseen"></div>'))
    return announcement


def _make_answer(
    index: Index, turn: Turn, waiting: asking.Pending, place: DeltaGenerator
) -> tuple[Turn, bool]:
    """The turn with its answer, and whether ``place`` shows it. Until then it shows the steps.

    If a language model writes a summary, the quotes are drawn before it begins.

    The button "Stopped. Ask again" is hidden until the reader stops the answer: a stopped script
    cannot draw it.
    """
    steps = waiting.steps
    with place.container():
        progress = st.empty()
        progress.html(stages(steps or [("begin", 0)]))
        again = st.empty()
        again.button(
            "Stopped. Ask again",
            key=f"turn-{turn.id}-resume",
            on_click=asking.ask,
            args=(turn.question,),
            kwargs={"id": turn.id, "alone": turn.alone, "ignored": turn.ignored},
        )
    spot: DeltaGenerator | None = None
    kept = 0
    try:
        for step in asking.job(index, turn):
            if waiting.drafts:
                if spot is None:
                    spot = _draw_draft(index, turn, waiting, place)
                spot.html(summary.summary(waiting.drafts[-1], writing=True))
                if kept < len(waiting.drafts):
                    kept = len(waiting.drafts)
                    asking.keep_draft(turn)
            elif steps[-1:] == [step]:
                asking.pending()  # Streamlit can end this run only where it reads the session
            else:
                steps[:] = [*(one for one in steps if one[0] != "wait"), step]
                progress.html(stages(steps))
    except StopException:
        if not visitor.has_left():
            waiting.leave()
        raise
    done = asking.finish()
    if spot is None or done.answer is None:
        again.empty()  # otherwise the button stays below an answer of one element
        return done, False
    spot.html(summary.summary(done.answer))
    return done, True


def _draw_draft(
    index: Index, turn: Turn, waiting: asking.Pending, place: DeltaGenerator
) -> DeltaGenerator:
    """Draw the answer in quotes; return the place above them for the summary."""
    with place.container():
        spot = st.empty()
        quotes = asking.with_draft(turn, waiting.drafts)
        draw_answer(index, quotes, visitor.current().position(turn.id), ask=asking.ask)
    return spot


def _being_read(index: Index, turn: Turn) -> None:
    """Say that new files were not searched because a build was reading them."""
    if not turn.reading or turn.answer is None:
        return
    names = ", ".join(turn.reading[:3]) + (" …" if len(turn.reading) > 3 else "")
    if turn.answer["searched"]["build"] == index.build:
        words = "is being read and was not searched: ask again when it is in the index."
    else:
        words = "was being read when this was asked, and is in the index now."
    show(Html(f'<div class="notice">{escape(names)} {words}</div>'))
    if turn.answer["searched"]["build"] != index.build:
        st.button(
            "Ask again",
            key=f"turn-{turn.id}-read",
            on_click=asking.ask,
            args=(turn.question,),
            kwargs={"id": turn.id, "alone": turn.alone, "ignored": turn.ignored},
        )


def _feedback(turn: Turn, history: list[str]) -> None:
    """Thumbs up and down, and a box for the reason of a thumb down."""
    folder = state.settings().folder / "feedback"
    qid = f"{visitor.current().id}-{turn.id}"
    key = f"verdict-{qid}"

    def save_verdict() -> None:
        if st.session_state[key] is not None:
            feedback.judge(folder, qid, turn, history, good=bool(st.session_state[key]))

    def save_reason() -> None:
        feedback.explain(folder, qid, st.session_state[f"{key}-why"])

    if st.feedback("thumbs", key=key, on_change=save_verdict) == 0:
        st.text_input(
            "What is wrong with it?",
            key=f"{key}-why",
            placeholder="kept on this machine only",
            on_change=save_reason,
        )


def _draw_more() -> None:
    st.session_state["drawn"] += _TURNS


def _announcement(turn: Turn) -> str:
    """The sentence that a screen reader reads when the answer is there."""
    if turn.answer is None:
        return "The question could not be answered."
    if turn.answer["outcome"] == "reply":
        return str(turn.answer["verdict"])
    if turn.answer["outcome"] == "not_found":
        return "The documents do not say."
    return f"Answer with {counted(len(turn.answer['claims']), 'claim')}."
