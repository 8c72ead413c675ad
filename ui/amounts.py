"""Sums of money over many documents: found, ranked, added up, each with its citation."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import streamlit as st

from rag import Amount, Answer, Index, amounts, amounts_asked
from ui.catalogue import Entry, catalogue, passes
from ui.formatting import count, date_in_words, dollars
from ui.job_queue import Report
from ui.render import Html, escape, show
from ui.source import open_place
from ui.turns import Place

_KEPT = 300
"""Rows kept at most, the largest; the total is over all."""

_PLAIN = frozenset(
    (
        "what which who whom whose were was is are did do does has have had been the a an of in on "
        "at by for to and or as per its their all any each every list show me give tell how much "
        "many paid pay imposed agreed assessed levied ordered against with from since between "
        "after "
        "before until through during year years ever so far top ten five three twenty largest "
        "biggest highest greatest heaviest smallest lowest total sum add up rank ranking compare "
        "penalty penalties fine fines settlement settlements disgorgement disgorgements amount "
        "amounts money monetary civil dollars enforcement action actions case cases release "
        "releases document documents company companies firm firms people january february march "
        "april may june july august september october november december "
    ).split()
)
_SPAN = re.compile(r"\b(?:between|from)\b.*\b(?:and|to|until|through)\b|\d{4}\s*[-–]\s*\d{4}", re.I)
_FROM = re.compile(r"\b(?:since|after|from)\b", re.I)
_UNTIL = re.compile(r"\b(?:before|until|up to)\b", re.I)


def table(index: Index, question: str, found: Answer, report: Report) -> dict[str, Any] | None:
    """The sums that a question wants ranked or added up, JSON-ready; None if it wants none.

    Every document is read that the filters let through, that is of the agency and the dates named,
    and that holds the other words of the question. Largest first.
    """
    kinds = amounts_asked(question)
    if not kinds:
        return None
    searched = found.searched.to_dict()
    days = _days(question, _named(question, searched["preferences"], "date"))
    agencies = _named(question, searched["preferences"], "agency")
    words = _words(question, agencies)
    known = _known(index.build)
    looked = stated = 0
    rows: list[tuple[Amount, Entry]] = []
    entries = [
        entry
        for entry in catalogue(index).entries
        if passes(entry, searched["filters"])
        and (not agencies or entry.agency.casefold() in agencies)
        and (not days or any(first <= entry.date <= last for first, last in days))
    ]
    report("sums", len(entries))
    for entry in entries:
        document = index.document(entry.doc_id)
        text = document.text.lower() if words else ""
        if not all(re.search(rf"\b{re.escape(word)}", text) for word in words):
            continue
        looked += 1
        if entry.doc_id not in known:
            known[entry.doc_id] = amounts(document)
        sums = [one for one in known[entry.doc_id] if one.kind in kinds]
        stated += bool(sums)
        rows += [(one, entry) for one in sums]
    rows.sort(key=lambda row: (-row[0].dollars, row[1].date, row[1].doc_id))
    return {
        "kinds": sorted(kinds),
        "looked": looked,
        "stated": stated,
        "agencies": [agency.upper() for agency in agencies],
        "days": [list(span) for span in days],
        "words": words,
        "sums": len(rows),
        "total": str(sum((one.dollars for one, _ in rows), Decimal(0))),
        "rows": [
            one.citation.to_dict() | {"dollars": str(one.dollars), "kind": one.kind}
            for one, _ in rows[:_KEPT]
        ],
    }


def draw(made: Mapping[str, Any], *, key: str) -> None:
    """The total, the table, and what was looked at; a row opens its source."""
    rows = made["rows"]
    if rows:
        show(
            Html(
                f'<div class="total"><strong>{escape(dollars(made["total"]))}</strong> is the sum '
                f"of {count(made['sums'], 'amount')} in {count(made['stated'], 'document')}.</div>"
            )
        )
        places = tuple(_place(row, number) for number, row in enumerate(rows, start=1))
        st.dataframe(
            {
                "No.": [place.label for place in places],
                "US$": [float(row["dollars"]) for row in rows],
                "As": [row["kind"] for row in rows],
                "Document": [row["document"]["title"].strip("\u200b ") for row in rows],
                "Date": [row["document"]["metadata"].get("date") for row in rows],
                "Quote": [" ".join(row["quote"].split()) for row in rows],
            },
            key=f"{key}-amounts",
            hide_index=True,
            selection_mode="single-row",
            on_select=lambda: _open(f"{key}-amounts", places),
            height=min(460, 38 + 35 * len(rows)),
            column_config={
                "No.": st.column_config.TextColumn(width=48),
                "US$": st.column_config.NumberColumn(format="localized", width=110),
                "As": st.column_config.TextColumn(width=90),
                "Document": st.column_config.TextColumn(width=200),
                "Date": st.column_config.TextColumn(width=90),
                "Quote": st.column_config.TextColumn(width=420),
            },
            alt="Amounts with document, date and quote; choose a row to open its source",
        )
    show(Html(f'<p class="quiet">{escape(said(made))}</p>'))


def said(made: Mapping[str, Any]) -> str:
    """What was looked at for the table, and what its rows are."""
    spans = [_span(first, last.rstrip("~")) for first, last in made["days"]]
    within = [*made["agencies"], *spans, *(f"with “{word}”" for word in made["words"])]
    names = " or ".join(made["kinds"])
    stated = f"{made['stated']:,}" if made["rows"] else "none"
    text = (
        f"Looked at {count(made['looked'], 'document')}"
        + (f" ({', '.join(within)})" if within else "")
        + f"; {stated} state{'s' if made['stated'] < 2 else ''} a {names} that was imposed or "
        "agreed."
    )
    if not made["rows"]:
        return text
    text += " A sum counts once a document; a case told in several documents counts in each."
    shown = len(made["rows"])
    return text + (f" The largest {shown} are shown." if shown < made["sums"] else "")


def _span(first: str, last: str) -> str:
    if first == last:
        return date_in_words(first)
    words = [f"from {date_in_words(first)}" if first else ""]
    words += [f"until {date_in_words(last)}" if last else ""]
    return " ".join(filter(None, words))


@st.cache_resource(max_entries=1, show_spinner=False)
def _known(build: str) -> dict[str, tuple[Amount, ...]]:
    """The sums of the documents of a build that were read so far, by the document's id."""
    return {}


