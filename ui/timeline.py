"""The quotes of an answer or of a conversation in the order of their dates, as a table."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rag import date_in_words
from ui.conversations import Conversation
from ui.render import Html, escape

_COLUMNS = ("Date", "What happened", "Who says so", "Standing", "Source", "Page", "File")
_FORMULA = ("=", "+", "-", "@")
"""A cell that begins so is a formula in a spreadsheet."""


@dataclass(frozen=True, slots=True)
class Event:
    """A quote of a dated document; ``number`` is that of its claim in its answer."""

    date: str
    words: str
    speaker: str
    status: str
    title: str
    page: int | None
    file: str
    number: int

    @property
    def row(self) -> tuple[str, ...]:
        """The cells of a table."""
        page = str(self.page or "")
        return (self.date, self.words, self.speaker, self.status, self.title, page, self.file)


def events(claims: Iterable[Mapping[str, Any]]) -> Iterator[Event]:
    """One event for each citation of a dated document, in the order of the claims."""
    for number, claim in enumerate(claims, start=1):
        for citation in claim["citations"]:
            document = citation["document"]
            date = str(document["metadata"].get("date") or "")
            if date:
                yield Event(
                    date,
                    " ".join(citation["quote"].split()),
                    claim["speaker"] or "The document",
                    claim["status"],
                    document["title"].strip("\u200b "),
                    citation["page"],
                    document["source"].rsplit("/", 1)[-1],
                    number,
                )


def events_of(conversation: Conversation) -> list[Event]:
    """The events of all answers, each quote once, by date; empty with fewer than two dates."""
    found = [
        event
        for turn in conversation.turns
        if turn.answer
        for event in events(turn.answer["claims"])
    ]
    once = {(event.file, event.words): event for event in reversed(found)}
    by_date = sorted(once.values(), key=lambda event: (event.date, event.title, event.words))
    return by_date if len({event.date for event in by_date}) > 1 else []


def as_csv(conversation: Conversation) -> str:
    """The timeline of a conversation as a table for a spreadsheet."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(_COLUMNS)
    for event in events_of(conversation):
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in event.row])
    return table.getvalue()


def timeline(claims: Iterable[Mapping[str, Any]]) -> Html | None:
    """The dates, the quotes and their documents; None with fewer than two dates."""
    known = sorted(events(claims), key=lambda event: (event.date, event.number))
    if len({event.date for event in known}) < 2:
        return None
    rows = "".join(
        f"<tr><td>{escape(date_in_words(event.date))}</td><td>{escape(event.words)}</td>"
        f'<td>{escape(event.title)} <span class="quiet">{event.number}</span></td></tr>'
        for event in known
    )
    return Html(
        '<details class="timeline"><summary>Timeline</summary><table>'
        '<thead><tr><th scope="col">Date</th><th scope="col">What happened</th>'
        f'<th scope="col">Source</th></tr></thead><tbody>{rows}</tbody></table></details>'
    )
