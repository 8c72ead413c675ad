"""Draws the table over many documents: sums of money, or documents."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

import streamlit as st

from rag import money_as_text
from ui.render import Html, escape, show
from ui.source import open_place
from ui.turns import Place, Turn

_HEAD, _ROW = 38, 35
"""Pixels: the head of the table, one row."""
_SEEN, _MOST = 10, 60
"""Rows seen at first, and rows seen at once at most: a longer table scrolls."""


def draw(turn: Turn, table: Mapping[str, Any], *, key: str, ask: Callable[..., None]) -> None:
    """Draw the lead, the rows and the scope of a `rag.SumsTable`, given as JSON.

    A click on a row opens its source. "See all" makes the table longer. If the question wanted
    fewer rows than there are, it asks again without this number.
    """
    rows = table["rows"]
    if rows:
        seen = _MOST if st.session_state.get(f"all-{turn.id}") else _SEEN
        show(Html(f'<div class="total"><strong>{escape(table["lead"])}</strong></div>'))
        places = tuple(_place(row, number) for number, row in enumerate(rows, start=1))
        sums = [row for row in rows if _value(row) is not None]
        columns: dict[str, Sequence[Any]] = {"No.": [place.label for place in places]}
        if sums:
            columns["Amount"] = [_shown(row) for row in rows]
            columns["Kind"] = [row["kind"] for row in rows]
        if any(row.get("who") for row in rows):
            columns["Party"] = [row.get("who", "") for row in rows]
        columns |= {
            "Document": [row["document"]["title"].strip("\u200b ") for row in rows],
            "Date": [row["document"]["metadata"].get("date") for row in rows],
            "Quote": [" ".join(row["quote"].split()) for row in rows],
        }
        st.dataframe(
            columns,
            key=f"{key}-amounts",
            hide_index=True,
            selection_mode="single-row",
            on_select=lambda: _open(f"{key}-amounts", places),
            height=_HEAD + _ROW * min(seen, len(rows)) + 2,
            column_config={
                "No.": st.column_config.TextColumn(width=48),
                "Amount": st.column_config.TextColumn(width=130),
                "Kind": st.column_config.TextColumn(width=90),
                "Party": st.column_config.TextColumn(width=170),
                "Document": st.column_config.TextColumn(width=200),
                "Date": st.column_config.TextColumn(width=90),
                "Quote": st.column_config.TextColumn(width=420),
            },
            alt=(
                f"{'Amounts' if sums else 'Documents'} with document, date and quote; "
                "choose a row to open its source"
            ),
        )
        _see_all(turn, table, seen, key=key, ask=ask)
    show(Html(f'<p class="quiet">{escape(table["scope"])}</p>'))


def _see_all(
    turn: Turn, table: Mapping[str, Any], seen: int, *, key: str, ask: Callable[..., None]
) -> None:
    """The button for the rows that are not seen: below the frame, or not wanted by the question."""
    rows, number = len(table["rows"]), table["sums"]
    if table.get("first") and rows < number:
        again = {"id": turn.id, "alone": turn.alone, "ignored": (*turn.ignored, "first")}
        see: Callable[[], None] = partial(ask, turn.question, **again)
    elif seen < rows:
        number = rows
        see = partial(st.session_state.update, {f"all-{turn.id}": True})
    else:
        return
    st.button(
        f"See all {number:,}",
        key=f"{key}-see-all",
        icon=":material/expand_more:",
        type="tertiary",
        on_click=see,
    )


def _value(row: Mapping[str, Any]) -> str | None:
    # Earlier versions stored sums in U.S. dollars alone.
    value = row.get("value", row.get("dollars"))
    return None if value is None else str(value)


def _shown(row: Mapping[str, Any]) -> str:
    return money_as_text(Decimal(_value(row) or 0), row.get("currency", "USD"))


def _place(row: Mapping[str, Any], number: int) -> Place:
    return Place(row["document"]["doc_id"], row["start"], row["end"], row["quote"], f"T{number}")


def _open(key: str, places: Sequence[Place]) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    if rows:
        open_place(places, rows[0])