def _place(row: Mapping[str, Any], number: int) -> Place:
    return Place(row["document"]["doc_id"], row["start"], row["end"], row["quote"], f"T{number}")


def _open(key: str, places: Sequence[Place]) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    if rows:
        open_place(places, rows[0])


def _named(question: str, preferences: Sequence[Mapping[str, Any]], kind: str) -> list[str]:
    """What the question names of a kind; where it names none, what the earlier ones named."""
    named = [one for one in preferences if one["kind"] == kind]
    own = [one for one in named if one["said"].lower() in question.lower()]
    return [one["value"] for one in own or named]


def _days(question: str, dates: Sequence[str]) -> list[tuple[str, str]]:
    """Ranges of ISO dates, compared as text: ``~`` comes after every digit."""
    if not dates:
        return []
    first, last = min(dates), max(dates)
    if len(dates) > 1 and _SPAN.search(question):
        return [(first, last + "~")]
    if _FROM.search(question):
        return [(first, "~")]
    if _UNTIL.search(question):
        return [("", last)]
    return [(date, date + "~") for date in dates]


def _words(question: str, agencies: Sequence[str]) -> list[str]:
    """The words of the question that say which documents are meant, without a plural's s."""
    own = {word for agency in agencies for word in re.findall(r"\w+", agency.lower())}
    return [
        re.sub(r"(?<=\w{3})s$", "", word)
        for word in dict.fromkeys(re.findall(r"[a-z][\w-]+", question.lower()))
        if word not in _PLAIN and word not in own
    ]
