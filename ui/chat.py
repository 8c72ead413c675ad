"""The page that asks: a conversation, and the source of each citation beside it."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import StopException

from rag import Index, counted
from ui import answer as shown
from ui import asking, feedback, filters, sidebar, state
from ui.examples import Examples, examples
from ui.render import Html, announce, badge, escape, show
from ui.source import open_from_address, panel
from ui.stages import stages
from ui.turns import Turn

_SHOWN = 10
"""Turns drawn at once; a click draws ten more."""


def page(index: Index) -> None:
    """Draw the conversation, make the answer that is waited for, draw the source panel."""
    open_from_address(index)
    turns = sidebar.current().turns
    with st.bottom:
        filters.bar(index)
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
        "Ask what the documents say", key="question", submit_mode="stop", on_submit=asking.typed
    )
    if not turns:
        _welcome(index)
    conversation = st.container()
    panel(index)  # before the answer is made, so that a source opens meanwhile
    with conversation:
        said = _turns(index, turns)
    announce(said)


def _welcome(index: Index) -> None:
    documents = index.manifest.documents
    quoted = "the document" if documents == 1 else f"one of the {counted(documents, 'document')}"
    show(
        Html(
            '<div class="welcome"><h1>Ask what the documents say</h1>'
            f"<p>Every sentence of an answer is a quote from {quoted} in the index, with who says "
            "it and how it stands. What the documents do not say is said to be missing.</p>"
            f'<ul class="legend"><li>{badge("alleged")} {badge("denied")} {badge("stated")} is '
            "one side's word; nobody has decided it.</li>"
            f"<li>{badge('found')} {badge('ordered')} {badge('settled')} {badge('admitted')} is "
            "where it ended: decided, imposed, agreed or conceded.</li>"
            "<li>A number opens the words where they stand, to be checked and copied with their "
            "citation.</li></ul></div>"
        )
    )
    found = examples(index)
    if found.questions is None:
        _look_again(found)
    elif found.questions:
        with st.container(key="examples", gap="xsmall"):
            show(Html('<h2 class="quiet label">For example</h2>'))
            for number, example in enumerate(found.questions):
                _example(example, number)


@st.fragment(run_every=1.0)
def _look_again(found: Examples) -> None:
    """Draw the page anew as soon as the examples are found."""
    if found.questions is not None:
        st.rerun()
    show(Html('<p class="quiet label">Looking for example questions in the documents …</p>'))


def _example(example: str, number: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", wrap=False, gap="small"):
        st.button("Ask", key=f"example-{number}", on_click=asking.ask, args=(example,))
        show(Html(f'<div class="example press">{escape(example)}</div>'))


def _turns(index: Index, turns: tuple[Turn, ...]) -> str:
    """Draw the last turns; returns what a screen reader is to hear of an answer made meanwhile."""
    drawn = st.session_state.setdefault("drawn", _SHOWN)
    first = max(0, len(turns) - drawn)
    waiting = asking.pending()
    said = ""
    if first:
        st.button(
            f"Show {counted(min(first, _SHOWN), 'earlier question')}",
            key="earlier",
            type="tertiary",
            on_click=_draw_more,
        )
    for number, turn in enumerate(turns[first:], start=first):
        with st.container(key=f"turn-{number}"):
            shown.question(turn, key=f"turn-{number}", edit=asking.edit)
            body = st.empty()
            if waiting and waiting.number == number:
                turn = _made(index, turn, waiting, body)
                said = _said(turn)
            with body.container():
                shown.answer(index, turn, number, ask=asking.ask)
            if turn.answer is not None:
                _verdict(turn, number, list(turn.after))
            show(Html('<div class="turn-end unseen"></div>'))
    return said


def _made(index: Index, turn: Turn, waiting: asking.Pending, place: DeltaGenerator) -> Turn:
    """The turn with its answer; meanwhile each step of making it is shown in its place.

    The button is there for what is left on the page after a stop; it is not seen before.
    """
    steps = waiting.steps
    with place.container():
        progress = st.empty()
        progress.html(stages(steps or [("begin", 0)]))
        again = st.empty()
        again.button(
            "Stopped. Ask again",
            key=f"turn-{waiting.number}-resume",
            on_click=asking.ask,
            args=(turn.question,),
            kwargs={"number": waiting.number, "alone": turn.alone, "ignored": turn.ignored},
        )
    try:
        for step in asking.ticket(index, turn):
            if steps[-1:] == [step]:
                asking.pending()  # a look at the session: a click elsewhere ends this run here
            else:
                steps[:] = [*(one for one in steps if one[0] != "wait"), step]
                progress.html(stages(steps))
    except StopException:
        asking.give_up()
        raise
    again.empty()  # an answer of one element would leave the button beneath it
    return asking.keep(turn)


def _verdict(turn: Turn, number: int, history: list[str]) -> None:
    """Thumbs, and the reason for a thumb down."""
    folder = state.settings().index / "feedback"
    qid = f"{sidebar.current().id}-{number}"
    key = f"verdict-{qid}"

    def take() -> None:
        if st.session_state[key] is not None:
            feedback.judge(folder, qid, turn, history, good=bool(st.session_state[key]))

    def reason() -> None:
        feedback.explain(folder, qid, st.session_state[f"{key}-why"])

    if st.feedback("thumbs", key=key, on_change=take) == 0:
        st.text_input(
            "What is wrong with it?",
            key=f"{key}-why",
            placeholder="kept on this machine only",
            on_change=reason,
        )


def _draw_more() -> None:
    st.session_state["drawn"] += _SHOWN


def _said(turn: Turn) -> str:
    """What a screen reader hears when the answer is there."""
    if turn.answer is None:
        return "The question could not be answered."
    if turn.answer["outcome"] == "not_found":
        return "The documents do not say."
    return f"Answer with {counted(len(turn.answer['claims']), 'claim')}."
