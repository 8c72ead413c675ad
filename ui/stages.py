"""The steps of an answer in the words of the page."""

from collections.abc import Sequence

from rag import counted
from ui.job_queue import Step
from ui.render import Html, escape

_NOW = {
    "begin": ("Searching the documents", ""),
    "wait": ("Waiting for {} asked earlier", "question"),
    "search": ("Searching {}", "document"),
    "read": ("Reading {}", "passage"),
    "checked": ("Checked {} against the documents", "quote"),
    "sums": ("Looking for sums of money in {}", "document"),
    "write": ("A language model writes a summary", ""),
}
_DONE = {
    "search": ("Searched {}", "document"),
    "read": ("Read {}", "passage"),
    "checked": ("Checked {} against the documents", "quote"),
}


def stages(steps: Sequence[tuple[Step, int]]) -> Html:
    """A list of the steps in order; the last one is running, the others are done."""
    lines = []
    for at, (step, number) in enumerate(steps, start=1):
        words, noun = (_NOW if at == len(steps) else _DONE)[step]
        state = "now" if at == len(steps) else "done"
        lines.append(f'<li class="{state}">{escape(words.format(counted(number, noun)))}</li>')
    return Html(f'<ol class="stages" aria-label="How far the answer is">{"".join(lines)}</ol>')
