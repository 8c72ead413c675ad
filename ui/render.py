"""Puts text on the page: escaped, inside our own tags, with ``st.html``. No other module does.

Documents, questions, file names and error messages are not trusted. Streamlit's Markdown loads
images that they name, and reads ``$1,000 and $2,000`` as a formula. Here `escape` makes ``Html`` of
each text, and `show` accepts only ``Html``.
"""

import html
import re
from collections.abc import Iterable, Sequence
from typing import Literal, NewType

import streamlit as st

from rag import STATUSES

Html = NewType("Html", str)
"""HTML made of our own tags and escaped text."""

# A surrogate cannot be encoded as UTF-8; a browser drops NUL and the other control characters.
_UNSHOWN = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")


def escape(text: object) -> Html:
    """The text, safe between tags and inside quoted attributes.

    A character that changes the writing direction gets a tag of its own, so that it cannot reorder
    the text around it. A surrogate or a control character becomes U+FFFD.
    """
    safe = html.escape(_UNSHOWN.sub("\ufffd", str(text)))
    return Html(_DIRECTION.sub(lambda m: f'<span class="turn-sign">{m[0]}</span>', safe))


def attribute(text: object) -> str:
    """The text, safe inside a double-quoted attribute."""
    return html.escape(_DIRECTION.sub("", _UNSHOWN.sub("\ufffd", str(text))))


def label(text: object, *, longest: int = 60) -> str:
    """The text of a button or an option: one line, escaped because Streamlit reads Markdown."""
    line = " ".join(_DIRECTION.sub("", _UNSHOWN.sub("\ufffd", str(text))).split())
    line = line if len(line) <= longest else line[: longest - 1] + "…"
    return _PUNCTUATION.sub(r"\\\g<0>", line)


def join(parts: Iterable[Html], between: str = "") -> Html:
    """The parts in order, with ``between``, a plain text, between them."""
    return Html(str(escape(between)).join(parts))


def show(body: Html, *, width: Literal["stretch", "content"] = "stretch") -> None:
    """Put HTML on the page; ``width`` is ``content`` for a text beside other elements of a row."""
    st.html(body, width=width)


def badge(status: str, reason: str = "") -> Html:
    """The status as a word in a small frame.

    Hover and focus show its meaning and ``reason``, the rule that gave the status. A screen reader
    reads both.
    """
    words = STATUSES.get(status)
    word, meaning = (words.badge, words.meaning) if words else (status, "")
    if reason:
        meaning = f"{meaning} Given by the rule “{reason}”.".lstrip()
    return Html(
        f'<span class="badge {attribute(status)}" tabindex="0" role="note"'
        f' aria-label="{attribute(word)}: {attribute(meaning)}">{escape(word)}'
        f'<span class="meaning" aria-hidden="true">{escape(meaning)}</span></span>'
    )


def quote(text: str, *, thing: tuple[int, int] | None = None) -> Html:
    """A verbatim quote, in the font of the documents.

    The characters of ``thing``, a half-open span of ``text``, are marked: they are asked for.
    """
    start, end = thing or (0, 0)
    inside = f"<mark>{escape(text[start:end])}</mark>" if start < end <= len(text) else ""
    if not inside:
        return Html(f'<q class="quote">{escape(text)}</q>')
    return Html(f'<q class="quote">{escape(text[:start])}{inside}{escape(text[end:])}</q>')


def marked(text: str, start: int, end: int, *, around: int) -> Html:
    """``text[start:end]`` highlighted, with at most ``around`` characters on either side.

    The text is cut at white space if there is any near the cut. Nothing else is changed.
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
    """The width in characters at which a machine broke the lines; 0 if the author broke them.

    A scraped page or a PDF has many lines, and none is much longer than the others.
    """
    lengths = sorted(len(line) for line in text[:50_000].splitlines() if line.strip())
    if len(lengths) < 8 or lengths[-1] > 180:
        return 0
    return lengths[int(0.8 * len(lengths))]


def _flowing(text: str, first: int, last: int, width: int) -> Html:
    """``text[first:last]``, with a ``<br>`` after each line that is much shorter than ``width``.

    The style sheet shows all other line breaks as spaces.
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
    """The part of a passage that contains the most words, with these words highlighted."""
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
    """The offset of the cut, at white space if possible.

    With ``forward`` it is at most 40 characters after ``low``, else at most 40 before ``high``.
    """
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
    """A button that copies the text, and ``rich`` as HTML for programs that accept HTML.

    With ``link`` it copies the address of the page followed by the text.
    """
    kind = "data-link" if link else "data-copy"
    also = f' data-rich="{attribute(rich)}"' if rich else ""
    return Html(
        f'<button type="button" class="copy" {kind}="{attribute(text)}"{also}>'
        f"{escape(name)}</button>"
    )


def preview(text: str, start: int, end: int, *, around: int = 160, longest: int = 320) -> Html:
    """The cited words with the text around them, shown while the mouse is on their button.

    Screen readers skip the preview: the claim has the words, and the button opens the source.
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
    """Show an error that the reader can fix, in the words of the error."""
    sign = ":" if str(message)[:1].islower() else "."
    show(
        Html(
            f'<div class="notice error" role="alert"><strong>{escape(title)}{sign}</strong> '
            f"{escape(message)}</div>"
        )
    )


def say_failure() -> None:
    """Show that the page failed with an unknown error."""
    say_error(
        "The page failed with an unknown error. The terminal of the server shows the details. "
        "The index is not changed. Reload the page to go on.",
        title="Something went wrong",
    )


def announce(message: str) -> None:
    """Let screen readers read this message; it is not visible."""
    show(Html(f'<div class="unseen" role="status" aria-live="polite">{escape(message)}</div>'))
