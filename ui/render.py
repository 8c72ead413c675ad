"""The only way text reaches the page: escaped, inside tags of our own, through ``st.html``.

Documents, questions, file names and error messages are hostile: Streamlit's Markdown would fetch
an image they name and turn ``$1,000 and $2,000`` into a formula. Here they become ``Html`` through
`escape`, character for character, and `show` takes nothing but ``Html``.
"""

import html
import re
from collections.abc import Iterable, Sequence
from typing import Literal, NewType

import streamlit as st

from rag import STATUSES

Html = NewType("Html", str)
"""Markup made of our own tags and escaped text."""

_SURROGATES = re.compile("[\ud800-\udfff]")  # cannot be encoded, hence not be sent
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
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


def label(text: object, *, longest: int = 60) -> str:
    """The text for a button or an option, which Streamlit reads as Markdown: one escaped line."""
    line = " ".join(_DIRECTION.sub("", _SURROGATES.sub("\ufffd", str(text))).split())
    line = line if len(line) <= longest else line[: longest - 1] + "…"
    return _PUNCTUATION.sub(r"\\\g<0>", line)


def join(parts: Iterable[Html], between: str = "") -> Html:
    """The parts one after the other, with plain text in between."""
    return Html(str(escape(between)).join(parts))


def show(body: Html, *, width: Literal["stretch", "content"] = "stretch") -> None:
    """Put markup on the page; ``content`` for words that stand beside something in a row."""
    st.html(body, width=width)


def badge(status: str, reason: str = "") -> Html:
    """The status as a word in a small frame; its meaning on hover, on focus and for readers.

    ``reason`` names the rule that gave the status; it is told behind the meaning.
    """
    known = STATUSES.get(status)
    word, meaning = (known.badge, known.meaning) if known else (status, "")
    if reason:
        meaning = f"{meaning} By the rule: {reason}."
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
    width = line_width(text)
    return Html(
        f'<div class="source-text{" flowing" if width else ""}">'
        + ('<span class="more" aria-label="text before left out">… </span>' if first else "")
        + _flowing(text, first, start, width)
        + f'<mark id="cited" tabindex="-1">{_flowing(text, start, end, width)}</mark>'
        + _flowing(text, end, last, width)
        + (
            '<span class="more" aria-label="text after left out"> …</span>'
            if last < len(text)
            else ""
        )
        + "</div>"
    )


def line_width(text: str) -> int:
    """The width at which a text was broken into lines by a machine; 0 if its lines are its own.

    A scraped page or PDF has many lines and none much longer than the others.
    """
    lengths = sorted(len(line) for line in text[:50_000].splitlines() if line.strip())
    if len(lengths) < 8 or lengths[-1] > 180:
        return 0
    return lengths[int(0.8 * len(lengths))]


def _flowing(text: str, first: int, last: int, width: int) -> Html:
    """``text[first:last]``; a line that ends well before ``width`` keeps its break as a tag.

    The other line breaks stay in the text, where the style sheet shows them as spaces.
    """
    if not width:
        return escape(text[first:last])
    parts: list[str] = []
    at = first
    while (end := text.find("\n", at, last)) >= 0:
        line = text[text.rfind("\n", 0, end) + 1 : end].strip()
        parts.append(escape(text[at : end + 1]))
        parts.append("<br>" if len(line) < 0.7 * width else "")
        at = end + 1
    return Html("".join([*parts, escape(text[at:last])]))


def with_words(text: str, words: Sequence[str], *, length: int) -> Html:
    """The part of a passage that holds most of the words, each of them highlighted."""
    wanted = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    found = list(re.finditer(rf"\b(?:{wanted})", text, re.IGNORECASE)) if wanted else []
    best = max(
        (m.start() for m in found),
        key=lambda start: len({m[0].lower() for m in found if start <= m.start() < start + length}),
        default=0,
    )
    first = _cut(text, max(0, best - length // 4), best, forward=True)
    last = _cut(text, best, min(len(text), first + length), forward=False)
    parts = ["… "] if first else []
    at = first
    for match in found:
        if match.start() >= at and match.end() <= last:
            parts += [escape(text[at : match.start()]), f"<b>{escape(match[0])}</b>"]
            at = match.end()
    parts += [escape(text[at:last]), " …" if last < len(text) else ""]
    return Html(f'<div class="source-text">{"".join(parts)}</div>')


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


def copy_button(name: str, text: str, *, rich: str = "", link: bool = False) -> Html:
    """A button that copies the text, and ``rich`` as markup for programs that take it.

    With ``link`` it copies the page's own address followed by the text.
    """
    kind = "data-link" if link else "data-copy"
    also = f' data-rich="{attribute(rich)}"' if rich else ""
    return Html(
        f'<button type="button" class="copy" {kind}="{attribute(text)}"{also}>'
        f"{escape(name)}</button>"
    )


def preview(text: str, start: int, end: int, *, around: int = 160, longest: int = 320) -> Html:
    """The words in a little of what surrounds them, shown while a marker is pointed at.

    Readers of screens have the words already, and the source to open.
    """
    first = _cut(text, max(0, start - around), start, forward=True)
    stop = end if end <= start + longest else _cut(text, start, start + longest, forward=False)
    last = _cut(text, end, min(len(text), end + around), forward=False)
    after = escape(text[end:last]) if stop == end else Html(" …")
    return Html(
        f'<div class="preview" aria-hidden="true">{"… " if first else ""}'
        f'{escape(text[first:start])}<span class="cited">{escape(text[start:stop])}</span>{after}'
        f"{' …' if stop == end and last < len(text) else ''}</div>"
    )


def say_error(message: object, *, title: str = "This did not work") -> None:
    """A problem the reader can mend, in the words of the error."""
    sign = ":" if str(message)[:1].islower() else "."
    show(
        Html(
            f'<div class="notice error" role="alert"><strong>{escape(title)}{sign}</strong> '
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
