"""Draws the table of sums over many documents."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from ui.render import Html, escape, show
from ui.source import open_place
from ui.turns import Place


def draw(table: Mapping[str, Any], *, key: str) -> None:
    """Draw the total, the rows and the scope of a `rag.SumsTable`, given as JSON.

    A click on a row opens its source.
    """
    rows = table["rows"]
    if rows:
        total, rest = table["lead"].split(" ", 1)
        show(Html(f'<div class="total"><strong>{escape(total)}</strong> {escape(rest)}</div>'))
        places = tuple(_place(row, number) for number, row in enumerate(rows, start=1))
        st.dataframe(
            {
                "No.": [place.label for place in places],
                "US$": [float(row["dollars"]) for row in rows],
                "Kind": [row["kind"] for row in rows],
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
                "Kind": st.column_config.TextColumn(width=90),
                "Document": st.column_config.TextColumn(width=200),
                "Date": st.column_config.TextColumn(width=90),
                "Quote": st.column_config.TextColumn(width=420),
            },
            alt="Amounts with document, date and quote; choose a row to open its source",
        )
    show(Html(f'<p class="quiet">{escape(table["scope"])}</p>'))


def _place(row: Mapping[str, Any], number: int) -> Place:
    return Place(row["document"]["doc_id"], row["start"], row["end"], row["quote"], f"T{number}")


def _open(key: str, places: Sequence[Place]) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    if rows:
        open_place(places, rows[0])
