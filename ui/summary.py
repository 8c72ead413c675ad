"""The summary of a language model above the quotes: its sentences with their marks."""

from collections.abc import Mapping, Sequence
from typing import Any

from rag import MARKS, STATUSES, counted
from ui.render import Html, escape, show


def draw(found: Mapping[str, Any] | None) -> None:
    """Draw the summary of an answer; nothing without one."""
    if found and found.get("summary"):
        show(summary(found))


def summary(found: Mapping[str, Any], *, writing: bool = False) -> Html:
    """The summary as HTML: plain text with numbers of quotes, and what was withheld, folded.

    Parameters
    ----------
    found
        An answer as `rag.Answer.to_dict` gives it.
    writing
        Whether the model still writes.
    """
    written = found.get("summary")
    if not written:
        return Html('<p class="quiet">A language model writes a summary …</p>' if writing else "")
    claims = [*found["claims"], *written["added"]]
    sentences = "".join(_sentence(sentence, claims) for sentence in written["sentences"])
    omitted = "".join(
        f"<p>The summary leaves out: {_who(claims[number - 1])} [{number}].</p>"
        for number in written["omitted"]
    )
    where = f"{written['model']} on {written['host']}"
    title = "Summary by a language model" if sentences else "No summary"
    return Html(
        f'<section class="summary" aria-label="{title}">'
        f'<p class="quiet">{title} ({escape(where)}){" …" if writing else ""}</p>'
        f"{sentences}{omitted}{_reason(written)}{_withheld(written['withheld'])}</section>"
    )


def _sentence(sentence: Mapping[str, Any], claims: Sequence[Mapping[str, Any]]) -> str:
    words = escape(sentence["text"])
    shown = f"“{words}”" if sentence["mark"] == "quoted" else words
    markers = "".join(f"[{number}]" for number in sentence["cites"])
    who = "; ".join(dict.fromkeys(_who(claims[number - 1]) for number in sentence["cites"]))
    mark = MARKS[sentence["mark"]]
    why = f" {sentence['why'][:1].upper()}{sentence['why'][1:]}." if sentence["why"] else ""
    return (
        f'<p class="wording {escape(sentence["mark"])}">{shown} {markers} '
        f'<span class="quiet" title="{escape(mark.meaning + why)}">{who}; {escape(mark.badge)}'
        "</span></p>"
    )


def _reason(written: Mapping[str, Any]) -> str:
    reason = written["reason"]
    return f"<p>{escape(reason[:1].upper() + reason[1:])}</p>" if reason else ""


def _withheld(sentences: Sequence[Mapping[str, Any]]) -> str:
    """The sentences that are not part of the summary, folded, each with its reason."""
    if not sentences:
        return ""
    rows = "".join(
        f"<li>{escape(one['text'])} <span>Withheld: {escape(one['why'])}.</span></li>"
        for one in sentences
    )
    return (
        f"<details><summary>{counted(len(sentences), 'sentence')} withheld</summary>"
        f"<ul>{rows}</ul></details>"
    )


def _who(claim: Mapping[str, Any]) -> Html:
    """The speaker and the standing of a claim: "SEC alleges"."""
    speaker = claim["speaker"] or "the document"
    return escape(STATUSES[claim["status"]].sentence.format(speaker=speaker))
