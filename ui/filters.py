"""The filters in force: a menu to choose them, and a chip for each that removes it."""

from datetime import date
from typing import Any

import streamlit as st

from rag import Index, counted
from ui.catalogue import Catalogue, catalogue
from ui.formatting import type_in_words
from ui.render import Html, label, show


def current() -> dict[str, Any]:
    """The filters in force, as `rag.Index.ask` takes them."""
    filters: dict[str, Any] = st.session_state.setdefault("filters", {})
    return filters


def only(doc_id: str) -> None:
    """Limit all questions to this document until the filter is removed."""
    current()["document"] = doc_id


def bar(index: Index) -> None:
    """Draw the button that opens the menu, and one chip for each filter in force."""
    if index.manifest.documents < 2 and not current():
        return
    contents = catalogue(index)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="filters"):
        with st.popover("Filter", icon=":material/filter_list:", type="tertiary"):
            _menu(contents)
        for name, value in _chips():
            st.button(
                f"{_NAMES[name]} {label(_title(contents, name, value), longest=40)}",
                icon=":material/close:",
                icon_position="right",
                key=f"chip-{name}-{value}",
                help="Remove this filter",
                on_click=_remove,
                args=(name, value),
            )
        if not current():
            everything = counted(index.manifest.documents, "document")
            show(Html(f'<span class="quiet">all {everything}</span>'), width="content")


_NAMES = {
    "agency": "Agency:",
    "type": "Type:",
    "date_from": "From",
    "date_to": "Until",
    "document": "Only",
}


def _chips() -> list[tuple[str, str]]:
    return [
        (name, str(value))
        for name, values in current().items()
        for value in (values if isinstance(values, list) else [values])
    ]


def _title(contents: Catalogue, name: str, value: str) -> str:
    if name != "document":
        return type_in_words(value)
    return next((entry.title for entry in contents.entries if entry.doc_id == value), value)


def _remove(name: str, value: str) -> None:
    _reset_menu()
    values = current().get(name)
    if isinstance(values, list) and len(values) > 1:
        current()[name] = [other for other in values if other != value]
    else:
        current().pop(name, None)


def _reset_menu() -> None:
    """Give the widgets of the menu new keys: a closed popover sends its old choice again."""
    st.session_state["choices"] = st.session_state.get("choices", 0) + 1


def _key(name: str) -> str:
    return f"choose-{name}-{st.session_state.get('choices', 0)}"


def _clear() -> None:
    _reset_menu()
    current().clear()


def _menu(contents: Catalogue) -> None:
    _values("agency", "Agency", contents.agencies)
    _values("type", "Type of document", contents.types)
    if contents.years:
        first, last = contents.years
        bounds = (date(first, 1, 1), date(last, 12, 31))
        _date("date_from", "From", bounds)
        _date("date_to", "Until", bounds)
    if current():
        st.button("Remove all filters", on_click=_clear)


def _values(name: str, title: str, values: tuple[tuple[str, int], ...]) -> None:
    if len(values) < 2 and name not in current():
        return
    counts = dict(values)
    key = _key(name)
    st.multiselect(
        title,
        list(counts),
        default=[value for value in current().get(name, []) if value in counts],
        format_func=lambda value: f"{type_in_words(value)} ({counts[value]:,})",
        key=key,
        on_change=_set,
        args=(name, key),
    )


def _date(name: str, title: str, bounds: tuple[date, date]) -> None:
    key = _key(name)
    chosen = current().get(name)
    st.date_input(
        title,
        value=date.fromisoformat(chosen) if chosen else None,
        min_value=bounds[0],
        max_value=bounds[1],
        format="YYYY-MM-DD",
        key=key,
        on_change=_set,
        args=(name, key),
    )


def _set(name: str, key: str) -> None:
    value = st.session_state[key]
    if value:
        current()[name] = value.isoformat() if isinstance(value, date) else list(value)
    else:
        current().pop(name, None)
