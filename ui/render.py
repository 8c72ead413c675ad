"""The only way text reaches the page: escaped, inside tags of our own, through ``st.html``.

Documents, questions, file names and error messages are hostile: Streamlit's Markdown would fetch
an image they name and turn ``$1,000 and $2,000`` into a formula. Here they become ``Html`` through
`escape`, character for character, and `show` takes nothing but ``Html``.
"""

import html
import re
from collections.abc import Iterable
from typing import NewType

import streamlit as st

from ui.words import STATUSES

Html = NewType("Html", str)
"""Markup made of our own tags and escaped text."""

_SURROGATES = re.compile("[\ud800-\udfff]")  # cannot be encoded, hence not be sent
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")


def escape(text: object) -> Html:
    """The text as it is, safe between tags and inside quoted attributes.

    A character that turns the writing direction is set apart, so that it cannot reorder what
    surrounds it; one that cannot be sent is shown as U+FFFD.
    """
    safe = html.escape(_SURROGATES.sub("\ufffd", str(text)))
    return Html(_DIRECTION.sub(lambda m: f'<span class="turn-sign">{m[0]}</span>', safe))


def attribute(text: object) -> str:
    """The text for use inside a double-quoted attribute."""
    return html.escape(_DIRECTION.sub("", _SURROGATES.sub("\ufffd", str(text))))


def join(parts: Iterable[Html], between: str = "") -> Html:
    """The parts one after the other, with plain text in between."""
    return Html(str(escape(between)).join(parts))


def show(body: Html) -> None:
    """Put markup on the page."""
    st.html(body)


def badge(status: str) -> Html:
    """The status as a word in a small frame; its meaning on hover, on focus and for readers."""
    word, meaning = STATUSES.get(status, (status, ""))
    return Html(
        f'<span class="badge {attribute(status)}" tabindex="0" role="note"'
        f' aria-label="{attribute(word)}: {attribute(meaning)}">{escape(word)}'
        f'<span class="meaning" aria-hidden="true">{escape(meaning)}</span></span>'
    )


def quote(text: str) -> Html:
    """A verbatim quote, in the typeface of the documents."""
    return Html(f'<q class="quote">{escape(text)}</q>')


def marked(text: str, start: int, end: int, *, around: int) -> Html:
    """``text[start:end]`` highlighted in at most ``around`` characters on either side.

    Nothing is changed but the cut at both ends, which falls on white space where there is some.
    """
    first = _cut(text, max(0, start - around), start, forward=True)
    last = _cut(text, end, min(len(text), end + around), forward=False)
    return Html(
        '<div class="source-text">'
        + ('<span class="more" aria-label="text before left out">… </span>' if first else "")
        + escape(text[first:start])
        + f'<mark id="cited" tabindex="-1">{escape(text[start:end])}</mark>'
        + escape(text[end:last])
        + (
            '<span class="more" aria-label="text after left out"> …</span>'
            if last < len(text)
            else ""
        )
        + "</div>"
    )


def _cut(text: str, low: int, high: int, *, forward: bool) -> int:
    """Where to cut between ``low`` and ``high``, the end nearest the far side."""
    if forward:
        if low == 0:
            return 0
        space = re.search(r"\s", text[low : min(high, low + 40)])
        return low + space.end() if space else low
    if high == len(text):
        return high
    tail = text[max(low, high - 40) : high]
    space = re.search(r"\s\S*$", tail)
    return high - len(tail) + space.start() if space else high


def say_error(message: object, *, title: str = "This did not work") -> None:
    """A problem the reader can mend, in the words of the error."""
    show(
        Html(
            f'<div class="notice error" role="alert"><strong>{escape(title)}.</strong> '
            f"{escape(message)}</div>"
        )
    )


def say_failure() -> None:
    """A problem the reader cannot mend."""
    say_error(
        "The page met an error it does not know. The details are in the terminal that serves it; "
        "the index is untouched. Reload the page to go on.",
        title="Something went wrong",
    )


def announce(message: str) -> None:
    """Tell a screen reader what has just happened; nothing is seen."""
    show(Html(f'<div class="unseen" role="status" aria-live="polite">{escape(message)}</div>'))
